//! Whether a resource concerns the run.

use serde_json::Value;

use crate::requirement::exchange::view::{Seen, id_of};
use crate::requirement::mirror::Mirror;
use crate::scim::ResourceKind;

use super::lookup::filter_filters::contradicts;

/// Whether a resource of an answer was asked for, or is known. A page of a shared tenant shows strangers too, who were
/// not made by this run.
pub(super) fn is_of_this_run(kind: ResourceKind, resource: &Value, seen: &Seen<'_>, mirror: &Mirror) -> bool {
    if seen.list_kind().is_none() || id_of(resource).is_some_and(|id| mirror.get(kind, id).is_some()) {
        return true;
    }
    match (&seen.query.filter, seen.filter()) {
        (Some(_), Some(filter)) => !contradicts(kind, filter, resource),
        (asked, _) => asked.is_some(),
    }
}
