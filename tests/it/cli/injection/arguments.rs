//! Arguments: a shell's pattern makes them of file names, a pipeline of somebody's words.

use super::oracle::streams_are_harmless;
use super::payloads::words;
use crate::support::{Folder, Scimsnap};

#[test]
fn every_command_says_what_it_does_not_take_without_repeating_it_raw() {
    let folder = Folder::new();
    folder.write("there", "");
    let calls: &[&[&str]] = &[
        &["run", "%"],
        &["run", "--idp", "%"],
        &["run", "--jobs", "%"],
        &["run", "--%"],
        &["run", "--target", "%"],
        &["run", "--target", "http://127.0.0.1:1/%"],
        &["run", "users/new-user-becomes-customer", "--plan", "--target", "http://127.0.0.1:1/%"],
        &["run", "--settings", "%"],
        &["run", "--token-env", "%", "--target", "http://127.0.0.1:1"],
        &["run", "--token-file", "%", "--target", "http://127.0.0.1:1"],
        &["run", "--json", "there/%"],
        &["run", "users/new-user-becomes-customer", "--profile", "%"],
        &["%"],
        &["list", "%"],
        &["check", "%"],
        &["explain", "%"],
        &["defects", "%"],
        &["export", "%", "--to", "x"],
        &["probe", "%"],
        &["init", "%"],
        &["clean", "--run", "%", "--target", "http://127.0.0.1:1"],
        &["serve", "--profile", "%"],
        &["serve", "--knob", "%=1"],
        &["serve", "--defect", "%"],
        &["serve", "--directory", "%"],
        &["snapshots", "--target", "%", "list"],
        &["snapshots", "list", "%"],
    ];
    let payloads: Vec<String> = words();
    for (number, call) in calls.iter().enumerate() {
        // Every command meets several payloads, and every payload several commands.
        for payload in payloads.iter().skip(number % 15).step_by(15) {
            let words: Vec<String> = call.iter().map(|word| word.replace('%', payload)).collect();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let outcome = Scimsnap::new(folder.path(), &words).end();
            streams_are_harmless(&format!("{words:?}"), &outcome, false);
        }
    }
}
