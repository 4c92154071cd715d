//! Removes what was created on somebody's endpoint, and checks by reading back that it is gone.

use serde_json::Value;

use crate::scim::attribute;
use crate::wire::{Created, Method, Purpose, Request, Wire, encode};

use super::product::{Product, ProductError};

/// Removes everything that a wire created: groups before users. Returns what is left.
pub async fn cleanup(wire: &Wire) -> Left {
    find_unanswered(wire).await;
    let mut created = wire.created();
    created.sort_by_key(|(kind, _)| *kind);
    let mut left = Left::default();
    let mut revoked = 0;
    for (kind, id) in created {
        let product = Product::new(wire, Purpose::Cleanup);
        let outcome = match kind {
            Created::Group | Created::User => remove(wire, kind, &id).await,
            Created::Organization => product_result(product.delete_organization(&id).await, Removed::Gone),
            // The product has no way to delete a customer; revoking access is the most there is.
            Created::Customer => product_result(product.revoke(&id).await, Removed::Revoked),
        };
        match outcome {
            Removed::Gone => wire.forget(kind, &id),
            Removed::Revoked => {
                wire.forget(kind, &id);
                revoked += 1;
            }
            Removed::Left(why) => left.stuck.push(format!("{} {id}: {why}", word(kind))),
        }
    }
    for (kind, name) in wire.unanswered() {
        left.stuck.push(format!(
            "{} `{name}`: its creation was never answered, and it cannot be looked up",
            word(kind)
        ));
    }
    if revoked > 0 {
        left.for_good.push(format!(
            "customers made in the product, which has no way to delete them: {revoked}, their access revoked"
        ));
    }
    left
}

/// What could not be removed.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Left {
    /// What may be removed by another attempt.
    pub stuck: Vec<String>,
    /// What the endpoint has no way to remove.
    pub for_good: Vec<String>,
}

enum Removed {
    Gone,
    Revoked,
    Left(String),
}

fn product_result(result: Result<(), ProductError>, done: Removed) -> Removed {
    match result {
        Ok(()) => done,
        // Deleting a synced group takes its organization with it.
        Err(error) if error.exchange.as_ref().is_some_and(|exchange| exchange.status() == 404) => {
            Removed::Gone
        }
        Err(error) => Removed::Left(error.what),
    }
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
            Removed::Left(format!("DELETE answered {}, and GET still answers {status}", deleted.status()))
        }
        _ => Removed::Left(format!("it cannot be read back ({})", status(read.status()))),
    }
}

/// A creation whose answer was lost may have happened: it is looked up by the name that was intended.
async fn find_unanswered(wire: &Wire) {
    for (kind, name) in wire.unanswered() {
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
                wire.adopt(kind, id.to_owned());
            }
        }
        wire.settle(kind, &name);
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
