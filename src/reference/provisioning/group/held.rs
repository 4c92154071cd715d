//! Groups that wait for review, as employees' do that bear the name of an existing group
//! (docs/jira-service-management.md#employees).

use std::collections::BTreeSet;

use crate::reference::site::Site;

/// A group that waits until an administrator accepts it, and what that would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldGroup {
    /// The SCIM id.
    pub id: String,
    /// The name of the group, and of the organization that it would take over.
    pub name: String,
    /// The addresses of those who would join the organization.
    pub added: Vec<String>,
    /// The addresses of those who would leave it.
    pub removed: Vec<String>,
}

/// Why a group that waits was not accepted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NotAccepted {
    /// No group of that id waits.
    NotHeld,
    /// Another group provisions the organization of that name by now.
    NameTaken(String),
}

impl Site {
    /// The groups that wait, oldest first.
    pub(crate) fn held_groups(&self) -> Vec<HeldGroup> {
        let Some(directory) = &self.directory else {
            return Vec::new();
        };
        let held = directory.groups.iter().filter(|(_, group)| group.held);
        held.map(|(slot, group)| {
            let wanted: BTreeSet<u32> =
                directory.memberships.members_of(slot).filter_map(|user| self.customer_of(user)).collect();
            let there: BTreeSet<u32> = self
                .organization_named(&group.display_name)
                .map(|organization| self.belonging.members_of(organization).collect())
                .unwrap_or_default();
            let mut removed = self.addresses(there.difference(&wanted));
            if !self.knobs.adopt_removes_extra_members {
                removed.clear();
            }
            HeldGroup {
                id: group.id.clone(),
                name: group.display_name.clone(),
                added: self.addresses(wanted.difference(&there)),
                removed,
            }
        })
        .collect()
    }

    /// Accepts a group that waits: it takes over the organization of its name, or makes one if that is gone.
    pub(crate) fn accept_group(&mut self, id: &str, now: jiff::Timestamp) -> Result<(), NotAccepted> {
        let directory = self.directory.as_ref().ok_or(NotAccepted::NotHeld)?;
        let slot = directory.groups.by_id(id).ok_or(NotAccepted::NotHeld)?;
        let group = directory.groups.get(slot).filter(|group| group.held).ok_or(NotAccepted::NotHeld)?;
        let name = group.display_name.clone();
        let members: Vec<u32> = directory.memberships.members_of(slot).collect();
        let organization = match self.organization_named(&name) {
            None => self.add_organization(&name, Some(slot), now),
            Some(there) if self.organizations.get(there).is_some_and(|there| there.scim_managed) => {
                return Err(NotAccepted::NameTaken(name));
            }
            Some(there) => {
                self.adopt(there, slot, &name);
                there
            }
        };
        if let Some(group) = self.directory.as_mut().and_then(|directory| directory.groups.get_mut(slot)) {
            group.held = false;
            group.organization = Some(organization);
        }
        for user in members {
            if let Some(customer) = self.customer_of(user) {
                self.belonging.add(organization, customer);
            }
        }
        self.belonging.settle(organization);
        Ok(())
    }

    fn addresses<'a>(&self, customers: impl Iterator<Item = &'a u32>) -> Vec<String> {
        let mut addresses: Vec<String> = customers
            .filter_map(|slot| self.customers.get(*slot))
            .map(|customer| customer.contact.email().to_owned())
            .collect();
        addresses.sort();
        addresses
    }
}
