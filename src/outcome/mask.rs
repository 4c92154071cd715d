//! Removes what the view cannot show from both sides before they are compared.

use super::model::Outcome;

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
}
