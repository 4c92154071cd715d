//! The initial state of the endpoint in a scenario file.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Word;

/// The state of the endpoint before the IdP connects.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Given")]
pub(crate) struct GivenDto {
    /// The profile of the embedded endpoint, such as `rfc` (default: `jsm-customers`).
    #[schemars(with = "Option<String>")]
    pub(crate) profile: Option<Word>,
    /// Settings of the endpoint.
    #[serde(default)]
    #[schemars(with = "IndexMap<String, String>")]
    pub(crate) knobs: IndexMap<String, Word>,
    /// Organizations.
    #[serde(default)]
    pub(crate) organizations: Vec<GivenOrganizationDto>,
    /// Customers, with or without an organization.
    #[serde(default)]
    pub(crate) customers: Vec<GivenCustomerDto>,
    /// People whom the provider provisioned before: another SCIM client creates them, and they are assigned and linked.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(crate) people: Vec<Word>,
}

/// The place where an initial resource was created.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// By hand, in the product: a SCIM lookup does not find it.
    Product,
    /// By another SCIM client: a lookup finds it, and the provider links.
    Scim,
}

/// An initial organization.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "GivenOrganization")]
pub(crate) struct GivenOrganizationDto {
    /// Its name.
    #[schemars(with = "String")]
    pub(crate) name: Word,
    /// The place where it was created.
    #[serde(rename = "in")]
    pub(crate) place: Place,
    /// The e-mail addresses of its customers, created in the same place unless they are listed under `customers`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(crate) customers: Vec<Word>,
}

/// An initial customer.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(rename = "GivenCustomer")]
pub(crate) struct GivenCustomerDto {
    /// The e-mail address.
    #[schemars(with = "String")]
    pub(crate) email: Word,
    /// The place where the customer was created.
    #[serde(rename = "in")]
    pub(crate) place: Place,
    /// The display name (default: the local part of the e-mail address).
    pub(crate) display_name: Option<String>,
    /// The first name, `in: scim` only.
    pub(crate) given_name: Option<String>,
    /// The last name, `in: scim` only.
    pub(crate) family_name: Option<String>,
    /// Whether the customer may log in (default: yes).
    pub(crate) active: Option<bool>,
}
