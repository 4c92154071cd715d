//! Request bodies: JSON of a known type and a bounded size.

use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde_json::Value;

use super::intake::{FREE, Intake};
use crate::reference::provisioning::Sent;
use crate::scim::bulk::BulkLimits;
use crate::scim::error::ScimError;
use crate::scim::json::body::BodyReader;

/// The longest body that is read: a group of 35,000 members, the vendor's limit, is about 3 MB.
pub(crate) const BODY_LIMIT: usize = 4 * 1024 * 1024;
/// How much a bulk request may hold.
pub(crate) const BULK_LIMITS: BulkLimits = BulkLimits { max_operations: 1000, max_payload_size: BODY_LIMIT };
/// How many values a body holds at most: each costs many times what it takes to write.
const VALUES_LIMIT: usize = 300_000;
/// How much of a longer body is thrown away before the refusal is sent: who still writes would not read it.
const DRAIN_LIMIT: usize = 128 * 1024 * 1024;
/// How long that may take.
const DRAIN_TIME: Duration = Duration::from_secs(5);

/// Takes the body in, as it is.
///
/// # Errors
/// 415 for another content type than `application/json` or `application/scim+json` and for a body that is compressed, 413 for a
/// body that is too long, 408 for one that takes too long, 503 where others use the memory.
pub(crate) async fn receive(parts: &Parts, body: Body) -> Result<Vec<u8>, ScimError> {
    let bytes = match parts.extensions.get::<Intake>() {
        Some(intake) => intake.within(collect(parts, body, Some(intake))).await?,
        None => collect(parts, body, None).await?,
    };
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
        return Err(ScimError::new(415, "the body has a content coding; send it without one"));
    }
    if bytes.len() > VALUES_LIMIT && commas(&bytes) >= VALUES_LIMIT {
        let detail = format!("the body has more than {VALUES_LIMIT} values");
        return Err(ScimError::payload_too_large(detail));
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

async fn collect(parts: &Parts, mut body: Body, intake: Option<&Intake>) -> Result<Vec<u8>, ScimError> {
    let too_long = || ScimError::payload_too_large(format!("the body is longer than {BODY_LIMIT} bytes"));
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > BODY_LIMIT && parts.headers.contains_key(header::EXPECT) {
        // Nothing is sent before we ask for it.
        return Err(too_long());
    }
    let mut limited = Limited::new(&mut body, BODY_LIMIT);
    // What is announced need not come.
    let mut bytes = Vec::with_capacity(announced.min(FREE));
    let mut room = None;
    while let Some(frame) = limited.frame().await {
        let frame = match frame {
            Ok(frame) => frame,
            Err(error) if error.is::<LengthLimitError>() => {
                // A client that goes on for longer than that finds the connection closed.
                let _ = tokio::time::timeout(DRAIN_TIME, drain(body)).await;
                return Err(too_long());
            }
            Err(_) => return Err(ScimError::new(400, "the body is incomplete")),
        };
        let Ok(chunk) = frame.into_data() else { continue };
        if let Some(intake) = intake.filter(|_| room.is_none() && bytes.len() + chunk.len() > FREE) {
            let length = if announced == 0 { BODY_LIMIT } else { announced.min(BODY_LIMIT) };
            room = Some(intake.room(length).await?);
            bytes.reserve_exact(announced.min(BODY_LIMIT).saturating_sub(bytes.len()));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// How many commas stand outside strings.
fn commas(json: &[u8]) -> usize {
    let (mut commas, mut in_string, mut escaped) = (0, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_string,
            b'"' => in_string = !in_string,
            b',' if !in_string => commas += 1,
            _ => {}
        }
    }
    commas
}

async fn drain(body: Body) {
    let mut rest = Limited::new(body, DRAIN_LIMIT);
    while let Some(Ok(_)) = rest.frame().await {}
}

fn is_json(content_type: &HeaderValue) -> bool {
    let essence = content_type.to_str().unwrap_or_default().split(';').next();
    let essence = essence.unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json") || essence.eq_ignore_ascii_case("application/scim+json")
}

#[cfg(test)]
mod tests {
    use super::commas;

    #[test]
    fn commas_in_strings_do_not_count() {
        for (json, expected) in
            [("", 0), ("[1,2,3]", 2), (r#"{"a,":",","b":"\",\\"}"#, 1), (r#"["\\",","]"#, 1), (",\",", 1)]
        {
            assert_eq!(commas(json.as_bytes()), expected, "{json}");
        }
    }
}
