//! The matrix of `--prove`: which scenarios detect which defect, and what is wrong with that.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::counted::counted;
use crate::idp::Family;
use crate::reference::DefectRow;
use crate::run::modes::mutation::{Sightings, Unproved};
use crate::scenario::Scenario;

/// How many scenarios a line of the matrix names.
const NAMED: usize = 3;

/// Whether it is merely awkward, and hurts nobody.
pub(super) fn is_quirk(row: &DefectRow) -> bool {
    row.hurts.is_empty()
}

/// Who sees what.
#[derive(Default)]
pub(super) struct Matrix {
    rows: Vec<(Option<&'static DefectRow>, Sightings)>,
    /// What does not hold, in words.
    pub(super) wrong: Vec<String>,
    /// Whether something could not be played at all.
    pub(super) broken: bool,
    /// Whether one scenario has to do for all families.
    quick: bool,
}

impl Matrix {
    pub(super) fn new(quick: bool) -> Self {
        Self { quick, ..Self::default() }
    }

    /// Takes a row in, and gives its line.
    pub(super) fn add(
        &mut self,
        row: Option<&'static DefectRow>,
        seen: Result<Sightings, Unproved>,
    ) -> String {
        let seen = match seen {
            Ok(seen) => seen,
            Err(error) => {
                self.broken = true;
                return format!("{:<8}  {error}\n", "BROKEN");
            }
        };
        let name = row.map_or("a sound endpoint", |row| row.name);
        let is_sound = row.is_none_or(is_quirk);
        let warned = self.warned(row, &seen);
        let verdict = match (is_sound, seen.scenarios.is_empty()) {
            (false, true) if !warned.is_empty() => "warned",
            (false, true) => {
                self.wrong.push(format!("no scenario detects `{name}`"));
                "UNSEEN"
            }
            (true, false) => {
                self.wrong.push(format!("`{name}` causes a finding, although it is legal"));
                "ALARM"
            }
            (true, true) => "silent",
            (false, false) => "seen",
        };
        let mut families = seen.families();
        families.extend(warned.values().copied().flatten().copied());
        let whole = matches!(verdict, "seen" | "warned") && !self.quick;
        for family in row.iter().flat_map(|row| row.hurts).filter(|_| whole) {
            if !families.iter().any(|shown| shown.as_str() == *family) {
                self.wrong.push(format!("no scenario shows that `{name}` affects {family}"));
            }
        }
        let mut line = format!("{verdict:<8}  {name:<36}");
        if !seen.scenarios.is_empty() {
            let families: Vec<&str> = families.iter().copied().map(Family::as_str).collect();
            let reasons: Vec<&str> = seen.reasons.iter().copied().collect();
            let mut names: Vec<&str> = seen.scenarios.keys().map(String::as_str).collect();
            let count = names.len();
            names.truncate(NAMED);
            let more = if count > NAMED { ", …" } else { "" };
            let _ = write!(line, "  {:<17}  {}", families.join(" "), reasons.join(" "));
            let _ = write!(line, "\n{:10}{}: {}{more}", "", counted(count, "scenario"), names.join(", "));
        }
        if verdict == "warned" {
            let families: Vec<&str> = families.iter().copied().map(Family::as_str).collect();
            let warnings: Vec<&str> = warned.into_keys().collect();
            let _ = write!(line, "  {:<17}  {}", families.join(" "), warnings.join(" "));
        }
        self.rows.push((row, seen));
        format!("{}\n", line.trim_end())
    }

    /// The warnings of a defect that a sound endpoint does not get.
    fn warned<'a>(
        &self,
        row: Option<&DefectRow>,
        seen: &'a Sightings,
    ) -> BTreeMap<&'static str, &'a BTreeSet<Family>> {
        let sound = self.rows.iter().find(|(row, _)| row.is_none());
        let is_usual = |id: &str| sound.is_some_and(|(_, sound)| sound.warnings.contains_key(id));
        let warnings = seen.warnings.iter().filter(|(id, _)| row.is_some() && !is_usual(id));
        warnings.map(|(id, families)| (*id, families)).collect()
    }

    /// Whether a defect was seen, if only by a warning.
    fn is_seen(&self, row: Option<&DefectRow>, seen: &Sightings) -> bool {
        !seen.scenarios.is_empty() || (!row.is_none_or(is_quirk) && !self.warned(row, seen).is_empty())
    }

    /// Whether each requirement that a scenario claims to exercise was broken there by some defect.
    pub(super) fn hold_claims(&mut self, scenarios: &[Scenario]) {
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
                    "{}:{} claims to exercise `{id}`, but no defect breaks it in this scenario",
                    scenario.id, at.line
                ));
            }
        }
    }

    pub(super) fn verdict(&self) -> String {
        let mut text = String::new();
        for wrong in &self.wrong {
            let _ = writeln!(text, "wrong: {wrong}");
        }
        let proved = |wanted: bool| {
            self.rows
                .iter()
                .filter(|(row, seen)| {
                    row.is_some_and(|row| is_quirk(row) != wanted) && self.is_seen(*row, seen) == wanted
                })
                .count()
        };
        let (detected, ignored) = (counted(proved(true), "defect"), counted(proved(false), "quirk"));
        let _ = writeln!(text, "{detected} detected, {ignored} ignored");
        text
    }

    pub(super) fn json(&self) -> Value {
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
                "warnings": seen.warnings.keys().collect::<Vec<_>>(),
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
    use crate::reference::Defects;
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
            ["own/one:3 claims to exercise `lookup-miss`, but no defect breaks it in this scenario"]
        );
    }
}
