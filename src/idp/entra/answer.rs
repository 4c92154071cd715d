//! How Entra calls what an endpoint answers: the error codes of the provisioning log.
//!
//! Source: sheet `entra` §6.1.

use serde_json::Value;

use crate::idp::resource::{detail, id, list};
use crate::wire::Exchange;

/// The answer to a match query.
#[derive(Debug)]
pub(crate) enum Match {
    /// Nobody: create.
    None,
    /// Exactly one, with its id: link.
    One(String, Value),
    /// A failure of this object, in the words of the log.
    Failure(String),
}

/// Reads the answer to a match query. A 404 is no empty list, and several matches are a failure without a write.
pub(crate) fn matched(exchange: &Exchange) -> Match {
    if !exchange.is_success() {
        return Match::Failure(failure(exchange));
    }
    let Some(list) = exchange.json().and_then(list) else {
        return Match::Failure(incompatible("the answer is no ListResponse"));
    };
    if list.odd_total {
        return Match::Failure(incompatible("totalResults is not an integer"));
    }
    if list.resources.len() > 1 || list.total.is_some_and(|total| total > 1) {
        return Match::Failure(
            "SystemForCrossDomainIdentityManagementMultipleEntriesInResponse: more than one resource matches"
                .to_owned(),
        );
    }
    match list.resources.first() {
        None => Match::None,
        Some(resource) => match id(resource) {
            Some(id) => Match::One(id.to_owned(), resource.clone()),
            None => Match::Failure(incompatible("the resource has no id")),
        },
    }
}

/// An answer that Entra cannot read.
pub(crate) fn incompatible(reason: &str) -> String {
    format!("SystemForCrossDomainIdentityManagementServiceIncompatible: {reason}")
}

/// A status that is no success, with the endpoint's own words.
pub(crate) fn failure(exchange: &Exchange) -> String {
    let code = match exchange.status() {
        400 => "SystemForCrossDomainIdentityManagementBadRequest",
        401 => "EncounteredQuarantineException: invalid credentials",
        403 => "InsufficientRights",
        404 => "InvalidAnchor",
        405 => "MethodNotAllowed",
        409 => "EntryConflict",
        422 => "UnprocessableEntity",
        429 => "TooManyRequests",
        500 => "InternalServerError",
        501 => "NotImplemented",
        _ => "SystemForCrossDomainIdentityManagementServiceIncompatible",
    };
    format!("{code}: {}", detail(exchange))
}
