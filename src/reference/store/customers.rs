//! Customers: the portal-only accounts of a site, however they came to be.

use serde::{Deserialize, Serialize, Serializer};

use super::index::Index;
use super::slots::Slots;

/// A portal-only customer.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Customer {
    /// `qm:<site>:<id>`
    pub(crate) account_id: String,
    /// The one e-mail address.
    pub(crate) email: String,
    /// The name that people see.
    pub(crate) display_name: String,
    /// The time zone of the profile, where one was given.
    pub(crate) time_zone: Option<String>,
    /// What the directory last said; true for a customer made by hand.
    pub(crate) enabled: bool,
    /// Whether an administrator took the portal access away.
    pub(crate) revoked: bool,
    /// The SCIM user that provisions this customer; none for one made by hand.
    pub(crate) user: Option<u32>,
}

impl Customer {
    /// Whether the customer may use the portal.
    pub(crate) fn active(&self) -> bool {
        self.enabled && !self.revoked
    }
}

/// All customers of a site.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "Slots<Customer>")]
pub(crate) struct Customers {
    slots: Slots<Customer>,
    by_account: Index,
    by_email: Index,
}

impl Serialize for Customers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.slots.serialize(serializer)
    }
}

impl From<Slots<Customer>> for Customers {
    fn from(slots: Slots<Customer>) -> Self {
        let (mut by_account, mut by_email) = (Index::default(), Index::default());
        for (slot, customer) in slots.iter() {
            by_account.insert(&customer.account_id, slot);
            by_email.insert(&email_key(&customer.email), slot);
        }
        Self { slots, by_account, by_email }
    }
}

impl Customers {
    pub(crate) fn insert(&mut self, customer: Customer) -> u32 {
        let account = customer.account_id.clone();
        let key = email_key(&customer.email);
        let slot = self.slots.insert(customer);
        self.by_account.insert(&account, slot);
        self.by_email.insert(&key, slot);
        slot
    }

    /// Gives the customer another address.
    pub(crate) fn set_email(&mut self, slot: u32, email: &str) {
        let Some(customer) = self.slots.get_mut(slot) else {
            return;
        };
        let before = email_key(&std::mem::replace(&mut customer.email, email.to_owned()));
        self.by_email.remove(&before, slot);
        self.by_email.insert(&email_key(email), slot);
    }

    pub(crate) fn remove(&mut self, slot: u32) -> Option<Customer> {
        let customer = self.slots.remove(slot)?;
        self.by_account.remove(&customer.account_id, slot);
        self.by_email.remove(&email_key(&customer.email), slot);
        Some(customer)
    }

    pub(crate) fn get(&self, slot: u32) -> Option<&Customer> {
        self.slots.get(slot)
    }

    pub(crate) fn get_mut(&mut self, slot: u32) -> Option<&mut Customer> {
        self.slots.get_mut(slot)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &Customer)> {
        self.slots.iter()
    }

    pub(crate) fn by_account(&self, account_id: &str) -> Option<u32> {
        self.by_account.first(account_id)
    }

    pub(crate) fn by_email(&self, email: &str) -> impl Iterator<Item = u32> {
        self.by_email.all(&email_key(email))
    }
}

fn email_key(email: &str) -> String {
    email.to_lowercase()
}
