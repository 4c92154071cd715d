//! Answers, before they are HTTP.

use axum::body::Body;
use axum::http::{HeaderValue, Method, Response, StatusCode, header};
use serde_json::Value;

use crate::reference::provisioning::Refusal;
use crate::scim::error::ScimError;

/// `application/scim+json`, in which SCIM is answered (RFC 7644 §8.1).
pub(crate) const SCIM_JSON: HeaderValue = HeaderValue::from_static("application/scim+json");
/// `application/json`, in which the REST API and the gateway answer.
pub(crate) const PLAIN_JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A status with what goes along.
#[derive(Debug)]
pub(crate) struct Answer {
    status: u16,
    content_type: HeaderValue,
    body: Option<Content>,
    headers: Vec<(header::HeaderName, String)>,
}

/// What is answered.
#[derive(Debug)]
pub(crate) enum Content {
    /// A value.
    Value(Value),
    /// The JSON text of one, which nobody had to look into.
    Text(Vec<u8>),
}

impl Content {
    /// The value.
    pub(crate) fn into_value(self) -> Value {
        match self {
            Self::Value(value) => value,
            Self::Text(text) => serde_json::from_slice(&text).unwrap_or_default(),
        }
    }
}

impl From<Value> for Content {
    fn from(value: Value) -> Self {
        Self::Value(value)
    }
}

impl Answer {
    /// A SCIM resource or message.
    pub(crate) fn scim(status: u16, body: impl Into<Content>) -> Self {
        Self { status, content_type: SCIM_JSON, body: Some(body.into()), headers: Vec::new() }
    }

    /// Plain JSON.
    pub(crate) fn json(status: u16, body: Value) -> Self {
        Self { content_type: PLAIN_JSON, ..Self::scim(status, body) }
    }

    /// A status without a body.
    pub(crate) fn empty(status: u16) -> Self {
        Self { body: None, ..Self::scim(status, Value::Null) }
    }

    /// Adds a header; one that cannot stand in a header is left out.
    pub(crate) fn with(mut self, name: header::HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The answer as it fits the method: to OPTIONS the methods that a 405 would name, without its complaint.
    pub(crate) fn for_method(self, method: &Method) -> Self {
        if *method == Method::OPTIONS && self.status == 405 {
            return Self { status: 204, body: None, ..self };
        }
        self
    }

    /// The status.
    pub(crate) fn status(&self) -> u16 {
        self.status
    }

    /// The answer with another status.
    pub(crate) fn of_status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// The answer with another content type.
    pub(crate) fn of_type(self, content_type: HeaderValue) -> Self {
        Self { content_type, ..self }
    }

    /// The answer without its body.
    pub(crate) fn without_body(self) -> Self {
        Self { body: None, ..self }
    }

    /// The answer with a text made from its body, if it has one.
    pub(crate) fn with_text(
        mut self,
        content_type: HeaderValue,
        with: impl FnOnce(&Value) -> String,
    ) -> Self {
        let mut text = None;
        self.change(|body| text = Some(with(body)));
        let Some(text) = text else { return self };
        Self { body: Some(Content::Text(text.into_bytes())), content_type, ..self }
    }

    /// Changes the body, if there is one.
    pub(crate) fn change<T>(&mut self, with: impl FnOnce(&mut Value) -> T) {
        if let Some(Content::Text(text)) = &self.body {
            self.body = Some(Content::Value(serde_json::from_slice(text).unwrap_or_default()));
        }
        if let Some(Content::Value(body)) = &mut self.body {
            with(body);
        }
    }

    /// The answer without a header that was added.
    pub(crate) fn without(mut self, name: &header::HeaderName) -> Self {
        self.headers.retain(|(own, _)| own != name);
        self
    }

    /// A header that was added.
    pub(crate) fn header(&self, name: &header::HeaderName) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The status and the body.
    pub(crate) fn into_parts(self) -> (u16, Option<Value>) {
        (self.status, self.body.map(Content::into_value))
    }

    /// As HTTP.
    pub(crate) fn into_http(self) -> Response<Body> {
        let has_body = self.body.is_some();
        let mut response = Response::new(match self.body {
            Some(Content::Value(value)) => Body::from(serde_json::to_vec(&value).unwrap_or_default()),
            Some(Content::Text(text)) => Body::from(text),
            None => Body::empty(),
        });
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if has_body {
            response.headers_mut().insert(header::CONTENT_TYPE, self.content_type);
        }
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

impl From<ScimError> for Answer {
    fn from(error: ScimError) -> Self {
        Self::scim(error.status, error.to_value())
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        let (status, body) = refusal.answer();
        match refusal {
            Refusal::Scim(_) => Self::scim(status, body),
            Refusal::Bean(_) => Self::json(status, body),
        }
    }
}

/// 405 with the methods that are there.
pub(crate) fn method_not_allowed(methods: &str) -> Answer {
    let error = ScimError::new(405, format!("allowed methods: {methods}"));
    Answer::from(error).with(header::ALLOW, allow(methods))
}

/// The value of `Allow`: wherever there is GET there is HEAD, and OPTIONS is everywhere.
pub(crate) fn allow(methods: &str) -> String {
    format!("{}, OPTIONS", methods.replace("GET", "GET, HEAD"))
}

/// 404 for a path that leads nowhere.
pub(crate) fn no_such_path(path: &str) -> Answer {
    Answer::from(ScimError::not_found(format!("there is nothing at {path}")))
}
