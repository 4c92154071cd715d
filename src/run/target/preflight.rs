//! The first requests to somebody's endpoint: can it be judged at all?

use std::rc::Rc;
use std::sync::Arc;

use serde_json::Value;

use crate::context::Clock;
use crate::outcome::reader::scim_get;
use crate::requirement::Discovery;
use crate::scim::resource::attribute;
use crate::wire::{Answer, Exchange, HttpClient, Limits, Observer, Response, Target, TransportError, Wire};

/// What the first requests say.
#[derive(Debug, Clone)]
pub struct Preflight {
    /// Whether it serves `/Groups`.
    pub groups: bool,
    /// What the endpoint says of itself.
    pub discovery: Discovery,
    /// The answers that show resources, which are other people's.
    pub shown: Vec<Arc<Exchange>>,
}

/// Why the target cannot be judged, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unjudgeable {
    /// Nobody answers.
    #[error("cannot reach `{target}`: {error}")]
    Unreachable {
        /// The target.
        target: String,
        /// What happened.
        error: TransportError,
    },
    /// There are no credentials to send.
    #[error("nothing was sent to `{target}`: {error}")]
    NoToken {
        /// The target.
        target: String,
        /// What happened.
        error: TransportError,
    },
    /// The credentials are refused.
    #[error("`{target}` refuses the credentials ({status})")]
    Refused {
        /// The target.
        target: String,
        /// The status.
        status: u16,
    },
    /// There is something, but no SCIM endpoint.
    #[error("`{target}` is not a SCIM endpoint: GET /Users returned {what}")]
    NotScim {
        /// The target.
        target: String,
        /// What came.
        what: String,
    },
}

impl Unjudgeable {
    /// What to do next.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Unreachable { error: TransportError::Tls(what), .. }
                if what.contains("does not speak TLS") =>
            {
                "check the scheme and the port of the URL"
            }
            Self::Unreachable { error: TransportError::Tls(_), .. } => {
                "pass the certificate authority with --ca FILE, and set a client certificate in the settings file"
            }
            Self::Unreachable { .. } => {
                "check the URL, and that the endpoint is running; without --target, scimsnap uses its embedded reference endpoint"
            }
            Self::NoToken { .. } => "check `oauth` or `token_command` of the target in the settings file",
            Self::Refused { .. } => {
                "pass the token with --token-env VAR or --token-file FILE, without the word `Bearer`"
            }
            Self::NotScim { .. } => {
                "pass the SCIM base URL (without /Users), such as https://app.example/scim/v2"
            }
        }
    }
}

/// Asks for one user and, where scenarios need groups, for one group, and reads what the endpoint says of itself. An observer
/// sees all of it.
pub async fn preflight(
    target: &Target,
    http: &Rc<HttpClient>,
    limits: Limits,
    clock: &Clock,
    groups: bool,
    observer: Option<Rc<dyn Observer>>,
) -> Result<Preflight, Unjudgeable> {
    let wire = Wire::new(Rc::clone(http), target.clone(), limits, clock.clone(), None);
    if let Some(observer) = observer {
        wire.watch(observer);
    }
    let shown = target.scim.clone();
    let users = wire.send(scim_get("/Users?startIndex=1&count=1")).await;
    match &users.answer {
        Answer::Failed(error @ TransportError::NoToken(_)) => {
            return Err(Unjudgeable::NoToken { target: shown, error: error.clone() });
        }
        Answer::Failed(error) => {
            return Err(Unjudgeable::Unreachable { target: shown, error: error.clone() });
        }
        Answer::Withheld(_) => {}
        Answer::Response(response) => {
            if let status @ (401 | 403) = response.status {
                return Err(Unjudgeable::Refused { target: shown, status });
            }
        }
    }
    let (discovery, is_described) = discovery(&wire).await;
    // An endpoint with a bug is an endpoint: whatever shows that it speaks SCIM will do.
    if let Some(response) = users.response().filter(|response| !is_described && !is_of_users(response)) {
        let kind = response.header("content-type").unwrap_or("no content type");
        let what = target.redactor().text(&format!("{} with {kind}", response.status)).into_owned();
        return Err(Unjudgeable::NotScim { target: shown, what });
    }
    if !groups {
        return Ok(Preflight { groups: false, discovery, shown: vec![users] });
    }
    let exchange = wire.send(scim_get("/Groups?startIndex=1&count=1")).await;
    let groups = !matches!(exchange.status(), 404 | 405 | 501);
    Ok(Preflight { groups, discovery, shown: vec![users, exchange] })
}

/// Whether an answer to a query of users may be a SCIM endpoint's.
fn is_of_users(response: &Response) -> bool {
    let is_list = response.json().is_some_and(|body| {
        attribute::get(body, "Resources").is_some() || attribute::get(body, "totalResults").is_some()
    });
    // A SCIM error is an answer that scenarios can judge; a web page is not.
    let is_error =
        response.status >= 400 && response.status != 404 && response.json().is_some_and(Value::is_object);
    is_list || is_error || speaks_scim(response)
}

/// Whether an answer has a sign of SCIM, whatever it says.
fn speaks_scim(response: &Response) -> bool {
    let kind = response.header("content-type").unwrap_or_default().to_ascii_lowercase();
    kind.contains("scim+json") || response.body.contains("urn:ietf:params:scim:")
}

/// What the endpoint says of itself, and whether it speaks SCIM. An endpoint that says nothing is judged without; scenarios
/// ask for these pages where they are the point.
async fn discovery(wire: &Wire) -> (Discovery, bool) {
    let mut discovery = Discovery::default();
    let mut is_described = false;
    for page in ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas"] {
        let exchange = wire.send(scim_get(page)).await;
        if matches!(exchange.answer, Answer::Failed(_)) {
            break;
        }
        is_described |=
            exchange.response().is_some_and(|response| response.status == 200 && speaks_scim(response));
        discovery.learn(&exchange);
    }
    (discovery, is_described)
}
