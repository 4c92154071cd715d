//! Rules for requests of any resource: what an endpoint has to take, what it may refuse, and that a refusal changes nothing.
//!
//! May use, of `requirement`: `exchange`, `findings`, `mirror`, `model`, `rules/rule`, `sign`.

mod accepted_payload;
mod conflict_justified;
mod pathless_active;
mod refused_changes_nothing;
mod repeat_taken;
mod string_boolean;

use super::Rule;

/// Every rule of this family, fresh.
pub(super) fn all() -> Vec<Box<dyn Rule>> {
    vec![
        // What is said of a repetition is not said of its payload.
        Box::new(repeat_taken::RepeatTaken::default()),
        Box::new(accepted_payload::AcceptedPayload),
        Box::new(conflict_justified::ConflictJustified::default()),
        Box::new(string_boolean::StringBoolean),
        Box::new(pathless_active::PathlessActive),
        Box::new(refused_changes_nothing::RefusedChangesNothing),
    ]
}
