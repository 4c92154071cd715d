//! SCIM users: what the directory has provisioned.

use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use super::index::Index;
use super::slots::Slots;

/// A SCIM User as it was last written, without what the service provider adds when it answers.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct User {
    /// The SCIM id.
    pub(crate) id: String,
    /// The attributes, `schemas` included; no `id`, `meta`, `groups` or `password`.
    pub(crate) attributes: Value,
    /// `meta.created`
    pub(crate) created: Timestamp,
    /// `meta.lastModified`
    pub(crate) modified: Timestamp,
    /// Grows with every change that can be seen.
    pub(crate) version: u64,
    /// The customer that this user provisions.
    pub(crate) customer: u32,
    /// What the user is found by.
    pub(crate) keys: UserKeys,
}

/// What a user is found by, in the form in which it is compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UserKeys {
    /// `userName`
    pub(crate) user_name: String,
    /// The value of the primary element of `emails`.
    pub(crate) email: String,
    /// `externalId`, where there is one.
    pub(crate) external_id: Option<String>,
}

/// All users of a directory.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "Slots<User>")]
pub(crate) struct Users {
    slots: Slots<User>,
    by_id: Index,
    by_user_name: Index,
    by_email: Index,
    by_external_id: Index,
}

impl Serialize for Users {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.slots.serialize(serializer)
    }
}

impl From<Slots<User>> for Users {
    fn from(slots: Slots<User>) -> Self {
        let borne: Vec<(u32, String, UserKeys)> =
            slots.iter().map(|(slot, user)| (slot, user.id.clone(), user.keys.clone())).collect();
        let mut users = Self { slots, ..Self::default() };
        for (slot, id, keys) in borne {
            users.by_id.insert(&id, slot);
            users.note(&keys, slot);
        }
        users
    }
}

impl Users {
    pub(crate) fn insert(&mut self, user: User) -> u32 {
        let id = user.id.clone();
        let keys = user.keys.clone();
        let slot = self.slots.insert(user);
        self.by_id.insert(&id, slot);
        self.note(&keys, slot);
        slot
    }

    /// Replaces what was written, and what the user is found by.
    pub(crate) fn update(&mut self, slot: u32, attributes: Value, keys: &UserKeys, now: Timestamp) {
        let Some(user) = self.slots.get_mut(slot) else {
            return;
        };
        user.attributes = attributes;
        user.modified = now;
        user.version += 1;
        let before = std::mem::replace(&mut user.keys, keys.clone());
        if before != *keys {
            self.forget(&before, slot);
            self.note(keys, slot);
        }
    }

    /// Gives a user another id, which only a defect does.
    pub(crate) fn set_id(&mut self, slot: u32, id: String) {
        if let Some(user) = self.slots.get_mut(slot) {
            self.by_id.remove(&user.id, slot);
            self.by_id.insert(&id, slot);
            user.id = id;
        }
    }

    pub(crate) fn remove(&mut self, slot: u32) -> Option<User> {
        let user = self.slots.remove(slot)?;
        self.by_id.remove(&user.id, slot);
        self.forget(&user.keys, slot);
        Some(user)
    }

    pub(crate) fn get(&self, slot: u32) -> Option<&User> {
        self.slots.get(slot)
    }

    pub(crate) fn get_mut(&mut self, slot: u32) -> Option<&mut User> {
        self.slots.get_mut(slot)
    }

    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &User)> {
        self.slots.iter()
    }

    pub(crate) fn skipping(&self, rank: usize) -> impl Iterator<Item = (u32, &User)> {
        self.slots.skipping(rank)
    }

    pub(crate) fn from(&self, slot: u32) -> impl Iterator<Item = (u32, &User)> {
        self.slots.from(slot)
    }

    pub(crate) fn by_id(&self, id: &str) -> Option<u32> {
        self.by_id.first(id)
    }

    pub(crate) fn by_user_name(&self, key: &str) -> impl Iterator<Item = u32> {
        self.by_user_name.all(key)
    }

    pub(crate) fn user_name_starting_with(&self, prefix: &str) -> impl Iterator<Item = u32> {
        self.by_user_name.starting_with(prefix)
    }

    pub(crate) fn by_email(&self, key: &str) -> impl Iterator<Item = u32> {
        self.by_email.all(key)
    }

    pub(crate) fn by_external_id(&self, key: &str) -> impl Iterator<Item = u32> {
        self.by_external_id.all(key)
    }

    fn note(&mut self, keys: &UserKeys, slot: u32) {
        self.by_user_name.insert(&keys.user_name, slot);
        self.by_email.insert(&keys.email, slot);
        if let Some(external_id) = &keys.external_id {
            self.by_external_id.insert(external_id, slot);
        }
    }

    fn forget(&mut self, keys: &UserKeys, slot: u32) {
        self.by_user_name.remove(&keys.user_name, slot);
        self.by_email.remove(&keys.email, slot);
        if let Some(external_id) = &keys.external_id {
            self.by_external_id.remove(external_id, slot);
        }
    }
}
