//! Events that few providers can express.

use crate::directory::Event;

/// Why most providers cannot express an event: those that can say so themselves.
pub(in crate::idp) fn uncommon(event: &Event) -> Option<&'static str> {
    match event {
        Event::Connect => Some("what this provider asks when a connection is tested is not known"),
        Event::PushNow(_) => Some("pushing a group now is Okta's"),
        Event::Import => Some("importing users is Okta's and Keycloak's"),
        Event::Archive(_) => Some("archiving a person is Google's"),
        Event::ForceSync => Some("forcing a sync is Okta's"),
        Event::OnDemand(_) | Event::OnDemandGroup { .. } => Some("provisioning on demand is Entra's"),
        Event::InitialCycle | Event::AllowDeletions => Some("initial cycles and held deletions are Entra's"),
        Event::Restart => Some("a restart is Entra's"),
        Event::Cycle => Some("it is not known that this provider has cycles"),
        Event::Wait(_) => Some("nothing is known of this provider's schedule"),
        Event::Unlink { delete: false, .. } => Some("leaving a group at the endpoint is Okta's"),
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
