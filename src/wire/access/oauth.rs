//! The OAuth 2.0 client credentials grant (RFC 6749 §4.4), which Entra uses for gallery apps (docs/providers/entra.md#authentication).

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::Value;

use super::header::basic;
use super::minted::Token;
use crate::wire::message::encode::query_plus;
use crate::wire::message::exchange::TransportError;
use crate::wire::message::request::{Method, Request};
use crate::wire::redact::secret::Secret;
use crate::wire::transport::client::HttpClient;

/// No token is used for longer: ten years.
const LONGEST: Duration = Duration::from_hours(24 * 3650);

/// The error codes of RFC 6749 §5.2. Others are not repeated: they are foreign text.
const ERRORS: [&str; 6] = [
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
];

/// How the client says who it is (RFC 6749 §2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClientAuth {
    /// In the `Authorization` header, which every server supports.
    #[default]
    Basic,
    /// In the form, as Entra does.
    Body,
}

/// A client with its secret.
#[derive(Debug)]
pub struct ClientCredentials {
    /// The token endpoint.
    pub token_url: String,
    /// The client's id.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: Secret,
    /// The scope, where one is asked for.
    pub scope: Option<String>,
    /// Further parameters, such as `audience`.
    pub params: Vec<(String, String)>,
    /// How the client says who it is.
    pub client_auth: ClientAuth,
}

impl ClientCredentials {
    /// Fetches a token.
    pub(in crate::wire) async fn fetch(&self, http: &HttpClient) -> Result<Token, TransportError> {
        let mut form = vec![("grant_type", "client_credentials")];
        form.extend(self.scope.as_deref().map(|scope| ("scope", scope)));
        form.extend(self.params.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let authorization = match self.client_auth {
            // Both halves are form-encoded before they are joined (RFC 6749 §2.3.1).
            ClientAuth::Basic => {
                let secret = Secret::new(&query_plus(self.client_secret.expose()));
                Some(basic(&query_plus(&self.client_id), &secret))
            }
            ClientAuth::Body => {
                form.push(("client_id", &self.client_id));
                form.push(("client_secret", self.client_secret.expose()));
                None
            }
        };
        let form: Vec<String> = form
            .into_iter()
            .map(|(name, value)| format!("{}={}", query_plus(name), query_plus(value)))
            .collect();
        let request = Request::new(Method::Post, "")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "application/json")
            .body(form.join("&"));
        let fetch = || http.execute(&self.token_url, authorization.as_deref(), &request);
        let response = match fetch().await {
            // A second token does nobody any harm.
            Err(TransportError::ClosedSilently) => Box::pin(fetch()).await,
            response => response,
        };
        let response = response.map_err(|error| failed(&error.to_string()))?;
        let text = |name: &str| response.json().and_then(|body| body.get(name)).and_then(Value::as_str);
        if !response.is_success() {
            let code = ERRORS.into_iter().find(|code| text("error") == Some(code)).unwrap_or("no error code");
            return Err(failed(&format!("it returned {} with {code}", response.status)));
        }
        if let Some(kind) = text("token_type")
            && !kind.eq_ignore_ascii_case("bearer")
        {
            return Err(failed("it did not issue a bearer token"));
        }
        let token = text("access_token").map(Secret::new).filter(|token| !token.is_empty());
        let Some(secret) = token else { return Err(failed("its response has no `access_token`")) };
        let lasts = response.json().and_then(|body| body.get("expires_in")).and_then(lifetime);
        Ok(Token { secret, lasts })
    }
}

/// How long a token lasts that expires in so many seconds. Some servers write the number as a string. What is no time ahead
/// says nothing, and what is beyond the longest time is as good as that.
fn lifetime(expires_in: &Value) -> Option<SignedDuration> {
    let seconds = expires_in.as_f64().or_else(|| expires_in.as_str()?.trim().parse().ok())?;
    let lasts = Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST);
    (seconds > 0.0).then(|| SignedDuration::try_from(lasts.min(LONGEST)).unwrap_or(SignedDuration::MAX))
}

fn failed(what: &str) -> TransportError {
    TransportError::NoToken(format!("token endpoint: {what}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_lifetime_is_a_time_ahead_and_never_overflows() {
        let seconds = |value: Value| lifetime(&value).map(|lasts| lasts.as_secs());
        assert_eq!(seconds(json!(3600)), Some(3600));
        assert_eq!(seconds(json!("3600")), Some(3600));
        assert_eq!(seconds(json!(3599.5)), Some(3599));
        for nothing in
            [json!(0), json!(-1), json!(i64::MIN), json!("-3600"), json!("soon"), json!("NaN"), json!(null)]
        {
            assert_eq!(seconds(nothing.clone()), None, "{nothing}");
        }
        let longest = Some(i64::try_from(LONGEST.as_secs()).unwrap());
        for endless in
            [json!(u64::MAX), json!(i64::MAX), json!(1e300), json!("inf"), json!("99999999999999999999")]
        {
            assert_eq!(seconds(endless.clone()), longest, "{endless}");
        }
    }
}
