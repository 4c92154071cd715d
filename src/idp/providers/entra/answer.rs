//! How Entra calls what an endpoint answers: the error codes of the provisioning log.
//!
//! Source: docs/providers/entra.md#answers.

use serde_json::Value;

use crate::idp::kit::resource::{detail, id, list};
use crate::wire::{Answer, Exchange, Lost, Method, TransportError};

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
        return Match::Failure(incompatible("the response is not a ListResponse"));
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
        0 => broken(exchange),
        400 => "SystemForCrossDomainIdentityManagementBadRequest",
        401 => "EncounteredQuarantineException: invalid credentials",
        403 => "InsufficientRights",
        404 => "InvalidAnchor",
        405 => "MethodNotAllowed",
        // Seen where a disable was answered so.
        409 if exchange.request.method == Method::Patch => {
            "SystemForCrossDomainIdentityManagementServiceIncompatibleFiltering"
        }
        409 => "EntryConflict",
        422 => "UnprocessableEntity",
        429 => "TooManyRequests",
        500 => "InternalServerError",
        501 => "NotImplemented",
        _ => "SystemForCrossDomainIdentityManagementServiceIncompatible",
    };
    format!("{code}: {}", detail(exchange))
}

/// No whole answer: one that takes too long is told from a connection that breaks or does not come about.
fn broken(exchange: &Exchange) -> &'static str {
    match &exchange.answer {
        Answer::Failed(TransportError::Timeout(_) | TransportError::Lost(Lost::Answer)) => "Timeout",
        _ => "WebExceptionProtocolError",
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::wire::{Request, Response};

    fn answer(status: u16, body: &str) -> Match {
        matched(&Exchange {
            number: 1,
            request: Request::new(Method::Get, "/Users"),
            answer: Answer::Response(Response::new(status, Vec::new(), body.to_owned())),
            took: Duration::ZERO,
            overlaps: false,
        })
    }

    #[test]
    fn only_a_list_of_none_or_one_is_an_answer_to_a_match_query() {
        assert!(matches!(answer(200, r#"{"totalResults":0}"#), Match::None));
        let one = r#"{"totalResults":1,"Resources":[{"id":"a"}]}"#;
        assert!(matches!(answer(200, one), Match::One(id, _) if id == "a"));
        for (status, body, reason) in [
            (404, "", "InvalidAnchor"),
            (401, "", "EncounteredQuarantineException"),
            (200, "", "not a ListResponse"),
            (200, r#"{"id":"a"}"#, "not a ListResponse"),
            (200, r#"{"totalResults":"1","Resources":[{"id":"a"}]}"#, "integer"),
            (200, r#"{"totalResults":2,"Resources":[{"id":"a"}]}"#, "MultipleEntries"),
            (200, r#"{"Resources":[{"id":"a"},{"id":"b"}]}"#, "MultipleEntries"),
            (200, r#"{"totalResults":1,"Resources":[{"id":7}]}"#, "no id"),
        ] {
            match answer(status, body) {
                Match::Failure(message) => assert!(message.contains(reason), "{message}"),
                other => panic!("{body}: {other:?}"),
            }
        }
    }
}
