//! The verbs: the words by which scenario files and fixtures name events, in one table for each shape of object.

use super::Event;

/// Defines the verbs of one shape: an enum, the word for each, and the event that each makes of its object.
macro_rules! verbs {
    ($(#[$doc:meta])* $visibility:vis enum $name:ident makes $made:ty { $( $verb:ident = $word:literal => $event:expr, )+ }) => {
        verbs! { $(#[$doc])* $visibility enum $name { $( $verb = $word, )+ } }

        impl $name {
            /// The event, or what makes it of its object's key.
            $visibility fn event(self) -> $made {
                match self {
                    $( Self::$verb => $event, )+
                }
            }
        }
    };
    ($(#[$doc:meta])* $visibility:vis enum $name:ident { $( $verb:ident = $word:literal, )+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        $visibility enum $name {
            $( #[doc = concat!("`", $word, "`.")] $verb, )+
        }

        impl $name {
            /// Each of them, in the order of messages and schemas.
            $visibility const ALL: &'static [Self] = &[$( Self::$verb ),+];

            /// The word in files.
            $visibility fn as_str(self) -> &'static str {
                match self {
                    $( Self::$verb => $word, )+
                }
            }
        }
    };
}
pub(crate) use verbs;

verbs! {
    /// A verb that stands alone.
    pub enum Bare makes Event {
        Connect = "connect" => Event::Connect,
        Import = "import" => Event::Import,
        ForceSync = "force-sync" => Event::ForceSync,
        Cycle = "cycle" => Event::Cycle,
        Restart = "restart" => Event::Restart,
        InitialCycle = "initial-cycle" => Event::InitialCycle,
        AllowDeletions = "allow-deletions" => Event::AllowDeletions,
    }
}

verbs! {
    /// A verb whose object is a person.
    pub enum OfPerson makes fn(String) -> Event {
        Assign = "assign" => Event::Assign,
        Suspend = "suspend" => Event::Suspend,
        Unsuspend = "unsuspend" => Event::Unsuspend,
        Archive = "archive" => Event::Archive,
        Unassign = "unassign" => Event::Unassign,
        Reassign = "reassign" => Event::Reassign,
        DeleteUser = "delete-user" => Event::DeleteUser,
        RestoreUser = "restore-user" => Event::RestoreUser,
        OnDemand = "on-demand" => Event::OnDemand,
    }
}

verbs! {
    /// A verb whose object is a group.
    pub enum OfGroup makes fn(String) -> Event {
        Push = "push" => Event::Push,
        PushNow = "push-now" => Event::PushNow,
    }
}

verbs! {
    /// A verb whose object has parts.
    pub enum WithParts {
        Update = "update",
        RenameUser = "rename-user",
        AddMember = "add-member",
        RemoveMember = "remove-member",
        RenameGroup = "rename-group",
        Unlink = "unlink",
        OnDemandGroup = "on-demand-group",
        Wait = "wait",
    }
}

/// The verb of an event, by the shape of its object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// It has none.
    Bare(Bare),
    /// A person.
    OfPerson(OfPerson),
    /// A group.
    OfGroup(OfGroup),
    /// Several parts.
    WithParts(WithParts),
}

impl Verb {
    /// The verb of every event.
    pub fn all() -> impl Iterator<Item = Self> {
        let bare = Bare::ALL.iter().copied().map(Self::Bare);
        let of_person = OfPerson::ALL.iter().copied().map(Self::OfPerson);
        let of_group = OfGroup::ALL.iter().copied().map(Self::OfGroup);
        let with_parts = WithParts::ALL.iter().copied().map(Self::WithParts);
        bare.chain(of_person).chain(of_group).chain(with_parts)
    }

    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bare(verb) => verb.as_str(),
            Self::OfPerson(verb) => verb.as_str(),
            Self::OfGroup(verb) => verb.as_str(),
            Self::WithParts(verb) => verb.as_str(),
        }
    }
}

impl Event {
    /// Its verb.
    pub fn verb(&self) -> Verb {
        match self {
            Self::Connect => Verb::Bare(Bare::Connect),
            Self::Import => Verb::Bare(Bare::Import),
            Self::ForceSync => Verb::Bare(Bare::ForceSync),
            Self::Cycle => Verb::Bare(Bare::Cycle),
            Self::Restart => Verb::Bare(Bare::Restart),
            Self::InitialCycle => Verb::Bare(Bare::InitialCycle),
            Self::AllowDeletions => Verb::Bare(Bare::AllowDeletions),
            Self::Assign(_) => Verb::OfPerson(OfPerson::Assign),
            Self::Suspend(_) => Verb::OfPerson(OfPerson::Suspend),
            Self::Unsuspend(_) => Verb::OfPerson(OfPerson::Unsuspend),
            Self::Archive(_) => Verb::OfPerson(OfPerson::Archive),
            Self::Unassign(_) => Verb::OfPerson(OfPerson::Unassign),
            Self::Reassign(_) => Verb::OfPerson(OfPerson::Reassign),
            Self::DeleteUser(_) => Verb::OfPerson(OfPerson::DeleteUser),
            Self::RestoreUser(_) => Verb::OfPerson(OfPerson::RestoreUser),
            Self::OnDemand(_) => Verb::OfPerson(OfPerson::OnDemand),
            Self::Push(_) => Verb::OfGroup(OfGroup::Push),
            Self::PushNow(_) => Verb::OfGroup(OfGroup::PushNow),
            Self::Update { .. } => Verb::WithParts(WithParts::Update),
            Self::RenameUser { .. } => Verb::WithParts(WithParts::RenameUser),
            Self::AddMember { .. } => Verb::WithParts(WithParts::AddMember),
            Self::RemoveMember { .. } => Verb::WithParts(WithParts::RemoveMember),
            Self::RenameGroup { .. } => Verb::WithParts(WithParts::RenameGroup),
            Self::Unlink { .. } => Verb::WithParts(WithParts::Unlink),
            Self::OnDemandGroup { .. } => Verb::WithParts(WithParts::OnDemandGroup),
            Self::Wait(_) => Verb::WithParts(WithParts::Wait),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_makes_the_event_that_has_it() {
        for verb in Verb::all() {
            let event = match verb {
                Verb::Bare(verb) => verb.event(),
                Verb::OfPerson(verb) => verb.event()("ada".to_owned()),
                Verb::OfGroup(verb) => verb.event()("acme".to_owned()),
                Verb::WithParts(_) => continue,
            };
            assert_eq!(event.verb(), verb);
        }
    }
}
