//! A guest's manners: what would be sent, how much, how fast, and which part of the catalogue.

use std::collections::BTreeSet;
use std::time::Instant;

use serde_json::Value;

use crate::cli::reports::valid;
use crate::support::{Folder, Proxy, Scimsnap, Served, send};

fn watched(served: &Served) -> (Proxy, String) {
    let origin = served.origin.clone();
    let proxy = Proxy::new(move |_, call| Some(send(&origin, call)));
    let url = format!("{}{}", proxy.origin, served.path());
    (proxy, url)
}

/// The number before a word in a text.
fn number(text: &str, word: &str) -> usize {
    let before = text.split(word).next().unwrap().trim_end();
    before
        .rsplit(' ')
        .next()
        .unwrap()
        .parse()
        .unwrap_or_else(|_| panic!("no number before `{word}` in\n{text}"))
}

#[test]
fn a_plan_sends_nothing_and_is_right() {
    let (served, folder) = (Served::new(&[]), Folder::new());
    let (proxy, url) = watched(&served);
    let words = ["run", "users", "groups/member-removed", "--max-requests", "40", "--rate", "2", "--plan"];
    let outcome = Scimsnap::new(folder.path(), &words).target(&url, &served.token).end().exits(0);
    assert_eq!(proxy.calls().len(), 0);
    assert!(folder.besides_work().is_empty(), "{:?}", folder.names(""));
    let outcome = outcome.says("nothing was sent").says("needs").says("stops    after 40 requests");
    let planned = number(&outcome.stdout, " requests: ");
    assert!(
        outcome
            .stdout
            .contains(&format!("and at least {} min at 2 requests per second", (planned / 2).div_ceil(60))),
        "{}",
        outcome.stdout
    );
    let (users, groups) = (number(&outcome.stdout, " users and"), number(&outcome.stdout, " groups, and"));
    // What is said is what comes: the endpoint is the very one that the plan was counted against.
    let words = ["run", "users", "groups/member-removed", "--quiet"];
    Scimsnap::new(folder.path(), &words).target(&url, &served.token).end().exits(0);
    let calls = proxy.calls();
    // The reads that make sure of what is ours, and the last look for what is left, come on top.
    assert!((planned..=planned + planned / 50).contains(&calls.len()), "{} {planned}", calls.len());
    let created =
        |path: &str| calls.iter().filter(|call| call.method == "POST" && call.target.ends_with(path)).count();
    assert!(
        created("/Users") >= users && users > 20 && created("/Groups") >= groups && groups > 0,
        "{users} {groups}"
    );
    assert_eq!(calls.iter().filter(|call| call.method == "PATCH").count(), number(&outcome.stdout, " PATCH"));
}

#[test]
fn no_more_is_sent_than_is_allowed_and_what_was_created_goes() {
    let (served, folder) = (Served::new(&[]), Folder::new());
    let (proxy, url) = watched(&served);
    let words = ["run", "users", "--max-requests", "60", "--json", "out.json"];
    let outcome = Scimsnap::new(folder.path(), &words).target(&url, &served.token).end();
    let outcome = outcome
        .exits(4)
        .says("not started: --max-requests")
        .says("the limit of --max-requests (60) is reached");
    // Cleaning up goes beyond the limit; no provider does.
    let is_ours = |call: &&crate::support::Call| {
        call.header("user-agent").is_some_and(|agent| agent.starts_with("scimsnap/"))
    };
    let calls = proxy.calls();
    let sent = calls.len() - calls.iter().filter(is_ours).count();
    assert!((20..=60).contains(&sent), "{sent} of {}", calls.len());
    assert!(served.resources("/Users").is_empty() && folder.ledgers().is_empty(), "{}", outcome.stdout);
    assert!(valid(&folder)["summary"]["skipped"].as_u64() > Some(10));
}

#[test]
fn a_rate_is_kept_over_all_runs() {
    let (served, folder) = (Served::new(&[]), Folder::new());
    let (proxy, url) = watched(&served);
    folder
        .write("scimsnap.toml", &format!("[targets.slow]\nurl = \"{url}\"\ntoken_env = \"T\"\nrate = 40\n"));
    let started = Instant::now();
    let words = ["run", "users/new-user-becomes-customer", "--target", "slow"];
    Scimsnap::new(folder.path(), &words).env("T", &served.token).end().exits(0);
    // The preflight has a wire of its own and the same pace.
    let gaps = proxy.calls().len() - 1;
    assert!(
        gaps > 20 && started.elapsed().as_millis() >= gaps as u128 * 25,
        "{gaps} in {:?}",
        started.elapsed()
    );
}

fn ids(folder: &Folder) -> BTreeSet<String> {
    let report = valid(folder);
    report["scenarios"].as_array().unwrap().iter().map(|run| run["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn somebodys_endpoint_is_played_the_ready_pack() {
    let (served, folder) = (Served::new(&[]), Folder::new());
    let play = |words: &[&str]| {
        let words = [&["run", "--idp", "okta-oin", "--json", "out.json", "--quiet"], words].concat();
        served.run(folder.path(), &words);
        ids(&folder)
    };
    let ready = play(&[]);
    assert_eq!(play(&["--pack", "ready"]), ready);
    let smoke = play(&["--pack", "smoke"]);
    assert!(smoke.len() < ready.len() && smoke.is_subset(&ready));
    Scimsnap::new(folder.path(), &["run", "--idp", "okta-oin", "--json", "out.json"]).end().exits(0);
    let full = ids(&folder);
    assert!(ready.len() < full.len() && ready.is_subset(&full));
    let outside = full.difference(&ready).find(|id| id.starts_with("users/")).unwrap();
    assert!(play(&[outside]).contains(outside), "what is selected by name is played");
}

#[test]
fn shards_share_a_run() {
    let folder = Folder::new();
    let play = |shard: &str| {
        let words = ["run", "users", "groups", "--shard", shard, "--json", "out.json"];
        Scimsnap::new(folder.path(), &words).end().exits(0);
        ids(&folder)
    };
    let (one, two) = (play("1/2"), play("2/2"));
    assert!(one.is_disjoint(&two) && one.len().abs_diff(two.len()) <= 1);
    let all: BTreeSet<String> = one.union(&two).cloned().collect();
    assert_eq!(play("1/1"), all);
    let wrong = Scimsnap::new(folder.path(), &["run", "--shard", "3/2"]).end();
    wrong.exits(2).complains("a shard has the form I/N");
}

#[test]
fn known_failures_outside_the_pack_are_nobodys_business() {
    let (served, folder) = (Served::new(&[]), Folder::new());
    let entry = |scenario: &str| {
        format!(
            "[[known]]\nscenario = \"{scenario}\"\nrequirement = \"id-stable\"\nreason = \"a\"\nowner = \"b\"\nexpires = 2999-01-01\n"
        )
    };
    folder.write("scimsnap.toml", &entry("**"));
    let words = ["run", "--pack", "smoke", "--json", "out.json"];
    served.run(folder.path(), &words).exits(1).says("remove the entry");
    assert_eq!(valid(&folder)["known"][0]["state"], Value::from("passes"));
}
