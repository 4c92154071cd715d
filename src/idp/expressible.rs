//! What each provider cannot express, and where one leaves something else behind than the others.

use crate::directory::Event;

use super::ClientName;

/// Why a client cannot express an event, where it cannot. An event that makes no request (Okta: `suspend`) can be
/// expressed.
pub fn cannot(name: ClientName, event: &Event) -> Option<&'static str> {
    (name.habits().cannot)(event)
}

/// Whether an event of this client leaves what it leaves with those that share a snapshot.
pub fn leaves_the_same(name: ClientName, event: &Event) -> bool {
    !(name.habits().leaves_otherwise)(event)
}

/// Whether a client whose group is in conflict finds whose name it is: it looks groups up before it creates them, or
/// after the conflict.
pub fn finds_groups(name: ClientName) -> bool {
    name.habits().finds_groups
}

/// Whether a client brings somebody whom another client made into line at once: it looks people up before it creates
/// them, or at least after a conflict, and pushes the profile then.
pub fn takes_over(name: ClientName) -> bool {
    name.habits().takes_over
}

/// Whether a client whose request for somebody is answered 404 leaves it at that.
pub fn accepts_loss(name: ClientName) -> bool {
    name.habits().accepts_loss
}
