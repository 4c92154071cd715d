//! What an administrator does at the endpoint.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Word;

/// An action of an administrator at the endpoint.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Admin")]
pub(crate) enum AdminDto {
    /// Change settings.
    #[schemars(with = "IndexMap<String, String>")]
    Set(IndexMap<String, Word>),
    /// Create an organization by hand.
    CreateOrganization(AdminOrganizationDto),
    /// Rename an organization by hand.
    RenameOrganization(AdminRenameDto),
    /// Delete an organization by hand.
    #[schemars(with = "String")]
    DeleteOrganization(Word),
    /// Add a customer to an organization by hand.
    AddCustomer(AdminMembershipDto),
    /// Remove a customer from an organization by hand.
    RemoveCustomer(AdminMembershipDto),
    /// Revoke a customer's access, by e-mail address.
    #[schemars(with = "String")]
    Revoke(Word),
    /// Regenerate the API key. The old key stops working at once, and the IdP gets the new one.
    RegenerateKey,
    /// Disconnect the IdP directory.
    Disconnect,
    /// Connect an IdP directory again.
    Reconnect,
    /// Let time pass at the endpoint: `30d`, `12h`.
    #[schemars(with = "String")]
    Advance(Word),
}

/// An organization created by hand.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AdminOrganization")]
pub(crate) struct AdminOrganizationDto {
    /// Its name.
    #[schemars(with = "String")]
    pub(crate) name: Word,
    /// The e-mail addresses of its customers.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(crate) customers: Vec<Word>,
}

/// An organization renamed by hand.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AdminRename")]
pub(crate) struct AdminRenameDto {
    /// Its name.
    #[schemars(with = "String")]
    pub(crate) name: Word,
    /// Its new name.
    #[schemars(with = "String")]
    pub(crate) to: Word,
}

/// A customer to add to an organization, or to remove from it, by hand.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AdminMembership")]
pub(crate) struct AdminMembershipDto {
    /// The name of the organization.
    #[schemars(with = "String")]
    pub(crate) organization: Word,
    /// The e-mail address of the customer.
    #[schemars(with = "String")]
    pub(crate) email: Word,
}
