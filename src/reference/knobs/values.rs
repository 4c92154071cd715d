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
        /// The group is stored and waits until an administrator accepts it (employees).
        Hold = "hold",
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
    /// Whether a parameter has an effect. The vendor documents `attributes` and `excludedAttributes` for users only.
    Heeded {
        /// It has.
        Heeded = "heeded",
        /// It is accepted and has none.
        Ignored = "ignored",
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
        /// The reference is stored as it came: RFC 7643 asks nobody to check it.
        Keep = "keep",
    }
}

choice! {
    /// What a POST or PATCH of a group with an unknown member gets.
    StrangeMember {
        /// 404 for a PATCH, 400 `invalidValue` for a POST.
        Reject = "reject",
        /// The unknown member is left out and the rest is stored.
        Ignore = "ignore",
        /// The reference is stored as it came.
        Keep = "keep",
    }
}

choice! {
    /// Whether what providers send and the RFC does not know is taken.
    Reading {
        /// It is.
        Lenient = "lenient",
        /// It is refused, as RFC 7644 would have it.
        Strict = "strict",
    }
}

choice! {
    /// How a PATCH is answered that asks for no attributes (RFC 7644 §3.5.2 leaves the choice).
    PatchAnswer {
        /// 200 with the resource.
        Resource = "resource",
        /// 204
        Empty = "empty",
    }
}

choice! {
    /// What a group's members are called in `display`.
    MemberDisplay {
        /// The user's `userName`, whatever the client says.
        UserName = "userName",
        /// As the client calls them when it adds them: RFC 7643 §2.4 has it immutable.
        AsSent = "as_sent",
    }
}

choice! {
    /// The status of a call with a key that does not open the directory.
    WrongKey {
        /// 403, as the vendor's gateway answers.
        Forbidden = "403",
        /// 401, as RFC 7644 §2 and RFC 6750 §3.1 have it.
        Unauthorized = "401",
    }
}

choice! {
    /// What happens to a member that is itself a group.
    NestedGroup {
        /// It is left out and the rest is stored.
        Ignore = "ignore",
        /// 400 `invalidValue`
        Reject = "reject",
        /// It is stored; its own members do not become members of the outer group.
        Keep = "keep",
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
        "a number, at least 1".to_owned()
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
        "none | a number, at least 0".to_owned()
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

/// Names of groups, compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names(BTreeSet<String>);

impl Names {
    /// The groups that every site of employees has. That such groups are never synced is documented, their names are those
    /// that sites are seen to have.
    pub fn default_groups() -> Self {
        let names =
            ["site-admins", "system-administrators", "administrators", "jira-users", "confluence-users"];
        Self(names.into_iter().map(str::to_owned).collect())
    }

    /// Whether a name is among them.
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains(&name.trim().to_lowercase())
    }
}

impl Setting for Names {
    fn read(text: &str) -> Option<Self> {
        if text == "none" {
            return Some(Self::default());
        }
        let names: BTreeSet<String> = text.split(',').map(|name| name.trim().to_lowercase()).collect();
        (!names.contains("")).then_some(Self(names))
    }

    fn write(&self) -> String {
        if self.0.is_empty() {
            return "none".to_owned();
        }
        self.0.iter().map(String::as_str).collect::<Vec<_>>().join(",")
    }

    fn allowed() -> String {
        "none | names, joined by commas".to_owned()
    }

    fn words() -> Vec<&'static str> {
        vec!["none"]
    }
}
