//! Links the program to a fixed address, as Go's linker does.
//!
//! Otherwise 39,000 addresses in its tables are written at every start, on 180 pages that are copied for it, which takes half
//! a millisecond and more. The libraries, the stack and the heap lie at random places all the same.

#[expect(clippy::disallowed_methods, reason = "how cargo tells what it builds")]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|set| set == value);
    if is("PROFILE", "release") && is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
