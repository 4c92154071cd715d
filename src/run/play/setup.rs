//! Creates the initial state of a scenario: by hand in the product, or through a neutral SCIM client.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::directory::{Directory, Person};
use crate::event::Trouble;
use crate::outcome::Naming;
use crate::requirement::blamed;
use crate::scenario::{Given, GivenCustomer, Place};
use crate::scim::urn;
use crate::wire::{Exchange, Method, Purpose, Request, Wire};

use crate::run::target::product::{Product, ProductError, is_new};

/// Stages everything that is given. Says what had to be done otherwise.
pub async fn stage(given: &Given, wire: &Wire, naming: &Naming) -> Result<Vec<String>, ProductError> {
    let mut notes = Vec::new();
    let product = Product::new(wire, Purpose::Stage);
    let mut ids: BTreeMap<&str, String> = BTreeMap::new();
    for customer in &given.customers {
        let email = naming.write(&customer.email);
        let id = match customer.place {
            Place::Product => {
                let account = product.create_customer(&email, &customer.display_name).await?;
                if !customer.active {
                    product.revoke(&account).await?;
                }
                account
            }
            Place::Scim => {
                let full = create(wire, "/Users", &user(customer, &email)).await;
                match full {
                    Err(error) if is_too_much(&error) => {
                        // Some endpoints refuse attributes that they do not know. What is given is only who is there.
                        let blamed = error.exchange.as_deref().and_then(blamed);
                        let blamed = blamed.map(|name| format!(" (apparently because of `{name}`)"));
                        let emails = [json!({"value": email, "primary": true})];
                        let minimal = json!({
                            "schemas": [urn::USER], "userName": email, "emails": emails, "active": customer.active,
                        });
                        let id = create(wire, "/Users", &minimal).await.map_err(|_| error)?;
                        notes.push(format!(
                            "the endpoint refused a complete user{}, so `given` was created with minimal users",
                            blamed.unwrap_or_default()
                        ));
                        id
                    }
                    other => other?,
                }
            }
        };
        ids.insert(&customer.email, id);
    }
    for organization in &given.organizations {
        let name = naming.write(&organization.name);
        let members: Vec<String> =
            organization.customers.iter().filter_map(|email| ids.get(email.as_str()).cloned()).collect();
        match organization.place {
            Place::Product => {
                let id = product.create_organization(&name).await?;
                product.members(Method::Post, &id, &members).await?;
            }
            Place::Scim => {
                let members: Vec<Value> = members.iter().map(|id| json!({"value": id})).collect();
                let body = json!({"schemas": [urn::GROUP], "displayName": name, "members": members});
                create(wire, "/Groups", &body).await?;
            }
        }
    }
    Ok(notes)
}

/// What the endpoint refuses of the stage. That it does not know the credentials, is busy, or has the name already, is
/// trouble.
pub fn refusal(error: ProductError) -> Result<String, Trouble> {
    let status = error.exchange.as_ref().map_or(0, |exchange| exchange.status());
    if status >= 400 && !matches!(status, 401 | 403 | 409 | 429) {
        return Ok(error.what);
    }
    let message = format!("cannot create what `given` lists: {}", error.what);
    Err(Trouble { message, at: None, exchange: error.exchange })
}

/// Creates the people who were provisioned before the scenario begins, as another SCIM client would. Their ids by key.
pub async fn stage_people(
    given: &Given,
    directory: &Directory,
    wire: &Wire,
) -> Result<Vec<(String, String)>, ProductError> {
    let mut ids = Vec::with_capacity(given.people.len());
    for key in &given.people {
        let Some(person) = directory.person(key) else { continue };
        let id = create(wire, "/Users", &provisioned(person)).await?;
        ids.push((key.clone(), id));
    }
    Ok(ids)
}

fn provisioned(person: &Person) -> Value {
    let mut body = json!({
        "schemas": [urn::USER],
        "userName": person.user_name,
        "name": {"givenName": person.given_name},
        "displayName": person.display_name,
        "emails": [{"value": person.email, "type": "work", "primary": true}],
        "active": true,
    });
    if !person.family_name.is_empty() {
        body["name"]["familyName"] = Value::from(person.family_name.as_str());
    }
    body
}

/// Whether a creation was refused for what stands in it.
fn is_too_much(error: &ProductError) -> bool {
    error.exchange.as_ref().is_some_and(|exchange| matches!(exchange.status(), 400 | 422))
}

fn user(customer: &GivenCustomer, email: &str) -> Value {
    let mut body = json!({
        "schemas": [urn::USER],
        "userName": email,
        "displayName": customer.display_name,
        "emails": [{"value": email, "type": "work", "primary": true}],
        "active": customer.active,
    });
    let names = [("givenName", &customer.given_name), ("familyName", &customer.family_name)];
    for (part, value) in names {
        if let Some(value) = value {
            body["name"][part] = Value::from(value.as_str());
        }
    }
    body
}

async fn create(wire: &Wire, endpoint: &str, body: &Value) -> Result<String, ProductError> {
    let request = Request::new(Method::Post, endpoint)
        .header("Accept", "application/scim+json")
        .header("Content-Type", "application/scim+json")
        .header("User-Agent", concat!("scimsnap/", env!("CARGO_PKG_VERSION")))
        .body(body.to_string())
        .purpose(Purpose::Stage);
    let exchange: Arc<Exchange> = wire.send(request).await;
    is_new(&exchange)?;
    let id = exchange.json().and_then(|body| body.get("id")).and_then(Value::as_str).map(str::to_owned);
    match id.filter(|_| exchange.is_success()) {
        Some(id) => Ok(id),
        None => Err(ProductError {
            what: format!("POST {endpoint} returned {} without an id", exchange.status()),
            exchange: Some(exchange),
        }),
    }
}
