//! A request as a provider writes it: raw target, headers in order, body as text.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

use super::body::{Body, cut};
use super::key::Key;
use super::marks::Marks;

/// The HTTP methods that SCIM uses (RFC 7644 §3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// Read.
    Get,
    /// Create.
    Post,
    /// Replace.
    Put,
    /// Modify.
    Patch,
    /// Delete.
    Delete,
}

impl Method {
    /// The method's token.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// The method of that token, in upper case as RFC 9110 has it.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete]
            .into_iter()
            .find(|method| method.as_str() == text)
    }

    /// Whether the request may change something.
    pub fn writes(self) -> bool {
        self != Self::Get
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Which of a target's two interfaces a request goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// The SCIM service provider.
    Scim,
    /// The product's own REST API, through which people see the result.
    Rest,
}

/// Why a request is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Prepares what stands at the endpoint before the IdP arrives.
    Stage,
    /// The IdP client's own traffic.
    Provider,
    /// A request written out in the scenario.
    Literal,
    /// Reads the outcome.
    Read,
    /// An administrator's act at the endpoint.
    Admin,
    /// Removes what the run created.
    Cleanup,
}

/// A request. `target` is relative to the surface's base and already encoded, to the byte: `/Users?filter=…`.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Path and query below the base, encoded as they go over the wire.
    pub target: String,
    /// Headers in the order in which they are sent, without `Authorization` and `Host`.
    pub headers: Vec<(String, String)>,
    /// The body, to the byte.
    pub body: Option<Body>,
    /// The interface it goes to.
    pub surface: Surface,
    /// Why it is sent.
    pub purpose: Purpose,
    /// What it shows of the target's key.
    pub key: Key,
    /// How long the provider waits for the whole answer, where that is known. The target's limit may be shorter.
    pub patience: Option<Duration>,
    /// What is looked for in an answer that is too large to be kept whole.
    pub marks: Option<Marks>,
}

impl Request {
    /// A SCIM request of the IdP client's without headers and body.
    pub fn new(method: Method, target: impl Into<String>) -> Self {
        Self {
            method,
            target: target.into(),
            headers: Vec::new(),
            body: None,
            surface: Surface::Scim,
            purpose: Purpose::Provider,
            key: Key::Whole,
            patience: None,
            marks: None,
        }
    }

    /// Sets how long the provider waits for the whole answer.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = Some(patience);
        self
    }

    /// The target, where it is not too long to be shown.
    pub fn short_target(&self, most: usize) -> String {
        cut(&self.target, most, self.target.len())
    }

    /// A copy for reports, without what is long.
    pub(in crate::wire) fn light(&self, most: usize) -> Self {
        Self {
            method: self.method,
            target: cut(&self.target, most, self.target.len()),
            headers: self.headers.clone(),
            body: self.body.as_ref().map(|body| body.light(most)),
            marks: self.marks.clone(),
            ..*self
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sets the reason.
    #[must_use]
    pub fn purpose(mut self, purpose: Purpose) -> Self {
        self.purpose = purpose;
        self
    }

    /// Sends it to the product's REST API instead.
    #[must_use]
    pub fn rest(mut self) -> Self {
        self.surface = Surface::Rest;
        self
    }

    /// The path, without the query.
    pub fn path(&self) -> &str {
        self.target.split_once('?').map_or(self.target.as_str(), |(path, _)| path)
    }

    /// The raw query, where there is one.
    pub fn query(&self) -> Option<&str> {
        self.target.split_once('?').map(|(_, query)| query)
    }

    /// The body as JSON; nothing where there is none, or it is not JSON.
    pub fn json(&self) -> Option<&Value> {
        self.body.as_ref()?.json()
    }

    /// Whether sending it twice does the same as once (RFC 9110 §9.2.2). A search by POST only reads (RFC 7644 §3.4.3).
    pub fn is_idempotent(&self) -> bool {
        match self.method {
            Method::Get | Method::Put | Method::Delete => true,
            Method::Post => self.surface == Surface::Scim && self.path().ends_with("/.search"),
            Method::Patch => false,
        }
    }

    /// The value of a header, by its name in any case.
    pub fn header_value(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }
}

/// The first header of that name, in any case.
pub(crate) fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}
