//! Exit codes and their precedence (a contract), and that nothing is sent or written where they say so.

use crate::support::{Folder, ONE_USER, Outcome, Proxy, Reply, Scimsnap, Served};

const NEW_USER: &str = "users/new-user-becomes-customer";

/// An endpoint that answers everything with an empty list.
fn empty() -> Proxy {
    Proxy::new(|_, _| {
        Some(Reply::new(
            200,
            r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"Resources":[]}"#,
        ))
    })
}

#[test]
fn all_holds_is_0() {
    let folder = Folder::new();
    let outcome = Scimsnap::new(folder.path(), &["run", NEW_USER]).end().exits(0);
    outcome.says("5 passed").says("okta (1 of 39 scenarios of its pack played)");
    assert!(folder.besides_work().is_empty());
}

#[test]
fn an_endpoint_that_fails_is_1() {
    let folder = Folder::new();
    let served = Served::new(&["--defect", "string-false-ignored"]);
    let outcome = served.run(folder.path(), &["run", "users/leaver-is-deactivated"]).exits(1);
    outcome.says("not ready            entra (cause 1)").says("string-boolean/true").says("repeat");
}

#[test]
fn bad_flags_are_2() {
    let folder = Folder::new();
    folder.write("empty-token", "\n");
    assert!(std::process::Command::new("mkfifo").arg(folder.path().join("fifo")).status().unwrap().success());
    let before = folder.besides_work();
    let endpoint = empty();
    let url = endpoint.origin.as_str();
    let with_password = url.replace("http://", "http://ada:s3cret@");
    let users = format!("{url}/Users");
    let cases: [(&[&str], &str); 17] = [
        (&["run", "--no-such-flag"], "--no-such-flag"),
        (&["run", "--idp", "entr"], "did you mean `entra`?"),
        (&["run", "--target", url, "--token-env", "SCIM_TOKEN"], "`SCIM_TOKEN` is not set"),
        (&["run", "--target", url, "--token-file", "no-such-file"], "`no-such-file` cannot be read"),
        (&["run", "--target", url, "--token-file", "empty-token"], "`empty-token` is empty"),
        (&["run", "--target", &with_password], "contains a user name or password"),
        (&["run", "--target", "ftp://example.com"], "is not an http(s) URL"),
        (&["run", "--token-env", "SCIM_TOKEN"], "--target"),
        (&["run", "--target", &users], "ends in `/Users`: drop that"),
        (&["run", "--target", "staging", "--settings", "fifo"], "not a regular file"),
        (&["run", "--rerun-failed"], "there is no last run"),
        (&["run", "--rerun-failed", "users"], "cannot be used with"),
        (&["run", "--requirement", "one-removed-membr"], "did you mean `one-removed-member`?"),
        (&["run", "--json", "."], "cannot write `.` (it is a folder)"),
        (&["run", "--json", "no/x.json"], "cannot write `no/x.json` (its folder does not exist)"),
        (&["run", "--target", url, "--json", "no/such/folder/report.json"], "no/such/folder/report.json"),
        (&["run", "--target", url, "--junit", "no/such/folder/report.xml"], "no/such/folder/report.xml"),
    ];
    for (words, complaint) in cases {
        let outcome = Scimsnap::new(folder.path(), words).end().exits(2).complains(complaint);
        assert!(!outcome.stderr.contains("s3cret"), "{}", outcome.stderr);
        assert_eq!(outcome.stdout, "", "{words:?}");
    }
    assert_eq!(endpoint.calls().len(), 0);
    assert_eq!(folder.besides_work(), before);
}

/// Runs a scenario that is invalid and returns what it says.
fn invalid(text: &str) -> String {
    let folder = Folder::with_scenario(text);
    let before = folder.besides_work();
    let endpoint = empty();
    let words = ["run", NEW_USER, "scenarios", "--json", "out.json", "--junit", "out.xml"];
    let outcome = Scimsnap::new(folder.path(), &words).target(&endpoint.origin, "token").end().exits(3);
    assert_eq!(endpoint.calls().len(), 0);
    assert_eq!(folder.besides_work(), before);
    assert_eq!(outcome.stdout, "");
    outcome.complains("nothing was sent").stderr
}

/// Checks that a message points at `word` of `text`, its `nth` occurrence, with carets below it.
#[track_caller]
fn points_at(message: &str, text: &str, word: &str, nth: usize) {
    let (at, _) = text.match_indices(word).nth(nth).unwrap();
    let line = text[..at].matches('\n').count() + 1;
    let column = text[..at].chars().rev().take_while(|letter| *letter != '\n').count() + 1;
    let place = format!("scenarios/own/one.yaml:{line}:{column}");
    assert!(message.contains(&place), "{place} is not in\n{message}");
    let lines: Vec<&str> = message.lines().collect();
    let carets = lines.iter().position(|line| line.contains('^')).unwrap();
    let start = lines[carets].chars().position(|letter| letter == '^').unwrap();
    let above: String = lines[carets - 1].chars().skip(start).collect();
    assert!(above.starts_with(word), "the carets do not stand below `{word}`:\n{message}");
}

#[test]
fn an_unknown_name_is_3_and_is_pointed_at() {
    let text = ONE_USER.replace("- assign: ada", "- assign: adda");
    let message = invalid(&text);
    points_at(&message, &text, "adda", 0);
    assert!(message.contains("did you mean `ada`?"), "{message}");
}

#[test]
fn an_unknown_step_is_3_and_is_pointed_at() {
    let text = ONE_USER.replace("- assign: ada", "- asign: ada");
    points_at(&invalid(&text), &text, "asign", 0);
}

#[test]
fn an_unknown_client_is_3_and_is_pointed_at() {
    let text = ONE_USER.replace("[okta, entra]", "[okta, entrra]");
    points_at(&invalid(&text), &text, "entrra", 0);
}

#[test]
fn broken_yaml_is_3_and_is_pointed_at() {
    let text = ONE_USER.replace("idps: [okta, entra]", "idps: [okta, entra");
    let message = invalid(&text);
    assert!(message.contains("scenarios/own/one.yaml:"), "{message}");
}

fn with_request(json: &str) -> String {
    ONE_USER.replace(
        "  - checkpoint",
        &format!("  - request:\n      send: PATCH /Users/{{{{ people.ada.id }}}}\n      json: |\n{json}\n      expect: {{status: [200]}}\n  - checkpoint"),
    )
}

#[test]
fn a_broken_json_block_is_3_and_is_pointed_at() {
    let text = with_request("        {\"schemas\": [],\n         \"Operations\": oops}");
    points_at(&invalid(&text), &text, "oops", 0);
}

#[test]
fn an_unknown_name_in_a_json_block_is_3_and_is_pointed_at() {
    let text = with_request("        {\"schemas\": [],\n         \"manager\": \"{{ people.adda.id }}\"}");
    let message = invalid(&text);
    points_at(&message, &text, "adda", 0);
}

#[test]
fn a_snapshot_cut_in_half_is_3() {
    let folder = Folder::with_scenario(ONE_USER);
    Scimsnap::new(folder.path(), &["run", "scenarios", "--update", "always"]).end().exits(5);
    let whole = folder.read("snapshots/own/one.snap");
    Scimsnap::new(folder.path(), &["run", "scenarios"]).end().exits(0);
    folder.write("snapshots/own/one.snap", &whole[..whole.len() / 2]);
    let before = folder.besides_work();
    let endpoint = empty();
    let run = Scimsnap::new(folder.path(), &["run", "scenarios", "--update", "always"]);
    let outcome = run.target(&endpoint.origin, "token").end().exits(3);
    outcome
        .complains("snapshots/own/one.snap")
        .complains("restore it from version control")
        .complains("nothing was sent");
    assert_eq!(endpoint.calls().len(), 0);
    assert_eq!(folder.besides_work(), before);
    Scimsnap::new(folder.path(), &["check", "scenarios"]).end().exits(3).complains("damaged");
}

#[test]
fn a_scenario_that_cannot_be_read_is_3() {
    let folder = Folder::new();
    folder.write("scenarios/own/one.yaml", "");
    Scimsnap::new(folder.path(), &["run", "scenarios"]).end().exits(3);
    std::fs::write(folder.path().join("scenarios/own/one.yaml"), [0xff, 0xfe, 0x00]).unwrap();
    Scimsnap::new(folder.path(), &["run", "scenarios"]).end().exits(3);
}

#[test]
fn nobody_who_listens_is_4() {
    let folder = Folder::new();
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let run = Scimsnap::new(folder.path(), &["run", NEW_USER]);
    let outcome = run.target(&format!("http://127.0.0.1:{port}/scim"), "token").end().exits(4);
    outcome.complains("cannot reach").complains("check the URL");
    assert!(folder.besides_work().is_empty());
}

#[test]
fn a_wrong_token_is_4() {
    let folder = Folder::new();
    let served = Served::new(&[]);
    let run = Scimsnap::new(folder.path(), &["run", NEW_USER]).target(&served.scim, "wrong-token");
    run.end().exits(4).complains("refuses the credentials").complains("--token-env");
    assert!(folder.besides_work().is_empty());
}

#[test]
fn a_web_page_is_4() {
    let folder = Folder::new();
    let page =
        Proxy::new(|_, _| Some(Reply::new(200, "<html>Welcome</html>").header("Content-Type", "text/html")));
    let run = Scimsnap::new(folder.path(), &["run", NEW_USER]).target(&page.origin, "token");
    run.end().exits(4).complains("is not a SCIM endpoint").complains("200 with text/html");
    assert!(folder.besides_work().is_empty());
}

#[test]
fn an_endpoint_that_dies_midway_is_4() {
    let folder = Folder::new();
    let mut served = Served::new(&[]);
    let words = ["run", "users", "groups", "--idp", "entra", "--jobs", "1"];
    let child = Scimsnap::new(folder.path(), &words).against(&served).start();
    // The ledger is named as soon as something is created.
    while folder.ledgers().is_empty() {
        std::thread::yield_now();
    }
    served.kill();
    let outcome = Outcome::from(child.wait_with_output().unwrap()).exits(4);
    outcome.says("errored").says("cannot connect").says("rerun");
}

#[test]
fn an_unseen_snapshot_is_5_and_waits_for_review() {
    let folder = Folder::with_scenario(ONE_USER);
    let outcome = Scimsnap::new(folder.path(), &["run", "scenarios"]).end().exits(5);
    outcome
        .says("4 new")
        .says("stored      snapshots/own/one.snap.new")
        .says("scimsnap snapshots diff own/one");
    assert_eq!(folder.names("snapshots"), ["snapshots/own/one.snap.new"]);
}

#[test]
fn in_ci_an_unseen_snapshot_is_5_and_nothing_is_written() {
    let folder = Folder::with_scenario(ONE_USER);
    let before = folder.besides_work();
    Scimsnap::new(folder.path(), &["run", "scenarios"]).env("CI", "1").end().exits(5);
    assert_eq!(folder.besides_work(), before);
    let run = Scimsnap::new(folder.path(), &["run", "scenarios", "--update", "new"]).env("CI", "true");
    run.end().exits(5);
    assert_ne!(folder.besides_work(), before);
}

#[test]
fn a_selection_of_nothing_is_6() {
    let folder = Folder::new();
    let outcome = Scimsnap::new(folder.path(), &["run", "users/new-user-becomes-custommer"]).end().exits(6);
    outcome.complains("did you mean `users/new-user-becomes-customer`?");
    let outcome = Scimsnap::new(folder.path(), &["run", "groups", "--idp", "google"]).end().exits(6);
    outcome.complains("these clients play none of the selected scenarios");
    assert!(folder.besides_work().is_empty());
}

#[test]
fn a_target_that_lets_nothing_be_judged_is_6() {
    let folder = Folder::new();
    let served = Served::new(&[]);
    let outcome = served.run(folder.path(), &["run", "conflicts/organization-is-kept"]).exits(6);
    outcome.says("needs product-view");
    assert!(folder.ledgers().is_empty());
}

#[test]
fn of_several_reasons_the_weightier_one_wins() {
    // Failed outranks unseen.
    let folder = Folder::with_scenario(ONE_USER);
    let served = Served::new(&["--defect", "string-false-ignored"]);
    served.run(folder.path(), &["run", "scenarios"]).exits(5);
    served.run(folder.path(), &["run", "scenarios", "users/leaver-is-deactivated"]).exits(1);
    // Bad flags outrank an invalid file, which outranks an empty selection.
    folder.write("scenarios/own/two.yaml", "title: nothing else");
    Scimsnap::new(folder.path(), &["run", "scenarios", "--idp", "nobody"]).end().exits(2);
    Scimsnap::new(folder.path(), &["run", "scenarios", "--idp", "google"]).end().exits(3);
}
