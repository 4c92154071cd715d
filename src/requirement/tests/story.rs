//! Short transcripts for tests.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::idp::ClientName;
use crate::wire::{Answer, Exchange, Method, Purpose, Request, Response, TransportError};

use crate::requirement::checker::Checker;
use crate::requirement::model::Raised;

const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

/// A transcript with what a checker says of it.
pub(crate) struct Story {
    pub(crate) checker: Checker,
    pub(crate) purpose: Purpose,
    found: Vec<Raised>,
}

impl Story {
    pub(crate) fn new(client: ClientName) -> Self {
        Self { checker: Checker::new(client), purpose: Purpose::Provider, found: Vec::new() }
    }

    /// An exchange with the headers that a faultless endpoint sends.
    pub(crate) fn exchange(
        method: Method,
        target: &str,
        sent: Option<&Value>,
        status: u16,
        answer: Option<&Value>,
    ) -> Arc<Exchange> {
        let mut request = Request::new(method, target);
        request.body = sent.cloned().map(Into::into);
        let mut headers = Vec::new();
        if answer.is_some() {
            headers.push(("Content-Type".to_owned(), "application/scim+json; charset=utf-8".to_owned()));
        }
        if status == 201 {
            let id = answer.and_then(|body| body.get("id")?.as_str()).unwrap_or_default();
            headers.push(("Location".to_owned(), format!("http://127.0.0.1/scim{target}/{id}")));
        }
        let body = answer.map(Value::to_string).unwrap_or_default();
        let answer = Answer::Response(Response::new(status, headers, body));
        Arc::new(Exchange { number: 1, request, answer, took: Duration::ZERO, overlaps: false })
    }

    pub(crate) fn observe(&mut self, exchange: &Arc<Exchange>) {
        let mut exchange = Arc::unwrap_or_clone(Arc::clone(exchange));
        exchange.request.purpose = self.purpose;
        self.found.extend(self.checker.observe(&Arc::new(exchange)));
    }

    pub(crate) fn step(
        &mut self,
        method: Method,
        target: &str,
        sent: Option<&Value>,
        status: u16,
        answer: Option<&Value>,
    ) {
        self.observe(&Self::exchange(method, target, sent, status, answer));
    }

    pub(crate) fn get(&mut self, target: &str, status: u16, answer: &Value) {
        self.step(Method::Get, target, None, status, Some(answer));
    }

    pub(crate) fn post(&mut self, target: &str, sent: &Value, status: u16, answer: &Value) {
        self.step(Method::Post, target, Some(sent), status, Some(answer));
    }

    pub(crate) fn put(&mut self, target: &str, sent: &Value, status: u16, answer: &Value) {
        self.step(Method::Put, target, Some(sent), status, Some(answer));
    }

    /// A PATCH with these operations, answered 204.
    pub(crate) fn patch(&mut self, target: &str, operations: &Value) {
        self.step(Method::Patch, target, Some(&patch_op(operations)), 204, None);
    }

    /// A PATCH with these operations, refused.
    pub(crate) fn refuse(&mut self, target: &str, operations: &Value, status: u16) {
        let answer = error(status);
        self.step(Method::Patch, target, Some(&patch_op(operations)), status, Some(&answer));
    }

    pub(crate) fn delete(&mut self, target: &str, status: u16) {
        self.step(Method::Delete, target, None, status, None);
    }

    /// Any answer that is no whole response.
    pub(crate) fn broken(&mut self, method: Method, target: &str, answer: Answer) {
        let exchange = Self::exchange(method, target, None, 200, None);
        let mut exchange = Arc::unwrap_or_clone(exchange);
        exchange.answer = answer;
        self.observe(&Arc::new(exchange));
    }

    pub(crate) fn timeout(&mut self, method: Method, target: &str) {
        self.broken(method, target, Answer::Failed(TransportError::Timeout(Duration::from_mins(1))));
    }

    /// The ids of what was found, in order.
    pub(crate) fn ids(&self) -> Vec<&'static str> {
        self.found.iter().map(|finding| finding.requirement.id).collect()
    }

    /// The messages of one requirement.
    pub(crate) fn raised(&self, id: &str) -> Vec<&str> {
        self.found
            .iter()
            .filter(|finding| finding.requirement.id == id)
            .map(|finding| finding.message.as_str())
            .collect()
    }

    /// Everything that was found, to read.
    pub(crate) fn said(&self) -> Vec<String> {
        self.found.iter().map(|finding| format!("{}: {}", finding.requirement.id, finding.message)).collect()
    }
}

/// A PATCH message.
pub(crate) fn patch_op(operations: &Value) -> Value {
    json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations})
}

/// A faultless error.
pub(crate) fn error(status: u16) -> Value {
    let mut body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": status.to_string(), "detail": "because"
    });
    if status == 409 {
        body["scimType"] = json!("uniqueness");
    }
    body
}

/// A user with everything that a provider sends.
pub(crate) fn user(id: &str, name: &str) -> Value {
    json!({
        "schemas": [USER], "id": id, "userName": format!("{name}@example.com"), "externalId": "00u1",
        "name": {"givenName": "Ada", "familyName": "Byron"}, "displayName": "Ada Byron",
        "emails": [{"primary": true, "value": format!("{name}@example.com"), "type": "work"}], "active": true
    })
}

/// The user `1` with one attribute as it is given.
pub(crate) fn user_with(key: &str, value: Value) -> Value {
    let mut body = user("1", "ada");
    body[key] = value;
    body
}

/// A group with these members.
pub(crate) fn group(id: &str, name: &str, members: &[&str]) -> Value {
    let members: Vec<Value> = members.iter().map(|id| json!({"value": id})).collect();
    json!({"schemas": [GROUP], "id": id, "displayName": name, "members": members})
}

/// A faultless list.
pub(crate) fn list(resources: &[Value]) -> Value {
    json!({
        "schemas": [LIST], "totalResults": resources.len(), "startIndex": 1,
        "itemsPerPage": resources.len(), "Resources": resources
    })
}
