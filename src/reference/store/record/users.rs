//! SCIM users: what the directory has provisioned.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use uuid::Uuid;

use crate::reference::store::changes::{Changed, Delta, Entries};
use crate::reference::store::document::Document;
use crate::reference::store::index::hash;
use crate::reference::store::index::hash_index::HashIndex;
use crate::reference::store::index::id_index::IdIndex;
use crate::reference::store::moment::Moment;
use crate::reference::store::slots::Slots;
use crate::reference::store::user_keys::UserKeys;

/// A SCIM User as it was last written, without what the service provider adds when it answers.
#[derive(Debug)]
pub(crate) struct User {
    /// The SCIM id.
    pub(crate) id: Uuid,
    /// The attributes, `schemas` included, and what the user is found by; no `id`, `meta`, `groups` or `password`.
    pub(crate) attributes: Document,
    /// `meta.created`
    pub(crate) created: Moment,
    /// `meta.lastModified`
    pub(crate) modified: Moment,
    /// Grows with every change that can be seen.
    pub(crate) version: u64,
    /// The customer that this user provisions.
    pub(crate) customer: u32,
}

/// A user as it is written.
#[derive(Serialize, Deserialize)]
#[serde(rename = "User")]
struct Written<A, T> {
    id: Uuid,
    attributes: A,
    created: Moment,
    modified: Moment,
    version: u64,
    customer: u32,
    keys: UserKeys<T>,
}

impl Serialize for User {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let User { id, created, modified, version, customer, .. } = *self;
        let (attributes, keys) = (&self.attributes, self.attributes.keys());
        Written { id, attributes, created, modified, version, customer, keys }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for User {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Written { id, attributes, created, modified, version, customer, keys } =
            Written::<Value, String>::deserialize(deserializer)?;
        let attributes = Document::of(&attributes, keys.as_deref());
        Ok(Self { id, attributes, created, modified, version, customer })
    }
}

/// All users of a directory.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "Slots<User>")]
pub(crate) struct Users {
    slots: Slots<User>,
    by_id: IdIndex,
    by_user_name: HashIndex,
    by_email: HashIndex,
    by_external_id: HashIndex,
}

impl Serialize for Users {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.slots.serialize(serializer)
    }
}

impl From<Slots<User>> for Users {
    fn from(slots: Slots<User>) -> Self {
        let numbers = 0..slots.next_number();
        let mut users = Self { slots, ..Self::default() };
        for slot in numbers {
            users.note(slot);
        }
        users
    }
}

impl Users {
    pub(crate) fn insert(&mut self, user: User) -> u32 {
        let slot = self.slots.insert(user);
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
    pub(crate) fn apply(&mut self, delta: Entries<User>) {
        if delta.anew {
            *self = Self::default();
        }
        for (slot, user) in delta.entries {
            self.forget(slot);
            self.slots.put(slot, user);
            self.note(slot);
        }
    }

    /// Replaces what was written, and what the user is found by.
    pub(crate) fn update(&mut self, slot: u32, attributes: Document, now: Timestamp) {
        let rekeyed = self.slots.get(slot).is_some_and(|user| user.attributes.keys() != attributes.keys());
        if rekeyed {
            self.forget_keys(slot);
        }
        if let Some(user) = self.slots.get_mut(slot) {
            user.attributes = attributes;
            user.modified = now.into();
            user.version += 1;
        }
        if rekeyed {
            self.note_keys(slot);
        }
    }

    /// Gives a user another id, which only a defect does.
    pub(crate) fn set_id(&mut self, slot: u32, id: Uuid) {
        let Some(user) = self.slots.get_mut(slot) else {
            return;
        };
        let before = std::mem::replace(&mut user.id, id);
        self.by_id.remove(hash::of(&before), slot);
        self.by_id.insert(hash::of(&id), slot, |each| id_hash(&self.slots, each));
    }

    pub(crate) fn remove(&mut self, slot: u32) -> Option<User> {
        self.forget(slot);
        self.slots.remove(slot)
    }

    pub(crate) fn get(&self, slot: u32) -> Option<&User> {
        self.slots.get(slot)
    }

    /// The user, to be changed in anything but its id, its attributes and its keys.
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
        let wanted: Uuid = id.parse().ok()?;
        // There are other ways to write a UUID, and they are other ids.
        if *wanted.hyphenated().encode_lower(&mut [0; uuid::fmt::Hyphenated::LENGTH]) != *id {
            return None;
        }
        self.by_id.find(hash::of(&wanted), |slot| self.slots.get(slot).is_some_and(|user| user.id == wanted))
    }

    pub(crate) fn by_user_name(&self, key: &str) -> impl Iterator<Item = u32> {
        self.by_user_name.all(key, |slot| key_of(&self.slots, slot, user_name))
    }

    /// All whose user name begins with `prefix`, by user name. It looks at everybody, for only a defect asks.
    pub(crate) fn user_name_starting_with(&self, prefix: &str) -> impl Iterator<Item = u32> {
        let mut found: Vec<(&str, u32)> = self
            .iter()
            .map(|(slot, user)| (user.attributes.keys().user_name, slot))
            .filter(|(name, _)| name.starts_with(prefix))
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, slot)| slot)
    }

    pub(crate) fn by_email(&self, key: &str) -> impl Iterator<Item = u32> {
        self.by_email.all(key, |slot| key_of(&self.slots, slot, email))
    }

    pub(crate) fn by_external_id(&self, key: &str) -> impl Iterator<Item = u32> {
        self.by_external_id.all(key, |slot| key_of(&self.slots, slot, external_id))
    }

    fn forget(&mut self, slot: u32) {
        if let Some(user) = self.slots.get(slot) {
            self.by_id.remove(hash::of(&user.id), slot);
            self.forget_keys(slot);
        }
    }

    fn note(&mut self, slot: u32) {
        if let Some(user) = self.slots.get(slot) {
            self.by_id.insert(hash::of(&user.id), slot, |each| id_hash(&self.slots, each));
            self.note_keys(slot);
        }
    }

    fn note_keys(&mut self, slot: u32) {
        let Some(user) = self.slots.get(slot) else {
            return;
        };
        let (slots, keys) = (&self.slots, user.attributes.keys());
        self.by_user_name.insert(keys.user_name, slot, |each| key_of(slots, each, user_name));
        self.by_email.insert(keys.email, slot, |each| key_of(slots, each, email));
        if let Some(own) = keys.external_id {
            self.by_external_id.insert(own, slot, |each| key_of(slots, each, external_id));
        }
    }

    fn forget_keys(&mut self, slot: u32) {
        let Some(user) = self.slots.get(slot) else {
            return;
        };
        let keys = user.attributes.keys();
        self.by_user_name.remove(keys.user_name, slot);
        self.by_email.remove(keys.email, slot);
        if let Some(external_id) = keys.external_id {
            self.by_external_id.remove(external_id, slot);
        }
    }
}

fn id_hash(slots: &Slots<User>, slot: u32) -> u64 {
    slots.get(slot).map(|user| hash::of(&user.id)).unwrap_or_default()
}

fn key_of<'a>(slots: &'a Slots<User>, slot: u32, key: impl Fn(UserKeys<&'a str>) -> &'a str) -> Cow<'a, str> {
    slots.get(slot).map(|user| Cow::from(key(user.attributes.keys()))).unwrap_or_default()
}

fn user_name(keys: UserKeys<&str>) -> &str {
    keys.user_name
}

fn email(keys: UserKeys<&str>) -> &str {
    keys.email
}

fn external_id(keys: UserKeys<&str>) -> &str {
    keys.external_id.unwrap_or_default()
}
