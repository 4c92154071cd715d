//! Combines causes that are one way of asking for a change, where nothing that was asked for so was ever there afterwards.

use std::cmp::Reverse;

use crate::requirement::catalogue::{EXPECTATION, OUTCOME, PATCH_OPERATIONS};
use crate::requirement::effect::{Effects, Fate, Way};

use super::Cause;
use super::joined::joined;

/// Requirements that a change does not meet which has no effect.
const WITHOUT_EFFECT: [&str; 14] = [
    "accepted-payload",
    "add-keeps-members",
    "attribute-kept",
    "group-name-unique",
    "group-name-unique-entra",
    "members-stored",
    "one-removed-member",
    "pathless-active",
    "read-back",
    "read-back-profile",
    "string-boolean",
    "user-name-unique",
    EXPECTATION.id,
    OUTCOME.id,
];

/// The causes, with those in one that only one way of asking brings about. The way that explains the most comes first.
pub(super) fn by_way(mut causes: Vec<Cause>, effects: &Effects) -> Vec<Cause> {
    let never: Vec<(Way, Fate, usize)> = effects.never().collect();
    let explains =
        |way: Way, cause: &Cause| cause.ways.contains(&way) && WITHOUT_EFFECT.contains(&cause.requirement.id);
    loop {
        let best = never
            .iter()
            .map(|(way, fate, pairs)| {
                let explained = causes.iter().filter(|cause| explains(*way, cause)).count();
                ((explained, *pairs, Reverse(*way)), *way, *fate)
            })
            .filter(|((explained, ..), ..)| *explained > 1)
            .max_by_key(|(weight, ..)| *weight);
        let Some((_, way, fate)) = best else { return causes };
        let first = causes.iter().position(|cause| explains(way, cause)).unwrap_or_default();
        let (mut explained, rest): (Vec<Cause>, Vec<Cause>) =
            causes.into_iter().partition(|cause| explains(way, cause));
        causes = rest;
        // A name that another one has is answered 200 where nothing was done.
        let follows = |id: &str| [EXPECTATION.id, OUTCOME.id].contains(&id) || id.contains("unique");
        explained.sort_by_key(|cause| (follows(cause.requirement.id), cause.level, cause.id()));
        causes.insert(first.min(causes.len()), combined(way, fate, explained));
    }
}

fn combined(way: Way, fate: Fate, mut causes: Vec<Cause>) -> Cause {
    let whole = causes.remove(0);
    let message = if way.is_of_attribute() { whole.message.clone() } else { way.sentence(fate) };
    let mut whole = joined(whole, message, causes);
    // An attribute has a requirement of its own, and so has a method.
    if !matches!(way, Way::Every(..)) && !way.is_of_attribute() {
        whole.covers.insert(whole.id());
        whole.requirement = &PATCH_OPERATIONS;
        whole.key = way.key();
    }
    whole
}
