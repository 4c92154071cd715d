//! An answer that somebody between the provider and the endpoint gives.

use crate::wire::{Instead, Loss, Lost, Method};

use super::literal::Body;
use super::template::{Place, Variable};

/// What a gateway or a rate limiter answers to the provider's next requests of a kind.
#[derive(Debug, Clone)]
pub struct Interception {
    /// What is kept back: the request, or the endpoint's answer to it.
    pub kept_back: Lost,
    /// The method.
    pub method: Method,
    /// The collection: `/Users`.
    pub collection: String,
    /// How many requests.
    pub times: u16,
    /// The status; nothing leaves the endpoint's.
    pub status: Option<u16>,
    /// Headers; an empty value removes a header.
    pub headers: Vec<(String, String)>,
    /// The body; nothing leaves the endpoint's.
    pub body: Option<Body>,
}

impl Interception {
    /// What of each request is lost, and what is answered instead. The first variable without a value is returned
    /// where there is one: what it names was never linked.
    pub fn losses(&self, value: impl Fn(&Variable) -> Option<String>) -> Result<Vec<Loss>, &Variable> {
        let body = match &self.body {
            None => None,
            // A block of YAML ends with a line break that nobody means to send.
            Some(Body::Json(json)) => Some(json.render(Place::Json, value)?.trim_end().to_owned()),
            Some(Body::Text(text)) => Some(text.clone()),
        };
        let mut headers = self.headers.clone();
        let says_type = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        if let Some(kind) = self.body.as_ref().and_then(content_type).filter(|_| !says_type) {
            headers.push(("Content-Type".to_owned(), kind.to_owned()));
        }
        let instead = Instead { status: self.status, headers, body };
        let loss = Loss {
            lost: self.kept_back,
            method: self.method,
            collection: self.collection.clone(),
            instead: Some(instead),
        };
        Ok(vec![loss; usize::from(self.times)])
    }
}

/// What a body is, where nobody says.
fn content_type(body: &Body) -> Option<&'static str> {
    match body {
        Body::Json(_) => Some("application/scim+json"),
        Body::Text(text) if text.is_empty() => None,
        Body::Text(_) => Some("text/html"),
    }
}
