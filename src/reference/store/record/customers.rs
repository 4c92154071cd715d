//! Customers: the portal-only accounts of a site, however they came to be.

use std::borrow::Cow;

use serde::{Deserialize, Serialize, Serializer};

use super::account::AccountId;
use super::contact::Contact;
use crate::reference::store::changes::{Changed, Delta, Entries};
use crate::reference::store::index::hash;
use crate::reference::store::index::hash_index::HashIndex;
use crate::reference::store::index::id_index::IdIndex;
use crate::reference::store::slots::Slots;

/// A portal-only customer.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Customer {
    /// `qm:<site>:<id>`
    pub(crate) account_id: AccountId,
    /// How the customer is reached and called.
    #[serde(flatten)]
    pub(crate) contact: Contact,
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
    by_account: IdIndex,
    by_email: HashIndex,
}

impl Serialize for Customers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.slots.serialize(serializer)
    }
}

impl From<Slots<Customer>> for Customers {
    fn from(slots: Slots<Customer>) -> Self {
        let numbers = 0..slots.next_number();
        let mut customers = Self { slots, ..Self::default() };
        for slot in numbers {
            customers.note(slot);
        }
        customers
    }
}

impl Customers {
    pub(crate) fn insert(&mut self, customer: Customer) -> u32 {
        let slot = self.slots.insert(customer);
        self.note(slot);
        slot
    }

    /// What has changed since the last call.
    pub(crate) fn take_changes(&mut self) -> Changed {
        self.slots.take_changes()
    }

    /// What has changed as it is now, to be written.
    pub(crate) fn delta(&self, changed: Changed) -> Delta<impl Serialize> {
        self.slots.delta(changed)
    }

    /// Makes up for what has changed.
    pub(crate) fn apply(&mut self, delta: Entries<Customer>) {
        if delta.anew {
            *self = Self::default();
        }
        for (slot, customer) in delta.entries {
            self.forget(slot);
            self.slots.put(slot, customer);
            self.note(slot);
        }
    }

    fn note(&mut self, slot: u32) {
        if let Some(customer) = self.slots.get(slot) {
            let hash = hash::of(&customer.account_id);
            self.by_account.insert(hash, slot, |each| account_hash(&self.slots, each));
            let key = email_key(customer.contact.email());
            self.by_email.insert(&key, slot, |each| email_of(&self.slots, each));
        }
    }

    /// Gives the customer another address, name or time zone.
    pub(crate) fn set_contact(&mut self, slot: u32, contact: Contact) {
        let Some(customer) = self.slots.get_mut(slot).filter(|customer| customer.contact != contact) else {
            return;
        };
        let before = std::mem::replace(&mut customer.contact, contact);
        let (from, to) = (email_key(before.email()), email_key(customer.contact.email()).into_owned());
        if from != to {
            // The record bears the new key by now, and the index looks for the number only.
            self.by_email.remove(&from, slot);
            self.by_email.insert(&to, slot, |each| email_of(&self.slots, each));
        }
    }

    pub(crate) fn remove(&mut self, slot: u32) -> Option<Customer> {
        self.forget(slot);
        self.slots.remove(slot)
    }

    fn forget(&mut self, slot: u32) {
        if let Some(customer) = self.slots.get(slot) {
            self.by_account.remove(hash::of(&customer.account_id), slot);
            self.by_email.remove(&email_key(customer.contact.email()), slot);
        }
    }

    pub(crate) fn get(&self, slot: u32) -> Option<&Customer> {
        self.slots.get(slot)
    }

    /// The customer, to be changed in anything but its account id and its contact.
    pub(crate) fn get_mut(&mut self, slot: u32) -> Option<&mut Customer> {
        self.slots.get_mut(slot)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &Customer)> {
        self.slots.iter()
    }

    pub(crate) fn by_account(&self, account_id: &str) -> Option<u32> {
        let wanted = AccountId::from(account_id);
        let has = |slot| self.slots.get(slot).is_some_and(|customer| customer.account_id == wanted);
        self.by_account.find(hash::of(&wanted), has)
    }

    pub(crate) fn by_email(&self, email: &str) -> impl Iterator<Item = u32> {
        self.by_email.all(&email_key(email), |slot| email_of(&self.slots, slot))
    }
}

fn account_hash(slots: &Slots<Customer>, slot: u32) -> u64 {
    slots.get(slot).map(|customer| hash::of(&customer.account_id)).unwrap_or_default()
}

fn email_of(slots: &Slots<Customer>, slot: u32) -> Cow<'_, str> {
    slots.get(slot).map(|customer| email_key(customer.contact.email())).unwrap_or_default()
}

fn email_key(email: &str) -> Cow<'_, str> {
    if email.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return Cow::from(email);
    }
    Cow::from(email.to_lowercase())
}
