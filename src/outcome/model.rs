//! An outcome: the customers and organizations at a checkpoint, in the form in which they are compared.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What stands at the endpoint, normalised: aliases for ids, no times, sorted by natural key, duplicates kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// The customers, by mail address.
    pub customers: Vec<Customer>,
    /// The organizations, by name.
    pub organizations: Vec<Organization>,
}

/// A customer: a SCIM User, or somebody whom only the product knows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Customer {
    /// The login name; nothing where there is no SCIM record.
    pub user_name: Option<String>,
    /// The primary mail address.
    pub email: Option<String>,
    /// The first name.
    pub given_name: Option<String>,
    /// The last name.
    pub family_name: Option<String>,
    /// The name to show.
    pub display_name: Option<String>,
    /// Whether they may log in.
    pub active: Option<bool>,
    /// The further fields that the scenario compares.
    #[serde(flatten)]
    pub further: IndexMap<String, Value>,
    /// The names of their organizations.
    pub organizations: Vec<String>,
}

/// An organization: a SCIM Group, or one made by hand in the product.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    /// Its name.
    pub name: String,
    /// `synced` or `manual`; nothing where the view cannot tell.
    pub source: Option<String>,
    /// Its members, by alias.
    pub members: Vec<String>,
}

impl Customer {
    /// What the customer is known by: mail address, else login name.
    pub fn key(&self) -> &str {
        self.email.as_deref().or(self.user_name.as_deref()).unwrap_or_default()
    }
}

impl Outcome {
    /// Whether some customer shows a further field.
    pub fn shows(&self, field: &str) -> bool {
        self.customers.iter().filter_map(|customer| customer.further.get(field)).any(|value| !value.is_null())
    }

    /// Takes the values of further fields over from an accepted outcome.
    pub fn take_over(&mut self, fields: &[&str], accepted: &Self) {
        for customer in &mut self.customers {
            let same = accepted.customers.iter().find(|other| other.user_name == customer.user_name);
            let values = fields.iter().filter_map(|field| {
                let value = same?.further.get(*field)?;
                Some(((*field).to_owned(), value.clone()))
            });
            customer.further.extend(values);
        }
    }
}

impl Customer {
    /// Shows every text in it, which may be changed.
    pub fn each_text(&mut self, act: &mut dyn FnMut(&mut String)) {
        let Self {
            user_name,
            email,
            given_name,
            family_name,
            display_name,
            active: _,
            further,
            organizations,
        } = self;
        let names = [user_name, email, given_name, family_name, display_name];
        names.into_iter().flatten().chain(organizations).for_each(&mut *act);
        further.values_mut().for_each(|value| each_text_of(value, act));
    }
}

impl Outcome {
    /// Sorts everything by its natural key.
    pub fn sort(&mut self) {
        for customer in &mut self.customers {
            customer.organizations.sort_by_cached_key(|name| natural(name));
        }
        for organization in &mut self.organizations {
            organization.members.sort();
        }
        self.customers.sort_by_cached_key(|customer| (natural(customer.key()), text_of(customer)));
        self.organizations.sort_by_cached_key(|organization| {
            (natural(&organization.name), organization.source.clone(), organization.members.clone())
        });
    }
}

impl Outcome {
    /// Shows every text in it, which may be changed.
    pub fn each_text(&mut self, act: &mut dyn FnMut(&mut String)) {
        for customer in &mut self.customers {
            customer.each_text(act);
        }
        for organization in &mut self.organizations {
            let Organization { name, source, members } = organization;
            std::iter::once(name).chain(source).chain(members).for_each(&mut *act);
        }
    }
}

/// The same of a value: its texts, and the names of its members.
fn each_text_of(value: &mut Value, act: &mut dyn FnMut(&mut String)) {
    match value {
        Value::String(text) => act(text),
        Value::Array(items) => items.iter_mut().for_each(|item| each_text_of(item, act)),
        Value::Object(map) => {
            let members = std::mem::take(map).into_iter().map(|(mut name, mut value)| {
                act(&mut name);
                each_text_of(&mut value, act);
                (name, value)
            });
            *map = members.collect();
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Case-insensitive first, then by bytes, so that case twins stand beside each other in a fixed order.
fn natural(name: &str) -> (String, String) {
    (name.to_lowercase(), name.to_owned())
}

fn text_of(customer: &Customer) -> String {
    serde_json::to_string(customer).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn outcome(title: Value) -> Outcome {
        let further = IndexMap::from([("title".to_owned(), title)]);
        let ada = Customer { user_name: Some("ada".to_owned()), further, ..Customer::default() };
        Outcome { customers: vec![ada], ..Outcome::default() }
    }

    #[test]
    fn a_field_without_a_place_is_taken_over_for_the_same_person_only() {
        let accepted = outcome(json!("Analyst"));
        let mut seen = outcome(Value::Null);
        assert!(accepted.shows("title") && !seen.shows("title"));
        seen.customers.push(Customer { user_name: Some("bob".to_owned()), ..Customer::default() });
        seen.take_over(&["title"], &accepted);
        assert_eq!(seen.customers[0], accepted.customers[0]);
        assert!(seen.customers[1].further.is_empty());
    }
}
