//! What happens in the directory: one vocabulary for all IdP clients.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Something that happens in the directory. Which requests it makes is the IdP client's business.
///
/// People and groups are named by their keys. Fixtures write an event as its verb with what it needs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Event {
    /// The administrator enters URL and token and presses *Test connection*.
    Connect,
    /// A person is assigned to the app.
    Assign(String),
    /// Profile attributes of a person change; an empty value clears one.
    Update {
        /// Who.
        person: String,
        /// `givenName`, `familyName`, `displayName`, `email`, or a further attribute by its SCIM name.
        set: BTreeMap<String, String>,
    },
    /// A person's login name changes, and the mail address with it where that was the same.
    RenameUser {
        /// Who.
        person: String,
        /// The new login name.
        user_name: String,
    },
    /// A person is suspended, or the account disabled.
    Suspend(String),
    /// That is taken back.
    Unsuspend(String),
    /// Google: a person is archived, and ignored from then on.
    Archive(String),
    /// A person is unassigned from the app.
    Unassign(String),
    /// A person who was unassigned is assigned again.
    Reassign(String),
    /// A person is deleted from the directory.
    DeleteUser(String),
    /// Entra: a person who was deleted is restored from the bin: the same directory object, assigned again.
    RestoreUser(String),
    /// A group is pushed (Okta) or assigned (Entra).
    Push(String),
    /// A person joins a group.
    AddMember {
        /// The group.
        group: String,
        /// Who.
        person: String,
    },
    /// A person leaves a group.
    RemoveMember {
        /// The group.
        group: String,
        /// Who.
        person: String,
    },
    /// A group gets another name.
    RenameGroup {
        /// The group.
        group: String,
        /// The new name.
        display_name: String,
    },
    /// A group is no longer pushed or assigned.
    Unlink {
        /// The group.
        group: String,
        /// Whether it is to be deleted at the endpoint.
        delete: bool,
    },
    /// Okta: *Push now* of a group.
    PushNow(String),
    /// Okta: *Import now*.
    Import,
    /// Okta: *Force sync*.
    ForceSync,
    /// Entra: an incremental cycle; Google: a sweep.
    Cycle,
    /// Entra: provisioning is restarted, which forgets all links.
    Restart,
    /// Entra: a new initial cycle, as a changed mapping or scope leads to; links are kept.
    InitialCycle,
    /// Entra: the administrator allows the deletions that are held back.
    AllowDeletions,
    /// Entra: *Provision on demand* of a person.
    OnDemand(String),
    /// Entra: *Provision on demand* of a group with some of its members.
    OnDemandGroup {
        /// The group.
        group: String,
        /// Who of its members was chosen.
        members: Vec<String>,
    },
    /// Time passes at the provider, in seconds, with all that it does meanwhile. The endpoint's clock stays.
    Wait(i64),
}
