//! Versions of resources: `ETag`, `If-Match` and `If-None-Match` (RFC 7644 §3.14), where the knob has them.

use axum::http::{HeaderMap, Method, header};

use super::request::ScimRequest;
use crate::reference::http::answer::Answer;
use crate::reference::site::Site;
use crate::scim::error::ScimError;
use crate::scim::etag::{ETag, Outcome, Preconditions};

/// The conditions of a request.
///
/// # Errors
/// 400 for a header that is no list of entity tags.
pub(crate) fn preconditions(headers: &HeaderMap) -> Result<Preconditions, ScimError> {
    if !headers.contains_key(header::IF_MATCH) && !headers.contains_key(header::IF_NONE_MATCH) {
        return Ok(Preconditions::default());
    }
    let lines = |name: header::HeaderName| {
        let values: Vec<&str> =
            headers.get_all(name).iter().map(|value| value.to_str().unwrap_or("?")).collect();
        values
    };
    Preconditions::parse(lines(header::IF_MATCH), lines(header::IF_NONE_MATCH))
}

/// The answer to a request whose conditions are not met by the resource's version; none if it may be carried out.
pub(crate) fn unmet(site: &Site, request: &ScimRequest, version: u64) -> Option<Answer> {
    if !site.knobs.etag {
        return None;
    }
    let conditions = match &request.conditions {
        Ok(conditions) => conditions,
        Err(error) => return Some(error.clone().into()),
    };
    let tag = ETag::of_version(&version.to_string());
    match conditions.judge(request.method == Method::GET, Some(&tag)) {
        Outcome::Proceed => None,
        Outcome::NotModified => Some(Answer::empty(304).with(header::ETAG, tag.to_string())),
        Outcome::PreconditionFailed => {
            let detail = format!("the version of the resource is {tag}, which does not match the condition");
            Some(ScimError::precondition_failed(detail).into())
        }
    }
}

/// The answer with the version that it shows.
pub(crate) fn tagged(site: &Site, answer: Answer, version: u64) -> Answer {
    if !site.knobs.etag {
        return answer;
    }
    answer.with(header::ETAG, ETag::of_version(&version.to_string()).to_string())
}
