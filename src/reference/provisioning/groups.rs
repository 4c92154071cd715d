//! Groups become organizations: created, adopted, renamed, replaced, deleted.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value;

use super::attributes::stored;
use super::conflict::Arrival;
use super::leniency;
use super::members::MemberError;
use super::refusal::Refusal;
use crate::reference::defects::Defect;
use crate::reference::knobs::{AbsentMembers, DeleteGroup, UnknownMember};
use crate::reference::site::Site;
use crate::reference::store::Group;
use crate::scim::attribute;
use crate::scim::error::{ScimError, ScimType};
use crate::scim::kind::ResourceKind;
use crate::scim::put;

/// The longest name of an organization (fact sheet "jsm-customer-provisioning" §1.5).
pub(crate) const NAME_LIMIT: usize = 200;

impl Site {
    /// Creates a group, and with it an organization, as the conflict setting decides where one of its name exists.
    pub(crate) fn create_group(&mut self, body: &Value, now: Timestamp) -> Result<u32, Refusal> {
        let attributes = stored(ResourceKind::Group, body, &leniency())?;
        let name = display_name(&attributes)?;
        let members = match attribute::get(body, "members") {
            Some(members) => self.users_named(members).map_err(|error| Refusal::Scim(bad_member(error)))?,
            None => BTreeSet::new(),
        };
        let arrival = self.arrival(&name)?;
        let key = self.name_key(&name);
        let id = self.ids.uuid();
        let Some(directory) = &mut self.directory else {
            return Err(ScimError::not_found("the directory is gone").into());
        };
        let slot = directory.groups.insert(
            &key,
            Group {
                id,
                display_name: name.clone(),
                attributes,
                created: now,
                modified: now,
                organization: None,
                leftovers: Vec::new(),
            },
        );
        let organization = match arrival {
            Arrival::Create => Some(self.add_organization(&name, Some(slot), now)),
            Arrival::Adopt(organization) => {
                self.adopt(organization, slot, &name);
                Some(organization)
            }
            Arrival::KeepOut => None,
        };
        if let Some(group) = self.directory.as_mut().and_then(|directory| directory.groups.get_mut(slot)) {
            group.organization = organization;
        }
        for user in members {
            self.join(slot, user);
        }
        Ok(slot)
    }

    /// Replaces a group's attributes and, where the body names them, its members.
    pub(crate) fn replace_group(&mut self, slot: u32, body: &Value, now: Timestamp) -> Result<(), Refusal> {
        let current = self.group_attributes(slot)?;
        let sent = stored(ResourceKind::Group, body, &leniency())?;
        let attributes = put::replace(ResourceKind::Group, &current, &sent, &leniency())?;
        let members = match attribute::get(body, "members") {
            Some(members) => Some(self.put_members(members)?),
            None if self.knobs.put_group_absent_members == AbsentMembers::Clear => Some(BTreeSet::new()),
            None => None,
        };
        self.write_group_attributes(slot, attributes, now)?;
        if let Some(members) = members {
            self.set_members(slot, &members, now);
        }
        Ok(())
    }

    /// Deletes a group; its organization goes or becomes a manual one, as the knob says. Customers stay.
    pub(crate) fn delete_group(&mut self, slot: u32) {
        let organization = self.organization_of(slot);
        match (organization, self.knobs.delete_group) {
            (Some(organization), DeleteGroup::DeleteOrg) => self.remove_organization(organization),
            (Some(organization), DeleteGroup::UnlinkOrg) => self.unlink_organization(organization),
            (None, _) => {}
        }
        let Some(name) = self.group_name(slot) else {
            return;
        };
        let key = self.name_key(&name);
        if let Some(directory) = &mut self.directory {
            directory.memberships.clear(slot);
            directory.groups.remove(slot, &key);
        }
    }

    /// The attributes of a group, to be changed.
    pub(crate) fn group_attributes(&self, slot: u32) -> Result<Value, ScimError> {
        self.directory
            .as_ref()
            .and_then(|directory| directory.groups.get(slot))
            .map(|group| group.attributes.clone())
            .ok_or_else(|| ScimError::not_found("the group is gone"))
    }

    /// Writes a group's new attributes; a new name becomes the organization's.
    pub(crate) fn write_group_attributes(
        &mut self,
        slot: u32,
        attributes: Value,
        now: Timestamp,
    ) -> Result<(), ScimError> {
        let name = display_name(&attributes)?;
        let before = self.group_name(slot).ok_or_else(|| ScimError::not_found("the group is gone"))?;
        self.check_rename(slot, &before, &name)?;
        let (from, to) = (self.name_key(&before), self.name_key(&name));
        if let Some(directory) = &mut self.directory {
            directory.groups.rename(slot, &from, &to);
            if let Some(group) = directory.groups.get_mut(slot)
                && group.attributes != attributes
            {
                group.display_name.clone_from(&name);
                group.attributes = attributes;
                group.modified = now;
            }
        }
        if before == name {
            return Ok(());
        }
        if let Some(organization) = self.organization_of(slot) {
            self.rename_organization(organization, &name);
        }
        if self.defects.has(Defect::RenameWipesMembers) {
            self.empty(slot);
        }
        Ok(())
    }

    /// Makes the members exactly these.
    pub(crate) fn set_members(&mut self, slot: u32, wanted: &BTreeSet<u32>, now: Timestamp) {
        let current: BTreeSet<u32> = self
            .directory
            .as_ref()
            .map(|directory| directory.memberships.members_of(slot).collect())
            .unwrap_or_default();
        for &user in current.difference(wanted) {
            self.leave(slot, user);
        }
        for &user in wanted.difference(&current) {
            self.join(slot, user);
        }
        // Who is in the group already may have been taken out of the organization by hand: it is made to match.
        for &user in wanted.intersection(&current) {
            if let (Some(organization), Some(customer)) = (self.organization_of(slot), self.customer_of(user))
            {
                self.belonging.add(organization, customer);
            }
        }
        if current != *wanted {
            self.touch_group(slot, now);
        }
        if let Some(group) = self.directory.as_mut().and_then(|directory| directory.groups.get_mut(slot)) {
            group.leftovers.clear();
        }
    }

    /// Notes that a group has changed.
    pub(crate) fn touch_group(&mut self, slot: u32, now: Timestamp) {
        if let Some(group) = self.directory.as_mut().and_then(|directory| directory.groups.get_mut(slot)) {
            group.modified = now;
        }
    }

    /// The manual organization becomes the group's: its id stays, its name and its members are the group's.
    fn adopt(&mut self, organization: u32, group: u32, name: &str) {
        self.rename_organization(organization, name);
        if let Some(organization) = self.organizations.get_mut(organization) {
            organization.scim_managed = true;
            organization.group = Some(group);
        }
        if self.knobs.adopt_removes_extra_members {
            self.belonging.clear(organization);
        }
    }

    fn put_members(&self, members: &Value) -> Result<BTreeSet<u32>, Refusal> {
        match (self.users_named(members), self.knobs.put_group_unknown_member) {
            (Ok(users), _) => Ok(users),
            (Err(MemberError::Unknown(id)), UnknownMember::Bean) => {
                Err(Refusal::Bean(format!("members reference an unknown user: {id}")))
            }
            (Err(MemberError::Unknown(_)), UnknownMember::Ignore) => Ok(self.known_users_named(members)),
            (Err(error), _) => Err(Refusal::Scim(bad_member(error))),
        }
    }

    fn known_users_named(&self, members: &Value) -> BTreeSet<u32> {
        super::members::ids(members)
            .unwrap_or_default()
            .into_iter()
            .filter_map(|id| self.user_with_id(id))
            .collect()
    }

    fn group_name(&self, slot: u32) -> Option<String> {
        Some(self.directory.as_ref()?.groups.get(slot)?.display_name.clone())
    }
}

fn bad_member(error: MemberError) -> ScimError {
    match error {
        MemberError::Unknown(id) => {
            ScimError::bad_request(ScimType::InvalidValue, format!("member {id} does not exist"))
        }
        MemberError::Invalid(error) => error,
    }
}

/// The name that a group gives its organization: 1 to 200 characters, and not only space.
fn display_name(attributes: &Value) -> Result<String, ScimError> {
    let name = attribute::get(attributes, "displayName").and_then(Value::as_str).unwrap_or_default();
    if name.trim().is_empty() {
        return Err(ScimError::bad_request(ScimType::InvalidValue, "displayName is required"));
    }
    if name.chars().count() > NAME_LIMIT {
        return Err(ScimError::bad_request(
            ScimType::InvalidValue,
            format!("displayName is longer than {NAME_LIMIT} characters"),
        ));
    }
    Ok(name.to_owned())
}
