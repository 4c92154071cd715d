//! What no output may have in it. Nothing here is shared with the program.

use super::payloads::{FORGED, FORGED_PASS};
use crate::support::{Folder, Outcome};

/// The codes of our own colours.
const OURS: [&str; 12] = ["0", "1", "2", "31", "32", "33", "36", "91", "92", "94", "96", ""];

/// Checks a text: no control characters but line breaks and our own colours, nothing invisible, no forged line.
#[track_caller]
pub(super) fn is_harmless(what: &str, text: &str, colour: bool) {
    let plain = without_colours(what, text, colour);
    for character in plain.chars().filter(|character| *character != '\n') {
        assert!(!is_harmful(character), "{what}: {character:?} is in\n{plain:?}");
    }
    let mut marks = 0;
    for character in plain.chars() {
        marks = if matches!(character, '\u{300}'..='\u{36f}') { marks + 1 } else { 0 };
        assert!(marks < 8, "{what}: a heap of marks is in\n{plain:?}");
    }
    for command in ["##vso[", "##teamcity[", "##["] {
        assert!(!plain.contains(command), "{what}: `{command}` is in\n{plain}");
    }
    for line in plain.lines().map(str::trim_start) {
        for start in ["::", "##", FORGED, FORGED_PASS] {
            assert!(!line.starts_with(start), "{what}: `{start}` begins a line in\n{plain}");
        }
    }
}

/// The text without our own colours, where there may be some.
#[track_caller]
fn without_colours(what: &str, text: &str, colour: bool) -> String {
    let mut pieces = text.split("\u{1b}[");
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        assert!(colour, "{what}: an escape sequence is in\n{text:?}");
        let (codes, rest) = piece.split_once('m').unwrap_or((piece, ""));
        assert!(codes.split(';').all(|code| OURS.contains(&code)), "{what}: {codes:?} is in\n{text:?}");
        plain.push_str(rest);
    }
    plain
}

fn is_harmful(character: char) -> bool {
    matches!(u32::from(character),
        0..=0x1f | 0x7f..=0x9f | 0xad | 0x34f | 0x61c | 0x115f | 0x180e | 0x200b..=0x200f | 0x2028..=0x202e
        | 0x2060..=0x206f | 0x3164 | 0xe000..=0xf8ff | 0xfdd0..=0xfdef | 0xfeff | 0xfff9..=0xfffb | 0xfffe..=0xffff
        | 0xe_0000..=0xe_007f)
}

/// Checks what a process wrote to its streams.
#[track_caller]
pub(super) fn streams_are_harmless(what: &str, outcome: &Outcome, colour: bool) {
    is_harmless(&format!("{what}: stdout"), &outcome.stdout, colour);
    is_harmless(&format!("{what}: stderr"), &outcome.stderr, colour);
    assert!(!outcome.stderr.contains("panicked"), "{what}: {}", outcome.stderr);
}

/// Checks every file that a run wrote, and whether the reports can be read and agree.
#[track_caller]
pub(super) fn files_are_harmless(what: &str, folder: &Folder) {
    for (path, contents) in folder.files() {
        let name = path.to_string_lossy();
        if name.contains(".snap") || name.starts_with("out.") || name.ends_with("last-run.json") {
            let text = String::from_utf8(contents).unwrap();
            // Headings are ours.
            let is_heading = |line: &&str| {
                name.ends_with(".md") && (line.starts_with("## scimsnap") || line.starts_with("### "))
            };
            let lines: Vec<&str> = text.lines().filter(|line| !is_heading(line)).collect();
            is_harmless(&format!("{what}: {name}"), &lines.join("\n"), false);
        }
    }
    let names = folder.names("");
    if names.iter().any(|name| name == "out.json") {
        let report: serde_json::Value = serde_json::from_str(&folder.read("out.json")).unwrap();
        let junit = quick_junit::Report::deserialize_from_str(&folder.read("out.xml")).unwrap();
        let known =
            junit.test_suites[0].test_cases.iter().filter(|case| case.classname.as_deref() != Some("known"));
        assert_eq!(known.count(), report["scenarios"].as_array().unwrap().len(), "{what}");
    }
}

/// Whether a text is somewhere in a JSON value.
pub(super) fn holds(value: &serde_json::Value, text: &str) -> bool {
    use serde_json::Value;
    match value {
        Value::String(string) => string.contains(text),
        Value::Array(items) => items.iter().any(|item| holds(item, text)),
        Value::Object(members) => members.iter().any(|(key, item)| key.contains(text) || holds(item, text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
