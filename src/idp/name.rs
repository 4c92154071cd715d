//! The IdP clients by name.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A provider's family of clients: the unit in which readiness is judged.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Okta.
    Okta,
    /// Microsoft Entra ID.
    Entra,
    /// Google Workspace.
    Google,
}

impl Family {
    /// Every family.
    pub const ALL: [Self; 3] = [Self::Okta, Self::Entra, Self::Google];

    /// Its name in files and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Okta => "okta",
            Self::Entra => "entra",
            Self::Google => "google",
        }
    }

    /// Its clients.
    pub fn clients(self) -> impl Iterator<Item = ClientName> {
        ClientName::ALL.into_iter().filter(move |client| client.family() == self)
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An IdP client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClientName {
    /// Okta, an app of the Okta Integration Network: profile by PUT, `active` and groups by PATCH.
    OktaOin,
    /// Okta, an app made with the App Integration Wizard: everything by GET and PUT.
    OktaAiw,
    /// Entra, the dialect in use without a flag.
    Entra,
    /// Entra with `aadOptscim062020` in the tenant URL.
    EntraScim2,
    /// Google Workspace automatic provisioning.
    Google,
}

impl ClientName {
    /// Every client.
    pub const ALL: [Self; 5] = [Self::OktaOin, Self::OktaAiw, Self::Entra, Self::EntraScim2, Self::Google];

    /// Its name in files, flags and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OktaOin => "okta-oin",
            Self::OktaAiw => "okta-aiw",
            Self::Entra => "entra",
            Self::EntraScim2 => "entra-scim2",
            Self::Google => "google",
        }
    }

    /// Its family.
    pub fn family(self) -> Family {
        match self {
            Self::OktaOin | Self::OktaAiw => Family::Okta,
            Self::Entra | Self::EntraScim2 => Family::Entra,
            Self::Google => Family::Google,
        }
    }

    /// Whether it sends a person's attribute when it has a value, with the provider's default mappings. Google's
    /// capture ends after the basic ones; Okta's generic app and Entra map what is named here.
    pub fn sends(self, attribute: &str) -> bool {
        let further: &[&str] = match self {
            Self::OktaOin | Self::OktaAiw => &["title", "nickName", "preferredLanguage"],
            Self::Entra | Self::EntraScim2 => {
                &["title", "department", "employeeNumber", "preferredLanguage", "nickName", "manager"]
            }
            Self::Google => &[],
        };
        further.contains(&attribute)
    }

    /// The clients that a name stands for: a family's, or the exact one. `entra` is both, and in a scenario or with
    /// `--idp` it means the family.
    pub fn select(name: &str) -> Option<Vec<Self>> {
        if let Some(family) = Family::ALL.into_iter().find(|family| family.as_str() == name) {
            return Some(family.clients().collect());
        }
        let client = Self::ALL.into_iter().find(|client| client.as_str() == name)?;
        Some(vec![client])
    }

    /// Every name that [`ClientName::select`] understands.
    pub fn selectable() -> Vec<&'static str> {
        let mut names: Vec<&str> = Family::ALL.iter().map(|family| family.as_str()).collect();
        names.extend(Self::ALL.iter().map(|client| client.as_str()).filter(|name| *name != "entra"));
        names
    }
}

impl fmt::Display for ClientName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
