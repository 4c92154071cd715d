//! Snapshots are insta's: `cargo insta` lists and accepts them.

use std::io::Write as _;
use std::process::Command;

use crate::support::{Folder, ONE_USER, Scimsnap};

#[expect(clippy::disallowed_methods, reason = "whether the tests run in CI")]
fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true")
}

/// `cargo insta` in a folder; nothing where it is not installed.
fn insta(folder: &Folder, words: &[&str]) -> Option<String> {
    let manifest = folder.path().join("Cargo.toml");
    let mut command = Command::new("cargo");
    command.arg("insta").args(words).current_dir(folder.path());
    if words != ["--version"] {
        command.arg("--manifest-path").arg(manifest);
    }
    // The tests' own settings for insta must not reach it.
    for name in ["INSTA_UPDATE", "INSTA_WORKSPACE_ROOT", "INSTA_FORCE_PASS", "CI"] {
        command.env_remove(name);
    }
    let output = command.output().unwrap();
    if words == ["--version"] && !output.status.success() {
        return None;
    }
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
#[expect(clippy::disallowed_methods, reason = "it is written past the test harness")]
fn cargo_insta_accepts_what_a_run_left() {
    let folder = Folder::with_scenario(ONE_USER);
    if insta(&folder, &["--version"]).is_none() {
        assert!(!in_ci(), "cargo-insta is not installed, and CI must test with it");
        // Written past the test harness, which would keep it to itself.
        let notice = "\nNOT TESTED: cargo-insta is not installed; `cargo install cargo-insta` brings it\n";
        std::io::stderr().write_all(notice.as_bytes()).unwrap();
        return;
    }
    folder.write(
        "Cargo.toml",
        "[package]\nname = \"project\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n",
    );
    folder.write("src/lib.rs", "");
    let run = |words: &[&str]| Scimsnap::new(folder.path(), words).end();
    run(&["run", "scenarios"]).exits(5);
    let listed = insta(&folder, &["pending-snapshots", "--as-json"]).unwrap();
    let listed: serde_json::Value = serde_json::from_str(listed.trim()).unwrap();
    assert!(listed["path"].as_str().unwrap().ends_with("snapshots/own/one.snap"), "{listed}");
    insta(&folder, &["accept"]);
    let theirs = folder.read("snapshots/own/one.snap");
    assert_eq!(folder.names("snapshots"), ["snapshots/own/one.snap"]);
    run(&["run", "scenarios"]).exits(0);
    std::fs::remove_file(folder.path().join("snapshots/own/one.snap")).unwrap();
    run(&["run", "scenarios"]).exits(5);
    run(&["snapshots", "accept"]).exits(0);
    assert_eq!(folder.read("snapshots/own/one.snap"), theirs);
}
