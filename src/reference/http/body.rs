//! Request bodies: JSON of a known type and a bounded size.

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use serde_json::Value;

use crate::scim::error::{ScimError, ScimType};

/// The longest body that is read: a group of 35,000 members, the vendor's limit, is about 3 MB.
pub(crate) const BODY_LIMIT: usize = 4 * 1024 * 1024;

/// Reads the body as JSON; null where there is none.
///
/// # Errors
/// 415 for another content type than `application/json` or `application/scim+json`, 413 for a body that is too long, 400
/// `invalidSyntax` for one that is no JSON.
pub(crate) async fn read(parts: &Parts, body: Body) -> Result<Value, ScimError> {
    let bytes = axum::body::to_bytes(body, BODY_LIMIT)
        .await
        .map_err(|_| ScimError::new(413, format!("the body is longer than {BODY_LIMIT} bytes")))?;
    if bytes.is_empty() {
        return Ok(Value::Null);
    }
    if let Some(content_type) = parts.headers.get(header::CONTENT_TYPE)
        && !is_json(content_type)
    {
        return Err(ScimError::new(
            415,
            "the content type is neither application/scim+json nor application/json",
        ));
    }
    serde_json::from_slice(&bytes).map_err(|error| {
        ScimError::bad_request(ScimType::InvalidSyntax, format!("the body is not JSON: {error}"))
    })
}

fn is_json(content_type: &HeaderValue) -> bool {
    let essence = content_type.to_str().unwrap_or_default().split(';').next();
    let essence = essence.unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json") || essence.eq_ignore_ascii_case("application/scim+json")
}
