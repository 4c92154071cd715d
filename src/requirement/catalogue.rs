//! Every requirement there is.

use super::model::{Concern, Level, Requirement};
use super::rules;

/// A literal request of a scenario was not answered as its `expect` says. The runner raises it; no rule does.
pub static EXPECTATION: Requirement = Requirement {
    id: "scenario-expectation",
    level: Level::Must,
    concerns: &[Concern::Rfc],
    text: "a literal request of a scenario gets the response that the scenario expects",
    source: "the scenario's `expect`, and the evidence that the scenario names",
    reasoning: "the scenario tests exactly this payload, and a different response is the fault that it looks for",
};

/// Every way of writing an operation works. No rule raises it: a run shows it, where nothing that was asked for in one way was
/// ever there afterwards.
pub(super) static PATCH_OPERATIONS: Requirement = Requirement {
    id: "patch-operations",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Okta, Concern::Entra, Concern::Google],
    text: "each operation of a PATCH is applied, in order, in every form that the providers send",
    source: "RFC 7644 §3.5.2 (operations are applied in sequence; a path is optional for `add` and `replace`); Entra may write the name of an operation with a capital letter (docs/providers/entra.md)",
    reasoning: "the provider takes the whole change for done, and a part of it is missing in the product",
};

/// The outcome at a checkpoint is the accepted one. The judge compares; no finding has it, but a known failure names it.
pub static OUTCOME: Requirement = Requirement {
    id: "accepted-outcome",
    level: Level::Must,
    concerns: &[Concern::Okta, Concern::Entra, Concern::Google],
    text: "the customers and organizations at a checkpoint match the accepted snapshot",
    source: "the reviewed snapshot of the scenario",
    reasoning: "this is what people see in the product: somebody is missing, or has access by mistake",
};

/// The alternative that the endpoint shows is one that the provider can work with. The judge says; no finding has it.
pub static ALTERNATIVE: Requirement = Requirement {
    id: "legal-alternative",
    level: Level::Must,
    concerns: &[Concern::Okta, Concern::Entra, Concern::Google],
    text: "where several outcomes are possible, the endpoint shows one that the provider can handle",
    source: "`legal` of the scenario's alternatives, and the evidence that the scenario names",
    reasoning: "provisioning stops, even if the endpoint follows the RFC",
};

impl Requirement {
    /// Whether no provider is known to need it. What a scenario expects is needed by whoever plays it.
    pub fn is_of_the_rfc_alone(&self) -> bool {
        self.concerns == [Concern::Rfc] && self.id != EXPECTATION.id
    }
}

/// Every requirement, sorted by id.
pub fn catalogue() -> Vec<&'static Requirement> {
    let mut all: Vec<&'static Requirement> =
        rules::all().iter().flat_map(|rule| rule.requirements()).copied().collect();
    all.extend([&EXPECTATION, &PATCH_OPERATIONS, &OUTCOME, &ALTERNATIVE]);
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
