//! Every requirement there is.

use super::model::{Concern, Level, Requirement};
use super::rules;

/// A literal request of a scenario was not answered as its `expect` says. The runner raises it; no rule does.
pub static EXPECTATION: Requirement = Requirement {
    id: "scenario-expectation",
    level: Level::Must,
    concerns: &[Concern::Rfc],
    text: "a request that a scenario writes out is answered as the scenario expects",
    source: "the scenario's `expect`, and the evidence that the scenario names",
    reasoning: "the scenario is about this one payload; another answer is what it was written to show",
};

/// Every requirement, sorted by id.
pub fn catalogue() -> Vec<&'static Requirement> {
    let mut all: Vec<&'static Requirement> =
        rules::all().iter().flat_map(|rule| rule.requirements()).copied().collect();
    all.push(&EXPECTATION);
    all.sort_by_key(|requirement| requirement.id);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_words_and_unique() {
        let all = catalogue();
        assert!(all.windows(2).all(|pair| pair[0].id < pair[1].id));
        for requirement in all {
            assert!(requirement.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
        }
    }

    #[test]
    fn texts_can_stand_in_a_report() {
        for requirement in catalogue() {
            let id = requirement.id;
            for text in [requirement.text, requirement.source, requirement.reasoning] {
                assert!(text.len() > 15 && !text.ends_with('.'), "{id}: {text}");
            }
            assert!(requirement.text.starts_with(|c: char| c.is_lowercase() || c == '`'), "{id}");
            assert!(!requirement.concerns.is_empty(), "{id}");
        }
    }
}
