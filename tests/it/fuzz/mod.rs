//! The fuzz targets with random bytes, and with bytes that look like what they read.

mod random_bytes;
#[expect(unreachable_pub, reason = "cargo-fuzz has them in a crate of their own")]
mod targets;
