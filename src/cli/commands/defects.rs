//! `scimsnap defects`: the deliberate bugs of the reference endpoint, and the proof that the scenarios see them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;

use serde_json::{Value, json};

use crate::context::Context;
use crate::exit::Exit;
use crate::files::Output;
use crate::foreign::{Printable, json_pretty};
use crate::idp::Family;
use crate::reference::{DefectError, DefectRow, Defects};
use crate::run::modes::mutation::{Sightings, Unproved, prove};
use crate::scenario::Scenario;
use crate::scenario::catalogue::{Entry, bundled};

use crate::cli::args::DefectsArgs;
use crate::cli::{fail, say};

/// How many scenarios a line of the matrix names.
const NAMED: usize = 3;

/// Lists, or proves.
pub async fn run(args: &DefectsArgs, context: &Context) -> Exit {
    let (defects, quirks) = match chosen(&args.names) {
        Ok(chosen) => chosen,
        Err(error) => return fail(Exit::Usage, &error, None),
    };
    if !args.prove {
        say(&Printable::block("", &list(&defects, &quirks)));
        return Exit::Success;
    }
    // A path that cannot be written is told before minutes of playing.
    let mut json = match args.json.as_deref().map(|path| Output::open(&context.cwd.join(path))).transpose() {
        Ok(json) => json,
        Err(error) => return fail(Exit::Usage, &unwritable(args, &error), None),
    };
    // The sound endpoint is played too: what it also shows proves nothing.
    let rows: Vec<Option<&'static DefectRow>> =
        std::iter::once(None).chain(defects.iter().chain(&quirks).copied().map(Some)).collect();
    let mut matrix = Matrix { quick: args.quick, ..Matrix::default() };
    let all = bundled();
    let entries = |row: Option<&DefectRow>| match row.filter(|_| args.quick) {
        None => all.clone(),
        Some(row) => {
            let one = |entry: &&Entry| is_quirk(row) || entry.id() == row.shown_by;
            all.iter().filter(one).cloned().collect()
        }
    };
    // Where a few are asked for in short, playing everything for the sound endpoint would be the most of it.
    let rows = if args.quick && !args.names.is_empty() { &rows[1..] } else { &rows };
    prove(rows, entries, args.jobs, &context.cwd, &context.clock, |row, seen| {
        say(&Printable::block("", &matrix.add(row, seen)));
    })
    .await;
    if args.names.is_empty() && !args.quick {
        let scenarios: Vec<Scenario> = all.iter().filter_map(|entry| entry.load().ok()).collect();
        matrix.hold_claims(&scenarios);
    }
    say(&Printable::block("", &matrix.verdict()));
    let exit = if matrix.broken {
        Exit::Unjudged
    } else if matrix.wrong.is_empty() {
        Exit::Success
    } else {
        Exit::Failed
    };
    let written = json.as_mut().map_or(Ok(()), |json| {
        writeln!(json, "{}", json_pretty(&matrix.json())?)?;
        json.finish()
    });
    match written {
        Ok(()) => exit,
        Err(error) => fail(exit.worse(Exit::Failed), &unwritable(args, &error), None),
    }
}

fn unwritable(args: &DefectsArgs, error: &io::Error) -> String {
    format!("cannot write `{}` ({error})", args.json.as_deref().unwrap_or(Path::new("")).display())
}

type Rows = Vec<&'static DefectRow>;

/// The defects and the quirks that are named; all where none is.
fn chosen(names: &[String]) -> Result<(Rows, Rows), DefectError> {
    if names.is_empty() {
        return Ok((Defects::ALL.iter().collect(), Defects::QUIRKS.iter().collect()));
    }
    let set = Defects::parse(&names.join(","))?;
    Ok(set.iter().partition(|row| !is_quirk(row)))
}

fn is_quirk(row: &DefectRow) -> bool {
    row.hurts.is_empty()
}

/// Every row with its story, by topic.
pub(crate) fn list(defects: &[&DefectRow], quirks: &[&DefectRow]) -> String {
    let mut text = String::new();
    let mut topic = "";
    for row in defects {
        if topic != row.topic {
            let gap = if topic.is_empty() { "" } else { "\n" };
            let _ = writeln!(text, "{gap}{}", row.topic);
            topic = row.topic;
        }
        let _ = writeln!(text, "  {}", row.name);
        let _ = writeln!(text, "      {}", row.story);
        let _ = writeln!(
            text,
            "      hurts {} · shown by {} · {}",
            row.hurts.join(", "),
            row.shown_by,
            row.source
        );
    }
    if !quirks.is_empty() {
        text.push_str("\nmerely awkward, and no reason for a finding\n");
    }
    for row in quirks {
        let _ = writeln!(text, "  {}\n      {} · {}", row.name, row.story, row.source);
    }
    text
}

/// Who sees what.
#[derive(Default)]
struct Matrix {
    rows: Vec<(Option<&'static DefectRow>, Sightings)>,
    /// What does not hold, in words.
    wrong: Vec<String>,
    /// Whether something could not be played at all.
    broken: bool,
    /// Whether one scenario has to do for all families.
    quick: bool,
}

impl Matrix {
    /// Takes a row in, and gives its line.
    fn add(&mut self, row: Option<&'static DefectRow>, seen: Result<Sightings, Unproved>) -> String {
        let seen = match seen {
            Ok(seen) => seen,
            Err(error) => {
                self.broken = true;
                return format!("{:<8}  {error}\n", "BROKEN");
            }
        };
        let name = row.map_or("a sound endpoint", |row| row.name);
        let is_sound = row.is_none_or(is_quirk);
        let verdict = match (is_sound, seen.scenarios.is_empty()) {
            (false, true) => {
                self.wrong.push(format!("nobody sees `{name}`"));
                "UNSEEN"
            }
            (true, false) => {
                self.wrong.push(format!("`{name}` is held against the endpoint"));
                "ALARM"
            }
            (true, true) => "silent",
            (false, false) => "seen",
        };
        let families = seen.families();
        let whole = verdict == "seen" && !self.quick;
        for family in row.iter().flat_map(|row| row.hurts).filter(|_| whole) {
            if !families.iter().any(|shown| shown.as_str() == *family) {
                self.wrong.push(format!("`{name}` hurts {family}, and no scenario shows that"));
            }
        }
        let mut line = format!("{verdict:<8}  {name:<36}");
        if !seen.scenarios.is_empty() {
            let families: Vec<&str> = families.into_iter().map(Family::as_str).collect();
            let reasons: Vec<&str> = seen.reasons.iter().copied().collect();
            let mut names: Vec<&str> = seen.scenarios.keys().map(String::as_str).collect();
            let count = names.len();
            names.truncate(NAMED);
            let more = if count > NAMED { ", …" } else { "" };
            let _ = write!(line, "  {:<17}  {}", families.join(" "), reasons.join(" "));
            let plural = if count == 1 { "scenario" } else { "scenarios" };
            let _ = write!(line, "\n{:10}{count} {plural}: {}{more}", "", names.join(", "));
        }
        self.rows.push((row, seen));
        format!("{}\n", line.trim_end())
    }

    /// Whether each requirement that a scenario claims to exercise was broken there by some defect.
    fn hold_claims(&mut self, scenarios: &[Scenario]) {
        for scenario in scenarios {
            let broken: BTreeSet<&str> = self
                .rows
                .iter()
                .filter_map(|(row, seen)| row.and_then(|_| seen.broken.get(&scenario.id)))
                .flatten()
                .copied()
                .collect();
            for (id, at) in scenario.exercises.iter().filter(|(id, _)| !broken.contains(id.as_str())) {
                self.wrong.push(format!(
                    "{}:{} claims to exercise `{id}`, and no defect breaks that there",
                    scenario.id, at.line
                ));
            }
        }
    }

    fn verdict(&self) -> String {
        let mut text = String::new();
        for wrong in &self.wrong {
            let _ = writeln!(text, "wrong: {wrong}");
        }
        let proved = |wanted: bool| {
            self.rows
                .iter()
                .filter(|(row, seen)| {
                    row.is_some_and(|row| is_quirk(row) != wanted) && seen.scenarios.is_empty() != wanted
                })
                .count()
        };
        let _ = writeln!(text, "{} defects seen, {} quirks left alone", proved(true), proved(false));
        text
    }

    fn json(&self) -> Value {
        let rows = self.rows.iter().map(|(row, seen)| {
            let scenarios: BTreeMap<&str, Vec<&str>> = seen
                .scenarios
                .iter()
                .map(|(id, families)| (id.as_str(), families.iter().map(|family| family.as_str()).collect()))
                .collect();
            json!({
                "defect": row.map(|row| row.name),
                "quirk": row.is_some_and(is_quirk),
                "hurts": row.map(|row| row.hurts),
                "reasons": seen.reasons,
                "scenarios": scenarios,
                "broken": seen.broken,
                "errored": seen.errored,
            })
        });
        json!({"format": 1, "matrix": rows.collect::<Vec<_>>(), "wrong": self.wrong})
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Source;
    use crate::scenario::load::load;

    #[test]
    fn a_claim_that_no_defect_bears_out_is_wrong() {
        let text = "title: Ada is assigned
evidence: {mark: inferred, source: the test}
exercises: [lookup-finds, lookup-miss]
idps: [okta]
people: {ada: {userName: ada@example.com, givenName: Ada, familyName: Byron}}
steps: [assign: ada, checkpoint: done]
";
        let source = Source { path: "one.yaml".into(), text: text.into() };
        let scenario = load("own/one", &source).unwrap();
        let broken = |id| [("own/one".to_owned(), [id].into())].into();
        let mut matrix = Matrix::default();
        // What a sound endpoint shows proves nothing.
        matrix.rows.push((None, Sightings { broken: broken("lookup-miss"), ..Sightings::default() }));
        let row = Defects::ALL.iter().next();
        matrix.rows.push((row, Sightings { broken: broken("lookup-finds"), ..Sightings::default() }));
        matrix.hold_claims(&[scenario]);
        assert_eq!(
            matrix.wrong,
            ["own/one:3 claims to exercise `lookup-miss`, and no defect breaks that there"]
        );
    }
}
