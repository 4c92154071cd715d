//! What a pair created on somebody's endpoint, which is all that it may write to there.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::exchange::Exchange;
use super::ledger::{Created, Entry, Ledger};
use super::request::{Method, Request, Surface};

/// What a pair created, and which creations nobody knows the end of.
#[derive(Debug, Default)]
pub struct Ownership {
    /// Written before a creation is sent; there is none where the endpoint is the run's own.
    ledger: Option<Arc<Ledger>>,
    created: RefCell<Vec<(Created, String)>>,
    intended: RefCell<Vec<(Created, String)>>,
    removed: Cell<usize>,
}

/// What a POST creates.
#[derive(Debug)]
pub(super) struct Creation {
    kind: Created,
    /// Under which name.
    name: String,
}

impl Ownership {
    /// Nothing so far.
    pub(super) fn new(ledger: Option<Arc<Ledger>>) -> Self {
        Self { ledger, ..Self::default() }
    }

    /// Whether the endpoint is somebody's.
    pub fn is_guest(&self) -> bool {
        self.ledger.is_some()
    }

    /// What was created and nobody saw gone, oldest first. An endpoint's word that a resource is deleted is not taken for
    /// it: cleaning up reads back.
    pub fn created(&self) -> Vec<(Created, String)> {
        self.created.borrow().clone()
    }

    /// The names of creations whose answer never came, or had no id in it.
    pub fn unanswered(&self) -> Vec<(Created, String)> {
        self.intended.borrow().clone()
    }

    /// How much of what was created is gone again.
    pub fn removed(&self) -> usize {
        self.removed.get()
    }

    /// Nothing is written to what the run did not create: a lookup that answers with a stranger (an endpoint that
    /// ignores filters answers with its whole tenant) must not lead to a write. Says why a request is withheld.
    pub(super) fn permit(&self, request: &Request, creation: Option<&Creation>) -> Result<(), String> {
        let Some(ledger) = &self.ledger else { return Ok(()) };
        match (request.method, scim_resource(request)) {
            (Method::Put | Method::Patch | Method::Delete, Some((kind, id))) => {
                if self.owns(kind, &id) {
                    return Ok(());
                }
                Err(format!(
                    "{} {} would write to something that this run did not create",
                    request.method, request.target
                ))
            }
            (Method::Post, _) => {
                let Some(Creation { kind, name }) = creation else { return Ok(()) };
                self.expect(*kind, name.clone());
                ledger
                    .write(&Entry::Intent { kind: *kind, name: name.clone() })
                    .map_err(|error| format!("the ledger cannot be written: {error}"))
            }
            _ => Ok(()),
        }
    }

    /// Notes how a request was answered that may have created something.
    pub(super) fn note(&self, exchange: &Exchange, creation: Option<Creation>) {
        let Some(Creation { kind, name }) = creation.filter(|_| exchange.left()) else {
            // What was answered on the way says nothing about the endpoint.
            return;
        };
        let refused = exchange.response().is_some_and(|response| (400..500).contains(&response.status));
        let id = exchange.json().and_then(|body| created_id(kind, body)).filter(|_| exchange.is_success());
        if refused || id.is_some() {
            self.settle(kind, &name);
        }
        if let Some(id) = id {
            self.adopt(kind, id);
        }
    }

    /// Notes something as created by this run, so that it may be removed.
    pub fn adopt(&self, kind: Created, id: String) {
        if self.owns(kind, &id) {
            return;
        }
        if let Some(ledger) = &self.ledger {
            // The id is also found by the intended name, should the disk fail just now.
            let _ = ledger.write(&Entry::Created { kind, id: id.clone() });
        }
        self.created.borrow_mut().push((kind, id));
    }

    /// Notes a name that something is about to be created under, be it by an earlier run that ended then.
    pub fn expect(&self, kind: Created, name: String) {
        self.intended.borrow_mut().push((kind, name));
    }

    /// Notes that it is known what became of a creation.
    pub fn settle(&self, kind: Created, name: &str) {
        let mut intended = self.intended.borrow_mut();
        if let Some(place) = intended.iter().position(|(k, n)| *k == kind && n == name) {
            intended.remove(place);
        }
    }

    /// Notes that something is gone.
    pub fn forget(&self, kind: Created, id: &str) {
        let before = self.created.borrow().len();
        self.created.borrow_mut().retain(|(k, i)| !(*k == kind && i == id));
        self.removed.set(self.removed.get() + before - self.created.borrow().len());
        if let Some(ledger) = &self.ledger {
            let _ = ledger.write(&Entry::Deleted { kind, id: id.to_owned() });
        }
    }

    fn owns(&self, kind: Created, id: &str) -> bool {
        self.created.borrow().iter().any(|(k, i)| *k == kind && i == id)
    }
}

impl Creation {
    /// The name under which it is created.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// What a request creates, if it is a POST that creates something.
    pub(super) fn of(request: &Request) -> Option<Self> {
        if request.method != Method::Post {
            return None;
        }
        let (kind, key) = match (request.surface, request.path()) {
            (Surface::Scim, "/Users") => (Created::User, "userName"),
            (Surface::Scim, "/Groups") => (Created::Group, "displayName"),
            (Surface::Rest, "/organization") => (Created::Organization, "name"),
            (Surface::Rest, "/customer") => (Created::Customer, "email"),
            _ => return None,
        };
        let name = request.json()?.as_object()?.get(key).and_then(Value::as_str).unwrap_or_default();
        Some(Self { kind, name: name.to_owned() })
    }
}

/// The SCIM resource that a target names: `/Users/{id}`, `/Groups/{id}`.
fn scim_resource(request: &Request) -> Option<(Created, String)> {
    if request.surface != Surface::Scim {
        return None;
    }
    let mut segments = request.path().trim_start_matches('/').splitn(2, '/');
    let kind = match segments.next()? {
        "Users" => Created::User,
        "Groups" => Created::Group,
        _ => return None,
    };
    let id = segments.next().filter(|id| !id.is_empty())?;
    Some((kind, percent_decode_str(id).decode_utf8_lossy().into_owned()))
}

fn created_id(kind: Created, body: &Value) -> Option<String> {
    let key = if kind == Created::Customer { "accountId" } else { "id" };
    match body.get(key)? {
        Value::String(id) if !id.is_empty() => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}
