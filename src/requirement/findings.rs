//! Collects the findings of the rules, each once.

use std::collections::BTreeSet;

use super::model::{Raised, Requirement};
use super::sign::{Clue, Sign};

/// The longest message, in bytes: it may quote what an endpoint answered.
const LONGEST: usize = 2_000;

/// Findings of one pair.
const MOST: usize = 500;

fn clipped(mut text: String, most: usize) -> String {
    if text.len() > most {
        text.truncate(text.floor_char_boundary(most));
        text.push('…');
    }
    text
}

/// What one checker has raised so far, and what the present exchange adds.
#[derive(Debug, Default)]
pub(crate) struct Report {
    raised: BTreeSet<(&'static str, String)>,
    /// With the cause that each was raised for.
    fresh: Vec<(String, Raised)>,
}

impl Report {
    /// Raises a finding, unless the same was said before.
    pub(crate) fn raise(&mut self, requirement: &'static Requirement, message: String) -> Said<'_> {
        let key = message.clone();
        self.raise_as(requirement, key, message)
    }

    /// Raises a finding, unless one of the same root cause was raised before, whatever it said.
    pub(crate) fn raise_as(
        &mut self,
        requirement: &'static Requirement,
        cause: impl Into<String>,
        message: String,
    ) -> Said<'_> {
        if self.raised.len() == MOST {
            return Said(None);
        }
        let cause = clipped(cause.into(), LONGEST);
        if !self.raised.insert((requirement.id, cause.clone())) {
            return Said(None);
        }
        let message = clipped(message, LONGEST);
        let raised = Raised { requirement, key: key(&cause), message, culprit: None, sign: None };
        self.fresh.push((cause, raised));
        Said(self.fresh.last_mut().map(|(_, raised)| raised))
    }

    /// How much the present exchange raised so far.
    pub(crate) fn len(&self) -> usize {
        self.fresh.len()
    }

    /// What was raised after that many: each requirement with its key.
    pub(crate) fn since(&self, len: usize) -> impl Iterator<Item = (&'static str, &str)> {
        self.fresh.iter().skip(len).map(|(_, raised)| (raised.requirement.id, raised.key.as_str()))
    }

    /// Takes back what was raised after that many, as if it had never been.
    pub(crate) fn take_back(&mut self, len: usize) {
        for (cause, raised) in self.fresh.drain(len.min(self.fresh.len())..) {
            self.raised.remove(&(raised.requirement.id, cause));
        }
    }

    /// Whether the present exchange raised it.
    pub(crate) fn says(&self, requirement: &'static Requirement) -> bool {
        self.fresh.iter().any(|(_, raised)| raised.requirement.id == requirement.id)
    }

    /// Says which request is to blame for what was raised after that many, where the rule did not.
    pub(crate) fn blame(&mut self, len: usize, culprit: Option<usize>) {
        self.fresh.iter_mut().skip(len).for_each(|(_, raised)| raised.culprit = raised.culprit.or(culprit));
    }

    /// What was raised since the last call.
    pub(crate) fn take(&mut self) -> Vec<Raised> {
        self.fresh.drain(..).map(|(_, raised)| raised).collect()
    }
}

/// What was just raised; nothing where it had been raised before.
#[derive(Default)]
pub(crate) struct Said<'a>(Option<&'a mut Raised>);

impl Said<'_> {
    /// Says which request is to blame, where that is known.
    pub(crate) fn by(mut self, culprit: Option<usize>) -> Self {
        if let Some(raised) = &mut self.0 {
            raised.culprit = culprit;
        }
        self
    }

    /// Says how a script can tell: all of these hold.
    pub(crate) fn shown<const N: usize>(self, clues: impl FnOnce() -> [Clue; N]) {
        if let Some(raised) = self.0 {
            raised.sign = Some(Sign::of(clues()));
        }
    }

    /// The same, where a resource has to be there that the clue does not name.
    pub(crate) fn shown_about(self, clue: Option<Clue>, about: Option<&str>) {
        if let (Some(raised), Some(clue)) = (self.0, clue) {
            raised.sign = Some(Sign { about: about.map(str::to_owned), ..Sign::of([clue]) });
        }
    }

    /// The same, where another exchange shows it.
    pub(crate) fn shown_at(self, exchange: usize, clue: Option<Clue>) {
        if let (Some(raised), Some(clue)) = (self.0, clue) {
            raised.sign = Some(Sign { exchange: Some(exchange), ..Sign::of([clue]) });
        }
    }

    /// The same, where there may be nothing to say.
    pub(crate) fn shown_by(self, clue: Option<Clue>) {
        if let (Some(raised), Some(clue)) = (self.0, clue) {
            raised.sign = Some(Sign::of([clue]));
        }
    }
}

/// The longest key, in bytes.
const LONGEST_KEY: usize = 80;

/// A cause as a key: without what differs from one resource to the next, which is quoted. Names of attributes and schemas
/// are in backticks, and stay.
pub(crate) fn key(cause: &str) -> String {
    let mut text = String::new();
    for (index, part) in cause.split('`').enumerate() {
        let is_code = index % 2 == 1;
        let is_value = part.contains('@')
            || (part.contains(|letter: char| letter.is_ascii_digit()) && !part.starts_with("urn:"));
        if !(is_code && is_value) {
            text.extend(part.split('"').step_by(2).flat_map(|part| [" ", part]));
        }
    }
    let is_sign = |letter: char| !letter.is_ascii_alphanumeric();
    let words = text.split(is_sign).filter(|word| !word.is_empty()).map(str::to_ascii_lowercase);
    let mut key = words.collect::<Vec<_>>().join("-");
    key.truncate(LONGEST_KEY);
    key.truncate(key.trim_end_matches('-').len());
    key
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn a_key_says_what_and_not_of_whom() {
        for (cause, wanted) in [
            ("wiped", "wiped"),
            ("", ""),
            ("GET /Schemas was answered 500", "get-schemas-was-answered-500"),
            ("the lookup for `userName eq \"ada\"` finds eve", "the-lookup-for-username-eq-finds-eve"),
            ("`active` is answered as `\"True\"`", "active-is-answered-as"),
            ("a PUT of the user with the id `4f1-a` was", "a-put-of-the-user-with-the-id-was"),
            ("without `urn:a:2.0:User` in `schemas`", "without-urn-a-2-0-user-in-schemas"),
            ("userName is read as \"ADA\"", "username-is-read-as"),
        ] {
            assert_eq!(key(cause), wanted);
        }
        assert_eq!(key(&"long ".repeat(100)).len(), 79);
    }
}
