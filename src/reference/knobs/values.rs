//! What a knob may stand at.

use std::collections::BTreeSet;

/// A value that is written in one way.
pub(crate) trait Setting: Sized {
    /// The value that is written so.
    fn read(text: &str) -> Option<Self>;

    /// How the value is written.
    fn write(&self) -> String;

    /// What may be written, as one line.
    fn allowed() -> String;

    /// The words that may be written, to suggest one for a slip.
    fn words() -> Vec<&'static str> {
        Vec::new()
    }
}

macro_rules! choice {
    ($(#[$outer:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$inner])* $variant,)+
        }

        impl Setting for $name {
            fn read(text: &str) -> Option<Self> {
                match text {
                    $($text => Some(Self::$variant),)+
                    _ => None,
                }
            }

            fn write(&self) -> String {
                match self {
                    $(Self::$variant => $text,)+
                }
                .to_owned()
            }

            fn allowed() -> String {
                Self::words().join(" | ")
            }

            fn words() -> Vec<&'static str> {
                vec![$($text),+]
            }
        }
    };
}

choice! {
    /// What happens to a new group that bears the name of an organization.
    ConflictSetting {
        /// The organization and its members are made to match the group.
        Sync = "sync",
        /// The organization stays as it is; the group is not synced.
        Skip = "skip",
    }
}

choice! {
    /// How the creation of a group that is not to be synced is answered.
    SkipResponse {
        /// 409 `uniqueness`; nothing is stored.
        Reject = "reject",
        /// 201; the group is stored and has no effect on any organization.
        AcceptUnprojected = "accept_unprojected",
    }
}

choice! {
    /// The status of a refused rename.
    RenameStatus {
        /// 409 `uniqueness`
        Conflict = "409",
        /// 400 `invalidValue`
        BadRequest = "400",
    }
}

choice! {
    /// When two organization names are the same.
    NameMatch {
        /// Character by character.
        Exact = "exact",
        /// Without regard to case and to space around the name.
        CasefoldTrim = "casefold_trim",
    }
}

choice! {
    /// Whether people may change by hand what a directory provisions.
    ManualEdit {
        /// They may; the directory's next change may undo it.
        Allow = "allow",
        /// The change is refused.
        Forbid = "forbid",
    }
}

choice! {
    /// What the deletion of a SCIM user does to the customer.
    DeleteUser {
        /// The customer loses portal access and its link, and stays.
        DeactivateUnlink = "deactivate_unlink",
        /// The customer goes.
        HardDelete = "hard_delete",
    }
}

choice! {
    /// What the deletion of a SCIM group does to the organization.
    DeleteGroup {
        /// The organization goes; its customers stay.
        DeleteOrg = "delete_org",
        /// The organization becomes a manual one and keeps its members.
        UnlinkOrg = "unlink_org",
    }
}

choice! {
    /// Which filters a list understands.
    FilterAttrs {
        /// One `eq` on `userName` or `externalId`, or on a group's `displayName`.
        Documented = "documented",
        /// The whole filter language.
        Any = "any",
    }
}

choice! {
    /// The shape of a 401 or 403.
    AuthErrorBody {
        /// `{error, traceId}`, as the gateway answers.
        Failure = "failure",
        /// A SCIM error.
        Scim = "scim",
    }
}

choice! {
    /// What a PUT of a group with an unknown member gets.
    UnknownMember {
        /// 400 with the serialized exception of the vendor's server.
        Bean = "bean",
        /// 400 with a SCIM error.
        Scim = "scim",
        /// The unknown member is left out and the rest is stored.
        Ignore = "ignore",
    }
}

choice! {
    /// What happens to a member that is itself a group.
    NestedGroup {
        /// It is left out and the rest is stored.
        Ignore = "ignore",
        /// 400 `invalidValue`
        Reject = "reject",
    }
}

choice! {
    /// What a PUT of a group without `members` does to them.
    AbsentMembers {
        /// They stay.
        Keep = "keep",
        /// They go, as any attribute that is left out.
        Clear = "clear",
    }
}

choice! {
    /// Whether portal access that an administrator took away comes back when the directory says `active`.
    ManualRevoke {
        /// It stays away.
        Stays = "stays",
        /// It comes back.
        Lifted = "lifted",
    }
}

choice! {
    /// An attribute that no two users share.
    UniqueAttribute {
        /// `userName`
        UserName = "userName",
        /// The primary e-mail address.
        Email = "email",
        /// `externalId`
        ExternalId = "externalId",
    }
}

impl Setting for bool {
    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn write(&self) -> String {
        self.to_string()
    }

    fn allowed() -> String {
        Self::words().join(" | ")
    }

    fn words() -> Vec<&'static str> {
        vec!["true", "false"]
    }
}

impl Setting for usize {
    fn read(text: &str) -> Option<Self> {
        text.parse().ok().filter(|number| *number > 0)
    }

    fn write(&self) -> String {
        self.to_string()
    }

    fn allowed() -> String {
        "a number from 1".to_owned()
    }
}

impl Setting for Option<usize> {
    fn read(text: &str) -> Option<Self> {
        if text == "none" {
            return Some(None);
        }
        text.parse().ok().map(Some)
    }

    fn write(&self) -> String {
        self.map_or_else(|| "none".to_owned(), |number| number.to_string())
    }

    fn allowed() -> String {
        "none | a number from 0".to_owned()
    }

    fn words() -> Vec<&'static str> {
        vec!["none"]
    }
}

impl Setting for BTreeSet<UniqueAttribute> {
    fn read(text: &str) -> Option<Self> {
        if text == "none" {
            return Some(Self::new());
        }
        text.split(',').map(|word| Setting::read(word.trim())).collect()
    }

    fn write(&self) -> String {
        if self.is_empty() {
            return "none".to_owned();
        }
        let words: Vec<_> = self.iter().map(Setting::write).collect();
        words.join(",")
    }

    fn allowed() -> String {
        format!("none | any of {}, joined by commas", UniqueAttribute::words().join(", "))
    }
}
