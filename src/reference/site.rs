//! A site: its customers and organizations, and the directory that is connected to it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::api_key::{ApiKey, IssuedKey};
use super::defects::{Defects, Memory};
use super::ids::{Ids, SiteId};
use super::knobs::{Heeded, Knobs, NameMatch, Profile, Reading};
use super::store::{Contact, Customer, Customers, Groups, Memberships, Organization, Organizations, Users};
use crate::scim::Leniency;

/// Everything of one site.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) id: SiteId,
    pub(crate) name: String,
    pub(crate) profile: Profile,
    pub(crate) knobs: Knobs,
    pub(crate) defects: Defects,
    /// What the defects remember.
    pub(crate) memory: Memory,
    pub(crate) ids: Ids,
    /// What keys are made from; apart from the ids, so that whoever reads those cannot tell the keys.
    pub(crate) secrets: Ids,
    pub(crate) customers: Customers,
    pub(crate) organizations: Organizations,
    /// Which customers belong to which organizations.
    pub(crate) belonging: Memberships,
    /// The connected directory; none once it was disconnected.
    pub(crate) directory: Option<Directory>,
    pub(crate) rest_user: String,
    pub(crate) rest_token: ApiKey,
}

/// One identity provider's directory as the site knows it: what was provisioned through it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Directory {
    pub(crate) id: String,
    pub(crate) key: IssuedKey,
    pub(crate) users: Users,
    pub(crate) groups: Groups,
    /// Which users are in which groups.
    pub(crate) memberships: Memberships,
}

impl Directory {
    pub(crate) fn new(id: String, key: IssuedKey) -> Self {
        Self {
            id,
            key,
            users: Users::default(),
            groups: Groups::default(),
            memberships: Memberships::default(),
        }
    }
}

impl Site {
    /// How requests are read.
    pub(crate) fn leniency(&self) -> Leniency {
        let mut leniency = match self.knobs.requests {
            Reading::Lenient => Leniency::all(),
            Reading::Strict => Leniency::none(),
        };
        let refused = &self.defects.at.reading;
        leniency.string_booleans &= !refused.string_booleans_refused;
        leniency.op_case &= !refused.capital_ops_refused;
        leniency.path_keys &= !refused.path_keys_refused;
        leniency.complex_as_string &= !refused.manager_string_refused;
        leniency.read_only_ignored &= !refused.read_only_refused;
        leniency
    }

    /// Whether groups come whole, whatever attributes a request asks for.
    pub(crate) fn shows_groups_whole(&self) -> bool {
        self.knobs.group_attributes == Heeded::Ignored
    }

    /// The form in which organization names are compared.
    pub(crate) fn name_key(&self, name: &str) -> String {
        name_key(self.name_match(), name)
    }

    fn name_match(&self) -> NameMatch {
        if self.defects.at.names.group_case_matters { NameMatch::Exact } else { self.knobs.org_name_match }
    }

    /// The form in which user names and addresses are compared (RFC 7643 §4.1.1: `caseExact` false).
    pub(crate) fn user_key(&self, text: &str) -> String {
        if self.defects.at.names.user_case_matters {
            return text.to_owned();
        }
        text.to_lowercase()
    }

    /// The organization of that name, if there is one.
    pub(crate) fn organization_named(&self, name: &str) -> Option<u32> {
        self.organizations.by_name(&self.name_key(name)).next()
    }

    /// Builds the name indexes anew, after the rule by which names are compared has changed.
    pub(crate) fn rekey_names(&mut self) {
        let rule = self.name_match();
        let key = |name: &str| name_key(rule, name);
        self.organizations.rekey(key);
        if let Some(directory) = &mut self.directory {
            directory.groups.rekey(key);
        }
    }

    /// Makes a customer who has no SCIM user yet.
    pub(crate) fn add_customer(&mut self, email: &str, display_name: &str) -> u32 {
        let account_id = self.ids.account(&self.id);
        self.customers.insert(Customer {
            account_id,
            contact: Contact::new(email, display_name, None),
            enabled: true,
            revoked: false,
            user: None,
        })
    }

    /// Makes an organization; `group` is the SCIM group that provisions it, if one does.
    pub(crate) fn add_organization(&mut self, name: &str, group: Option<u32>, now: Timestamp) -> u32 {
        let key = self.name_key(name);
        let uuid = self.ids.uuid();
        self.organizations.insert(
            &key,
            Organization {
                uuid,
                name: name.to_owned(),
                scim_managed: group.is_some(),
                created: now,
                group,
                in_service_desk: false,
                properties: std::collections::BTreeMap::new(),
            },
        )
    }

    /// Gives an organization another name.
    pub(crate) fn rename_organization(&mut self, slot: u32, name: &str) {
        let Some(organization) = self.organizations.get(slot) else {
            return;
        };
        let (from, to) = (self.name_key(&organization.name), self.name_key(name));
        self.organizations.rename(slot, name, &from, &to);
    }

    /// Takes an organization away; its customers stay, and a group that provisioned it provisions nothing.
    pub(crate) fn remove_organization(&mut self, slot: u32) {
        let Some(organization) = self.organizations.get(slot) else {
            return;
        };
        let key = self.name_key(&organization.name);
        let group = organization.group;
        self.organizations.remove(slot, &key);
        self.belonging.clear(slot);
        if let (Some(directory), Some(group)) = (&mut self.directory, group)
            && let Some(group) = directory.groups.get_mut(group)
        {
            group.organization = None;
        }
    }

    /// Ends the connection: customers keep their accounts, and synced organizations become manual ones that keep their
    /// members (docs/jira-service-management.md#disconnect-and-reconnect).
    pub(crate) fn disconnect(&mut self) {
        let Some(directory) = self.directory.take() else {
            return;
        };
        for (_, user) in directory.users.iter() {
            if let Some(customer) = self.customers.get_mut(user.customer) {
                customer.user = None;
            }
        }
        for (_, group) in directory.groups.iter() {
            if let Some(slot) = group.organization {
                self.unlink_organization(slot);
            }
        }
    }

    /// Makes a synced organization a manual one.
    pub(crate) fn unlink_organization(&mut self, slot: u32) {
        if let Some(organization) = self.organizations.get_mut(slot) {
            organization.scim_managed = false;
            organization.group = None;
        }
    }
}

fn name_key(rule: NameMatch, name: &str) -> String {
    match rule {
        NameMatch::Exact => name.to_owned(),
        NameMatch::CasefoldTrim => name.trim().to_lowercase(),
    }
}
