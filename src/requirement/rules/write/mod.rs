//! Rules for writes of any resource. What was written is there afterwards, and nothing else has changed.
//!
//! May use, of `requirement`: `exchange`, `findings`, `mirror`, `model`, `rules/mod`, `sign`.

mod accepted_payload;
mod created_id;
mod created_is_new;
mod deleted_is_gone;
mod id_stable;
mod pathless_active;
mod read_back;
mod refused_changes_nothing;
mod repeat_taken;
mod string_boolean;
pub(super) mod user_name_unique;

use super::Rule;

/// Every rule of this family, fresh.
pub(super) fn all() -> Vec<Box<dyn Rule>> {
    vec![
        Box::new(created_id::CreatedId),
        Box::new(created_is_new::CreatedIsNew),
        Box::new(id_stable::IdStable),
        Box::new(deleted_is_gone::DeletedIsGone),
        Box::new(user_name_unique::UserNameUnique),
        Box::new(repeat_taken::RepeatTaken::default()),
        Box::new(accepted_payload::AcceptedPayload),
        Box::new(string_boolean::StringBoolean),
        Box::new(pathless_active::PathlessActive),
        Box::new(refused_changes_nothing::RefusedChangesNothing),
        Box::new(read_back::ReadBack::default()),
    ]
}
