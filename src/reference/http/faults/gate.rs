//! What a defect turns away before anybody looks at the body.

use axum::http::request::Parts;
use axum::http::{Method, header};
use serde_json::json;

use crate::reference::defects::Defect;
use crate::reference::http::answer::Answer;
use crate::reference::site::Site;
use crate::scim::error::{ScimError, ScimType};
use crate::scim::list::query::ListQuery;

/// Of so many writes one is told to come again.
const BUSY: u64 = 5;

/// The answer to a request that is turned away.
pub(crate) fn refusal(site: &Site, parts: &Parts) -> Option<Answer> {
    if site.defects.is_empty() {
        return None;
    }
    let has = |defect| site.defects.has(defect);
    if has(Defect::UserAgentRequired) && !parts.headers.contains_key(header::USER_AGENT) {
        return Some(Answer::json(403, json!({"message": "Forbidden"})));
    }
    if has(Defect::AcceptRequired) && !parts.headers.contains_key(header::ACCEPT) {
        return Some(ScimError::new(406, "there is no type to choose from").into());
    }
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next()).map(str::trim);
    let unknown = match essence {
        Some("application/scim+json") => has(Defect::ScimJsonRefused),
        Some("application/json") => has(Defect::PlainJsonRefused),
        _ => false,
    };
    if unknown {
        return Some(ScimError::new(415, "this content type is not supported").into());
    }
    let mut names = parts
        .uri
        .query()
        .unwrap_or_default()
        .split('&')
        .map(|pair| pair.split('=').next().unwrap_or_default());
    if has(Defect::UnknownParameterRefused)
        && let Some(name) = names.find(|name| !name.is_empty() && !ListQuery::PARAMETERS.contains(name))
    {
        let detail = format!("there is no parameter {name:?}");
        return Some(ScimError::bad_request(ScimType::InvalidValue, detail).into());
    }
    let writes = matches!(parts.method, Method::POST | Method::PUT | Method::PATCH);
    if writes && has(Defect::RateLimited) && site.memory.count_write().is_multiple_of(BUSY) {
        let busy = ScimError::too_many_requests("too many requests");
        return Some(Answer::from(busy).with(header::RETRY_AFTER, "0"));
    }
    None
}
