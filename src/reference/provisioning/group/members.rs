//! Group members: how a client names them, and what joining and leaving does to the organization.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::Value;

use crate::reference::knobs::{MemberDisplay, NestedGroup, Reading, StrangeMember};
use crate::reference::site::Site;
use crate::scim::error::{ScimError, ScimType};
use crate::scim::resource::attribute;

/// Why a list of members was not taken.
#[derive(Debug)]
pub(crate) enum MemberError {
    /// No user has that id.
    Unknown(String),
    /// The list cannot be read, or what it names cannot be a member.
    Invalid(ScimError),
}

/// Whom a list of members names.
#[derive(Debug, Default)]
pub(crate) struct Named {
    /// The users.
    pub(crate) users: BTreeSet<u32>,
    /// The ids of the others, where the knobs keep them.
    pub(crate) others: BTreeSet<String>,
    /// What the client calls users, where the knob keeps it.
    pub(crate) displays: BTreeMap<u32, String>,
}

/// The ids that a value of `members` names: a list of objects, or one alone. Read leniently, a plain id is one too.
pub(crate) fn ids(value: &Value, reading: Reading) -> Result<Vec<&str>, ScimError> {
    match value {
        Value::Null => Ok(Vec::new()),
        Value::Array(elements) => elements.iter().map(|element| id(element, reading)).collect(),
        one => Ok(vec![id(one, reading)?]),
    }
}

fn id(element: &Value, reading: Reading) -> Result<&str, ScimError> {
    let id = match element {
        Value::String(id) => Some(id.as_str()).filter(|_| reading == Reading::Lenient),
        object => attribute::get(object, "value").and_then(Value::as_str),
    };
    id.filter(|id| !id.is_empty())
        .ok_or_else(|| ScimError::bad_request(ScimType::InvalidValue, "a member has no value"))
}

impl Site {
    /// Whom a value of `members` names. What is no user is left out, refused or kept: a group as its knob says, an id that
    /// nobody has as `unknown` says.
    pub(crate) fn members_named(&self, value: &Value, unknown: StrangeMember) -> Result<Named, MemberError> {
        let mut named = Named::default();
        let elements = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        let ids = ids(value, self.knobs.requests).map_err(MemberError::Invalid)?;
        for (id, element) in ids.into_iter().zip(elements) {
            if let Some(slot) = self.user_with_id(id) {
                named.users.insert(slot);
                if self.knobs.member_display == MemberDisplay::AsSent
                    && let Some(display) = attribute::get(element, "display").and_then(Value::as_str)
                {
                    named.displays.insert(slot, display.to_owned());
                }
                continue;
            }
            let is_group =
                self.directory.as_ref().is_some_and(|directory| directory.groups.by_id(id).is_some());
            match (self.knobs.nested_group_member, unknown) {
                (NestedGroup::Ignore, _) if is_group => {}
                (NestedGroup::Reject, _) if is_group => {
                    return Err(MemberError::Invalid(ScimError::bad_request(
                        ScimType::InvalidValue,
                        format!("member {id} is a group; only users can be members"),
                    )));
                }
                (_, StrangeMember::Ignore) if !is_group => {}
                (_, StrangeMember::Reject) if !is_group => return Err(MemberError::Unknown(id.to_owned())),
                _ => {
                    named.others.insert(id.to_owned());
                }
            }
        }
        Ok(named)
    }

    /// The user with that id.
    pub(crate) fn user_with_id(&self, id: &str) -> Option<u32> {
        self.directory.as_ref()?.users.by_id(id)
    }

    /// The customer that a user provisions.
    pub(crate) fn customer_of(&self, user: u32) -> Option<u32> {
        Some(self.directory.as_ref()?.users.get(user)?.customer)
    }

    /// The organization that a group provisions.
    pub(crate) fn organization_of(&self, group: u32) -> Option<u32> {
        self.directory.as_ref()?.groups.get(group)?.organization
    }

    /// Gives back the room that a group took up while so many joined it.
    pub(crate) fn settle_members(&mut self, group: u32, joined: usize) {
        /// Fewer are not worth a copy of all.
        const MANY: usize = 64;
        if joined < MANY {
            return;
        }
        if let Some(directory) = &mut self.directory {
            directory.memberships.settle(group);
        }
        if let Some(organization) = self.organization_of(group) {
            self.belonging.settle(organization);
        }
    }

    /// Puts a user into a group, and its customer into the organization.
    pub(crate) fn join(&mut self, group: u32, user: u32) {
        if self.defects.at.membership.rejoining_ignored && self.memory.left.contains(&(group, user)) {
            return;
        }
        if self.defects.at.membership.one_group_each {
            let others: Vec<u32> = self
                .directory
                .as_ref()
                .map(|directory| {
                    directory.memberships.containers_of(user).filter(|slot| *slot != group).collect()
                })
                .unwrap_or_default();
            for other in others {
                self.leave(other, user);
            }
        }
        if let Some(directory) = &mut self.directory {
            if directory.memberships.add(group, user) {
                self.touch_user(user);
            } else if self.defects.at.membership.doubled {
                directory.memberships.double(group, user);
            }
        }
        if self.defects.at.membership.joining_stays_in_scim {
            return;
        }
        if let (Some(organization), Some(customer)) = (self.organization_of(group), self.customer_of(user))
            && !self.belonging.add(organization, customer)
            && self.defects.at.membership.doubled
        {
            self.belonging.double(organization, customer);
        }
    }

    /// Takes a user out of a group, and its customer out of the organization.
    pub(crate) fn leave(&mut self, group: u32, user: u32) {
        if let Some(directory) = &mut self.directory
            && directory.memberships.remove(group, user)
        {
            self.touch_user(user);
        }
        if self.defects.at.membership.rejoining_ignored {
            self.memory.left.insert((group, user));
        }
        if self.defects.at.membership.leaving_stays_in_scim {
            return;
        }
        if let (Some(organization), Some(customer)) = (self.organization_of(group), self.customer_of(user)) {
            self.belonging.remove(organization, customer);
        }
    }

    /// Takes everybody out of a group.
    pub(crate) fn empty(&mut self, group: u32) {
        let members =
            self.directory.as_mut().map(|directory| directory.memberships.clear(group)).unwrap_or_default();
        let organization = self.organization_of(group);
        for user in members {
            self.touch_user(user);
            if let (Some(organization), Some(customer)) = (organization, self.customer_of(user)) {
                self.belonging.remove(organization, customer);
            }
        }
    }

    /// Notes that a user's `groups` have changed; the user itself has not, so `meta.lastModified` stays.
    fn touch_user(&mut self, user: u32) {
        if let Some(user) = self.directory.as_mut().and_then(|directory| directory.users.get_mut(user)) {
            user.version += 1;
        }
    }

    /// Takes a user out of all groups.
    pub(crate) fn leave_all_groups(&mut self, user: u32, now: Timestamp) {
        let groups =
            self.directory.as_mut().map(|directory| directory.memberships.withdraw(user)).unwrap_or_default();
        let customer = self.customer_of(user);
        if !groups.is_empty() {
            self.touch_user(user);
        }
        for group in groups {
            if let (Some(organization), Some(customer)) = (self.organization_of(group), customer) {
                self.belonging.remove(organization, customer);
            }
            self.touch_group(group, now);
        }
    }

    /// Leaves the id of a user who is about to go in its groups.
    pub(crate) fn leave_leftovers(&mut self, user: u32) {
        let Some(directory) = &mut self.directory else {
            return;
        };
        let Some(id) = directory.users.get(user).map(|user| user.id.to_string()) else {
            return;
        };
        for group in directory.memberships.withdraw(user) {
            if let Some(group) = directory.groups.get_mut(group) {
                group.leftovers.push(id.clone());
            }
        }
    }
}
