//! The rules, one file each, in folders by what they are about. A rule's file has its requirements, its check, and a
//! table of what fires it and what it stays silent on.
//!
//! May use, of `requirement`: `exchange`, `findings`, `mirror`, `model`, `schema`, `sign`.

mod answer;
mod discovery;
mod group;
mod lookup;
mod write;

pub(super) use lookup::filter_filters::contradicts;

use std::fmt;

use serde_json::Value;

use crate::scim::ResourceKind;

use super::exchange::view::{Seen, id_of};
use super::findings::Report;
use super::mirror::Mirror;
use super::model::Requirement;

/// A write of which a read shows that it did wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Blame {
    /// The last one that was taken.
    Taken,
    /// The last one that was refused.
    Refused,
    /// The last one that was taken about a resource that is not there any more.
    Lost,
}

/// A rule.
pub(crate) trait Rule: fmt::Debug {
    /// What it may raise.
    fn requirements(&self) -> &'static [&'static Requirement];

    /// Whether it also judges the requests of the cleanup, which no provider sends.
    fn judges_cleanup(&self) -> bool {
        false
    }

    /// Whether what it raises may come of a read that lags behind a write.
    fn may_lag(&self) -> bool {
        false
    }

    /// Which write is to blame where a read shows a breach; nothing where it is the read itself, which was answered badly.
    fn blames(&self) -> Option<Blame> {
        None
    }

    /// Looks at an exchange. The mirror is as it was before it.
    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report);
}

/// Every rule, fresh.
pub(crate) fn all() -> Vec<Box<dyn Rule>> {
    [answer::all(), discovery::all(), write::all(), lookup::all(), group::all()]
        .into_iter()
        .flatten()
        .collect()
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
