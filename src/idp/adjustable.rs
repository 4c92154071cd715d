//! Which settings an administrator finds at which provider.
//!
//! Source: docs/scenarios.md#settings.

use super::{ClientName, Family};

/// A setting by its name in files, and who has it.
type Row = (&'static str, fn(ClientName) -> bool);

const TABLE: [Row; 21] = [
    ("match", |client| {
        client == ClientName::OktaAiw || is(client, &[Family::Entra, Family::Google, Family::Pingfederate])
    }),
    ("external-id", |client| is(client, &[Family::Entra])),
    ("mappings", |client| client.family().is_provider()),
    ("rename-groups", |client| is(client, &[Family::Okta])),
    ("members-per-patch", |client| is(client, &[Family::Okta]) && client != ClientName::OktaAiw),
    ("rename-new-groups", |client| is(client, &[Family::Okta]) && client != ClientName::OktaAiw),
    ("create-groups-empty", |client| is(client, &[Family::Okta])),
    ("import-groups", |client| is(client, &[Family::Okta])),
    ("import-safeguard", |client| is(client, &[Family::Okta])),
    ("deprovision", |client| {
        let families =
            [Family::Google, Family::Jumpcloud, Family::Onelogin, Family::Pingfederate, Family::Rippling];
        is(client, &families)
    }),
    ("deprovision-after", |client| is(client, &[Family::Google])),
    ("member-removal", |client| is(client, &[Family::Jumpcloud])),
    ("update", |client| !is(client, &[Family::Okta, Family::Entra, Family::Authentik, Family::Rfc])),
    ("suspend", |client| is(client, &[Family::Google])),
    ("rename", |client| is(client, &[Family::Google])),
    ("compatibility", |client| is(client, &[Family::Authentik])),
    ("import-action", |client| is(client, &[Family::Keycloak])),
    ("deletion-threshold", |client| is(client, &[Family::Entra])),
    ("rate-limit", |client| is(client, &[Family::Entra])),
    ("skip-out-of-scope-deletions", |client| is(client, &[Family::Entra])),
    ("soft-deletion", |client| is(client, &[Family::Entra])),
];

fn is(client: ClientName, families: &[Family]) -> bool {
    families.contains(&client.family())
}

impl ClientName {
    /// Whether a setting, by its name in files, is one of this client's.
    pub fn has_setting(self, name: &str) -> bool {
        TABLE.iter().any(|(known, has)| *known == name && has(self))
    }

    /// The settings of this client.
    pub fn settings(self) -> impl Iterator<Item = &'static str> {
        TABLE.into_iter().filter(move |(_, has)| has(self)).map(|(name, _)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::idp::Settings;

    #[test]
    fn every_setting_is_somebodys() {
        let schema = schemars::schema_for!(Settings);
        let named: Vec<&str> = schema
            .get("properties")
            .and_then(|all| all.as_object())
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        for name in &named {
            assert!(ClientName::ALL.iter().any(|client| client.has_setting(name)), "{name}");
        }
        assert_eq!(named.len(), TABLE.len());
    }
}
