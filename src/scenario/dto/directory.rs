//! People and groups of the directory.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::Word;

/// A person of the directory, or many of them: with a `count`, every text may hold `{n}`, the number of the person.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(rename = "Person")]
pub(crate) struct PersonDto {
    /// The number of people to make, at most 5000; the name in this file then stands for all of them, and `NAME-1` for the
    /// first.
    #[schemars(with = "Option<u32>", range(min = 1, max = 5000))]
    pub(crate) count: Option<Spanned<u32>>,
    /// The login name.
    #[schemars(with = "String")]
    pub(crate) user_name: Word,
    /// The e-mail address (default: the login name).
    pub(crate) email: Option<String>,
    /// The first name.
    pub(crate) given_name: String,
    /// The last name (default: none).
    pub(crate) family_name: Option<String>,
    /// The display name (default: first and last name).
    pub(crate) display_name: Option<String>,
    /// The title.
    pub(crate) title: Option<String>,
    /// The department.
    pub(crate) department: Option<String>,
    /// The employee number.
    pub(crate) employee_number: Option<String>,
    /// The cost center.
    pub(crate) cost_center: Option<String>,
    /// The organization that employs the person.
    pub(crate) organization: Option<String>,
    /// The division.
    pub(crate) division: Option<String>,
    /// The user type.
    pub(crate) user_type: Option<String>,
    /// The locale.
    pub(crate) locale: Option<String>,
    /// The time zone.
    pub(crate) timezone: Option<String>,
    /// The preferred language.
    pub(crate) preferred_language: Option<String>,
    /// The nickname.
    pub(crate) nick_name: Option<String>,
    /// The manager, by the name of the person in this file.
    #[schemars(with = "Option<String>")]
    pub(crate) manager: Option<Word>,
    /// The id of a manager in another system, such as that of the HR department, which the provider passes on as it is.
    pub(crate) manager_id: Option<String>,
    /// The `externalId` (default: the provider's own).
    pub(crate) external_id: Option<String>,
    /// The addresses, by type.
    #[serde(default)]
    #[schemars(with = "IndexMap<String, AddressDto>")]
    pub(crate) addresses: IndexMap<String, Spanned<AddressDto>>,
    /// The telephone numbers, by type.
    #[serde(default)]
    #[schemars(with = "IndexMap<String, String>")]
    pub(crate) phone_numbers: IndexMap<String, Word>,
    /// The attributes of custom extensions, by URN and name.
    #[serde(default)]
    #[schemars(with = "IndexMap<String, IndexMap<String, String>>")]
    pub(crate) extensions: IndexMap<String, IndexMap<String, Word>>,
}

/// An address of a person.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
#[schemars(rename = "Address")]
pub(crate) struct AddressDto {
    /// The whole address.
    pub(crate) formatted: Option<String>,
    /// The street and house number.
    pub(crate) street_address: Option<String>,
    /// The city.
    pub(crate) locality: Option<String>,
    /// The region.
    pub(crate) region: Option<String>,
    /// The postal code.
    pub(crate) postal_code: Option<String>,
    /// The country.
    pub(crate) country: Option<String>,
}

/// A group of the directory.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(rename = "Group")]
pub(crate) struct GroupDto {
    /// Its name.
    #[schemars(with = "String")]
    pub(crate) display_name: Word,
    /// The members, by the names of the people in this file; of people with a `count`, `crowd` is all and `crowd-1..100`
    /// some of them.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(crate) members: Vec<Word>,
}
