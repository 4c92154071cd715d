//! One rule a file: its requirements, its check, and a table of what fires it and what it stays silent on.

mod accepted_payload;
mod created_id;
mod created_is_new;
mod deleted_is_gone;
mod discovery_truth;
mod error_body;
mod etag_honest;
mod excluded_attributes;
mod filter_filters;
mod group_name_unique;
mod id_stable;
mod inactive_still_found;
mod list_envelope;
mod location;
mod lookup_finds;
mod lookup_miss;
mod media_type;
mod member_not_doubled;
mod members_kept;
mod members_stored;
mod one_removed_member;
mod paging;
mod password_returned;
mod pathless_active;
mod read_back;
mod refused_changes_nothing;
mod repeat_taken;
mod resource_shape;
mod schema_kept;
mod status_codes;
mod string_boolean;
mod user_name_unique;
mod version_kept;
mod whole_answer;

pub(super) use filter_filters::contradicts;

use std::fmt;

use serde_json::Value;

use crate::scim::ResourceKind;

use super::mirror::Mirror;
use super::model::Requirement;
use super::report::Report;
use super::seen::{Seen, id_of};

/// A rule.
pub(crate) trait Rule: fmt::Debug {
    /// What it may raise.
    fn requirements(&self) -> &'static [&'static Requirement];

    /// Whether it also looks at the requests that clean up, which are nobody's sequence.
    fn judges_cleanup(&self) -> bool {
        false
    }

    /// Whether what it raises may come of a read that lags behind a write.
    fn may_lag(&self) -> bool {
        false
    }

    /// Looks at an exchange. The mirror is as it was before it.
    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report);
}

/// Every rule, fresh.
pub(crate) fn all() -> Vec<Box<dyn Rule>> {
    vec![
        Box::new(whole_answer::WholeAnswer),
        Box::new(media_type::MediaType),
        Box::new(error_body::ErrorBody),
        Box::new(password_returned::PasswordReturned),
        Box::new(list_envelope::ListEnvelope),
        Box::new(paging::Paging::default()),
        Box::new(resource_shape::ResourceShape),
        Box::new(schema_kept::SchemaKept),
        Box::new(discovery_truth::DiscoveryTruth),
        Box::new(etag_honest::EtagHonest::default()),
        Box::new(status_codes::StatusCodes),
        Box::new(location::Location),
        Box::new(created_id::CreatedId),
        Box::new(created_is_new::CreatedIsNew),
        Box::new(id_stable::IdStable),
        Box::new(deleted_is_gone::DeletedIsGone),
        Box::new(user_name_unique::UserNameUnique),
        Box::new(group_name_unique::GroupNameUnique),
        Box::new(lookup_miss::LookupMiss),
        Box::new(filter_filters::FilterFilters::default()),
        Box::new(lookup_finds::LookupFinds),
        Box::new(inactive_still_found::InactiveStillFound),
        Box::new(excluded_attributes::ExcludedAttributes),
        Box::new(repeat_taken::RepeatTaken::default()),
        Box::new(accepted_payload::AcceptedPayload),
        Box::new(string_boolean::StringBoolean),
        Box::new(pathless_active::PathlessActive),
        Box::new(refused_changes_nothing::RefusedChangesNothing),
        Box::new(read_back::ReadBack::default()),
        Box::new(one_removed_member::OneRemovedMember),
        Box::new(members_kept::MembersKept),
        Box::new(members_stored::MembersStored),
        Box::new(member_not_doubled::MemberNotDoubled),
        Box::new(version_kept::VersionKept::default()),
    ]
}

/// Whether a resource of an answer is one that was asked for, or is known. A page of a shared tenant shows strangers too,
/// and how they came about is nothing that the endpoint was asked here.
fn is_of_this_run(kind: ResourceKind, resource: &Value, seen: &Seen<'_>, mirror: &Mirror) -> bool {
    if seen.list_kind().is_none() || id_of(resource).is_some_and(|id| mirror.get(kind, id).is_some()) {
        return true;
    }
    match (&seen.query.filter, seen.filter()) {
        (Some(_), Some(filter)) => !contradicts(kind, filter, resource),
        (asked, _) => asked.is_some(),
    }
}
