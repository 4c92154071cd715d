//! The knobs by name.

use std::collections::BTreeSet;

use thiserror::Error;

use super::profile::Profile;
use super::values::{
    AbsentMembers, AuthErrorBody, ConflictSetting, DeleteGroup, DeleteUser, FilterAttrs, Heeded, ManualEdit,
    ManualRevoke, MemberDisplay, NameMatch, Names, NestedGroup, PatchAnswer, Reading, RenameStatus, Setting,
    SkipResponse, StrangeMember, UniqueAttribute, UnknownMember, WrongKey,
};
use crate::suggest::{nearest, suggestion};

/// How well a default is founded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// The vendor's documentation says so.
    Documented,
    /// The documentation is silent; the default is concluded from what is near it.
    Inferred,
    /// RFC 7643, RFC 7644 or RFC 9865 says so, or leaves it to the service provider.
    Standard,
}

impl Mark {
    /// `documented`, `inferred` or `standard`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Inferred => "inferred",
            Self::Standard => "standard",
        }
    }
}

/// One knob, for a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnobRow {
    /// The name, as `--knob` takes it.
    pub name: &'static str,
    /// Where the knob stands.
    pub value: String,
    /// Where it stands in `jsm-customers` when nobody turned it.
    pub default: String,
    /// Where it stands in each profile when nobody turned it, and how well that is founded.
    pub defaults: Vec<(Profile, String, Mark)>,
    /// What it may stand at.
    pub allowed: String,
    /// How well the default of `jsm-customers` is founded.
    pub mark: Mark,
    /// What it decides.
    pub meaning: &'static str,
}

/// Why a knob was not turned.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KnobError {
    /// There is no such knob.
    #[error("there is no knob `{name}`{}; the knobs are {}", suggestion(*.nearest), .valid.join(", "))]
    Unknown {
        /// The name that was asked for.
        name: String,
        /// The name that was probably meant.
        nearest: Option<&'static str>,
        /// All names.
        valid: Vec<&'static str>,
    },
    /// The knob does not stand at that.
    #[error("the knob `{name}` cannot be `{value}`{}; allowed: {allowed}", suggestion(*.nearest))]
    Value {
        /// The knob.
        name: &'static str,
        /// The value that was asked for.
        value: String,
        /// The value that was probably meant.
        nearest: Option<&'static str>,
        /// What is allowed.
        allowed: String,
    },
    /// There is no such site.
    #[error("there is no site with the id `{site}`")]
    UnknownSite {
        /// The id that was asked for.
        site: String,
    },
}

struct Knob {
    name: &'static str,
    mark: Mark,
    /// The profiles that differ from `jsm-customers`.
    others: &'static [(Profile, Mark)],
    meaning: &'static str,
    read: fn(&Knobs) -> String,
    turn: fn(&mut Knobs, &str) -> bool,
    allowed: fn() -> String,
    words: fn() -> Vec<&'static str>,
}

/// Turns a knob to what is written, if that can be read.
fn turn<T: Setting>(place: &mut T, text: &str) -> bool {
    T::read(text).is_some_and(|value| {
        *place = value;
        true
    })
}

impl Knob {
    fn mark(&self, profile: Profile) -> Mark {
        let own = self.others.iter().find(|(other, _)| *other == profile);
        own.map_or(self.mark, |(_, mark)| *mark)
    }
}

macro_rules! knobs {
    ($(
        $name:literal $field:ident: $kind:ty = $default:expr, $mark:ident,
        $([$($profile:ident = $other:expr, $other_mark:ident);+],)?
        $meaning:literal;
    )+) => {
        /// Where the knobs stand.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Knobs {
            $(#[doc = $meaning] pub $field: $kind,)+
        }

        impl Default for Knobs {
            fn default() -> Self {
                Self { $($field: $default,)+ }
            }
        }

        impl Knobs {
            /// Where the knobs of a profile stand when nobody turned them.
            pub fn of(profile: Profile) -> Self {
                let mut knobs = Self::default();
                $($($(if profile == Profile::$profile {
                    knobs.$field = $other;
                })+)?)+
                knobs
            }
        }

        const KNOBS: &[Knob] = &[$(Knob {
            name: $name,
            mark: Mark::$mark,
            others: &[$($((Profile::$profile, Mark::$other_mark)),+)?],
            meaning: $meaning,
            read: |knobs| knobs.$field.write(),
            turn: |knobs, text| turn(&mut knobs.$field, text),
            allowed: <$kind as Setting>::allowed,
            words: <$kind as Setting>::words,
        },)+];
    };
}

knobs! {
    "conflict.setting" conflict_setting: ConflictSetting = ConflictSetting::Sync, Documented,
        [AtlassianEmployees = ConflictSetting::Hold, Documented],
        "what happens to a new group with the name of an existing organization";
    "conflict.skip_response" skip_response: SkipResponse = SkipResponse::Reject, Inferred,
        "the response to the creation of a group that the conflict setting skips";
    "default_groups" default_groups: Names = Names::default(), Inferred,
        [AtlassianEmployees = Names::default_groups(), Inferred],
        "groups that are accepted but never synced";
    "group_name.unique" group_name_unique: bool = true, Documented,
        [Rfc = false, Standard],
        "whether names of groups, and of organizations, are unique";
    "group_name.max" group_name_max: Option<usize> = Some(200), Documented,
        [Rfc = None, Standard],
        "the maximum length of a group name";
    "rename.conflict_status" rename_conflict_status: RenameStatus = RenameStatus::Conflict, Inferred,
        "the status with which a rename onto the name of an existing organization is refused";
    "rename.supported" rename_supported: bool = true, Inferred,
        [AtlassianEmployees = false, Documented],
        "whether a synced group may be renamed at all";
    "org_name_match" org_name_match: NameMatch = NameMatch::CasefoldTrim, Inferred,
        "when two organization names count as the same";
    "adopt.removes_extra_members" adopt_removes_extra_members: bool = true, Documented,
        "whether an adopted organization loses members that are not in the group";
    "manual_edit_of_synced_org" manual_edit_of_synced_org: ManualEdit = ManualEdit::Forbid, Inferred,
        [AtlassianEmployees = ManualEdit::Forbid, Documented],
        "whether a synced organization may be changed by hand";
    "manual_revoke" manual_revoke: ManualRevoke = ManualRevoke::Stays, Inferred,
        "whether access revoked by an administrator stays revoked when the directory sends active";
    "deactivate.keeps_memberships" deactivate_keeps_memberships: bool = true, Inferred,
        "whether a deactivated customer stays in its organizations";
    "delete_user" delete_user: DeleteUser = DeleteUser::DeactivateUnlink, Inferred,
        [AtlassianEmployees = DeleteUser::DeactivateUnlink, Documented; Rfc = DeleteUser::HardDelete, Standard],
        "the effect of deleting a SCIM user on the customer";
    "delete_group" delete_group: DeleteGroup = DeleteGroup::DeleteOrg, Inferred,
        [AtlassianEmployees = DeleteGroup::DeleteOrg, Documented],
        "the effect of deleting a SCIM group on the organization";
    "email_change.unlinks" email_change_unlinks: bool = false, Inferred,
        [AtlassianEmployees = true, Documented],
        "whether a new e-mail address creates a new customer without memberships";
    "emails.required" emails_required: bool = true, Documented,
        [Rfc = false, Standard],
        "whether a user needs e-mail addresses with exactly one primary";
    "uniqueness" uniqueness: BTreeSet<UniqueAttribute> = BTreeSet::from([UniqueAttribute::UserName, UniqueAttribute::Email, UniqueAttribute::ExternalId]), Inferred,
        [Rfc = BTreeSet::from([UniqueAttribute::UserName]), Standard],
        "the attributes that must be unique among users";
    "user_limit" user_limit: Option<usize> = None, Inferred,
        [AtlassianEmployees = Some(150_000), Documented],
        "the maximum number of users in the directory; existing ones can still be changed";
    "requests" requests: Reading = Reading::Lenient, Inferred,
        [Rfc = Reading::Strict, Standard],
        "whether provider deviations from the RFC are accepted";
    "filter_attrs" filter_attrs: FilterAttrs = FilterAttrs::Documented, Documented,
        [Rfc = FilterAttrs::Any, Standard],
        "the supported filters";
    "filter_max" filter_max: Option<usize> = None, Inferred,
        [Rfc = None, Standard],
        "the maximum number of matches before a filter is refused with tooMany";
    "group_attributes" group_attributes: Heeded = Heeded::Heeded, Inferred,
        [Rfc = Heeded::Heeded, Standard],
        "whether attributes and excludedAttributes apply to groups";
    "sort" sort: bool = false, Documented,
        [Rfc = true, Standard],
        "whether lists can be sorted";
    "etag" etag: bool = false, Documented,
        [Rfc = true, Standard],
        "whether resources have versions, and If-Match and If-None-Match are supported";
    "bulk" bulk: bool = false, Documented,
        [Rfc = true, Standard],
        "whether /Bulk is supported";
    "search" search: bool = false, Documented,
        [Rfc = true, Standard],
        "whether /.search and a combined list of users and groups are supported";
    "version_in_path" version_in_path: bool = false, Documented,
        [Rfc = true, Standard],
        "whether the path may contain the protocol version: v2 is supported, others are refused with invalidVers";
    "me" me: bool = false, Documented,
        [Rfc = true, Standard],
        "whether /Me returns 501, because an API key does not belong to a user";
    "page.cursor" page_cursor: bool = false, Documented,
        [Rfc = true, Standard],
        "whether lists can be read by cursor (RFC 9865)";
    "page.max" page_max: usize = 100, Documented,
        "the maximum number of resources in a page";
    "page.default" page_default: usize = 100, Documented,
        "the number of resources in a page if the request has no count";
    "patch_answer" patch_answer: PatchAnswer = PatchAnswer::Resource, Documented,
        "the response to a PATCH that requests no attributes";
    "auth_error_body" auth_error_body: AuthErrorBody = AuthErrorBody::Failure, Documented,
        [Rfc = AuthErrorBody::Scim, Standard],
        "the shape of a 401 or 403";
    "wrong_key" wrong_key: WrongKey = WrongKey::Forbidden, Documented,
        [Rfc = WrongKey::Unauthorized, Standard],
        "the status for a wrong, expired or foreign key";
    "atlassian_extension" atlassian_extension: bool = true, Documented,
        [Rfc = false, Standard],
        "whether users include their account id in Atlassian's extension";
    "atlassian_schema" atlassian_schema: bool = false, Documented,
        "whether discovery lists Atlassian's extension, whose schema is undocumented";
    "member_display" member_display: MemberDisplay = MemberDisplay::UserName, Documented,
        [Rfc = MemberDisplay::AsSent, Standard],
        "the value of `display` for the members of a group";
    "put_group_unknown_member" put_group_unknown_member: UnknownMember = UnknownMember::Bean, Documented,
        [Rfc = UnknownMember::Keep, Standard],
        "the response to a PUT of a group with an unknown member";
    "unknown_member" unknown_member: StrangeMember = StrangeMember::Reject, Documented,
        [Rfc = StrangeMember::Keep, Standard],
        "the response to a POST or PATCH of a group with an unknown member";
    "put_group_absent_members" put_group_absent_members: AbsentMembers = AbsentMembers::Keep, Inferred,
        [Rfc = AbsentMembers::Clear, Standard],
        "the effect of a PUT of a group without members on the members";
    "nested_group_member" nested_group_member: NestedGroup = NestedGroup::Ignore, Inferred,
        [Rfc = NestedGroup::Keep, Standard],
        "what happens to a member that is a group";
}

impl Knobs {
    /// Turns a knob, both named as in the list.
    ///
    /// # Errors
    /// The name is no knob's, or the value is none of its values; the error says which there are.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), KnobError> {
        let names = || KNOBS.iter().map(|knob| knob.name);
        let Some(knob) = KNOBS.iter().find(|knob| knob.name == name) else {
            return Err(KnobError::Unknown {
                name: name.to_owned(),
                nearest: nearest(name, names()),
                valid: names().collect(),
            });
        };
        if (knob.turn)(self, value) {
            return Ok(());
        }
        Err(KnobError::Value {
            name: knob.name,
            value: value.to_owned(),
            nearest: nearest(value, (knob.words)()),
            allowed: (knob.allowed)(),
        })
    }

    /// Where a knob stands; none if there is no such knob.
    pub fn get(&self, name: &str) -> Option<String> {
        KNOBS.iter().find(|knob| knob.name == name).map(|knob| (knob.read)(self))
    }

    /// All knobs, for a list.
    pub fn iter(&self) -> impl Iterator<Item = KnobRow> + use<'_> {
        let defaults = Profile::ALL.map(|profile| (profile, Self::of(profile)));
        KNOBS.iter().map(move |knob| KnobRow {
            name: knob.name,
            value: (knob.read)(self),
            default: (knob.read)(&Self::default()),
            defaults: defaults
                .iter()
                .map(|(profile, knobs)| (*profile, (knob.read)(knobs), knob.mark(*profile)))
                .collect(),
            allowed: (knob.allowed)(),
            mark: knob.mark,
            meaning: knob.meaning,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{KNOBS, KnobError, Knobs};
    use crate::reference::knobs::Profile;

    #[test]
    fn every_knob_reads_back_what_it_is_set_to() {
        for knob in KNOBS {
            let words = (knob.words)();
            let values = if words.is_empty() {
                vec![(knob.read)(&Knobs::default())]
            } else {
                words.into_iter().map(str::to_owned).collect()
            };
            for value in values {
                let mut knobs = Knobs::default();
                knobs.set(knob.name, &value).unwrap();
                assert_eq!(knobs.get(knob.name).as_ref(), Some(&value), "{}", knob.name);
            }
        }
    }

    #[test]
    fn a_list_has_every_knob_at_its_default() {
        let knobs = Knobs::default();
        assert_eq!(knobs.iter().count(), KNOBS.len());
        assert!(knobs.iter().all(|row| row.value == row.default));
        assert_eq!(Knobs::of(Profile::JsmCustomers), knobs);
        for (at, profile) in Profile::ALL.into_iter().enumerate() {
            let knobs = Knobs::of(profile);
            assert!(knobs.iter().all(|row| row.defaults[at].0 == profile && row.defaults[at].1 == row.value));
        }
    }

    #[test]
    fn profiles_differ_where_the_fact_sheet_says() {
        let [jsm, employees, rfc] = Profile::ALL.map(Knobs::of);
        for (name, expected) in [
            ("conflict.setting", ["sync", "hold", "sync"]),
            ("rename.supported", ["true", "false", "true"]),
            ("email_change.unlinks", ["false", "true", "false"]),
            ("user_limit", ["none", "150000", "none"]),
            ("uniqueness", ["userName,email,externalId", "userName,email,externalId", "userName"]),
            ("filter_attrs", ["documented", "documented", "any"]),
            ("etag", ["false", "false", "true"]),
        ] {
            let stand = [&jsm, &employees, &rfc].map(|knobs| knobs.get(name).unwrap());
            assert_eq!(stand, expected, "{name}");
        }
        let row = jsm.iter().find(|row| row.name == "rename.supported").unwrap();
        let marks: Vec<_> = row.defaults.iter().map(|(_, _, mark)| mark.as_str()).collect();
        assert_eq!(marks, ["inferred", "documented", "inferred"]);
    }

    #[test]
    fn errors_name_what_is_valid() {
        let error = Knobs::default().set("conflict.seting", "skip").unwrap_err();
        let text = error.to_string();
        assert!(text.contains("did you mean `conflict.setting`?"), "{text}");
        assert!(text.contains("page.max"), "{text}");
        let error = Knobs::default().set("conflict.setting", "skipp").unwrap_err();
        assert!(matches!(&error, KnobError::Value { nearest: Some("skip"), .. }));
        assert!(error.to_string().contains("sync | skip | hold"));
        assert!(Knobs::default().set("page.max", "0").is_err());
        assert!(Knobs::default().set("uniqueness", "userName,shoe").is_err());
    }

    #[test]
    fn uniqueness_may_be_switched_off() {
        let mut knobs = Knobs::default();
        knobs.set("uniqueness", "none").unwrap();
        assert!(knobs.uniqueness.is_empty());
        knobs.set("uniqueness", "email,userName").unwrap();
        assert_eq!(knobs.get("uniqueness").as_deref(), Some("userName,email"));
    }
}
