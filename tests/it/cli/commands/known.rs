//! `scimsnap known`: entries for what fails now, and how those that are there are doing.

use serde_json::Value;

use crate::support::{Folder, Scimsnap, Served};

const DEFECT: [&str; 2] = ["--defect", "remove-one-removes-all"];

/// A folder with the JSON report of a run against a broken endpoint.
fn broken(served: &Served) -> Folder {
    let folder = Folder::new();
    play(served, &folder).exits(1);
    folder
}

fn play(served: &Served, folder: &Folder) -> crate::support::Outcome {
    let words = ["run", "groups", "users", "--read-lag", "0", "--update", "no", "--json", "out.json"];
    served.run(folder.path(), &words)
}

fn known(folder: &Folder, words: &[&str]) -> crate::support::Outcome {
    Scimsnap::new(folder.path(), &[&["known"], words].concat()).end()
}

fn fill_in(folder: &Folder) {
    let text = folder.read("scimsnap.toml");
    let text = text.replace("reason = \"\"", "reason = \"APP-7\"").replace("owner = \"\"", "owner = \"us\"");
    folder.write("scimsnap.toml", &text);
}

#[test]
fn entries_are_written_for_what_fails_and_the_next_run_is_green() {
    let served = Served::new(&DEFECT);
    let folder = broken(&served);
    let settings = "# ours\n[targets.staging] # here\nurl = \"http://127.0.0.1:9\"   # not yet\n";
    folder.write("scimsnap.toml", settings);
    known(&folder, &["--write", "--from", "out.json"]).exits(0).says("added 1 entry to scimsnap.toml");
    let text = folder.read("scimsnap.toml");
    assert!(text.starts_with(settings), "{text}");
    for part in [
        "cause = [\"one-removed-member/wiped\", ",
        "# 1 member was removed, and",
        "\"groups/member-removed\"",
    ] {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
    // What is to be filled in must be filled in.
    play(&served, &folder).exits(2).complains("this must not be empty").complains("say why the failure");
    known(&folder, &["--write", "--from", "out.json"]).exits(0).says("has 1 entry for this already");
    assert_eq!(folder.read("scimsnap.toml"), text);
    fill_in(&folder);
    play(&served, &folder).exits(0).says("one-removed-member/wiped");
    known(&folder, &["--write", "--from", "out.json"]).exits(0).says("nothing fails that is not listed");
    let listed = known(&folder, &["--from", "out.json"]).exits(0);
    listed.says("one-removed-member/wiped").says("90 days left · still fails").says("us: APP-7");
    // Once it is mended, the run says that the entry is to go, and so does the list.
    let sound = Served::new(&[]);
    play(&sound, &folder).exits(1).says("no longer occurs: remove the entry");
    known(&folder, &["--from", "out.json"]).exits(0).says("no longer fails: remove the entry");
}

#[test]
fn the_last_run_is_read_where_no_report_is_named() {
    let folder = broken(&Served::new(&DEFECT));
    std::fs::remove_dir_all(folder.path().join(".scimsnap")).unwrap_or_default();
    known(&folder, &["--write"]).exits(2).complains("no run has been recorded here");
    folder.write(".scimsnap/last-run.json", &folder.read("out.json"));
    known(&folder, &["--write"]).exits(0).says("added 1 entry");
}

#[test]
fn an_entry_may_be_for_one_target() {
    let folder = broken(&Served::new(&DEFECT));
    let words = ["--write", "--from", "out.json", "--target", "staging"];
    known(&folder, &words).exits(2).complains("there is no target `staging`");
    assert!(!folder.names("").contains(&"scimsnap.toml".to_owned()));
    folder.write(
        "scimsnap.toml",
        "[targets.staging]\nurl = \"http://127.0.0.1:9\"\n\n[targets.other]\nurl = \"http://127.0.0.1:9\"\n",
    );
    known(&folder, &words).exits(0);
    assert!(folder.read("scimsnap.toml").contains("[[targets.staging.known]]"));
    fill_in(&folder);
    known(&folder, &["--target", "staging"]).exits(0).says("(target staging)");
    known(&folder, &["--target", "other"]).exits(0).says("there are no known failures");
    known(&folder, &["--target", "stagin"]).exits(2).complains("did you mean `staging`?");
}

#[test]
fn what_should_be_so_is_written_on_request() {
    let folder = broken(&Served::new(&DEFECT));
    let mut report: Value = serde_json::from_str(&folder.read("out.json")).unwrap();
    report["causes"][0]["level"] = "should".into();
    folder.write("should.json", &report.to_string());
    known(&folder, &["--write", "--from", "should.json"]).exits(0).says("nothing fails that is not listed");
    known(&folder, &["--write", "--strict", "--from", "should.json"]).exits(0).says("added 1 entry");
}

#[test]
fn what_is_no_report_is_said_to_be_none() {
    let folder = Folder::new();
    folder.write("text.json", "{");
    folder.write("old.json", "{\"format\": 1, \"run\": \"k1234\"}");
    for (file, says) in [
        ("no.json", "there is no report `"),
        ("text.json", "is not a JSON report of a run"),
        ("old.json", "is a report of format 1, not of format 2"),
    ] {
        known(&folder, &["--from", file]).exits(2).complains(says);
    }
}

#[test]
fn hostile_words_in_a_report_stay_words() {
    let folder = broken(&Served::new(&DEFECT));
    let mut report: Value = serde_json::from_str(&folder.read("out.json")).unwrap();
    report["causes"][0]["headline"] = "x\n[[known]]\nreason = \"forged\u{202e}\"\u{1b}[2J".into();
    report["causes"][0]["seen_in"][0]["id"] = "own/a\"]\nowner = \"x[*]".into();
    folder.write("hostile.json", &report.to_string());
    known(&folder, &["--write", "--from", "hostile.json"]).exits(0);
    let text = folder.read("scimsnap.toml");
    assert_eq!(text.matches("\n[[known]]").count() + usize::from(text.starts_with("[[known]]")), 1, "{text}");
    assert!(
        !text.contains('\u{202e}') && !text.contains('\u{1b}') && !text.contains("\nowner = \"x"),
        "{text}"
    );
    let read: toml::Table = text.parse().unwrap();
    let scenarios = read["known"][0]["scenario"].as_array().unwrap();
    assert!(
        scenarios.iter().any(|id| id.as_str() == Some("own/a\"[]]\nowner = \"x[[][*][]]")),
        "{scenarios:?}"
    );
}
