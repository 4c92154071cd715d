//! One `.snap` file: insta's front matter, then the outcomes of all checkpoints by name, as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

use indexmap::IndexMap;

use crate::diag::{At, Diagnostic, Source};
use crate::files::{input, output};
use crate::foreign::{Foreign, json_pretty};
use crate::outcome::Outcome;

/// Where a pending file names the causes that explain its outcome.
const EXPLAINED_BY: &str = "explained_by";

/// The outcomes of a run of a scenario, by checkpoint.
pub type Outcomes = IndexMap<String, Outcome>;

/// Reads the text of a `.snap` file.
pub fn parse(path: &str, text: &str) -> Result<Outcomes, Diagnostic> {
    let source = Source { path: path.into(), text: text.into() };
    let broken = |at: At, message: String| {
        Diagnostic::new(&source, at, message)
            .help("restore it from version control, or delete it and accept a new outcome")
    };
    let top = At { line: 1, column: 1, len: 1 };
    let body = body(text)
        .ok_or_else(|| broken(top, "the snapshot has no front matter between two `---` lines".to_owned()))?;
    let skipped = text.len() - body.len();
    let lines_before = text[..skipped].matches('\n').count();
    serde_json::from_str(body).map_err(|error| {
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default();
        let last = text.lines().count().max(1);
        let at = At { line: (lines_before + error.line()).min(last), column: error.column().max(1), len: 1 };
        broken(at, format!("the snapshot is damaged: {message}"))
    })
}

/// What follows the front matter.
fn body(text: &str) -> Option<&str> {
    split(text).map(|(_, body)| body)
}

/// The front matter, and what follows it.
fn split(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix("---")?.trim_start_matches('\r').strip_prefix('\n')?;
    let end = rest.find("\n---")?;
    let after = &rest[end + 4..];
    Some((&rest[..end], after.trim_start_matches('\r').strip_prefix('\n')?))
}

/// Reads a file as insta does, after a look at what insta takes on trust: its size, its kind, how deep its front matter is,
/// and that it names no other file to be read.
pub fn load(path: &Path) -> io::Result<insta::Snapshot> {
    let text = input::text(path, input::SNAPSHOT)?;
    let damaged = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what);
    let (front, _) = split(&text).ok_or_else(|| damaged("it has no front matter between two `---` lines"))?;
    let front: BTreeMap<String, serde_json::Value> =
        serde_saphyr::from_str(front).map_err(|_| damaged("its front matter is damaged"))?;
    if front.get("snapshot_kind").is_some_and(|kind| kind != "text") {
        return Err(damaged("it is not a text snapshot"));
    }
    insta::Snapshot::from_file(path).map_err(|error| damaged(&error.to_string()))
}

/// The text of outcomes, which is the same for the same outcomes.
pub fn contents(outcomes: &Outcomes) -> String {
    // Writing to memory what serde derived cannot fail.
    json_pretty(outcomes).unwrap_or_default()
}

/// What a pending file says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta<'a> {
    /// The scenario's file.
    pub source: &'a str,
    /// The line of its first checkpoint.
    pub line: usize,
    /// The scenario's title.
    pub description: &'a str,
    /// The ids of the causes that explain the outcome, so that it is not to be accepted.
    pub explained_by: &'a [String],
}

/// The text of a pending file, as `cargo insta review` reads it.
pub fn pending(meta: &Meta<'_>, outcomes: &Outcomes) -> String {
    pending_text(meta, &contents(outcomes))
}

/// The text of a pending file with these contents.
pub fn pending_text(meta: &Meta<'_>, contents: &str) -> String {
    // Whoever accepts the file writes these words anew, and escapes less; they are for people only.
    let quoted = |text: &str| Foreign::new(&Foreign::new(text).line()).quoted();
    let mut text = String::from("---\n");
    let _ = writeln!(text, "source: {}", quoted(meta.source));
    let _ = writeln!(text, "assertion_line: {}", meta.line);
    let _ = writeln!(text, "description: {}", quoted(meta.description));
    if !meta.explained_by.is_empty() {
        let _ = writeln!(text, "info:\n  {EXPLAINED_BY}:");
        for cause in meta.explained_by {
            let _ = writeln!(text, "    - {}", quoted(cause));
        }
    }
    let _ = writeln!(text, "---\n{contents}");
    text
}

/// The ids of the causes that explain the outcome of a pending file.
pub fn explained_by(text: &str) -> Vec<String> {
    #[derive(Default, serde::Deserialize)]
    struct Front {
        #[serde(default)]
        info: BTreeMap<String, Vec<String>>,
    }
    let front = split(text).and_then(|(front, _)| serde_saphyr::from_str::<Front>(front).ok());
    front.and_then(|mut front| front.info.remove(EXPLAINED_BY)).unwrap_or_default()
}

/// The text of a pending file without the causes that explain it. A snapshot does not have them.
fn unexplained(text: &str) -> String {
    let Some((front, _)) = split(text).filter(|_| !explained_by(text).is_empty()) else {
        return text.to_owned();
    };
    let mut is_info = false;
    let kept = front.lines().filter(|line| {
        is_info = line.starts_with("info:") || (is_info && line.starts_with(' '));
        !is_info
    });
    text.replacen(front, &kept.collect::<Vec<_>>().join("\n"), 1)
}

/// Turns a pending file into the snapshot it stands for, to the byte as `cargo insta accept` does.
pub fn accept(pending: &Path, snapshot: &Path) -> io::Result<()> {
    let text = input::text(pending, input::SNAPSHOT)?;
    let plain = unexplained(&text);
    if plain != text {
        output::replace(pending, &plain)?;
    }
    let read = load(pending)?;
    let to = output::destination(snapshot)?;
    if to != snapshot && to.extension() != snapshot.extension() {
        let what = format!("it is a link to `{}`, which is not a snapshot", to.display());
        return Err(io::Error::other(what));
    }
    output::replace_with(&to, |part| read.save(part).map_err(|error| io::Error::other(error.to_string())))?;
    std::fs::remove_file(pending)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::outcome::{Customer, Organization};

    fn outcomes() -> impl Strategy<Value = Outcomes> {
        let word = "[ -~äß—\n]{0,12}";
        let customer = (word, proptest::option::of(word), proptest::option::of(any::<bool>()));
        let customer = customer.prop_map(|(email, user_name, active)| Customer {
            email: Some(email),
            user_name,
            active,
            ..Customer::default()
        });
        let organization = (word, proptest::collection::vec(word, 0..3))
            .prop_map(|(name, members)| Organization { name, members, source: Some("synced".to_owned()) });
        let outcome =
            (proptest::collection::vec(customer, 0..3), proptest::collection::vec(organization, 0..3))
                .prop_map(|(customers, organizations)| Outcome { customers, organizations });
        proptest::collection::vec(("[a-z-]{1,8}", outcome), 1..3).prop_map(|list| list.into_iter().collect())
    }

    proptest! {
        #[test]
        fn a_pending_file_reads_back_and_is_accepted_once_and_for_all(
            outcomes in outcomes(),
            description in "[ -~äß—]{0,20}",
        ) {
            let folder = tempfile::tempdir().unwrap();
            let (new, snap) = (folder.path().join("x.snap.new"), folder.path().join("x.snap"));
            let explained_by = [description.clone(), "one-removed-member/wiped".to_owned()];
            for explained_by in [&[][..], &explained_by] {
                let meta =
                    Meta { source: "scenarios/x.yaml", line: 3, description: &description, explained_by };
                let text = pending(&meta, &outcomes);
                prop_assert_eq!(super::explained_by(&text).len(), explained_by.len());
                prop_assert!(super::explained_by(&unexplained(&text)).is_empty());
                std::fs::write(&new, text).unwrap();
            }
            let read = insta::Snapshot::from_file(&new).unwrap();
            prop_assert_eq!(read.as_text().unwrap().to_string(), contents(&outcomes));
            accept(&new, &snap).unwrap();
            let first = std::fs::read_to_string(&snap).unwrap();
            prop_assert_eq!(parse("x.snap", &first).unwrap(), outcomes);
            insta::Snapshot::from_file(&snap).unwrap().save(&snap).unwrap();
            prop_assert_eq!(std::fs::read_to_string(&snap).unwrap(), first);
        }

        #[test]
        fn no_text_is_too_odd_to_be_refused(text in "(---\n)?[\\PC\n]{0,80}") {
            let _ = parse("x.snap", &text);
        }
    }

    #[test]
    fn half_a_file_is_pointed_at() {
        let text = "---\nsource: a\n---\n{\n  \"created\": {\n    \"customers\": [";
        let error = parse("snapshots/a.snap", text).unwrap_err();
        assert_eq!(error.at.line, 6);
        assert!(error.message.starts_with("the snapshot is damaged"), "{}", error.message);
    }
}
