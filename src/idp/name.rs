//! Families and clients by name. [`providers`](super::providers) has the table that they are read from.

use std::fmt;

pub use super::providers::{ClientName, Family};
use super::row::{Knowledge, Plays, StandsFor};

impl Family {
    /// Its name in files and reports.
    pub fn as_str(self) -> &'static str {
        self.row().name
    }

    /// Whether it is a provider. The clients of any other family play what the RFCs ask for, and decide nothing about a
    /// provider.
    pub fn is_provider(self) -> bool {
        self.row().habits.stands_for == StandsFor::Provider
    }

    /// The clients that its name stands for.
    pub fn clients(self) -> impl Iterator<Item = ClientName> {
        ClientName::ALL
            .into_iter()
            .filter(move |client| client.family() == self && client.row().plays != Plays::ByName)
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl ClientName {
    /// Its name in files, flags and reports.
    pub fn as_str(self) -> &'static str {
        self.row().name
    }

    /// Whether it sends a person's attribute when it has a value, with the provider's default mappings. Google's
    /// capture ends after the basic ones; Okta's generic app and Entra map more.
    pub fn sends(self, attribute: &str) -> bool {
        self.habits().sends.contains(&attribute)
    }

    /// Whether it plays every scenario of its family. The others play where a scenario or `--idp` names them.
    pub fn is_played_by_default(self) -> bool {
        self.row().plays == Plays::ByDefault
    }

    /// How far its behaviour is known.
    pub fn knowledge(self) -> Knowledge {
        self.row().knowledge
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_written_by_its_name() {
        for family in Family::ALL {
            assert_eq!(serde_json::to_value(family).unwrap(), family.as_str());
        }
    }

    #[test]
    fn a_family_stands_for_its_clients_but_for_those_that_play_by_name() {
        let okta = ClientName::select("okta").unwrap();
        assert_eq!(okta, [ClientName::OktaOin, ClientName::OktaAiw]);
        assert_eq!(ClientName::select("okta-oin-userpatch").unwrap(), [ClientName::OktaOinUserpatch]);
        assert_eq!(ClientName::select("entra").unwrap(), [ClientName::Entra, ClientName::EntraScim2]);
        assert_eq!(ClientName::select("octa"), None);
    }
}
