//! The program that is called.

use std::path::PathBuf;

/// `SCIMSNAP_BIN`, so that a debug build of the tests can call a release, or this build's program.
#[expect(clippy::disallowed_methods, reason = "it says what is tested")]
pub(crate) fn scimsnap() -> PathBuf {
    std::env::var_os("SCIMSNAP_BIN").map_or_else(|| env!("CARGO_BIN_EXE_scimsnap").into(), PathBuf::from)
}
