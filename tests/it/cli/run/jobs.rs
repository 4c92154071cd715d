//! How a run goes about its work: in parallel, failing fast, strictly, quietly.

use serde_json::Value;

use crate::support::{Folder, Outcome, Proxy, Scimsnap, Served, send};

/// Takes times, ports and the run's id out.
fn steady(text: &str, run: &str) -> String {
    let mut steady = String::new();
    for word in text.replace(run, "RUN").split_inclusive([' ', '\n']) {
        let trimmed = word.trim_end().trim_end_matches([',', ':', ')', 's']);
        let end = &word[word.trim_end().len()..];
        if trimmed.parse::<f64>().is_ok() && trimmed.contains('.') {
            steady.push_str("TIME");
            steady.push_str(end);
        } else if word.contains("127.0.0.1:") {
            steady.push_str("URL");
            steady.push_str(end);
        } else {
            steady.push_str(word);
        }
    }
    steady
}

/// A cursor says when it was given.
fn without_cursor(text: &str) -> String {
    let Some((before, cursor)) = text.split_once("cursor=") else { return text.to_owned() };
    let is_of_it = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    format!("{before}cursor=C{}", cursor.trim_start_matches(is_of_it))
}

fn without_times(value: &mut Value, run: &str) {
    match value {
        Value::Object(map) => {
            for key in ["ms", "run", "target", "headers"] {
                map.remove(key);
            }
            map.values_mut().for_each(|value| without_times(value, run));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| without_times(item, run)),
        Value::String(text) => *text = without_cursor(&steady(text, run)),
        _ => {}
    }
}

/// Which of several requests that were sent at once came first is the endpoint's to say.
fn without_races(report: &mut Value) {
    for pair in report["scenarios"].as_array_mut().into_iter().flatten() {
        if pair["id"].as_str().is_some_and(|id| id.ends_with("-at-once"))
            && let Some(exchanges) = pair["exchanges"].as_array_mut()
        {
            exchanges.sort_by_key(Value::to_string);
        }
    }
}

/// What a run told, in words and as JSON, without what differs each time.
fn told(folder: &Folder, outcome: &Outcome) -> (String, Value) {
    let run = outcome.run();
    let mut report: Value = serde_json::from_str(&folder.read("out.json")).unwrap();
    without_times(&mut report, &run);
    report.as_object_mut().unwrap().shift_remove("flags");
    // Suggested commands have the flags, too.
    let mut report = serde_json::from_str(&report.to_string().replace(" --jobs 8", " --jobs 1")).unwrap();
    without_races(&mut report);
    // The columns of times are as wide as the times.
    let text = steady(&outcome.stdout, &run);
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ") + "\n");
    (lines.collect(), report)
}

/// A text with every UUID written as another one.
fn without_ids(text: &str) -> String {
    let is_word = |letter: char| letter.is_ascii_hexdigit() || letter == '-';
    let mut masked = String::new();
    for part in text.split_inclusive(|letter| !is_word(letter)) {
        let word = part.trim_end_matches(|letter| !is_word(letter));
        // What was percent-encoded before it ends in hexadecimal digits, too.
        match word.len().checked_sub(36) {
            Some(before) if word[before..].matches('-').count() == 4 => {
                masked.push_str(&word[..before]);
                masked.push_str("00000000-0000-0000-0000-000000000000");
            }
            _ => masked.push_str(word),
        }
        masked.push_str(&part[word.len()..]);
    }
    masked
}

#[track_caller]
fn say_the_same(one: &(String, Value), other: &(String, Value)) {
    pretty(&one.0, &other.0);
    if one.1 != other.1 {
        pretty(&format!("{:#}", one.1), &format!("{:#}", other.1));
    }
    assert!(one.0.contains("PASS"));
}

#[test]
fn one_at_a_time_or_eight_say_the_same() {
    let folder = Folder::new();
    let [one, eight] = ["1", "8"].map(|jobs| {
        let words = ["run", "-v", "--jobs", jobs, "--json", "out.json"];
        told(&folder, &Scimsnap::new(folder.path(), &words).end().exits(0))
    });
    say_the_same(&one, &eight);
}

/// Somebody's endpoint is played on by two threads. Its ids are as random as they are long.
#[test]
fn one_thread_or_two_say_the_same() {
    let folder = Folder::new();
    let [one, two] = ["1", "8"].map(|jobs| {
        let served = Served::new(&[]);
        let words = ["run", "users", "groups", "-v", "--jobs", jobs, "--json", "out.json"];
        let (text, report) = told(&folder, &served.run(folder.path(), &words).exits(0));
        (text, serde_json::from_str::<Value>(&without_ids(&report.to_string())).unwrap())
    });
    assert!(one.1["scenarios"].as_array().map(Vec::len) > Some(100));
    say_the_same(&one, &two);
}

#[track_caller]
fn pretty(one: &str, other: &str) {
    for (left, right) in one.lines().zip(other.lines()) {
        assert_eq!(left, right);
    }
    assert_eq!(one.lines().count(), other.lines().count());
}

#[test]
fn failing_fast_begins_nothing_more() {
    let folder = Folder::new();
    let served = Served::new(&["--defect", "filter-ignored"]);
    let words = ["run", "users", "--jobs", "1", "--fail-fast", "--json", "out.json"];
    let outcome = served.run(folder.path(), &words).exits(1);
    let report: Value = serde_json::from_str(&folder.read("out.json")).unwrap();
    assert_eq!(report["summary"]["failed"], 1, "{}", outcome.stdout);
    assert!(report["summary"]["skipped"].as_u64() > Some(20), "{}", outcome.stdout);
    let outcome =
        served.run(folder.path(), &["run", "users", "--jobs", "1", "--fail-fast=3", "--json", "out.json"]);
    outcome.exits(1).says("not started: --fail-fast");
    let report: Value = serde_json::from_str(&folder.read("out.json")).unwrap();
    assert_eq!(report["summary"]["failed"], 3);
}

#[test]
fn strictly_a_should_fails_too() {
    let folder = Folder::new();
    let served = Served::new(&[]);
    let origin = served.origin.clone();
    // JSON that does not call itself SCIM is understood, and frowned upon.
    let plain =
        Proxy::new(move |_, call| Some(send(&origin, call).header("Content-Type", "application/json")));
    let url = format!("{}{}", plain.origin, served.path());
    let words = ["run", "users/new-user-becomes-customer", "--idp", "entra"];
    let run = |words: &[&str]| Scimsnap::new(folder.path(), words).target(&url, &served.token).end();
    run(&words).exits(0).says("should").says("content-type-scim");
    run(&[words.as_slice(), &["--strict"]].concat()).exits(1);
    served.run(folder.path(), &["run", "users", "--strict"]).exits(0);
}

#[test]
fn with_require_all_a_skip_fails() {
    let folder = Folder::new();
    let served = Served::new(&[]);
    let words = ["run", "users/new-user-becomes-customer", "conflicts/organization-is-kept"];
    served.run(folder.path(), &words).exits(0).says("skipped");
    served.run(folder.path(), &[words[0], words[1], words[2], "--require-all"]).exits(1);
}

#[test]
fn quietly_only_failures_and_the_verdict_are_told() {
    let folder = Folder::new();
    let outcome = Scimsnap::new(folder.path(), &["run", "users", "--quiet"]).end().exits(0);
    assert!(!outcome.stdout.contains("PASS"), "{}", outcome.stdout);
    let outcome = outcome.says("passed").says("judged");
    assert_eq!(outcome.stderr, "");
    let served = Served::new(&["--defect", "string-false-ignored"]);
    let words = ["run", "users/leaver-is-deactivated", "users/new-user-becomes-customer", "--quiet"];
    let outcome = served.run(folder.path(), &words).exits(1).says("not ready");
    assert!(!outcome.stdout.contains("answer"), "{}", outcome.stdout);
}
