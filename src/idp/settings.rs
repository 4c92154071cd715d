//! What an administrator can set at the provider.
//!
//! Source: docs/providers/entra.md#the-provisioning-job, docs/providers/entra.md#default-mappings, docs/providers/entra.md#quarantine and docs/providers/okta.md#users, docs/providers/okta.md#groups and the other pages of docs/providers.

use std::collections::BTreeMap;
use std::num::NonZeroU16;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::directory::Person;

use super::kit::attribute::Attribute;

/// The path under which providers write the work address.
pub(crate) const WORK_EMAIL: &str = "emails[type eq \"work\"].value";

/// Settings of an IdP client. Each client reads the settings of its provider; the defaults are those of the provider.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct Settings {
    /// Okta: whether a linked group at the endpoint is renamed after the pushed one, and every change of its members
    /// sends the name too (default: yes).
    pub rename_groups: Option<bool>,
    /// Okta, catalogue apps: the number of memberships that one PATCH changes at most (default: 100).
    pub members_per_patch: Option<NonZeroU16>,
    /// Okta: whether a group is created without members, which follow (default: no).
    pub create_groups_empty: Option<bool>,
    /// Okta, catalogue apps: whether the name of a group is sent again between its creation and its members (default:
    /// no).
    pub rename_new_groups: Option<bool>,
    /// Okta: whether imports read groups (default: no).
    pub import_groups: Option<bool>,
    /// Okta: the percentage of missing users at which an import stops before it removes assignments (default: 20).
    pub import_safeguard: Option<u8>,
    /// The attributes by which a person is looked up, in order (default: `userName`). Entra tries them until one
    /// finds somebody; the others use only the first.
    #[serde(rename = "match")]
    pub matching: Option<Vec<MatchAttribute>>,
    /// Entra: the source of a user's `externalId` (default: `mailNickname`, which is not unique; Microsoft recommends
    /// `objectId`).
    pub external_id: Option<Source>,
    /// Attribute mappings that differ from the default: the path of the SCIM attribute, and its source; `none` removes
    /// a mapping.
    pub mappings: BTreeMap<String, Source>,
    /// What to send when a person loses access to the app (default: the provider's own).
    pub deprovision: Option<Deprovision>,
    /// Google: the number of days until then (default: 0, which means within a day).
    pub deprovision_after: Option<u16>,
    /// `JumpCloud`: how members are removed; the reports differ (default: by a list of values).
    pub member_removal: Option<MemberRemoval>,
    /// How to update a user, where the provider's way is unknown or configurable; for Keycloak, `PingFederate` and
    /// Rippling, also a group.
    pub update: Option<UserUpdate>,
    /// How to write `active`, where the provider's way is unknown.
    pub suspend: Option<ActiveForm>,
    /// Google: the effect of a new primary address, which is unknown (default: the user of the stored id is updated).
    pub rename: Option<Rename>,
    /// authentik: the compatibility mode for a vendor's endpoint (default: none).
    pub compatibility: Option<Compatibility>,
    /// Keycloak: what an import does with users that are unknown to the realm (default: nothing).
    pub import_action: Option<ImportAction>,
    /// Entra: the number of disables and deletions in one cycle above which the administrator must allow them
    /// (default: no limit).
    pub deletion_threshold: Option<usize>,
    /// Entra: when a rate-limited request is repeated; the sources differ (default: after `Retry-After`).
    pub rate_limit: Option<RateLimit>,
    /// Entra: whether to skip people who leave the scope (`SkipOutOfScopeDeletions`; default: no).
    pub skip_out_of_scope_deletions: Option<bool>,
    /// Entra: what a soft deletion changes; the sources differ (default: it disables).
    pub soft_deletion: Option<SoftDeletion>,
}

/// An attribute by which a person can be looked up at the endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum MatchAttribute {
    /// `userName`.
    UserName,
    /// `externalId`.
    ExternalId,
    /// The work address.
    Email,
}

impl MatchAttribute {
    /// The path by which Entra names it in a filter.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::UserName => "userName",
            Self::ExternalId => "externalId",
            Self::Email => WORK_EMAIL,
        }
    }
}

/// The source of a value in the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// No source: the attribute is not mapped.
    None,
    /// The login name.
    UserName,
    /// The login name up to the `@`.
    MailNickname,
    /// The directory object's id.
    ObjectId,
    /// The e-mail address.
    Email,
    /// The first name.
    GivenName,
    /// The last name.
    FamilyName,
    /// The display name.
    DisplayName,
    /// The title.
    Title,
    /// The department.
    Department,
    /// The employee number.
    EmployeeNumber,
    /// The preferred language.
    PreferredLanguage,
    /// The nickname.
    NickName,
}

impl Source {
    /// A person's value; nothing where there is none, or an empty one.
    pub(crate) fn of(self, person: &Person) -> Option<String> {
        let profile = |name: &str| person.profile.get(name).cloned().unwrap_or_default();
        let value = match self {
            Self::None => return None,
            Self::UserName => person.user_name.clone(),
            Self::MailNickname => person.mail_nickname().to_owned(),
            Self::ObjectId => person.object_id().to_string(),
            Self::Email => person.email.clone(),
            Self::GivenName => person.given_name.clone(),
            Self::FamilyName => person.family_name.clone(),
            Self::DisplayName => person.display_name.clone(),
            Self::Title => profile("title"),
            Self::Department => profile("department"),
            Self::EmployeeNumber => profile("employeeNumber"),
            Self::PreferredLanguage => profile("preferredLanguage"),
            Self::NickName => profile("nickName"),
        };
        Some(value).filter(|value| !value.is_empty())
    }
}

/// What to send when a person loses access to the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Deprovision {
    /// `active` becomes false.
    Deactivate,
    /// The user is deleted.
    Delete,
    /// Nothing.
    Nothing,
}

/// How a user is updated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UserUpdate {
    /// PUT of the whole resource.
    Put,
    /// PATCH.
    Patch,
}

/// How members are removed from a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MemberRemoval {
    /// `remove` of the path `members` with a list of values.
    ByValue,
    /// `remove` of a path that selects the member.
    ByFilter,
}

/// How `active` is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ActiveForm {
    /// PATCH whose value is an object.
    Pathless,
    /// PATCH of the path `active` with a boolean.
    Pathed,
    /// PATCH of the path `active` with a string.
    StringBool,
    /// PUT of the whole resource.
    Put,
}

/// The effect of a new primary address at Google.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Rename {
    /// The user of the stored id is updated.
    ById,
    /// The new address is looked up: a match is linked, otherwise a second user is created.
    ByLookup,
}

/// The compatibility modes of authentik.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Compatibility {
    /// A changed group is patched by path.
    Aws,
    /// Filters are used, whatever the endpoint declares.
    Slack,
    /// The configuration is read from `/ServiceProviderConfigs`.
    Salesforce,
}

/// What Keycloak's import does with users that are unknown to the realm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ImportAction {
    /// Nothing.
    Nothing,
    /// They are deleted at the endpoint.
    DeleteRemote,
}

/// When a rate-limited request is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RateLimit {
    /// After the time in `Retry-After`.
    Wait,
    /// In the next cycle, regardless of `Retry-After`.
    NextCycle,
}

/// What the soft deletion of a person changes at the endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SoftDeletion {
    /// `active` becomes false (documented).
    Disables,
    /// The same PATCH also puts the id of the directory object before the `userName`, which frees the name (reported).
    Renames,
}

impl Settings {
    /// These settings where they say something, else those of `under`: a scenario's over a target's.
    #[must_use]
    pub fn over(mut self, under: &Self) -> Self {
        let mut mappings = under.mappings.clone();
        mappings.append(&mut self.mappings);
        Self {
            rename_groups: self.rename_groups.or(under.rename_groups),
            members_per_patch: self.members_per_patch.or(under.members_per_patch),
            create_groups_empty: self.create_groups_empty.or(under.create_groups_empty),
            rename_new_groups: self.rename_new_groups.or(under.rename_new_groups),
            import_groups: self.import_groups.or(under.import_groups),
            import_safeguard: self.import_safeguard.or(under.import_safeguard),
            matching: self.matching.or_else(|| under.matching.clone()),
            external_id: self.external_id.or(under.external_id),
            mappings,
            deprovision: self.deprovision.or(under.deprovision),
            deprovision_after: self.deprovision_after.or(under.deprovision_after),
            member_removal: self.member_removal.or(under.member_removal),
            update: self.update.or(under.update),
            suspend: self.suspend.or(under.suspend),
            rename: self.rename.or(under.rename),
            compatibility: self.compatibility.or(under.compatibility),
            import_action: self.import_action.or(under.import_action),
            deletion_threshold: self.deletion_threshold.or(under.deletion_threshold),
            rate_limit: self.rate_limit.or(under.rate_limit),
            skip_out_of_scope_deletions: self
                .skip_out_of_scope_deletions
                .or(under.skip_out_of_scope_deletions),
            soft_deletion: self.soft_deletion.or(under.soft_deletion),
        }
    }

    /// Whether pushed groups keep their names in step.
    pub(crate) fn renames_groups(&self) -> bool {
        self.rename_groups.unwrap_or(true)
    }

    /// How many memberships one PATCH of Okta's changes at most.
    pub(crate) fn members_per_patch(&self) -> usize {
        self.members_per_patch.map_or(100, |most| most.get().into())
    }

    /// Whether groups are created without members.
    pub(crate) fn creates_empty_groups(&self) -> bool {
        self.create_groups_empty.unwrap_or(false)
    }

    /// Whether a group that was created gets its name once more.
    pub(crate) fn renames_new_groups(&self) -> bool {
        self.rename_new_groups.unwrap_or(false)
    }

    /// Whether imports read groups.
    pub(crate) fn imports_groups(&self) -> bool {
        self.import_groups.unwrap_or(false)
    }

    /// The attributes by which a person is looked up, in their order.
    pub(crate) fn matching(&self) -> &[MatchAttribute] {
        match &self.matching {
            Some(attributes) if !attributes.is_empty() => attributes,
            _ => &[MatchAttribute::UserName],
        }
    }

    /// A mapped value: what the administrator mapped to that path, else the default.
    pub(crate) fn mapped(&self, path: &str, person: &Person, default: &str) -> String {
        match self.mappings.get(path) {
            Some(source) => source.of(person).unwrap_or_default(),
            None => default.to_owned(),
        }
    }

    /// Whether a mapping of its own says what an attribute has.
    pub(crate) fn maps(&self, attribute: Attribute<'_>) -> bool {
        self.mappings.keys().any(|path| Attribute::parse(path) == attribute)
    }

    /// Brings a whole body into line with the mappings that differ from the default.
    pub(crate) fn remap(&self, person: &Person, body: &mut Map<String, Value>) {
        for (path, source) in &self.mappings {
            let attribute = Attribute::parse(path);
            match source.of(person) {
                Some(value) => attribute.set(body, json!(value)),
                None => attribute.remove(body),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::idp::kit::people::ada;

    #[test]
    fn a_scenario_wins_over_a_target_and_both_over_the_default() {
        let target = Settings {
            rename_groups: Some(false),
            external_id: Some(Source::ObjectId),
            mappings: [("title".to_owned(), Source::None), ("nickName".to_owned(), Source::GivenName)].into(),
            ..Settings::default()
        };
        let scenario = Settings {
            rename_groups: Some(true),
            mappings: [("title".to_owned(), Source::DisplayName)].into(),
            ..Settings::default()
        };
        let both = scenario.over(&target);
        assert!(both.renames_groups());
        assert_eq!(both.external_id, Some(Source::ObjectId));
        assert_eq!(both.mappings["title"], Source::DisplayName);
        assert_eq!(both.mappings["nickName"], Source::GivenName);
        assert_eq!(both.matching(), [MatchAttribute::UserName]);
    }

    #[test]
    fn a_mapping_fills_an_attribute_and_none_takes_it_out() {
        let settings = Settings {
            mappings: [
                ("nickName".to_owned(), Source::GivenName),
                ("displayName".to_owned(), Source::None),
                ("emails[type eq \"work\"].type".to_owned(), Source::None),
            ]
            .into(),
            ..Settings::default()
        };
        let mut body = json!({"displayName": "A", "emails": [{"value": "a@example.com", "type": "work"}]});
        settings.remap(&ada(), crate::idp::kit::attribute::object(&mut body));
        assert_eq!(body, json!({"emails": [{"value": "a@example.com"}], "nickName": "Ada"}));
    }
}
