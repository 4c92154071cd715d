//! Tests that measure their own process.

use std::process::Command;

const ALONE: &str = "SCIMSNAP_TEST_ALONE";

/// Whether this process runs only this test, named as `--list` names it. Otherwise such a process is started, and its
/// result is this test's.
#[expect(clippy::disallowed_methods, reason = "how the process that is started knows what it is")]
pub(crate) fn is_alone(test: &str) -> bool {
    if std::env::var_os(ALONE).is_some() {
        return true;
    }
    let mut command = Command::new(std::env::current_exe().unwrap());
    let output = command.args(["--exact", test]).env(ALONE, "1").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    false
}
