//! What stands at the endpoint before the provider arrives.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Word;

/// What stands at the endpoint before the IdP arrives.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Given")]
pub(crate) struct GivenDto {
    /// Whose service provider the embedded endpoint is, such as `rfc` (default: `jsm-customers`).
    #[schemars(with = "Option<String>")]
    pub(crate) profile: Option<Word>,
    /// Settings of the endpoint, where they can be set.
    #[serde(default)]
    #[schemars(with = "IndexMap<String, String>")]
    pub(crate) knobs: IndexMap<String, Word>,
    /// Organizations.
    #[serde(default)]
    pub(crate) organizations: Vec<GivenOrganizationDto>,
    /// Customers who need not be in an organization.
    #[serde(default)]
    pub(crate) customers: Vec<GivenCustomerDto>,
}

/// Where something that is given was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// By hand, in the product: a SCIM lookup does not find it.
    Product,
    /// By another SCIM client: a lookup finds it, and the provider links.
    Scim,
}

/// An organization that is given.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "GivenOrganization")]
pub(crate) struct GivenOrganizationDto {
    /// Its name.
    #[schemars(with = "String")]
    pub(crate) name: Word,
    /// Where it was made.
    #[serde(rename = "in")]
    pub(crate) place: Place,
    /// The mail addresses of its customers, made in the same place unless they are listed themselves.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(crate) customers: Vec<Word>,
}

/// A customer who is given.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(rename = "GivenCustomer")]
pub(crate) struct GivenCustomerDto {
    /// The mail address.
    #[schemars(with = "String")]
    pub(crate) email: Word,
    /// Where they were made.
    #[serde(rename = "in")]
    pub(crate) place: Place,
    /// The name to show (default: the mail address's local part).
    pub(crate) display_name: Option<String>,
    /// The first name, `in: scim` only.
    pub(crate) given_name: Option<String>,
    /// The last name, `in: scim` only.
    pub(crate) family_name: Option<String>,
    /// Whether they may log in (default: yes).
    pub(crate) active: Option<bool>,
}
