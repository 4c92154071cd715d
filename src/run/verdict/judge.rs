//! Judges the outcomes of a pair: which alternative, same or changed, legal or not.

use crate::diag::Diagnostic;
use crate::event::{CheckpointKind, CheckpointReport, CheckpointStatus, Claim};
use crate::idp::ClientName;
use crate::outcome::View;
use crate::requirement::{Changed, Level, Unwelcome};
use crate::run::play::played::{Played, Reached};
use crate::scenario::{Legality, Scenario};
use crate::snapshot::diff::whole;
use crate::snapshot::{Candidate, Comparison, Name, nearest};

use super::claim::claim;

/// How a remark on alternatives begins that cannot be told apart.
pub const ALIKE: &str = "the visible outcome is the same";

/// How a pair's outcomes compare.
#[derive(Debug, Default)]
pub struct Verdict {
    /// The snapshot that fits best.
    pub name: Option<Name>,
    /// The alternative that the endpoint showed, where the scenario has some.
    pub alternative: Option<String>,
    /// Whether that is legal for the client's family.
    pub legality: Option<Legality>,
    /// What that shows of a behaviour.
    pub claim: Option<Claim>,
    /// What the view could not see.
    pub partial: Vec<&'static str>,
    /// The checkpoints.
    pub checkpoints: Vec<CheckpointReport>,
    /// The checkpoints that changed.
    pub changed: Vec<Changed>,
    /// The alternative, where it is not welcome to the client's family.
    pub unwelcome: Option<Unwelcome>,
    /// Remarks.
    pub notes: Vec<String>,
}

impl Verdict {
    /// The verdict on what was played.
    pub fn of(
        scenario: &Scenario,
        client: ClientName,
        played: &Played,
        candidates: &[Candidate],
        view: View,
    ) -> Self {
        let compared: Vec<Vec<&Comparison>> = (0..candidates.len())
            .map(|index| {
                played.checkpoints.iter().filter_map(|reached| reached.compared.get(index)).collect()
            })
            .collect();
        let Some(index) = nearest(&compared) else { return Self::default() };
        let candidate = &candidates[index];
        let mut verdict = Self {
            name: Some(candidate.name.clone()),
            partial: candidate.view(view).partial(),
            notes: candidate.deviates.map(|deviation| deviation.note().to_owned()).into_iter().collect(),
            ..Self::default()
        };
        for (reached, comparison) in played.checkpoints.iter().zip(&compared[index]) {
            verdict.checkpoint(scenario, played, reached, comparison);
        }
        let fitting = fitting(candidates, &compared);
        if fitting.len() > 1 {
            // Which of them it is cannot be seen, so it is neither on the behaviour card nor a fault.
            let note = format!("{ALIKE} for the alternatives `{}`", fitting.join("` and `"));
            verdict.notes.push(note);
        } else if !fitting.is_empty() || candidates.len() == 1 {
            verdict.alternative.clone_from(&candidate.name.alternative);
            verdict.legality = legality(scenario, verdict.alternative.as_deref(), client);
            verdict.unwelcome = unwelcome(scenario, &verdict, client);
            verdict.claim = verdict.alternative.as_deref().and_then(|alternative| {
                claim(scenario, alternative, &verdict.checkpoints, decisive(&compared, index))
            });
            verdict.notes.extend(verdict.unwelcome.as_ref().map(|unwelcome| unwelcome.message.clone()));
        }
        verdict
    }

    fn checkpoint(
        &mut self,
        scenario: &Scenario,
        played: &Played,
        reached: &Reached,
        comparison: &Comparison,
    ) {
        let at = Diagnostic::new(&scenario.source, reached.at, String::new());
        let (status, diff) = match comparison {
            Comparison::Same => (CheckpointStatus::Same, None),
            Comparison::Changed(difference) => {
                self.changed.push(Changed {
                    checkpoint: reached.name.clone(),
                    kinds: difference.kinds.clone(),
                    diff: difference.text.clone(),
                    after: reached.after.last().cloned(),
                    at: at.clone(),
                });
                (CheckpointStatus::Changed, Some(difference.text.clone()))
            }
            Comparison::Unseen => {
                (CheckpointStatus::Unseen, played.outcomes.get(&reached.name).and_then(whole))
            }
        };
        let (name, after) = (reached.name.clone(), reached.after.clone());
        self.checkpoints.push(CheckpointReport {
            name,
            kind: CheckpointKind::Outcome,
            status,
            diff,
            at,
            after,
        });
    }
}

/// The alternatives that have every checkpoint just so.
fn fitting<'a>(candidates: &'a [Candidate], compared: &[Vec<&Comparison>]) -> Vec<&'a str> {
    let fits = |comparisons: &Vec<&Comparison>| comparisons.iter().all(|one| **one == Comparison::Same);
    let fitting = candidates.iter().zip(compared).filter(|(_, comparisons)| fits(comparisons));
    fitting.filter_map(|(candidate, _)| candidate.name.alternative.as_deref()).collect()
}

/// The first checkpoint at which a candidate other than the chosen one was ruled out.
fn decisive(compared: &[Vec<&Comparison>], chosen: usize) -> Option<usize> {
    let others = compared.iter().enumerate().filter(|(index, _)| *index != chosen);
    let ruled_out = others.filter_map(|(_, comparisons)| {
        comparisons.iter().position(|comparison| **comparison != Comparison::Same)
    });
    ruled_out.min()
}

/// The alternative that was shown, where a family does not take it as it comes.
fn unwelcome(scenario: &Scenario, verdict: &Verdict, client: ClientName) -> Option<Unwelcome> {
    let name = verdict.alternative.as_ref()?;
    let says = &scenario.alternatives.iter().find(|alternative| alternative.name == *name)?.says;
    let family = capitalised(client.family().as_str());
    let (level, message) = match verdict.legality? {
        Legality::Yes => return None,
        Legality::Warn => (Level::Should, format!("outcome `{name}` may surprise {family}: {says}")),
        Legality::No => (Level::Must, format!("{family} cannot handle outcome `{name}`: {says}")),
    };
    let checkpoint = verdict.checkpoints.last()?;
    Some(Unwelcome {
        alternative: name.clone(),
        level,
        message,
        after: checkpoint.after.last().cloned(),
        at: checkpoint.at.clone(),
    })
}

/// A family's name as a person writes it.
fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Whether an alternative is legal for a client's family.
fn legality(scenario: &Scenario, alternative: Option<&str>, client: ClientName) -> Option<Legality> {
    let name = alternative?;
    let alternative = scenario.alternatives.iter().find(|alternative| alternative.name == name)?;
    alternative.families.get(&client.family()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::{Customer, Outcome};
    use crate::snapshot::Outcomes;

    fn candidate(alternative: &str, customers: Vec<Customer>) -> Candidate {
        let name = Name {
            scenario: "users/gone".to_owned(),
            alternative: Some(alternative.to_owned()),
            client: None,
        };
        let outcome = Outcome { customers, ..Outcome::default() };
        let accepted = Some(Outcomes::from_iter([("removed".to_owned(), outcome)]));
        Candidate { name, accepted, deviates: None }
    }

    #[test]
    fn alternatives_that_look_alike_are_not_told_apart() {
        // A customer whom only the product still knows cannot be seen over SCIM.
        let stays = Customer { email: Some("ada@example.com".to_owned()), ..Customer::default() };
        let candidates = [candidate("deactivated", vec![stays]), candidate("gone", Vec::new())];
        let fitting = |view| {
            let compare = |candidate: &Candidate| candidate.compare("removed", &Outcome::default(), view);
            let compared: Vec<Comparison> = candidates.iter().map(compare).collect();
            fitting(&candidates, &compared.iter().map(|one| vec![one]).collect::<Vec<_>>())
        };
        assert_eq!(fitting(View::ScimOnly), ["deactivated", "gone"]);
        assert_eq!(fitting(View::Product), ["gone"]);
    }
}
