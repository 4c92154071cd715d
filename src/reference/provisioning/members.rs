//! Group members: how a client names them, and what joining and leaving does to the organization.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value;

use crate::reference::defects::Defect;
use crate::reference::knobs::NestedGroup;
use crate::reference::site::Site;
use crate::scim::attribute;
use crate::scim::error::{ScimError, ScimType};

/// Why a list of members was not taken.
#[derive(Debug)]
pub(crate) enum MemberError {
    /// No user has that id.
    Unknown(String),
    /// The list cannot be read, or what it names cannot be a member.
    Invalid(ScimError),
}

/// The ids that a value of `members` names: a list of objects or of plain ids, or one of them alone.
pub(crate) fn ids(value: &Value) -> Result<Vec<&str>, ScimError> {
    match value {
        Value::Null => Ok(Vec::new()),
        Value::Array(elements) => elements.iter().map(id).collect(),
        one => Ok(vec![id(one)?]),
    }
}

fn id(element: &Value) -> Result<&str, ScimError> {
    let id = match element {
        Value::String(id) => Some(id.as_str()),
        object => attribute::get(object, "value").and_then(Value::as_str),
    };
    id.filter(|id| !id.is_empty())
        .ok_or_else(|| ScimError::bad_request(ScimType::InvalidValue, "a member has no value"))
}

impl Site {
    /// The users that a value of `members` names. A group among them is left out or refused, as the knob says.
    pub(crate) fn users_named(&self, value: &Value) -> Result<BTreeSet<u32>, MemberError> {
        let mut users = BTreeSet::new();
        for id in ids(value).map_err(MemberError::Invalid)? {
            if let Some(slot) = self.user_with_id(id) {
                users.insert(slot);
                continue;
            }
            let is_group =
                self.directory.as_ref().is_some_and(|directory| directory.groups.by_id(id).is_some());
            match self.knobs.nested_group_member {
                NestedGroup::Ignore if is_group => {}
                NestedGroup::Reject if is_group => {
                    return Err(MemberError::Invalid(ScimError::bad_request(
                        ScimType::InvalidValue,
                        format!("member {id} is a group; only users can be members"),
                    )));
                }
                _ if self.defects.has(Defect::UnknownMemberIgnored) => {}
                _ => return Err(MemberError::Unknown(id.to_owned())),
            }
        }
        Ok(users)
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

    /// Puts a user into a group, and its customer into the organization.
    pub(crate) fn join(&mut self, group: u32, user: u32) {
        if let Some(directory) = &mut self.directory
            && !directory.memberships.add(group, user)
            && self.defects.has(Defect::ReAddDoublesMember)
        {
            directory.memberships.double(group, user);
        }
        if let (Some(organization), Some(customer)) = (self.organization_of(group), self.customer_of(user))
            && !self.belonging.add(organization, customer)
            && self.defects.has(Defect::ReAddDoublesMember)
        {
            self.belonging.double(organization, customer);
        }
    }

    /// Takes a user out of a group, and its customer out of the organization.
    pub(crate) fn leave(&mut self, group: u32, user: u32) {
        if let Some(directory) = &mut self.directory {
            directory.memberships.remove(group, user);
        }
        if let (Some(organization), Some(customer)) = (self.organization_of(group), self.customer_of(user)) {
            self.belonging.remove(organization, customer);
        }
    }

    /// Takes everybody out of a group.
    pub(crate) fn empty(&mut self, group: u32) {
        let members =
            self.directory.as_mut().map(|directory| directory.memberships.clear(group)).unwrap_or_default();
        if let Some(organization) = self.organization_of(group) {
            for user in members {
                if let Some(customer) = self.customer_of(user) {
                    self.belonging.remove(organization, customer);
                }
            }
        }
    }

    /// Takes a user out of all groups.
    pub(crate) fn leave_all_groups(&mut self, user: u32, now: Timestamp) {
        let groups =
            self.directory.as_mut().map(|directory| directory.memberships.withdraw(user)).unwrap_or_default();
        let customer = self.customer_of(user);
        for group in groups {
            if let (Some(organization), Some(customer)) = (self.organization_of(group), customer) {
                self.belonging.remove(organization, customer);
            }
            if let Some(group) = self.directory.as_mut().and_then(|directory| directory.groups.get_mut(group))
            {
                group.modified = now;
            }
        }
    }

    /// Leaves the id of a user who is about to go in its groups.
    pub(crate) fn leave_leftovers(&mut self, user: u32) {
        let Some(directory) = &mut self.directory else {
            return;
        };
        let Some(id) = directory.users.get(user).map(|user| user.id.clone()) else {
            return;
        };
        for group in directory.memberships.withdraw(user) {
            if let Some(group) = directory.groups.get_mut(group) {
                group.leftovers.push(id.clone());
            }
        }
    }
}
