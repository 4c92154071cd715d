//! Request bodies: JSON of a known type and a bounded size.

use std::time::Duration;

use axum::body::{Body, BodyDataStream, HttpBody as _};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use futures_util::StreamExt as _;
use serde_json::Value;

use crate::reference::provisioning::Sent;
use crate::scim::body::BodyReader;
use crate::scim::error::ScimError;

/// The longest body that is read: a group of 35,000 members, the vendor's limit, is about 3 MB.
pub(crate) const BODY_LIMIT: usize = 4 * 1024 * 1024;
/// How much of a longer body is thrown away before the refusal is sent: who still writes would not read it.
const DRAIN_LIMIT: usize = 128 * 1024 * 1024;
/// How long that may take.
const DRAIN_TIME: Duration = Duration::from_secs(5);

/// Takes the body in, as it is.
///
/// # Errors
/// 415 for another content type than `application/json` or `application/scim+json` and for a body that is compressed, 413 for a
/// body that is too long.
pub(crate) async fn receive(parts: &Parts, body: Body) -> Result<Vec<u8>, ScimError> {
    let bytes = collect(parts, body).await?;
    if bytes.is_empty() {
        return Ok(bytes);
    }
    if let Some(content_type) = parts.headers.get(header::CONTENT_TYPE)
        && !is_json(content_type)
    {
        return Err(ScimError::new(
            415,
            "the content type is neither application/scim+json nor application/json",
        ));
    }
    let is_plain = |coding: &HeaderValue| coding.as_bytes().eq_ignore_ascii_case(b"identity");
    if !parts.headers.get_all(header::CONTENT_ENCODING).iter().all(is_plain) {
        return Err(ScimError::new(415, "the body has a content coding; send it as it is"));
    }
    Ok(bytes)
}

/// Reads a body as JSON; null where there is none.
///
/// # Errors
/// 400 `invalidSyntax` for one that is no JSON, nests too deep or has a name twice.
pub(crate) fn read(bytes: &[u8]) -> Result<Value, ScimError> {
    if bytes.is_empty() { Ok(Value::Null) } else { BodyReader::default().read(bytes) }
}

/// Reads a body as [`read`] does, and leaves it in its own words where that can be done.
///
/// # Errors
/// Those of [`read`].
pub(crate) fn read_borrowed(bytes: &[u8]) -> Result<Sent<'_>, ScimError> {
    match BodyReader::default().read_borrowed(bytes) {
        Some(body) => Ok(Sent::Borrowed(body)),
        None => read(bytes).map(Sent::Value),
    }
}

async fn collect(parts: &Parts, body: Body) -> Result<Vec<u8>, ScimError> {
    let too_long = || ScimError::payload_too_large(format!("the body is longer than {BODY_LIMIT} bytes"));
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > BODY_LIMIT && parts.headers.contains_key(header::EXPECT) {
        // Nothing is sent before we ask for it.
        return Err(too_long());
    }
    let mut stream = body.into_data_stream();
    let mut bytes = Vec::with_capacity(announced.min(BODY_LIMIT));
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| ScimError::new(400, "the body ends too early"))?;
        if bytes.len() + chunk.len() > BODY_LIMIT {
            // A client that goes on for longer than that finds the connection closed.
            let _ = tokio::time::timeout(DRAIN_TIME, drain(stream)).await;
            return Err(too_long());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

async fn drain(mut stream: BodyDataStream) {
    let mut drained = 0;
    while let Some(Ok(chunk)) = stream.next().await {
        drained += chunk.len();
        if drained > DRAIN_LIMIT {
            break;
        }
    }
}

fn is_json(content_type: &HeaderValue) -> bool {
    let essence = content_type.to_str().unwrap_or_default().split(';').next();
    let essence = essence.unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json") || essence.eq_ignore_ascii_case("application/scim+json")
}
