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
    /// The person, by the name in this file.
    #[schemars(with = "String")]
    pub(crate) person: Word,
    /// The attributes by name; an empty value clears an attribute.
    #[schemars(with = "BTreeMap<String, String>")]
    pub(crate) set: IndexMap<String, Word>,
}

/// A new login name.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "RenameUser")]
pub(crate) struct RenameUserDto {
    /// The person, by the name in this file.
    #[schemars(with = "String")]
    pub(crate) person: Word,
    /// The new login name.
    #[schemars(with = "String")]
    pub(crate) to: Word,
}

/// A group to provision on demand, with some of its members.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "OnDemandGroup")]
pub(crate) struct OnDemandGroupDto {
    /// The group, by the name in this file.
    #[schemars(with = "String")]
    pub(crate) group: Word,
    /// The members to provision, at most five.
    #[schemars(with = "Vec<String>")]
    pub(crate) members: Vec<Word>,
}

/// A person who joins or leaves a group.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Membership")]
pub(crate) struct MembershipDto {
    /// The group, by the name in this file.
    #[schemars(with = "String")]
    pub(crate) group: Word,
    /// The person, by the name in this file.
    #[schemars(with = "String")]
    pub(crate) person: Word,
}

/// A new name for a group.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "RenameGroup")]
pub(crate) struct RenameGroupDto {
    /// The group, by the name in this file.
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
