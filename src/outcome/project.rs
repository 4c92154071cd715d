//! Turns what was read into an outcome: projects, aliases and sorts.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde_json::Value;

use crate::scim::AttrPath;
use crate::scim::Leniency;
use crate::scim::resource::attribute;
use crate::scim::urn;

use super::fold;
use super::model::{Customer, Organization, Outcome};
use super::naming::Naming;
use super::reader::{Group, Product, Raw};

/// What the scenario knows, by which resources are recognised.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// How names are written at the endpoint.
    pub naming: Naming,
    /// The people: key, the id that the IdP client linked, and every login name and mail address they ever had.
    pub people: Vec<KnownPerson>,
    /// Mail addresses of customers who were given or made by hand.
    pub customers: Vec<String>,
    /// Every name that an organization was given.
    pub organizations: Vec<String>,
    /// Whom an id that the IdP client ever linked stands for: `gone:KEY` for a person, `group:KEY` for a group.
    pub linked: BTreeMap<String, String>,
    /// The further fields that are compared.
    pub compare: Vec<String>,
    /// The generators of people: an outcome has one entry for all people of each.
    pub crowds: BTreeSet<String>,
}

impl Known {
    /// A login name as the scenario knows it; of somebody whose name was freed, with a mark in place of the object's id.
    fn login_name(&self, name: &str) -> String {
        let is_hex = |head: &str| head.bytes().all(|byte| byte.is_ascii_hexdigit());
        let freed = name.split_at_checked(OBJECT_ID).filter(|(head, rest)| is_hex(head) && !rest.is_empty());
        match freed {
            Some((head, rest))
                if self.people.iter().any(|person| person.object_id.eq_ignore_ascii_case(head)) =>
            {
                format!("<object id>{}", self.naming.read(rest))
            }
            _ => self.naming.read(name),
        }
    }
}

/// The length of the id of a directory object without hyphens.
const OBJECT_ID: usize = 32;

/// A person, and by what a customer is recognised as them.
#[derive(Debug, Clone)]
pub struct KnownPerson {
    /// The key.
    pub key: String,
    /// The endpoint's id, where the IdP client linked one.
    pub id: Option<String>,
    /// Login names and mail addresses, as the scenario writes them.
    pub names: Vec<String>,
    /// The id of the directory object, which stands before the login name of somebody who was deleted.
    pub object_id: String,
}

/// The outcome in what was read.
pub fn project(raw: &Raw, known: &Known) -> Outcome {
    let records = Records::gather(raw, known);
    let mut organizations = match &raw.product {
        Some(product) => product_organizations(product, &records, known),
        None => scim_organizations(&raw.groups, &records, known),
    };
    let mut customers = Vec::new();
    for record in &records.all {
        let mut customer = record.customer(known, &records);
        for organization in &organizations {
            for _ in organization.members.iter().filter(|member| **member == record.alias) {
                customer.organizations.push(organization.name.clone());
            }
        }
        customers.push((record.alias.clone(), customer));
    }
    let customers = fold::customers(customers, &known.crowds);
    for organization in &mut organizations {
        fold::members(organization, &known.crowds);
    }
    let mut outcome = Outcome { customers, organizations };
    outcome.sort();
    outcome
}

/// One customer: a SCIM record, the product's view of it, or both.
#[derive(Debug)]
struct Record<'a> {
    user: Option<&'a Value>,
    product: Option<&'a Value>,
    alias: String,
    expected: bool,
}

#[derive(Debug)]
struct Records<'a> {
    all: Vec<Record<'a>>,
    by_id: BTreeMap<&'a str, usize>,
    by_account: BTreeMap<&'a str, usize>,
}

impl<'a> Records<'a> {
    fn gather(raw: &'a Raw, known: &Known) -> Self {
        let mut records = Self { all: Vec::new(), by_id: BTreeMap::new(), by_account: BTreeMap::new() };
        // Linked people first, so that a twin of theirs is the second one.
        let linked = |user: &Value| {
            let id = text(user, "id");
            known.people.iter().any(|person| person.id.is_some() && person.id.as_deref() == id)
        };
        let (first, rest): (Vec<&Value>, Vec<&Value>) = raw.users.iter().partition(|user| linked(user));
        for user in first.into_iter().chain(rest) {
            let index = records.all.len();
            if let Some(id) = text(user, "id") {
                records.by_id.insert(id, index);
            }
            if let Some(account) = account_id(user) {
                records.by_account.insert(account, index);
            }
            records.all.push(Record {
                user: Some(user),
                product: None,
                alias: String::new(),
                expected: false,
            });
        }
        if let Some(product) = &raw.product {
            let members = product.organizations.iter().flat_map(|(_, members)| members);
            for customer in product.customers.iter().chain(members) {
                records.add_product(customer);
            }
        }
        records.name(known);
        records
    }

    /// The product shows mail addresses only where privacy settings allow it, so the account id comes first.
    fn add_product(&mut self, customer: &'a Value) {
        let Some(account) = text(customer, "accountId") else { return };
        if let Some(index) = self.by_account.get(account) {
            self.all[*index].product.get_or_insert(customer);
            return;
        }
        let email = text(customer, "emailAddress");
        let same_mail = email.and_then(|email| {
            self.all.iter().position(|record| {
                record.product.is_none()
                    && record.user.is_some_and(|user| {
                        account_id(user).is_none()
                            && primary_email(user).is_some_and(|other| other.eq_ignore_ascii_case(email))
                    })
            })
        });
        let index = same_mail.unwrap_or_else(|| {
            self.all.push(Record { user: None, product: None, alias: String::new(), expected: false });
            self.all.len() - 1
        });
        self.by_account.insert(account, index);
        self.all[index].product = Some(customer);
    }

    fn name(&mut self, known: &Known) {
        let mut used: BTreeMap<String, usize> = BTreeMap::new();
        for record in &mut self.all {
            let (base, expected) = record.base_alias(known);
            let count = used.entry(base.clone()).or_insert(0);
            *count += 1;
            record.alias = if *count == 1 { format!("<{base}>") } else { format!("<{base}#{count}>") };
            record.expected = expected;
        }
    }

    fn by_id(&self, id: &str) -> Option<&Record<'a>> {
        self.by_id.get(id).map(|index| &self.all[*index])
    }
}

impl Record<'_> {
    fn base_alias(&self, known: &Known) -> (String, bool) {
        let id = self.user.and_then(|user| text(user, "id"));
        if let Some(person) =
            known.people.iter().find(|person| person.id.is_some() && person.id.as_deref() == id)
        {
            return (format!("person:{}", person.key), true);
        }
        let names = self.names(known);
        let is = |list: &[String]| {
            names.iter().any(|name| list.iter().any(|other| other.to_lowercase() == name.to_lowercase()))
        };
        // Exactly the same name first: case twins are different people.
        let exact = known.people.iter().find(|person| names.iter().any(|name| person.names.contains(name)));
        if let Some(person) = exact.or_else(|| known.people.iter().find(|person| is(&person.names))) {
            return (format!("person:{}", person.key), true);
        }
        let shown = names.first().cloned().unwrap_or_else(|| "unnamed person".to_owned());
        if is(&known.customers) {
            (format!("customer:{shown}"), true)
        } else {
            (format!("unexpected:{shown}"), false)
        }
    }

    /// Mail address and login name, as the scenario writes them.
    fn names(&self, known: &Known) -> Vec<String> {
        let product = self.product.and_then(|product| text(product, "emailAddress"));
        let user = self.user.map(|user| [primary_email(user), text(user, "userName")]);
        let names = user.into_iter().flatten().flatten().chain(product);
        names.map(|name| known.naming.read(name)).collect()
    }

    fn customer(&self, known: &Known, records: &Records<'_>) -> Customer {
        let read = |value: Option<&str>| value.map(|value| known.naming.read(value));
        let product = |name: &str| self.product.and_then(|product| text(product, name));
        let user = |name: &str| self.user.and_then(|user| text(user, name));
        let part = |name: &str| {
            let path = AttrPath { schema: None, name: "name".to_owned(), sub: Some(name.to_owned()) };
            let user = self.user?;
            path.resolve(user).first().and_then(|value| value.as_str()).map(str::to_owned)
        };
        let mut customer = Customer {
            user_name: user("userName").map(|name| known.login_name(name)),
            email: read(self.user.and_then(primary_email).or_else(|| product("emailAddress"))),
            given_name: part("givenName"),
            family_name: part("familyName"),
            // A name to show may be derived from the mail address, token and all.
            display_name: read(user("displayName").or_else(|| product("displayName"))),
            active: self.active(),
            further: self.further(known, records),
            organizations: Vec::new(),
        };
        if !self.expected {
            let shown = self.alias.clone();
            if customer.user_name.is_some() {
                customer.user_name = Some(shown);
            } else {
                customer.email = Some(shown);
            }
        }
        customer
    }

    /// As people see it: what the product says, else what SCIM says. Absent means active (RFC 7643 §4.1.1).
    fn active(&self) -> Option<bool> {
        if let Some(active) = self.product.and_then(|product| product.get("active")).and_then(Value::as_bool)
        {
            return Some(active);
        }
        let value = attribute::get(self.user?, "active");
        Some(value.is_none_or(|value| attribute::boolean(value, &Leniency::all()).unwrap_or(true)))
    }

    fn further(&self, known: &Known, records: &Records<'_>) -> IndexMap<String, Value> {
        let mut further = IndexMap::new();
        for field in &known.compare {
            let value = match (field.as_str(), self.user) {
                (_, None) => None,
                ("manager", Some(user)) => enterprise(user, "manager").and_then(|manager| {
                    let id = manager.get("value").and_then(Value::as_str).or(manager.as_str())?;
                    let alias =
                        records.by_id(id).map_or("<unexpected:manager>", |record| record.alias.as_str());
                    Some(Value::from(alias))
                }),
                ("addresses" | "phoneNumbers", Some(user)) => elements(user, field),
                ("externalId", Some(user)) => text(user, field).map(|id| Value::from(known.naming.read(id))),
                (field, Some(user)) => match field.rsplit_once(':') {
                    Some((urn, name)) => attribute::get(user, urn)
                        .and_then(|extension| attribute::get(extension, name))
                        .cloned(),
                    None => attribute::get(user, field).or_else(|| enterprise(user, field)).cloned(),
                },
            };
            let value = value.filter(|value| value.as_str() != Some(""));
            further.insert(field.clone(), value.unwrap_or(Value::Null));
        }
        further
    }
}

/// The elements of a list of addresses or telephone numbers, each with what it is about: which one is primary, and how it
/// is shown, is the endpoint's business. As many as there are, in any order.
fn elements(user: &Value, list: &str) -> Option<Value> {
    const PARTS: [&str; 8] =
        ["type", "value", "formatted", "streetAddress", "locality", "region", "postalCode", "country"];
    let list = attribute::get(user, list)?.as_array()?;
    let mut elements: Vec<Value> = Vec::new();
    for element in list {
        let parts = PARTS.iter().filter_map(|part| {
            let value = attribute::get(element, part).filter(|value| value.as_str() != Some(""))?;
            Some(((*part).to_owned(), value.clone()))
        });
        elements.push(Value::Object(parts.collect()));
    }
    elements.sort_by_cached_key(Value::to_string);
    (!elements.is_empty()).then_some(Value::Array(elements))
}

fn product_organizations(product: &Product, records: &Records<'_>, known: &Known) -> Vec<Organization> {
    let mut organizations = Vec::new();
    for (organization, members) in &product.organizations {
        let managed = organization.get("scimManaged").and_then(Value::as_bool).unwrap_or(false);
        let members = members.iter().map(|member| {
            let account = text(member, "accountId").unwrap_or_default();
            let record = records.by_account.get(account).map(|index| &records.all[*index]);
            record.map_or_else(|| "<unexpected:member>".to_owned(), |record| record.alias.clone())
        });
        organizations.push(Organization {
            name: organization_name(text(organization, "name").unwrap_or_default(), known),
            source: Some(if managed { "synced" } else { "manual" }.to_owned()),
            members: members.collect(),
        });
    }
    organizations
}

fn scim_organizations(groups: &[Group], records: &Records<'_>, known: &Known) -> Vec<Organization> {
    let mut organizations = Vec::new();
    for group in groups {
        let Group { resource, strangers } = group;
        let (group, mut strangers) = (resource, *strangers);
        let members = attribute::get(group, "members").and_then(Value::as_array);
        let mut aliases = Vec::new();
        for member in members.into_iter().flatten() {
            let id = text(member, "value").or(member.as_str()).unwrap_or_default();
            match records.by_id(id) {
                Some(record) => aliases.push(record.alias.clone()),
                None => match known.linked.get(id) {
                    Some(alias) => aliases.push(format!("<{alias}>")),
                    None => strangers += 1,
                },
            }
        }
        // Who they are is nobody's business here; that they are there is.
        if strangers > 0 {
            aliases.push(format!("<unexpected:{strangers} unknown>"));
        }
        organizations.push(Organization {
            name: organization_name(text(group, "displayName").unwrap_or_default(), known),
            source: None,
            members: aliases,
        });
    }
    organizations
}

fn organization_name(name: &str, known: &Known) -> String {
    let name = known.naming.read(name);
    let expected = known.organizations.iter().any(|other| other.trim().eq_ignore_ascii_case(name.trim()));
    if expected { name } else { format!("<unexpected:{name}>") }
}

fn text<'a>(resource: &'a Value, name: &str) -> Option<&'a str> {
    attribute::get(resource, name).and_then(Value::as_str)
}

/// The primary mail address, else the first one.
fn primary_email(user: &Value) -> Option<&str> {
    let emails = attribute::get(user, "emails")?.as_array()?;
    let primary = emails.iter().find(|email| {
        attribute::get(email, "primary")
            .is_some_and(|primary| attribute::boolean(primary, &Leniency::all()) == Some(true))
    });
    let email = primary.or_else(|| emails.first())?;
    text(email, "value").or(email.as_str()).filter(|address| !address.is_empty())
}

fn account_id(user: &Value) -> Option<&str> {
    text(attribute::get(user, urn::ATLASSIAN_EXTERNAL)?, "atlassianAccountId")
}

fn enterprise<'a>(user: &'a Value, field: &str) -> Option<&'a Value> {
    attribute::get(attribute::get(user, urn::ENTERPRISE_USER)?, field)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_member_who_is_no_user_says_what_it_was() {
        let members = json!([{"value": "1"}, {"value": "2"}, {"value": "3"}, {"value": "9"}]);
        let raw = Raw {
            users: vec![json!({"id": "1", "userName": "bob"})],
            groups: vec![Group {
                resource: json!({"displayName": "Acme", "members": members}),
                strangers: 2,
            }],
            product: None,
        };
        let linked = [("1", "gone:bob"), ("2", "gone:ada"), ("3", "group:globex")];
        let bob = KnownPerson {
            key: "bob".to_owned(),
            id: Some("1".to_owned()),
            names: vec!["bob".to_owned()],
            object_id: String::new(),
        };
        let known = Known {
            people: vec![bob],
            organizations: vec!["Acme".to_owned()],
            linked: linked.into_iter().map(|(id, alias)| (id.to_owned(), alias.to_owned())).collect(),
            ..Known::default()
        };
        assert_eq!(
            project(&raw, &known).organizations[0].members,
            ["<gone:ada>", "<group:globex>", "<person:bob>", "<unexpected:3 unknown>"]
        );
    }
}
