//! What each provider cannot express, and where one leaves something else behind than the others.

use crate::directory::Event;

use super::ClientName;

/// Why a client cannot express an event, where it cannot. An event that makes no request (Okta: `suspend`) can be
/// expressed.
pub fn cannot(name: ClientName, event: &Event) -> Option<&'static str> {
    (name.family().row().cannot)(event)
}

/// Why most providers cannot express an event: those that can say so themselves.
pub(in crate::idp) fn uncommon(event: &Event) -> Option<&'static str> {
    match event {
        Event::Connect => Some("the connection test of this provider is unknown"),
        Event::PushNow(_) => Some("only Okta pushes a group on request"),
        Event::Import => Some("only Okta and Keycloak import users"),
        Event::Archive(_) => Some("only Google archives people"),
        Event::ForceSync => Some("only Okta forces a sync"),
        Event::OnDemand(_) | Event::OnDemandGroup { .. } => Some("only Entra provisions on demand"),
        Event::InitialCycle | Event::AllowDeletions => {
            Some("only Entra has initial cycles and withheld deletions")
        }
        Event::Restart => Some("only Entra has a provisioning job to restart"),
        Event::Cycle => Some("this provider is not known to have cycles"),
        Event::Wait(_) => Some("the schedule of this provider is unknown"),
        Event::Unlink { delete: false, .. } => Some("only Okta keeps an unlinked group at the endpoint"),
        Event::Assign(_)
        | Event::Update { .. }
        | Event::RenameUser { .. }
        | Event::Suspend(_)
        | Event::Unsuspend(_)
        | Event::Unassign(_)
        | Event::Reassign(_)
        | Event::DeleteUser(_)
        | Event::Push(_)
        | Event::AddMember { .. }
        | Event::RemoveMember { .. }
        | Event::RenameGroup { .. }
        | Event::Unlink { delete: true, .. } => None,
    }
}

/// Whether an event of this client leaves what it leaves with those that share a snapshot.
pub fn leaves_the_same(name: ClientName, event: &Event) -> bool {
    !(name.family().row().leaves_otherwise)(event)
}

/// Whether a client whose group is in conflict finds whose name it is: it looks groups up before it creates them, or
/// after the conflict.
pub fn finds_groups(name: ClientName) -> bool {
    name.family().row().finds_groups
}

/// Whether a client brings somebody whom another client made into line at once: it looks people up before it creates
/// them, or at least after a conflict, and pushes the profile then.
pub fn takes_over(name: ClientName) -> bool {
    name.family().row().takes_over
}

/// Whether a client whose request for somebody is answered 404 leaves it at that.
pub fn accepts_loss(name: ClientName) -> bool {
    name.family().row().accepts_loss
}
