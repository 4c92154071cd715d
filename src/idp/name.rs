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
    /// authentik.
    Authentik,
    /// Keycloak with a SCIM plugin.
    Keycloak,
    /// JumpCloud.
    Jumpcloud,
    /// OneLogin.
    Onelogin,
    /// PingFederate and PingOne.
    Pingfederate,
    /// Rippling.
    Rippling,
}

impl Family {
    /// Every family.
    pub const ALL: [Self; 9] = [
        Self::Okta,
        Self::Entra,
        Self::Google,
        Self::Authentik,
        Self::Keycloak,
        Self::Jumpcloud,
        Self::Onelogin,
        Self::Pingfederate,
        Self::Rippling,
    ];

    /// Its name in files and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Okta => "okta",
            Self::Entra => "entra",
            Self::Google => "google",
            Self::Authentik => "authentik",
            Self::Keycloak => "keycloak",
            Self::Jumpcloud => "jumpcloud",
            Self::Onelogin => "onelogin",
            Self::Pingfederate => "pingfederate",
            Self::Rippling => "rippling",
        }
    }

    /// The clients that its name stands for.
    pub fn clients(self) -> impl Iterator<Item = ClientName> {
        ClientName::ALL
            .into_iter()
            .filter(move |client| client.family() == self && *client != ClientName::OktaOinUserpatch)
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
    /// Okta, an app of the Okta Integration Network that patches profiles too. The family's name does not stand for it:
    /// what it sends is inferred.
    OktaOinUserpatch,
    /// Entra, the dialect in use without a flag.
    Entra,
    /// Entra with `aadOptscim062020` in the tenant URL.
    EntraScim2,
    /// Google Workspace automatic provisioning.
    Google,
    /// authentik.
    Authentik,
    /// Keycloak with a SCIM plugin.
    Keycloak,
    /// JumpCloud.
    Jumpcloud,
    /// OneLogin.
    Onelogin,
    /// PingFederate and PingOne.
    Pingfederate,
    /// Rippling.
    Rippling,
}

impl ClientName {
    /// Every client.
    pub const ALL: [Self; 12] = [
        Self::OktaOin,
        Self::OktaAiw,
        Self::OktaOinUserpatch,
        Self::Entra,
        Self::EntraScim2,
        Self::Google,
        Self::Authentik,
        Self::Keycloak,
        Self::Jumpcloud,
        Self::Onelogin,
        Self::Pingfederate,
        Self::Rippling,
    ];

    /// Its name in files, flags and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OktaOin => "okta-oin",
            Self::OktaAiw => "okta-aiw",
            Self::OktaOinUserpatch => "okta-oin-userpatch",
            Self::Entra => "entra",
            Self::EntraScim2 => "entra-scim2",
            Self::Google => "google",
            Self::Authentik => "authentik",
            Self::Keycloak => "keycloak",
            Self::Jumpcloud => "jumpcloud",
            Self::Onelogin => "onelogin",
            Self::Pingfederate => "pingfederate",
            Self::Rippling => "rippling",
        }
    }

    /// Its family.
    pub fn family(self) -> Family {
        match self {
            Self::OktaOin | Self::OktaAiw | Self::OktaOinUserpatch => Family::Okta,
            Self::Entra | Self::EntraScim2 => Family::Entra,
            Self::Google => Family::Google,
            Self::Authentik => Family::Authentik,
            Self::Keycloak => Family::Keycloak,
            Self::Jumpcloud => Family::Jumpcloud,
            Self::Onelogin => Family::Onelogin,
            Self::Pingfederate => Family::Pingfederate,
            Self::Rippling => Family::Rippling,
        }
    }

    /// Whether it sends a person's attribute when it has a value, with the provider's default mappings. Google's
    /// capture ends after the basic ones; Okta's generic app and Entra map what is named here.
    pub fn sends(self, attribute: &str) -> bool {
        let further: &[&str] = match self {
            Self::OktaOin | Self::OktaAiw | Self::OktaOinUserpatch => {
                &["title", "nickName", "preferredLanguage"]
            }
            Self::Entra | Self::EntraScim2 => {
                &["title", "department", "employeeNumber", "preferredLanguage", "nickName", "manager"]
            }
            Self::Google
            | Self::Authentik
            | Self::Keycloak
            | Self::Jumpcloud
            | Self::Onelogin
            | Self::Pingfederate
            | Self::Rippling => &[],
        };
        further.contains(&attribute)
    }

    /// Whether it plays every scenario of its family. The others play where a scenario or `--idp` names them.
    pub fn is_played_by_default(self) -> bool {
        matches!(self, Self::OktaOin | Self::OktaAiw | Self::Entra | Self::EntraScim2 | Self::Google)
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
        for client in Self::ALL {
            if !names.contains(&client.as_str()) {
                names.push(client.as_str());
            }
        }
        names
    }
}

impl fmt::Display for ClientName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
