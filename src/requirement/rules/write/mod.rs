//! Rules for writes of any resource. What was written is there afterwards, and nothing else has changed.
//!
//! May use, of `requirement`: `exchange`, `findings`, `mirror`, `model`, `rules/rule`, `sign`.

mod created_id;
mod created_is_new;
mod deleted_is_gone;
mod formatted_name;
mod id_stable;
mod one_element;
mod read_back;
mod unnamed_kept;
pub(super) mod user_name_unique;
mod write_answer;

use super::Rule;

/// Every rule of this family, fresh.
pub(super) fn all() -> Vec<Box<dyn Rule>> {
    vec![
        Box::new(created_id::CreatedId),
        Box::new(created_is_new::CreatedIsNew),
        Box::new(id_stable::IdStable),
        Box::new(deleted_is_gone::DeletedIsGone),
        Box::new(user_name_unique::UserNameUnique),
        Box::new(unnamed_kept::UnnamedKept),
        Box::new(formatted_name::FormattedName::default()),
        Box::new(write_answer::WriteAnswer),
        Box::new(one_element::OneElement::default()),
        Box::new(read_back::ReadBack::default()),
    ]
}
