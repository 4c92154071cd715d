//! Defects that admit or refuse a request before its body is read.

use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use jiff::Timestamp;
use serde_json::json;

use crate::reference::defects::Defect;
use crate::reference::http::answer::Answer;
use crate::reference::http::auth::bearer;
use crate::reference::site::{Directory, Site};
use crate::scim::error::{ScimError, ScimType};
use crate::scim::list::query::ListQuery;

/// Of so many writes one is told to come again.
const BUSY: u64 = 5;

/// Whether a key is accepted that does not open the directory.
type Key = fn(&Directory, &str) -> bool;

/// The answer to a request that is refused.
type Refusal = fn(&Site, &Parts) -> Option<Answer>;

pub(super) const KEYS: &[(Defect, Key)] = &[
    (Defect::AnyKeyAccepted, |_, _| true),
    (Defect::LongerKeyAccepted, |directory, key| {
        let mut characters = key.chars();
        characters.next_back();
        directory.key.opens(characters.as_str(), Timestamp::MIN)
    }),
    (Defect::ExpiredKeyAccepted, |directory, key| directory.key.opens(key, Timestamp::MIN)),
];

/// The answer to somebody who is turned away, as it is told.
type Telling = fn(Answer) -> Answer;

pub(super) const TURNED_AWAY: &[(Defect, Telling)] =
    &[(Defect::NoChallenge, |answer| answer.without(&header::WWW_AUTHENTICATE))];

pub(super) const REFUSALS: &[(Defect, Refusal)] = &[
    (Defect::UserAgentRequired, |_, parts| {
        let is_missing = !parts.headers.contains_key(header::USER_AGENT);
        is_missing.then(|| Answer::json(403, json!({"message": "Forbidden"})))
    }),
    (Defect::AcceptRequired, |_, parts| {
        let is_missing = !parts.headers.contains_key(header::ACCEPT);
        is_missing.then(|| ScimError::new(406, "there is no type to choose from").into())
    }),
    (Defect::ScimJsonRefused, |_, parts| unsupported(parts, "application/scim+json")),
    (Defect::PlainJsonRefused, |_, parts| unsupported(parts, "application/json")),
    (Defect::UnknownParameterRefused, |_, parts| unknown_parameter(parts)),
    (Defect::RateLimited, rate_limited),
];

/// Whether a call is admitted although its key does not open the directory.
pub(crate) fn lets_in(site: &Site, headers: &HeaderMap) -> bool {
    let (Some(key), Some(directory)) = (bearer(headers), &site.directory) else {
        return false;
    };
    KEYS.iter().any(|(defect, lets_in)| site.defects.has(*defect) && lets_in(directory, key))
}

/// The answer to a call whose key does not open the directory.
pub(crate) fn turned_away(site: &Site, answer: Answer) -> Answer {
    let tellings = TURNED_AWAY.iter().filter(|(defect, _)| site.defects.has(*defect));
    tellings.fold(answer, |answer, (_, telling)| telling(answer))
}

/// The answer to a request that a defect refuses.
pub(crate) fn refusal(site: &Site, parts: &Parts) -> Option<Answer> {
    if site.defects.is_empty() {
        return None;
    }
    let refusals = REFUSALS.iter().filter(|(defect, _)| site.defects.has(*defect));
    refusals.into_iter().find_map(|(_, refusal)| refusal(site, parts))
}

fn unsupported(parts: &Parts, unknown: &str) -> Option<Answer> {
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next()).map(str::trim);
    (essence == Some(unknown)).then(|| ScimError::new(415, "this content type is not supported").into())
}

fn unknown_parameter(parts: &Parts) -> Option<Answer> {
    let pairs = parts.uri.query().unwrap_or_default().split('&');
    let mut names = pairs.map(|pair| pair.split('=').next().unwrap_or_default());
    let name = names.find(|name| !name.is_empty() && !ListQuery::PARAMETERS.contains(name))?;
    let detail = format!("there is no parameter {name:?}");
    Some(ScimError::bad_request(ScimType::InvalidValue, detail).into())
}

fn rate_limited(site: &Site, parts: &Parts) -> Option<Answer> {
    let writes = matches!(parts.method, Method::POST | Method::PUT | Method::PATCH);
    if !writes || !site.memory.count_write().is_multiple_of(BUSY) {
        return None;
    }
    let busy = ScimError::too_many_requests("too many requests");
    Some(Answer::from(busy).with(header::RETRY_AFTER, "0"))
}
