//! Rules for groups and their members. Members who were added are there, members who were removed are gone, and nobody
//! else is touched.
//!
//! May use, of `requirement`: `exchange`, `findings`, `mirror`, `model`, `rules/rule`, `rules/write`, `sign`.

mod group_name_unique;
mod member_not_doubled;
mod members_kept;
mod members_stored;
mod one_removed_member;
mod user_groups;

use super::Rule;

/// Every rule of this family, fresh.
pub(super) fn all() -> Vec<Box<dyn Rule>> {
    vec![
        Box::new(group_name_unique::GroupNameUnique),
        Box::new(one_removed_member::OneRemovedMember),
        Box::new(members_kept::MembersKept),
        Box::new(members_stored::MembersStored),
        Box::new(member_not_doubled::MemberNotDoubled),
        Box::<user_groups::UserGroups>::default(),
    ]
}
