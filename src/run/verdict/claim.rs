//! What a pair shows of a behaviour that its scenario's alternatives tell apart, with the exchange that shows it.

use std::sync::Arc;

use crate::event::{CheckpointKind, CheckpointReport, Claim};
use crate::requirement::is_about;
use crate::scenario::Scenario;
use crate::wire::Exchange;

/// The alternative whose name claims that a request was refused.
const REFUSED: &str = "refused";

/// What is shown instead where the request was taken and nothing came of it.
const IGNORED: &str = "ignored";

/// What a pair shows by an alternative. `decisive` is the first checkpoint at which another alternative was ruled out. An
/// alternative says what the outcome is; where it also says that a request was refused, an exchange has to show that.
pub(super) fn claim(
    scenario: &Scenario,
    alternative: &str,
    checkpoints: &[CheckpointReport],
    decisive: Option<usize>,
) -> Option<Claim> {
    let behaviour = scenario.behaviour.clone()?;
    let outcomes: Vec<&CheckpointReport> =
        checkpoints.iter().filter(|checkpoint| checkpoint.kind == CheckpointKind::Outcome).collect();
    // Backwards from where it was decided, or else forwards.
    let windows: Vec<&CheckpointReport> = match decisive {
        Some(index) => outcomes.iter().take(index + 1).rev().copied().collect(),
        None => outcomes,
    };
    let mut is_bound = false;
    let writes: Vec<&Arc<Exchange>> = windows
        .iter()
        .flat_map(|checkpoint| checkpoint.after.iter().rev())
        .filter(|exchange| exchange.status() != 0 && exchange.intercepted().is_none())
        .filter(|exchange| {
            let about = is_about(&behaviour, exchange);
            is_bound |= about.is_some();
            about != Some(false)
        })
        .collect();
    // Nothing was asked that the behaviour is about.
    if is_bound && writes.is_empty() {
        return None;
    }
    let claims_refusal = alternative == REFUSED;
    let fitting = writes.iter().find(|exchange| (exchange.status() >= 400) == claims_refusal);
    let shows = if claims_refusal && fitting.is_none() && !writes.is_empty() { IGNORED } else { alternative };
    let exchange = fitting.or(writes.first()).map(|exchange| Arc::clone(exchange));
    let others = scenario.alternatives.iter().map(|other| other.name.clone());
    Some(Claim {
        behaviour,
        alternative: alternative.to_owned(),
        shows: shows.to_owned(),
        rivals: others.filter(|name| name != alternative).collect(),
        exchange,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requirement::tests::story::Story;
    use crate::scenario::catalogue::bundled;
    use crate::wire::Method;

    /// A behaviour that is not in the table is shown by whatever write comes last.
    #[test]
    fn it_is_known_which_writes_show_each_behaviour_of_the_bundled_scenarios() {
        let exchange = Story::exchange(Method::Post, "/Users", None, 201, None);
        for entry in bundled() {
            let scenario = entry.load().unwrap();
            if let Some(behaviour) = &scenario.behaviour {
                assert!(is_about(behaviour, &exchange).is_some(), "{}: {behaviour}", scenario.id);
            }
        }
    }
}
