//! Who may call (docs/jira-service-management.md#gateway-errors): no header is a 401, a wrong key a 403.

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::answer::Answer;
use crate::reference::knobs::{AuthErrorBody, WrongKey};
use crate::reference::site::Site;
use crate::scim::error::ScimError;

/// The 401 or 403 for a call to a site's directory whose API key does not open it.
pub(crate) fn refusal(site: &Site, headers: &HeaderMap, path: &str, now: Timestamp) -> Option<Answer> {
    let shape = site.knobs.auth_error_body;
    let Some(key) = bearer(headers) else {
        return Some(missing_key(path, shape));
    };
    let opens = site.directory.as_ref().is_some_and(|directory| directory.key.opens(key, now));
    if opens {
        return None;
    }
    Some(match site.knobs.wrong_key {
        WrongKey::Forbidden => refused(403, path, shape),
        WrongKey::Unauthorized => {
            refused(401, path, shape).with(header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")
        }
    })
}

/// The 401 for a call without a key.
pub(crate) fn missing_key(path: &str, shape: AuthErrorBody) -> Answer {
    refused(401, path, shape).with(header::WWW_AUTHENTICATE, "Bearer")
}

/// The key of a call.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    credentials(headers, "Bearer")
}

/// User and password of a call with basic authentication.
pub(crate) fn basic_credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let decoded = BASE64_STANDARD.decode(credentials(headers, "Basic")?).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (user, password) = text.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

fn credentials<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let given = headers.get(header::AUTHORIZATION)?.as_bytes();
    let (given, credentials) = given.split_at_checked(scheme.len())?;
    let credentials = std::str::from_utf8(credentials.strip_prefix(b" ")?).ok()?.trim();
    (given.eq_ignore_ascii_case(scheme.as_bytes()) && !credentials.is_empty()).then_some(credentials)
}

fn refused(status: u16, path: &str, shape: AuthErrorBody) -> Answer {
    let resource = path.trim_start_matches('/');
    let message = format!("Not authorized to access : {resource}");
    match shape {
        AuthErrorBody::Scim => Answer::from(ScimError::new(status, message)),
        AuthErrorBody::Failure => {
            let trace = Uuid::new_v5(&Uuid::NAMESPACE_URL, resource.as_bytes());
            Answer::json(status, json!({"error": message, "traceId": trace.simple().to_string()}))
        }
    }
}
