//! The defects of an endpoint that reads, lets others in, and then writes.
//!
//! A request that has read waits until another one for the same resource has read too, or for a moment: what two clients
//! send at once is lost every time, and what comes alone is not.

use std::collections::BTreeSet;

use axum::http::Method;
use jiff::Timestamp;
use serde_json::Value;

use crate::reference::defects::Defect;
use crate::reference::http::answer::Answer;
use crate::reference::http::scim::request::RawRequest;
use crate::reference::site::Site;
use crate::reference::{Reference, SiteId};
use crate::scim::error::ScimError;

/// What a request has read before it lets others in.
pub(crate) enum Base {
    /// Nothing that it writes back.
    Nothing,
    /// The members of a group.
    Members(u32, BTreeSet<u32>),
    /// The attributes of a user.
    Attributes(u32, Value),
    /// That nobody has the name.
    Free,
}

impl Base {
    /// Writes back what was read, as if nothing had happened since.
    pub(crate) fn restore(self, site: &mut Site, now: Timestamp) {
        match self {
            Self::Nothing => {}
            Self::Members(group, members) => site.set_members(group, &members, now),
            Self::Attributes(user, attributes) => site.restore_user(user, &attributes, now),
            Self::Free => site.memory.unchecked = true,
        }
    }
}

/// What a request reads, if it is one that has others let in.
type Layer = fn(&Site, &[&str], &RawRequest<'_>) -> Option<Base>;

pub(super) const LAYERS: &[(Defect, Layer)] = &[
    (Defect::ConcurrentMembersLost, members),
    (Defect::ConcurrentIsBusy, |site, path, request| members(site, path, request).map(|_| Base::Nothing)),
    (Defect::ConcurrentChangeLost, attributes),
    (Defect::ConcurrentTwins, |site, path, request| {
        let creates = request.method == Method::POST && path == ["Users"];
        (creates && site.would_be_unique(&request.body.value())).then_some(Base::Free)
    }),
    (Defect::ConcurrentTwinGroups, |site, path, request| {
        let creates = request.method == Method::POST && path == ["Groups"];
        (creates && site.would_be_new(&request.body.value())).then_some(Base::Free)
    }),
];

/// Reads, and lets others in. An error is the answer that ends the request.
pub(crate) async fn read(
    reference: &Reference,
    site: &SiteId,
    path: &[&str],
    request: &RawRequest<'_>,
) -> Result<Base, Answer> {
    let read = reference.on_site(site, |site| {
        let layers = LAYERS.iter().filter(|(defect, _)| site.defects.has(*defect));
        let base = layers.into_iter().find_map(|(_, layer)| layer(site, path, request))?;
        Some((base, site.defects.has(Defect::ConcurrentIsBusy)))
    });
    let Some((base, is_busy)) = read.flatten() else { return Ok(Base::Nothing) };
    let what = format!("{site} {} {}", request.method, path.join("/"));
    let met = reference.meeting().meet(&what).await;
    if is_busy && met {
        return Err(ScimError::internal("the database is locked").into());
    }
    Ok(base)
}

fn members(site: &Site, path: &[&str], request: &RawRequest<'_>) -> Option<Base> {
    let (&Method::PATCH, ["Groups", id]) = (&request.method, path) else { return None };
    let directory = site.directory.as_ref()?;
    let group = directory.groups.by_id(id)?;
    Some(Base::Members(group, directory.memberships.members_of(group).collect()))
}

fn attributes(site: &Site, path: &[&str], request: &RawRequest<'_>) -> Option<Base> {
    let (&Method::PATCH, ["Users", id]) = (&request.method, path) else { return None };
    let directory = site.directory.as_ref()?;
    let user = directory.users.by_id(id)?;
    Some(Base::Attributes(user, directory.users.get(user)?.attributes.value()))
}
