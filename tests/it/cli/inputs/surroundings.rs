//! What a process finds around it need not be UTF-8, nor be there at all.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::process::Command;

use crate::cli::reports::valid;
use crate::support::{Folder, ONE_USER, Scimsnap, Served, program};

/// A byte that UTF-8 knows not, in Latin-1 an `ä`.
const LATIN: &[u8] = b"z\xe4h";

fn latin() -> &'static OsStr {
    OsStr::from_bytes(LATIN)
}

#[test]
fn a_variable_that_is_not_utf_8_stops_no_command() {
    let folder = Folder::with_scenario(ONE_USER);
    for words in [
        &["list"][..],
        &["schema"],
        &["explain"],
        &["defects"],
        &["check", "scenarios"],
        &["serve", "--list-knobs"],
        &["snapshots", "list"],
        &["run", "users/new-user-becomes-customer"],
    ] {
        for name in ["ANYTHING", "HTTPS_PROXY"] {
            let call = Scimsnap::new(folder.path(), words).env(name, latin());
            assert_eq!(call.end().exits(0).stderr, "", "{words:?}");
        }
    }
    let script = r#"exec env -i "$(printf 'N\344ME=\344')" "$0" list"#;
    assert!(Command::new("sh").args(["-c", script]).arg(program()).output().unwrap().status.success());
}

#[test]
fn a_named_variable_that_is_not_utf_8_is_told() {
    let (folder, served) = (Folder::new(), Served::new(&[]));
    let words = ["run", "users", "--target", &served.scim, "--token-env", "SCIM_TOKEN"];
    let outcome = Scimsnap::new(folder.path(), &words).env("SCIM_TOKEN", latin()).end().exits(2);
    outcome.complains("`SCIM_TOKEN` is not UTF-8 text");
    let rest = ["--rest", &served.rest, "--rest-user", "ada", "--rest-token-env", "REST"];
    let call = Scimsnap::new(folder.path(), &[&words[..], &rest].concat());
    let outcome = call.env("SCIM_TOKEN", "x").env("REST", latin()).end().exits(2);
    outcome.complains("`REST` is not UTF-8 text");
    let words = ["serve", "--listen", "127.0.0.1:0", "--token-env", "KEY"];
    let outcome = Scimsnap::new(folder.path(), &words).env("KEY", latin()).end().exits(2);
    outcome.complains("`KEY` is not UTF-8 text");
}

#[test]
fn ci_is_ci_whatever_it_is_set_to() {
    let folder = Folder::with_scenario(ONE_USER);
    Scimsnap::new(folder.path(), &["run", "scenarios"]).env("CI", latin()).end().exits(5);
    assert!(folder.names("snapshots").is_empty());
}

#[test]
fn paths_and_words_need_not_be_utf_8() {
    let folder = Folder::with_scenario(ONE_USER);
    let words = ["run", "users/new-user-becomes-customer", "--json"];
    Scimsnap::new(folder.path(), &words).word(latin()).end().exits(0);
    assert!(fs::read_to_string(folder.path().join(latin())).unwrap().contains("\"summary\""));
    for words in [&["run"][..], &["list"], &["explain"], &["run", "--idp"], &["run", "--target"], &[]] {
        let outcome = Scimsnap::new(folder.path(), words).word(latin()).end();
        assert!(outcome.code == 2 || outcome.code == 6, "{outcome:?}");
    }
    fs::rename(folder.path().join("scenarios/own"), folder.path().join("scenarios").join(latin())).unwrap();
    Scimsnap::new(folder.path(), &["check", "scenarios"]).end().exits(0).says("1 scenario is valid");
}

#[test]
fn the_folder_need_not_be_utf_8() {
    let outer = Folder::new();
    let folder = outer.path().join(latin());
    fs::create_dir_all(folder.join("scenarios/own")).unwrap();
    fs::write(folder.join("scenarios/own/one.yaml"), ONE_USER).unwrap();
    let served = Served::new(&[]);
    let words = ["run", "scenarios", "--json", "out.json", "--junit", "out.xml"];
    Scimsnap::new(&folder, &words).against(&served).end().exits(5);
    Scimsnap::new(&folder, &["snapshots", "diff"]).end().exits(0).says("snapshots/own/one.snap.new");
    Scimsnap::new(&folder, &["snapshots", "accept"]).end().exits(0);
    Scimsnap::new(&folder, &words).against(&served).end().exits(0);
    assert!(fs::read_to_string(folder.join("out.json")).unwrap().contains("\"summary\""));
}

#[test]
fn the_folder_need_not_be_there_any_more() {
    let (outer, served) = (Folder::new(), Served::new(&[]));
    let gone = outer.path().join("gone");
    let call = |words: &str| {
        fs::create_dir(&gone).unwrap();
        let script = format!("rmdir ../gone; exec \"$0\" {words}");
        let mut sh = Command::new("sh");
        sh.args(["-c", &script]).arg(program()).current_dir(&gone).env("SCIM_TOKEN", &served.token);
        sh.output().unwrap().status.code()
    };
    for words in ["list", "schema", "check", "run users/new-user-becomes-customer", "snapshots list"] {
        assert_eq!(call(words), Some(0), "{words}");
    }
    assert_eq!(call("run users/new-user-becomes-customer --json out.json"), Some(2));
    // Without a place for the ledger, nothing is created at a target.
    let words =
        format!("run users/new-user-becomes-customer --token-env SCIM_TOKEN --target {}", served.scim);
    assert_eq!(call(&words), Some(4));
    assert!(served.resources("/Users").is_empty());
    let out = outer.path().join("out.json");
    assert_eq!(call(&format!("run users/new-user-becomes-customer --json '{}'", out.display())), Some(0));
    assert_eq!(valid(&outer)["summary"]["passed"], 5);
}
