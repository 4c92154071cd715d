//! Removes what the view cannot show from both sides before they are compared.

use super::model::{Organization, Outcome};

/// How much of the outcome a target shows us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The product's own REST API besides SCIM: everything.
    Product,
    /// SCIM alone: neither where an organization comes from, nor what has no SCIM record.
    ScimOnly,
}

impl View {
    /// The view through which an outcome was read: whoever sees all knows where each organization comes from.
    pub fn of(outcome: &Outcome) -> Self {
        let whole = outcome.organizations.iter().all(|organization| organization.source.is_some());
        if whole { Self::Product } else { Self::ScimOnly }
    }

    /// What both views see.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        if self == Self::Product { other } else { self }
    }

    /// What is left out of the comparison, for the report.
    pub fn partial(self) -> Vec<&'static str> {
        match self {
            Self::Product => Vec::new(),
            Self::ScimOnly => vec!["source"],
        }
    }

    /// The outcome as this view would show it.
    pub fn mask(self, outcome: &mut Outcome) {
        if self == Self::Product {
            return;
        }
        let manual: Vec<String> = outcome
            .organizations
            .iter()
            .filter(|organization| organization.source.as_deref() == Some("manual"))
            .map(|organization| organization.name.clone())
            .collect();
        outcome.customers.retain(|customer| customer.user_name.is_some());
        for customer in &mut outcome.customers {
            customer.organizations.retain(|name| !manual.contains(name));
        }
        outcome.organizations.retain(|organization| organization.source.as_deref() != Some("manual"));
        for organization in &mut outcome.organizations {
            organization.source = None;
            organization.members.retain(|member| !member.starts_with("<customer:"));
        }
    }

    /// Takes over from what was accepted what SCIM alone does not show, so that it is not lost with an outcome that was read so.
    pub fn complete(outcome: &mut Outcome, accepted: &Outcome) {
        let is_manual = |organization: &&Organization| organization.source.as_deref() == Some("manual");
        let manual: Vec<&Organization> = accepted.organizations.iter().filter(is_manual).collect();
        for organization in &mut outcome.organizations {
            let same = accepted.organizations.iter().find(|other| other.name == organization.name);
            let Some(same) = same.filter(|same| organization.source.is_none() && !is_manual(same)) else {
                continue;
            };
            organization.source.clone_from(&same.source);
            let unseen = same.members.iter().filter(|member| member.starts_with("<customer:"));
            organization.members.extend(unseen.cloned());
        }
        for organization in manual {
            if outcome.organizations.iter().any(|other| other.name == organization.name) {
                continue;
            }
            outcome.organizations.push(organization.clone());
            for customer in &mut outcome.customers {
                let same = accepted.customers.iter().find(|other| other.user_name == customer.user_name);
                if same.is_some_and(|same| same.organizations.contains(&organization.name)) {
                    customer.organizations.push(organization.name.clone());
                }
            }
        }
        let unseen = accepted.customers.iter().filter(|customer| customer.user_name.is_none());
        outcome.customers.extend(unseen.cloned());
        outcome.sort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Customer;

    fn organization(name: &str, members: &[&str], source: Option<&str>) -> Organization {
        let members = members.iter().map(|&member| member.to_owned()).collect();
        Organization { name: name.to_owned(), members, source: source.map(str::to_owned) }
    }

    fn customer(name: Option<&str>, organizations: &[&str]) -> Customer {
        Customer {
            user_name: name.map(str::to_owned),
            email: Some("a@example.com".to_owned()),
            organizations: organizations.iter().map(|&name| name.to_owned()).collect(),
            ..Customer::default()
        }
    }

    #[test]
    fn what_scim_does_not_show_stays_as_it_was_accepted() {
        let mut accepted = Outcome {
            customers: vec![customer(Some("ada"), &["Acme", "By hand"]), customer(None, &["By hand"])],
            organizations: vec![
                organization("Acme", &["<person:ada>", "<customer:bob>"], Some("synced")),
                organization("By hand", &["<customer:bob>", "<person:ada>"], Some("manual")),
            ],
        };
        accepted.sort();
        let mut seen = accepted.clone();
        View::ScimOnly.mask(&mut seen);
        assert_ne!(seen, accepted);
        View::complete(&mut seen, &accepted);
        assert_eq!(seen, accepted);
        // Of what is new, nobody knows where it comes from.
        let mut more = Outcome { organizations: vec![organization("New", &[], None)], ..Outcome::default() };
        View::complete(&mut more, &accepted);
        assert_eq!(more.organizations.iter().filter(|one| one.source.is_none()).count(), 1);
        assert_eq!(View::of(&more), View::ScimOnly);
    }
}
