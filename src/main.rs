//! The `scimsnap` binary.

fn main() {}
