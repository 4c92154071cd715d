//! What an administrator does at the endpoint.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Word;

/// What an administrator does at the endpoint.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Admin")]
pub(crate) enum AdminDto {
    /// Settings are changed.
    #[schemars(with = "IndexMap<String, String>")]
    Set(IndexMap<String, Word>),
    /// An organization is made by hand.
    CreateOrganization(AdminOrganizationDto),
    /// An organization is renamed by hand.
    RenameOrganization(AdminRenameDto),
    /// An organization is deleted by hand.
    #[schemars(with = "String")]
    DeleteOrganization(Word),
    /// A customer is put into an organization by hand.
    AddCustomer(AdminMembershipDto),
    /// A customer is taken out of an organization by hand.
    RemoveCustomer(AdminMembershipDto),
    /// A customer's access is revoked, by mail address.
    #[schemars(with = "String")]
    Revoke(Word),
    /// The API key is made anew; the old one dies at once, and the IdP gets the new one.
    RegenerateKey,
    /// The IdP directory is disconnected.
    Disconnect,
    /// An IdP directory is connected again.
    Reconnect,
    /// Time passes at the endpoint: `30d`, `12h`.
    #[schemars(with = "String")]
    Advance(Word),
}

/// An organization made by hand.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AdminOrganization")]
pub(crate) struct AdminOrganizationDto {
    /// Its name.
    #[schemars(with = "String")]
    pub(crate) name: Word,
    /// The mail addresses of its customers.
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

/// Who is put into which organization, or taken out of it, by hand.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AdminMembership")]
pub(crate) struct AdminMembershipDto {
    /// The organization's name.
    #[schemars(with = "String")]
    pub(crate) organization: Word,
    /// The customer's mail address.
    #[schemars(with = "String")]
    pub(crate) email: Word,
}
