//! Events that few providers can express.

use crate::directory::Event;

/// Why most providers cannot express an event: those that can say so themselves.
pub(in crate::idp) fn uncommon(event: &Event) -> Option<&'static str> {
    match event {
        Event::Connect => Some("the connection test of this provider is unknown"),
        Event::PushNow(_) => Some("only Okta pushes a group on request"),
        Event::Import => Some("only Okta and Keycloak import users"),
        Event::Archive(_) => Some("only Google archives people"),
        Event::ForceSync => Some("only Okta forces a sync"),
        Event::OnDemand(_) | Event::OnDemandGroup { .. } => Some("only Entra provisions on demand"),
        Event::RestoreUser(_) => Some("only Entra is known to restore deleted people"),
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
