//! What happens in the directory, where it has parts.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Word;

/// New values of profile attributes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Update")]
pub(crate) struct UpdateDto {
    /// Who, by name.
    #[schemars(with = "String")]
    pub(crate) person: Word,
    /// The attributes by name; an empty value clears one.
    #[schemars(with = "BTreeMap<String, String>")]
    pub(crate) set: IndexMap<String, Word>,
}

/// A new login name.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "RenameUser")]
pub(crate) struct RenameUserDto {
    /// Who, by name.
    #[schemars(with = "String")]
    pub(crate) person: Word,
    /// The new login name.
    #[schemars(with = "String")]
    pub(crate) to: Word,
}

/// A group that is provisioned on demand, with some of its members.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "OnDemandGroup")]
pub(crate) struct OnDemandGroupDto {
    /// The group, by name.
    #[schemars(with = "String")]
    pub(crate) group: Word,
    /// Who of its members was chosen, by name: five at most.
    #[schemars(with = "Vec<String>")]
    pub(crate) members: Vec<Word>,
}

/// Who joins or leaves which group.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Membership")]
pub(crate) struct MembershipDto {
    /// The group, by name.
    #[schemars(with = "String")]
    pub(crate) group: Word,
    /// Who, by name.
    #[schemars(with = "String")]
    pub(crate) person: Word,
}

/// A new name for a group.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "RenameGroup")]
pub(crate) struct RenameGroupDto {
    /// The group, by name.
    #[schemars(with = "String")]
    pub(crate) group: Word,
    /// Its new name.
    #[schemars(with = "String")]
    pub(crate) to: Word,
}

/// How a group stops being pushed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "Unlink")]
pub(crate) enum UnlinkDto {
    /// The group stays at the endpoint.
    #[schemars(with = "String")]
    Leave(Word),
    /// It is deleted there.
    #[schemars(with = "String")]
    Delete(Word),
}
