//! Groups as organizations: created, adopted, renamed, filled and deleted. Name conflicts are settled here as the site's
//! settings say.
//!
//! May use, of `reference`: `admin`, `defects`, `knobs`, `provisioning/attributes`, `provisioning/refusal`,
//! `provisioning/size`, `site`, `store`.

pub(crate) mod conflict;
pub(crate) mod held;
pub(crate) mod members;
pub(crate) mod patch;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use roaring::RoaringBitmap;
use serde_json::Value;

use super::attributes::stored_value;
use super::refusal::Refusal;
use crate::reference::knobs::{AbsentMembers, DeleteGroup, NestedGroup, StrangeMember, UnknownMember};
use crate::reference::site::Site;
use crate::reference::store::Group;
use crate::scim::error::{ScimError, ScimType};
use crate::scim::kind::ResourceKind;
use crate::scim::resource::attribute;
use crate::scim::resource::put;
use conflict::Arrival;
use members::{MemberError, Named};

impl Site {
    /// Creates a group, and with it an organization, as the conflict setting decides where one of its name exists.
    pub(crate) fn create_group(&mut self, body: &Value, now: Timestamp) -> Result<u32, Refusal> {
        let attributes = stored_value(self, ResourceKind::Group, body)?;
        let name = self.display_name(&attributes)?;
        let members = match attribute::get(body, "members") {
            Some(members) => self
                .members_named(members, self.knobs.unknown_member)
                .map_err(|error| Refusal::Scim(bad_member(error)))?,
            None => Named::default(),
        };
        let arrival = self.arrival(&name)?;
        let key = self.name_key(&name);
        let id = self.ids.uuid();
        let Some(directory) = &mut self.directory else {
            return Err(ScimError::not_found("the directory no longer exists").into());
        };
        let slot = directory.groups.insert(
            &key,
            Group {
                id,
                display_name: name.clone(),
                attributes,
                created: now,
                modified: now,
                version: 1,
                organization: None,
                leftovers: Vec::new(),
                others: members.others,
                displays: members.displays,
                held: arrival == Arrival::Hold,
            },
        );
        let organization = match arrival {
            Arrival::Create => Some(self.add_organization(&name, Some(slot), now)),
            Arrival::Adopt(organization) => {
                self.adopt(organization, slot, &name);
                Some(organization)
            }
            Arrival::KeepOut | Arrival::Hold => None,
        };
        if let Some(group) = self.directory.as_mut().and_then(|directory| directory.groups.get_mut(slot)) {
            group.organization = organization;
        }
        let joined = members.users.len();
        for user in members.users {
            self.join(slot, user);
        }
        self.settle_members(slot, joined);
        Ok(slot)
    }

    /// Replaces a group's attributes and, where the body names them, its members.
    pub(crate) fn replace_group(&mut self, slot: u32, body: &Value, now: Timestamp) -> Result<(), Refusal> {
        let current = self.group_attributes(slot)?;
        let sent = stored_value(self, ResourceKind::Group, body)?;
        let attributes = put::in_place_of(ResourceKind::Group, &current, sent);
        let members = match attribute::get(body, "members") {
            Some(_) if self.defects.at.membership.put_ignored => None,
            Some(members) => Some(self.put_members(members)?),
            None if self.knobs.put_group_absent_members == AbsentMembers::Clear => Some(Named::default()),
            None => None,
        };
        self.write_group_attributes(slot, attributes, now)?;
        if let Some(members) = members {
            self.set_members(slot, &members.users, now);
            self.set_others(slot, members.others, now);
            self.set_displays(slot, members.displays, now);
        }
        Ok(())
    }

    /// Deletes a group; its organization goes or becomes a manual one, as the knob says. Customers stay.
    pub(crate) fn delete_group(&mut self, slot: u32, now: Timestamp) {
        let organization = self.organization_of(slot);
        self.retire_name(slot);
        match (organization, self.knobs.delete_group) {
            (Some(organization), DeleteGroup::DeleteOrg) => self.remove_organization(organization),
            (Some(organization), DeleteGroup::UnlinkOrg) => self.unlink_organization(organization),
            (None, _) => {}
        }
        let Some(name) = self.group_name(slot) else {
            return;
        };
        let key = self.name_key(&name);
        let Some(directory) = &mut self.directory else {
            return;
        };
        for user in directory.memberships.clear(slot) {
            if let Some(user) = directory.users.get_mut(user) {
                user.version += 1;
            }
        }
        let gone = directory.groups.remove(slot, &key);
        if self.knobs.nested_group_member == NestedGroup::Keep
            && let Some(gone) = gone
        {
            let outer: Vec<u32> = directory
                .groups
                .iter()
                .filter(|(_, group)| group.others.contains(&gone.id))
                .map(|(slot, _)| slot)
                .collect();
            for slot in outer {
                if let Some(group) = directory.groups.get_mut(slot) {
                    group.others.remove(&gone.id);
                    group.modified = now;
                    group.version += 1;
                }
            }
        }
    }

    /// The attributes of a group, to be changed.
    pub(crate) fn group_attributes(&self, slot: u32) -> Result<Value, ScimError> {
        self.directory
            .as_ref()
            .and_then(|directory| directory.groups.get(slot))
            .map(|group| group.attributes.clone())
            .ok_or_else(|| ScimError::not_found("the group no longer exists"))
    }

    /// Writes a group's new attributes; a new name becomes the organization's.
    pub(crate) fn write_group_attributes(
        &mut self,
        slot: u32,
        attributes: Value,
        now: Timestamp,
    ) -> Result<(), ScimError> {
        let name = self.display_name(&attributes)?;
        let before =
            self.group_name(slot).ok_or_else(|| ScimError::not_found("the group no longer exists"))?;
        if let Err(taken) = self.check_rename(slot, &before, &name) {
            if self.defects.at.groups.refused_rename_sticks
                && let Some(group) =
                    self.directory.as_mut().and_then(|directory| directory.groups.get_mut(slot))
            {
                group.attributes = attributes;
            }
            return Err(taken);
        }
        if before != name {
            self.retire_name(slot);
        }
        let (from, to) = (self.name_key(&before), self.name_key(&name));
        if let Some(directory) = &mut self.directory {
            if before != name {
                directory.groups.rename(slot, &name, &from, &to);
            }
            if let Some(group) = directory.groups.get_mut(slot)
                && group.attributes != attributes
            {
                group.attributes = attributes;
                group.modified = now;
                group.version += 1;
            }
        }
        if before == name {
            return Ok(());
        }
        if let Some(organization) = self.organization_of(slot) {
            self.rename_organization(organization, &name);
        }
        if self.defects.at.groups.rename_wipes_members {
            self.empty(slot);
        }
        Ok(())
    }

    /// Makes the members exactly these.
    pub(crate) fn set_members(&mut self, slot: u32, wanted: &BTreeSet<u32>, now: Timestamp) {
        let wanted: RoaringBitmap = wanted.iter().collect();
        let current: RoaringBitmap = self
            .directory
            .as_ref()
            .map(|directory| directory.memberships.members_of(slot).collect())
            .unwrap_or_default();
        for user in &current - &wanted {
            self.leave(slot, user);
        }
        let new = &wanted - &current;
        for user in &new {
            self.join(slot, user);
        }
        self.settle_members(slot, usize::try_from(new.len()).unwrap_or(usize::MAX));
        // Who is in the group already may have been taken out of the organization by hand: it is made to match.
        if let Some(organization) = self.organization_of(slot) {
            for user in &wanted & &current {
                if let Some(customer) = self.customer_of(user) {
                    self.belonging.add(organization, customer);
                }
            }
        }
        if current != wanted {
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
            group.version += 1;
        }
    }

    /// Makes the members that are no users exactly these.
    pub(crate) fn set_others(&mut self, slot: u32, others: BTreeSet<String>, now: Timestamp) {
        let group = self.directory.as_mut().and_then(|directory| directory.groups.get_mut(slot));
        if let Some(group) = group
            && group.others != others
        {
            group.others = others;
            self.touch_group(slot, now);
        }
    }

    /// Makes what members are called exactly this.
    pub(crate) fn set_displays(&mut self, slot: u32, displays: BTreeMap<u32, String>, now: Timestamp) {
        let group = self.directory.as_mut().and_then(|directory| directory.groups.get_mut(slot));
        if let Some(group) = group
            && group.displays != displays
        {
            group.displays = displays;
            self.touch_group(slot, now);
        }
    }

    /// Puts members that are no users in (true) or takes them out (false).
    pub(crate) fn change_others(&mut self, slot: u32, changes: BTreeMap<String, bool>, now: Timestamp) {
        let Some(group) = self.directory.as_mut().and_then(|directory| directory.groups.get_mut(slot)) else {
            return;
        };
        let mut changed = false;
        for (id, is_in) in changes {
            changed |= if is_in { group.others.insert(id) } else { group.others.remove(&id) };
        }
        if changed {
            self.touch_group(slot, now);
        }
    }

    /// Changes what some members are called.
    pub(crate) fn change_displays(
        &mut self,
        slot: u32,
        changes: BTreeMap<u32, Option<String>>,
        now: Timestamp,
    ) {
        let Some(group) = self.directory.as_mut().and_then(|directory| directory.groups.get_mut(slot)) else {
            return;
        };
        let mut changed = false;
        for (user, display) in changes {
            let before = match display.clone() {
                Some(display) => group.displays.insert(user, display),
                None => group.displays.remove(&user),
            };
            changed |= before != display;
        }
        if changed {
            self.touch_group(slot, now);
        }
    }

    /// The manual organization becomes the group's: its id stays, its name and its members are the group's.
    pub(super) fn adopt(&mut self, organization: u32, group: u32, name: &str) {
        self.rename_organization(organization, name);
        if let Some(organization) = self.organizations.get_mut(organization) {
            organization.scim_managed = true;
            organization.group = Some(group);
        }
        if self.knobs.adopt_removes_extra_members {
            self.belonging.clear(organization);
        }
    }

    fn put_members(&self, members: &Value) -> Result<Named, Refusal> {
        let rule = match self.knobs.put_group_unknown_member {
            UnknownMember::Bean | UnknownMember::Scim => StrangeMember::Reject,
            UnknownMember::Ignore => StrangeMember::Ignore,
            UnknownMember::Keep => StrangeMember::Keep,
        };
        self.members_named(members, rule).map_err(|error| match error {
            MemberError::Unknown(id) if self.knobs.put_group_unknown_member == UnknownMember::Bean => {
                Refusal::Bean(format!("members reference an unknown user: {id}"))
            }
            error => Refusal::Scim(bad_member(error)),
        })
    }

    /// The name that a group gives its organization: not only space, and no longer than the knob allows.
    fn display_name(&self, attributes: &Value) -> Result<String, ScimError> {
        let invalid = |detail: String| Err(ScimError::bad_request(ScimType::InvalidValue, detail));
        let name = attribute::get(attributes, "displayName").and_then(Value::as_str).unwrap_or_default();
        if name.trim().is_empty() {
            return invalid("displayName is required".to_owned());
        }
        match self.knobs.group_name_max {
            Some(limit) if name.chars().count() > limit => {
                invalid(format!("displayName is longer than {limit} characters"))
            }
            _ => Ok(name.to_owned()),
        }
    }

    /// Whether a group that is about to be created is new.
    pub(crate) fn would_be_new(&self, body: &Value) -> bool {
        let name = attribute::get(body, "displayName").and_then(Value::as_str).unwrap_or_default();
        self.arrival(name) == Ok(Arrival::Create)
    }

    /// Keeps others from the name that a group gives up.
    fn retire_name(&mut self, slot: u32) {
        if self.defects.at.groups.old_name_kept
            && let Some(name) = self.group_name(slot)
        {
            let key = self.name_key(&name);
            self.memory.retired_names.insert(key);
        }
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
