//! What each provider cannot express, and where one leaves something else behind than the others.

use crate::directory::Event;

use super::{ClientName, Family};

/// Why a client cannot express an event, where it cannot. An event that makes no request (Okta: `suspend`) can be
/// expressed.
pub fn cannot(name: ClientName, event: &Event) -> Option<&'static str> {
    use Family::{Authentik, Entra, Google, Jumpcloud, Keycloak, Okta, Onelogin, Rippling};
    let family = name.family();
    match event {
        Event::PushNow(_) if family != Okta => Some("pushing a group now is Okta's"),
        Event::Import if !matches!(family, Okta | Keycloak) => {
            Some("importing users is Okta's and Keycloak's")
        }
        Event::Archive(_) if family != Google => Some("archiving a person is Google's"),
        Event::ForceSync if family != Okta => Some("forcing a sync is Okta's"),
        Event::OnDemand(_) | Event::OnDemandGroup { .. } if family != Entra => {
            Some("provisioning on demand is Entra's")
        }
        Event::InitialCycle | Event::AllowDeletions if family != Entra => {
            Some("initial cycles and held deletions are Entra's")
        }
        Event::Restart => match family {
            Entra => None,
            Google => Some("Google has no links that a restart would clear"),
            Okta => Some("Okta has no provisioning job to restart"),
            _ => Some("a restart is Entra's"),
        },
        Event::Cycle => match family {
            Entra | Google | Authentik => None,
            Okta => Some("Okta acts on each event and has no cycles"),
            _ => Some("it is not known that this provider has cycles"),
        },
        Event::Wait(_) if !matches!(family, Okta | Entra | Google) => {
            Some("nothing is known of this provider's schedule")
        }
        Event::Unlink { delete: false, .. } => match family {
            Okta => None,
            Entra => Some("Entra deletes a group that is no longer assigned and cannot leave it"),
            Google => Some("Google provisions users only, never groups"),
            _ => Some("leaving a group at the endpoint is Okta's"),
        },
        Event::Push(_)
        | Event::AddMember { .. }
        | Event::RemoveMember { .. }
        | Event::RenameGroup { .. }
        | Event::Unlink { .. }
            if family == Google =>
        {
            Some("Google provisions users only, never groups")
        }
        Event::RenameGroup { .. } | Event::Unlink { .. } if family == Onelogin => {
            Some("no request of OneLogin's that renames or deletes a group has been shown")
        }
        Event::Unassign(_) | Event::Reassign(_) if family == Keycloak => {
            Some("Keycloak provisions everybody in the realm and unassigns nobody")
        }
        Event::Connect if !matches!(family, Okta | Entra | Google | Authentik | Jumpcloud | Rippling) => {
            Some("what this provider asks when a connection is tested is not known")
        }
        _ => None,
    }
}

/// Whether an event of this client leaves what it leaves with those that share a snapshot.
pub fn leaves_the_same(name: ClientName, event: &Event) -> bool {
    let differs = match name.family() {
        Family::Okta => matches!(event, Event::Suspend(_) | Event::Unsuspend(_) | Event::DeleteUser(_)),
        // Who leaves the scope is deleted, not deactivated.
        Family::Authentik => matches!(event, Event::Unassign(_) | Event::Reassign(_)),
        // Its connection test makes a user, of whom something may stay.
        Family::Jumpcloud => matches!(event, Event::Connect),
        // Groups and members are written in the words of SCIM 1.1.
        Family::Onelogin => {
            matches!(event, Event::Push(_) | Event::AddMember { .. } | Event::RemoveMember { .. })
        }
        _ => false,
    };
    !differs
}

/// Whether a client whose group is in conflict finds whose name it is: it looks groups up before it creates them, or
/// after the conflict.
pub fn finds_groups(name: ClientName) -> bool {
    name.family() != Family::Keycloak
}

/// Whether a client brings somebody whom another client made into line at once: it looks people up before it creates
/// them, or at least after a conflict, and pushes the profile then.
pub fn takes_over(name: ClientName) -> bool {
    !matches!(name.family(), Family::Authentik | Family::Keycloak)
}

/// Whether a client whose request for somebody is answered 404 leaves it at that.
pub fn accepts_loss(name: ClientName) -> bool {
    name.family() != Family::Authentik
}
