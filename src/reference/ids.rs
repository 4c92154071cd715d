//! Identifiers that are the same in every run of one seed.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::store::AccountId;

/// The id of a site: what Atlassian calls its cloud id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SiteId(Arc<str>);

impl SiteId {
    pub(crate) fn new(id: String) -> Self {
        Self(id.into())
    }

    /// The id as it stands in a path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Sites are found by what stands in a path.
impl Borrow<str> for SiteId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SiteId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// A seeded source of opaque ids.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ids {
    namespace: Uuid,
    given: u64,
}

impl Ids {
    /// A source of its own for each name.
    pub(crate) fn new(seed: u64, name: &str) -> Self {
        let text = format!("reference endpoint, seed {seed}, {name}");
        Self { namespace: Uuid::new_v5(&Uuid::NAMESPACE_OID, text.as_bytes()), given: 0 }
    }

    /// Takes up a source of secrets where it was left: of that one only the count is kept.
    pub(crate) fn resumed(seed: u64, name: &str, given: u64) -> Self {
        Self { given, ..Self::new(seed, name) }
    }

    /// How many were given.
    pub(crate) fn given(&self) -> u64 {
        self.given
    }

    /// The next id: a UUID.
    pub(crate) fn uuid(&mut self) -> String {
        self.next().hyphenated().to_string()
    }

    /// The next id, in the form in which it is kept where there are many.
    pub(crate) fn packed(&mut self) -> Uuid {
        self.next()
    }

    /// The next secret: 64 hexadecimal digits.
    pub(crate) fn secret(&mut self) -> String {
        format!("{}{}", self.next().simple(), self.next().simple())
    }

    /// The next customer's id, `qm:<site>:<24 hexadecimal digits>`, in the form in which it is kept.
    ///
    /// As in a document database's object id, the leading digits grow, so that the order of account ids, in which the
    /// REST API lists members, is the order of creation.
    pub(crate) fn account(&mut self, site: &SiteId) -> AccountId {
        let tail = self.next();
        let id = site.as_str().parse::<Uuid>().ok().filter(|id| {
            *id.hyphenated().encode_lower(&mut [0; uuid::fmt::Hyphenated::LENGTH]) == *site.as_str()
        });
        let (Ok(given), Some(id)) = (u32::try_from(self.given), id) else {
            let tail = tail.simple().to_string();
            let tail = tail.get(..16).unwrap_or_default();
            return AccountId::from(format!("qm:{site}:{:08x}{tail}", self.given).as_str());
        };
        let mut number = [0; 12];
        for (place, byte) in number.iter_mut().zip(given.to_be_bytes().iter().chain(tail.as_bytes())) {
            *place = *byte;
        }
        AccountId::packed(id, number)
    }

    fn next(&mut self) -> Uuid {
        self.given += 1;
        Uuid::new_v5(&self.namespace, &self.given.to_be_bytes())
    }
}

/// The name of a site's source of secrets, which is not that of its ids.
pub(crate) fn secrets_of(site: &str) -> String {
    format!("secrets of {site}")
}

#[cfg(test)]
mod tests {
    use super::{AccountId, Ids, SiteId};

    #[test]
    fn one_seed_gives_the_same_ids_and_another_seed_others() {
        let take = |seed| {
            let mut ids = Ids::new(seed, "site");
            [ids.uuid(), ids.secret(), ids.uuid()]
        };
        assert_eq!(take(1), take(1));
        assert_ne!(take(1), take(2));
    }

    #[test]
    fn account_ids_grow() {
        let mut ids = Ids::new(0, "site");
        let site = SiteId::new("s".to_owned());
        let accounts: Vec<_> = (0..300).map(|_| ids.account(&site).to_string()).collect();
        assert!(accounts.is_sorted());
    }

    #[test]
    fn an_account_id_is_the_same_in_either_form() {
        let site = SiteId::new(Ids::new(0, "site").uuid());
        let other = SiteId::new(site.to_string().to_uppercase());
        let take = |site| Ids::new(0, "customers").account(site);
        let (usual, spelled) = (take(&site), take(&other));
        assert_eq!(usual, AccountId::from(usual.to_string().as_str()));
        assert_eq!(usual.to_string().rsplit(':').next(), spelled.to_string().rsplit(':').next());
        assert!(spelled.to_string().contains(other.as_str()));
    }
}
