//! Okta's two sorts of app, from the App Integration Wizard and from the Integration Network. The apps are a file each;
//! what they share stands beside them: headers, lookups, bodies, and how changes are applied.
//!
//! May use, of `idp`: `idp_client`, `kit`, `links`, `notices`, `row`, `session`, `settings`.

pub mod aiw;
mod changes;
mod group;
mod import;
mod link;
mod lookup;
pub mod oin;
pub(in crate::idp) mod oin_userpatch;
mod patience;
mod request;
mod state;
mod user;

use crate::directory::Event;
use crate::idp::kit::uncommon::uncommon;
use crate::idp::row::Knowledge;

pub(crate) use changes::{Step, steps};
pub(crate) use group::{Member, change, group_name, put_body, rename, replace_members};
pub(crate) use link::{Activation, set_active};
pub(crate) use lookup::Lookup;
pub(crate) use request::{headers, patch, put};
pub(crate) use state::{Okta, group_target, user_target};
pub(crate) use user::deactivated;

/// How far its behaviour is known.
pub(in crate::idp) const KNOWLEDGE: Knowledge = Knowledge {
    known: "documented and captured: lookups, bodies, group pushes, reactions to answers, the schedule for rate \
        limits; documented until 2024: how many changes of members a PATCH holds",
    unknown: "retries of 5xx and of broken connections, and when an assignment that failed is tried again",
};

/// Why Okta cannot express an event, where it cannot.
pub(in crate::idp) fn cannot(event: &Event) -> Option<&'static str> {
    match event {
        Event::Connect
        | Event::PushNow(_)
        | Event::Import
        | Event::ForceSync
        | Event::Wait(_)
        | Event::Unlink { delete: false, .. } => None,
        Event::Restart => Some("Okta has no provisioning job to restart"),
        Event::Cycle => Some("Okta acts on each event and has no cycles"),
        event => uncommon(event),
    }
}

/// Nothing is sent when somebody is suspended or deleted.
pub(in crate::idp) fn leaves_otherwise(event: &Event) -> bool {
    matches!(event, Event::Suspend(_) | Event::Unsuspend(_) | Event::DeleteUser(_))
}
