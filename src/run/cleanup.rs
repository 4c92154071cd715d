//! Removes what was created on somebody's endpoint, and checks by reading back that it is gone.

use serde_json::Value;

use crate::scim::attribute;
use crate::wire::{Created, Method, Purpose, Request, Wire, encode};

use super::product::{Product, ProductError};

/// What stands at the endpoint after cleaning up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Leftovers {
    /// What another attempt may remove.
    pub removable: Vec<String>,
    /// What the endpoint lets nobody remove.
    pub lasting: Vec<String>,
}

impl Leftovers {
    /// Everything that a wire created, where none of it is to be removed.
    pub fn kept(wire: &Wire) -> Self {
        let created = wire.ownership().created().into_iter().map(|(kind, id)| format!("{} {id}", word(kind)));
        let unanswered =
            wire.ownership().unanswered().into_iter().map(|(kind, name)| format!("{} `{name}`", word(kind)));
        Self { removable: created.chain(unanswered).collect(), lasting: Vec::new() }
    }

    /// All of it.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.removable.iter().chain(&self.lasting).map(String::as_str)
    }

    /// Takes in what is left of another pair.
    pub fn extend(&mut self, other: &Self) {
        self.removable.extend_from_slice(&other.removable);
        self.lasting.extend_from_slice(&other.lasting);
    }
}

/// Removes everything that a wire created: groups before users. Returns what is left.
pub async fn cleanup(wire: &Wire) -> Leftovers {
    find_unanswered(wire).await;
    let mut created = wire.ownership().created();
    created.sort_by_key(|(kind, _)| *kind);
    let mut left = Leftovers::default();
    for (kind, id) in created {
        let outcome = match kind {
            Created::Group | Created::User => remove(wire, kind, &id).await,
            Created::Organization => {
                match Product::new(wire, Purpose::Cleanup).delete_organization(&id).await {
                    Ok(()) => Removed::Gone,
                    // It went with the group that had taken it over, or the scenario deleted it.
                    Err(error) if is_absent(&error) => Removed::Gone,
                    Err(error) => Removed::Left(error.what),
                }
            }
            Created::Customer => match Product::new(wire, Purpose::Cleanup).revoke(&id).await {
                // The product has no way to delete a customer; revoking access is the most there is.
                Ok(()) => Removed::Lasts("the product cannot delete customers; access is revoked".to_owned()),
                Err(error) => Removed::Left(error.what),
            },
        };
        match outcome {
            Removed::Gone => wire.ownership().forget(kind, &id),
            Removed::Left(why) => left.removable.push(format!("{} {id}: {why}", word(kind))),
            Removed::Lasts(why) => {
                wire.ownership().forget(kind, &id);
                left.lasting.push(format!("{} {id}: {why}", word(kind)));
            }
        }
    }
    for (kind, name) in wire.ownership().unanswered() {
        left.removable.push(format!(
            "{} `{name}`: its creation was never answered, and it cannot be looked up",
            word(kind)
        ));
    }
    left
}

fn is_absent(error: &ProductError) -> bool {
    error.exchange.as_ref().is_some_and(|exchange| exchange.status() == 404)
}

enum Removed {
    Gone,
    /// It is still there.
    Left(String),
    /// It is still there, and trying again would not change that.
    Lasts(String),
}

async fn remove(wire: &Wire, kind: Created, id: &str) -> Removed {
    let target = format!("{}/{}", endpoint(kind), encode::path_segment(id));
    let deleted = wire.send(neutral(Method::Delete, &target)).await;
    if deleted.status() == 404 {
        return Removed::Gone;
    }
    if !deleted.is_success() {
        return Removed::Left(format!("DELETE answered {}", status(deleted.status())));
    }
    let read = wire.send(neutral(Method::Get, &target)).await;
    match read.status() {
        404 | 410 => Removed::Gone,
        // Endpoints that only deactivate still answer; what is there cannot be removed by a provider.
        status if read.is_success() => {
            Removed::Lasts(format!("DELETE answered {}, and GET still answers {status}", deleted.status()))
        }
        _ => Removed::Left(format!("it cannot be read back ({})", status(read.status()))),
    }
}

/// A creation whose answer was lost may have happened: it is looked up by the name that was intended.
async fn find_unanswered(wire: &Wire) {
    for (kind, name) in wire.ownership().unanswered() {
        let attribute = match kind {
            Created::User => "userName",
            Created::Group => "displayName",
            Created::Organization | Created::Customer => continue,
        };
        let filter = encode::query_percent(&format!("{attribute} eq \"{}\"", encode::filter_literal(&name)));
        let found = wire.send(neutral(Method::Get, &format!("{}?filter={filter}", endpoint(kind)))).await;
        let Some(body) = found.json().filter(|_| found.is_success()) else { continue };
        let resources = attribute::get(body, "Resources").and_then(Value::as_array);
        for resource in resources.into_iter().flatten() {
            let text = |name: &str| attribute::get(resource, name).and_then(Value::as_str);
            // Only what bears the very name: an endpoint may answer with somebody else.
            if text(attribute).is_some_and(|other| other.eq_ignore_ascii_case(&name))
                && let Some(id) = text("id")
            {
                wire.ownership().adopt(kind, id.to_owned());
            }
        }
        wire.ownership().settle(kind, &name);
    }
}

fn neutral(method: Method, target: &str) -> Request {
    Request::new(method, target)
        .header("Accept", "application/scim+json")
        .header("User-Agent", concat!("scimsnap/", env!("CARGO_PKG_VERSION")))
        .purpose(Purpose::Cleanup)
}

fn endpoint(kind: Created) -> &'static str {
    match kind {
        Created::Group => "/Groups",
        Created::User | Created::Organization | Created::Customer => "/Users",
    }
}

fn word(kind: Created) -> &'static str {
    match kind {
        Created::Group => "group",
        Created::User => "user",
        Created::Organization => "organization",
        Created::Customer => "customer",
    }
}

fn status(status: u16) -> String {
    if status == 0 { "nothing".to_owned() } else { status.to_string() }
}
