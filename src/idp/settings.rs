//! What an administrator can set at the provider.

use serde::Deserialize;

/// The settings of an IdP client; each client reads those that its provider has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct Settings {
    /// Okta's *Rename app groups*: linking a group, and every change of its members, sends the group's name too.
    pub rename_groups: bool,
    /// Okta's *Import groups*: an import reads groups as well as users.
    pub import_groups: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { rename_groups: true, import_groups: false }
    }
}
