//! Users as customers: created, linked, changed, deactivated. A user's attributes are kept as they were sent, and the
//! customer's profile is derived from them.
//!
//! May use, of `reference`: `defects`, `knobs`, `provisioning/attributes`, `provisioning/refusal`, `provisioning/sent`,
//! `provisioning/size`, `site`, `store`.

pub(crate) mod patch;
pub(crate) mod profile;

use jiff::Timestamp;
use serde_json::Value;

use super::attributes::{Attributes as _, Stored, as_sent, stored};
use super::refusal::already_exists;
use super::sent::Sent;
use crate::reference::knobs::{DeleteUser, ManualRevoke, UniqueAttribute};
use crate::reference::site::Site;
use crate::reference::store::{Contact, Document, User, UserKeys};
use crate::scim::error::{ScimError, ScimType};
use crate::scim::json::Json;
use crate::scim::kind::ResourceKind;
use crate::scim::resource::attribute;
use crate::scim::resource::put;
use profile::Profile;

impl Site {
    /// Creates a user, and with it a customer, unless a customer made by hand has the address: that one is linked, and keeps
    /// its account id and its manual memberships.
    pub(crate) fn create_user(&mut self, body: &Sent<'_>, now: Timestamp) -> Result<u32, ScimError> {
        if let Some(attributes) = body.borrowed().and_then(|body| as_sent(self, ResourceKind::User, body)) {
            return self.enter_user(attributes, body, now);
        }
        let value = body.value();
        let attributes = stored(self, ResourceKind::User, &value)?;
        self.enter_user(attributes, body, now)
    }

    fn enter_user<J: Json>(
        &mut self,
        mut attributes: Stored<'_, J>,
        body: &Sent<'_>,
        now: Timestamp,
    ) -> Result<u32, ScimError> {
        if attributes.attribute("active").is_none() {
            attributes.set("active", true.into());
        }
        let profile = Profile::read(&attributes, &self.knobs)?;
        let keys = self.keys_of(&profile);
        if let Err(taken) = self.check_unique(&profile, &keys, None) {
            return match self.bearer_of(&profile).filter(|_| self.defects.at.users.duplicate_taken_over) {
                Some(bearer) => self.replace_user(bearer, body, now).map(|()| bearer),
                None => Err(taken),
            };
        }
        self.check_limit()?;
        let linked = self
            .customers
            .by_email(&profile.email)
            .find(|slot| self.customers.get(*slot).is_some_and(|customer| customer.user.is_none()))
            .filter(|_| !self.defects.at.users.customer_not_linked);
        if let Some(linked) = linked.filter(|_| self.defects.at.users.linking_empties_customer) {
            self.belonging.withdraw(linked);
        }
        let customer = linked.unwrap_or_else(|| self.add_customer(&profile.email, &profile.display_name));
        let user = User {
            id: self.ids.packed(),
            attributes: attributes.document(keys.as_deref()),
            created: now.into(),
            modified: now.into(),
            version: 1,
            customer,
        };
        let Some(directory) = &mut self.directory else {
            return Err(ScimError::not_found("the directory no longer exists"));
        };
        let slot = directory.users.insert(user);
        self.project(slot, &profile);
        Ok(slot)
    }

    /// Replaces a user's attributes; what the body leaves out is cleared, but `active` stays as it was.
    pub(crate) fn replace_user(
        &mut self,
        slot: u32,
        body: &Sent<'_>,
        now: Timestamp,
    ) -> Result<(), ScimError> {
        let as_sent = body.borrowed().and_then(|body| as_sent(self, ResourceKind::User, body));
        if let Some(attributes) = as_sent.filter(|attributes| attributes.attribute("active").is_some()) {
            return self.write_user(slot, attributes, now);
        }
        let value = body.value();
        let mut attributes = stored(self, ResourceKind::User, &value)?;
        // Of a user nothing is kept but `active`: what clients cannot write is never stored.
        let is_active_said = attributes.attribute("active").is_some();
        if !is_active_said {
            let current = self.user_attributes(slot)?.value();
            attributes = put::in_place_of(ResourceKind::User, &current, attributes.into_value()).into();
            let active = attribute::get(&current, "active").cloned().unwrap_or(Value::Bool(true));
            attributes.set("active", active);
        }
        self.write_user(slot, attributes, now)?;
        if self.defects.at.users.put_drops_memberships {
            self.leave_all_groups(slot, now);
        }
        Ok(())
    }

    /// Deletes a user: the customer loses its link, its synced organizations and its portal access, and stays; a later
    /// creation with the same address links it again under a new id.
    pub(crate) fn delete_user(&mut self, slot: u32, now: Timestamp) {
        self.leave_all_groups(slot, now);
        let Some(user) = self.directory.as_mut().and_then(|directory| directory.users.remove(slot)) else {
            return;
        };
        match self.knobs.delete_user {
            DeleteUser::DeactivateUnlink => {
                if let Some(customer) = self.customers.get_mut(user.customer) {
                    customer.user = None;
                    customer.enabled = false;
                }
            }
            DeleteUser::HardDelete => {
                self.belonging.withdraw(user.customer);
                self.customers.remove(user.customer);
            }
        }
    }

    /// Deactivates a user who was to be deleted: what a defect takes a deletion for.
    pub(crate) fn switch_off(&mut self, slot: u32, now: Timestamp) {
        if let Ok(mut attributes) = self.user_attributes(slot).map(Document::value) {
            attribute::set(&mut attributes, "active", Value::Bool(false));
            // It can only fail on what was stored before.
            let _ = self.write_user(slot, Stored::of(&attributes), now);
        }
    }

    /// Makes a user what it was, whatever has happened since.
    pub(crate) fn restore_user(&mut self, slot: u32, attributes: &Value, now: Timestamp) {
        let _ = self.write_user(slot, Stored::of(attributes), now);
    }

    /// Whether nobody has the names of a user that is about to be created.
    pub(crate) fn would_be_unique(&self, body: &Value) -> bool {
        Profile::read(body, &self.knobs)
            .is_ok_and(|profile| self.check_unique(&profile, &self.keys_of(&profile), None).is_ok())
    }

    /// The user who has that login name.
    fn bearer_of(&self, profile: &Profile) -> Option<u32> {
        let key = self.user_key(&profile.user_name);
        self.directory.as_ref()?.users.by_user_name(&key).next()
    }

    pub(super) fn user_attributes(&self, slot: u32) -> Result<&Document, ScimError> {
        self.directory
            .as_ref()
            .and_then(|directory| directory.users.get(slot))
            .map(|user| &user.attributes)
            .ok_or_else(|| ScimError::not_found("the user no longer exists"))
    }

    /// Writes a user's new attributes and carries them over to the customer.
    pub(super) fn write_user<J: Json>(
        &mut self,
        slot: u32,
        mut attributes: Stored<'_, J>,
        now: Timestamp,
    ) -> Result<(), ScimError> {
        if self.defects.at.users.reactivation_ignored && !self.is_active(slot) {
            attributes.set("active", false.into());
        }
        let profile = Profile::read(&attributes, &self.knobs)?;
        let keys = self.keys_of(&profile);
        if let Err(taken) = self.check_unique(&profile, &keys, Some(slot)) {
            if self.defects.at.users.refused_change_sticks
                && let Some(directory) = &mut self.directory
                && let Some(user) = directory.users.get_mut(slot)
            {
                // It is found as it was.
                let keys = user.attributes.keys().to_owned();
                user.attributes = attributes.document(keys.as_deref());
            }
            return Err(taken);
        }
        let at = self.defects.at.users;
        let renamed = (at.rename_refused || at.rename_changes_id)
            && (self.directory.as_ref())
                .and_then(|directory| directory.users.get(slot))
                .is_some_and(|user| user.attributes.keys().user_name != keys.user_name);
        if renamed && at.rename_refused {
            return Err(ScimError::bad_request(ScimType::Mutability, "userName cannot be changed"));
        }
        if renamed && at.rename_changes_id {
            let id = self.ids.packed();
            if let Some(directory) = &mut self.directory {
                directory.users.set_id(slot, id);
            }
        }
        let attributes = attributes.document(keys.as_deref());
        let Some(directory) = &mut self.directory else {
            return Err(ScimError::not_found("the directory no longer exists"));
        };
        let Some(user) = directory.users.get(slot) else {
            return Err(ScimError::not_found("the user no longer exists"));
        };
        let moved = user.attributes.keys().email != keys.email;
        if !user.attributes.same_as(&attributes) {
            directory.users.update(slot, attributes, now);
        }
        if moved && self.knobs.email_change_unlinks {
            self.unlink_customer(slot, &profile, now);
        }
        self.project(slot, &profile);
        if !profile.active {
            if !self.knobs.deactivate_keeps_memberships {
                self.leave_all_groups(slot, now);
            }
            if self.defects.at.users.deactivating_deletes {
                self.delete_user(slot, now);
            }
        }
        Ok(())
    }

    fn is_active(&self, slot: u32) -> bool {
        let user = self.directory.as_ref().and_then(|directory| directory.users.get(slot));
        let active =
            user.and_then(|user| attribute::get(&user.attributes.value(), "active").and_then(Value::as_bool));
        active != Some(false)
    }

    /// Carries a user's profile over to its customer.
    fn project(&mut self, slot: u32, profile: &Profile) {
        let Some(customer_slot) = self.customer_of(slot) else {
            return;
        };
        let stays_active = self.defects.at.users.deactivating_stays_in_scim;
        let contact = Contact::new(&profile.email, &profile.display_name, profile.time_zone.as_deref());
        self.customers.set_contact(customer_slot, contact);
        let lifted = self.knobs.manual_revoke == ManualRevoke::Lifted && profile.active;
        if let Some(customer) = self.customers.get_mut(customer_slot) {
            customer.user = Some(slot);
            customer.enabled = profile.active || stays_active;
            if lifted {
                customer.revoked = false;
            }
        }
    }

    /// What a new address does where it makes a new customer: the old account stays behind, and so do the memberships.
    fn unlink_customer(&mut self, slot: u32, profile: &Profile, now: Timestamp) {
        self.leave_all_groups(slot, now);
        if let Some(old) = self.customer_of(slot).and_then(|old| self.customers.get_mut(old)) {
            old.user = None;
        }
        let customer = self.add_customer(&profile.email, &profile.display_name);
        if let Some(user) = self.directory.as_mut().and_then(|directory| directory.users.get_mut(slot)) {
            user.customer = customer;
        }
    }

    fn keys_of(&self, profile: &Profile) -> UserKeys<String> {
        let (user_name, email) = (self.user_key(&profile.user_name), self.user_key(&profile.email));
        UserKeys { user_name, email, external_id: profile.external_id.clone() }
    }

    /// Refuses what another user bears; for a user that is there, also the address of any other customer.
    fn check_unique(
        &self,
        profile: &Profile,
        keys: &UserKeys<String>,
        own: Option<u32>,
    ) -> Result<(), ScimError> {
        let Some(directory) = self.directory.as_ref().filter(|_| !self.memory.unchecked) else {
            return Ok(());
        };
        let unique = |attribute| self.knobs.uniqueness.contains(&attribute);
        let other = |slot: u32| Some(slot) != own;
        if unique(UniqueAttribute::Email) {
            let of_another_user = directory.users.by_email(&keys.email).any(other);
            let own_customer = own.and_then(|slot| self.customer_of(slot));
            let of_another_customer = own_customer.is_some()
                && !self.defects.at.names.user_case_matters
                && self.customers.by_email(&profile.email).any(|slot| Some(slot) != own_customer);
            if of_another_user || of_another_customer {
                return Err(already_exists("USER", "email", &profile.email));
            }
        }
        if unique(UniqueAttribute::UserName) && directory.users.by_user_name(&keys.user_name).any(other) {
            return Err(already_exists("USER", "userName", &profile.user_name));
        }
        if unique(UniqueAttribute::ExternalId)
            && let Some(external_id) = &keys.external_id
            && directory.users.by_external_id(external_id).any(other)
        {
            return Err(already_exists("USER", "externalId", external_id));
        }
        Ok(())
    }

    fn check_limit(&self) -> Result<(), ScimError> {
        let users = self.directory.as_ref().map_or(0, |directory| directory.users.len());
        match self.knobs.user_limit {
            Some(limit) if users >= limit => Err(ScimError::bad_request(
                ScimType::TooMany,
                format!("the directory is limited to {limit} users"),
            )),
            _ => Ok(()),
        }
    }
}
