//! People and groups of the directory.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Word;

/// A person of the directory.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(rename = "Person")]
pub(crate) struct PersonDto {
    /// The login name.
    #[schemars(with = "String")]
    pub(crate) user_name: Word,
    /// The e-mail address (default: the login name).
    pub(crate) email: Option<String>,
    /// The first name.
    pub(crate) given_name: String,
    /// The last name.
    pub(crate) family_name: String,
    /// The display name (default: first and last name).
    pub(crate) display_name: Option<String>,
    /// The title.
    pub(crate) title: Option<String>,
    /// The department.
    pub(crate) department: Option<String>,
    /// The employee number.
    pub(crate) employee_number: Option<String>,
    /// The preferred language.
    pub(crate) preferred_language: Option<String>,
    /// The nickname.
    pub(crate) nick_name: Option<String>,
    /// The manager, by the name of the person in this file.
    #[schemars(with = "Option<String>")]
    pub(crate) manager: Option<Word>,
}

/// A group of the directory.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(rename = "Group")]
pub(crate) struct GroupDto {
    /// Its name.
    #[schemars(with = "String")]
    pub(crate) display_name: Word,
    /// The members, by the names of the people in this file.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(crate) members: Vec<Word>,
}
