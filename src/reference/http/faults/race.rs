//! The defects of an endpoint that reads, lets others in, and then writes.
//!
//! A request that has read waits until another one for the same resource has read too, or for a moment: what two clients
//! send at once is lost every time, and what comes alone is not.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::Method;
use serde_json::Value;
use tokio::sync::Notify;

use crate::lock::lock;
use crate::reference::Reference;
use crate::reference::defects::Defect;
use crate::reference::http::answer::Answer;
use crate::reference::http::scim::request::ScimRequest;
use crate::reference::site::Site;
use crate::scim::error::ScimError;

/// How long a request waits for another one.
const MOMENT: Duration = Duration::from_millis(25);

/// The requests that have read and not written yet, by what they are about.
#[derive(Debug, Default)]
pub(crate) struct Meeting(Mutex<BTreeMap<String, Arc<Notify>>>);

impl Meeting {
    /// Waits for another one; whether another one was waiting.
    async fn meet(&self, what: &str) -> bool {
        let waiting = {
            let mut all = lock(&self.0);
            match all.remove(what) {
                Some(other) => {
                    other.notify_one();
                    None
                }
                None => Some(Arc::clone(all.entry(what.to_owned()).or_default())),
            }
        };
        let Some(waiting) = waiting else { return true };
        // Nobody else: what was noted goes again.
        if tokio::time::timeout(MOMENT, waiting.notified()).await.is_err() {
            let mut all = lock(&self.0);
            if all.get(what).is_some_and(|noted| Arc::ptr_eq(noted, &waiting)) {
                all.remove(what);
            }
        }
        false
    }
}

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
    pub(crate) fn restore(self, site: &mut Site, request: &ScimRequest) {
        match self {
            Self::Nothing => {}
            Self::Members(group, members) => site.set_members(group, &members, request.now),
            Self::Attributes(user, attributes) => site.restore_user(user, &attributes, request.now),
            Self::Free => site.memory.unchecked = true,
        }
    }
}

/// Reads, and lets others in. An answer ends the request.
pub(crate) async fn read(
    reference: &Reference,
    directory: &str,
    path: &[&str],
    request: &ScimRequest<'_>,
) -> Result<Base, Answer> {
    let base = reference.on_directory(directory, |site| base(site, path, request)).flatten();
    let Some((base, busy)) = base else { return Ok(Base::Nothing) };
    let what = format!("{directory} {} {}", request.method, path.join("/"));
    let met = reference.meeting().meet(&what).await;
    if busy && met {
        return Err(ScimError::internal("the database is locked").into());
    }
    Ok(base)
}

/// What the request reads, where a defect has it let others in; and whether one of two is told that it is busy here.
fn base(site: &Site, path: &[&str], request: &ScimRequest) -> Option<(Base, bool)> {
    if site.defects.is_empty() {
        return None;
    }
    let has = |defect| site.defects.has(defect);
    let directory = site.directory.as_ref()?;
    match (&request.method, path) {
        (&Method::PATCH, ["Groups", id]) => {
            let group = directory.groups.by_id(id)?;
            if has(Defect::ConcurrentMembersLost) {
                return Some((
                    Base::Members(group, directory.memberships.members_of(group).collect()),
                    false,
                ));
            }
            has(Defect::ConcurrentIsBusy).then_some((Base::Nothing, true))
        }
        (&Method::PATCH, ["Users", id]) if has(Defect::ConcurrentChangeLost) => {
            let user = directory.users.by_id(id)?;
            Some((Base::Attributes(user, directory.users.get(user)?.attributes.value()), false))
        }
        (&Method::POST, ["Users"]) if has(Defect::ConcurrentTwins) => {
            site.would_be_unique(&request.body.value()).then_some((Base::Free, false))
        }
        (&Method::POST, ["Groups"]) if has(Defect::ConcurrentTwinGroups) => {
            site.would_be_new(&request.body.value()).then_some((Base::Free, false))
        }
        _ => None,
    }
}
