//! What is known of the ids that a pair has met, and whose they are.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};
use serde_json::Value;

use crate::scim::resource::attribute::get;

use crate::wire::message::created::{Created, identifying};
use crate::wire::safety::register::{Register, Trace};

use super::evidence::{Marker, Whose};

/// What a pair may write to.
#[derive(Debug, Default)]
pub struct Ownership {
    /// There is none where the endpoint is the run's own: everything may be written to there.
    pub(super) register: Option<Arc<Register>>,
    pub(super) marker: Marker,
    pub(super) claims: RefCell<IndexMap<(Created, String), Claim>>,
    /// Literal names under which a lookup found nobody.
    pub(super) vacant: RefCell<Vec<(Created, String)>>,
    /// What this wire sent or was answered.
    pub(super) traces: RefCell<IndexSet<(Created, Trace)>>,
    pub(super) withheld: Cell<usize>,
}

/// What is known of an id.
#[derive(Debug, Clone)]
pub(super) struct Claim {
    pub(super) standing: Standing,
    /// The last request that had been begun when the last write to it was answered.
    pub(super) written: usize,
    /// The last read of it: the request, and what it showed.
    pub(super) read: Option<(usize, Reading)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// A creation was answered with this id and without a name.
    Answered,
    /// The answer to a creation showed the token.
    Said,
    /// A list showed it with the token, and nothing else has shown it yet.
    Listed,
    /// A read of it showed the token.
    Read,
    /// It was deleted.
    Ended,
    /// It is other people's.
    Theirs,
    /// A read just now found nobody there.
    Nobody,
}

/// What a read of an id showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// A resource with the run's token.
    Ours,
    /// The same, in a list.
    Listed,
    /// A resource without a name.
    Unnamed,
    /// Other people's resource.
    Theirs,
    /// Nobody, by an error in SCIM's own form.
    Gone,
    /// Nobody, by an answer that may be said of anything.
    NotFound,
}

impl Ownership {
    /// Nothing so far.
    pub(in crate::wire) fn new(register: Option<Arc<Register>>) -> Self {
        let marker = register.as_ref().map(|register| Marker::of_run(register.run())).unwrap_or_default();
        Self { register, marker, ..Self::default() }
    }

    /// The same for one pair of the run, whose names carry a token of its own.
    pub(in crate::wire) fn of_pair(self, token: &str) -> Self {
        let run = self.register.as_ref().map(|register| register.run().to_owned()).unwrap_or_default();
        Self { marker: Marker::of_pair(&run, token), ..self }
    }

    /// Whether the target is a foreign one.
    pub fn is_guest(&self) -> bool {
        self.register.is_some()
    }

    /// The token that every name carries.
    pub fn token(&self) -> &str {
        self.marker.text()
    }

    /// What this wire sent or was answered, by which it is looked for again.
    pub fn traces(&self) -> Vec<(Created, Trace)> {
        self.traces.borrow().iter().cloned().collect()
    }

    /// What may be left at the target, in the eyes of the whole run.
    pub fn register(&self) -> Option<&Arc<Register>> {
        self.register.as_ref()
    }

    /// What was created and nobody saw gone, oldest first. An endpoint's word that a resource is deleted is not taken for
    /// it: cleaning up reads again.
    pub fn created(&self) -> Vec<(Created, String)> {
        let claims = self.claims.borrow();
        let created = claims.iter().filter(|(_, claim)| {
            matches!(
                claim.standing,
                Standing::Answered | Standing::Said | Standing::Listed | Standing::Read | Standing::Ended
            )
        });
        created.map(|(key, _)| key.clone()).collect()
    }

    /// How many writes were withheld because they would have changed other people's resources.
    pub fn withheld(&self) -> usize {
        self.withheld.get()
    }

    /// What a read showed of an id after the last write to it.
    pub fn fresh_reading(&self, kind: Created, id: &str) -> Option<Reading> {
        let claims = self.claims.borrow();
        let claim = claims.get(&(kind, id.to_owned()))?;
        claim.read.filter(|(number, _)| *number > claim.written).map(|(_, reading)| reading)
    }

    /// Whether an id is proved to be ours, and was not deleted since.
    pub fn is_proved(&self, kind: Created, id: &str) -> bool {
        let claims = self.claims.borrow();
        let standing = claims.get(&(kind, id.to_owned())).map(|claim| claim.standing);
        matches!(standing, Some(Standing::Said | Standing::Listed | Standing::Read))
    }

    /// Whether this run created a resource of that kind: it carries this wire's token, or a literal name that nobody had.
    pub fn is_ours(&self, kind: Created, resource: &Value) -> bool {
        self.marker.whose_is(kind, resource, &self.vacant.borrow()) == Whose::Ours
            && self.register.as_ref().is_none_or(|register| was_made_here(register, kind, resource))
    }

    /// Notes a literal name that was vacant when an earlier part of the run asked for it.
    pub fn note_vacant(&self, kind: Created, name: &str) {
        self.vacant.borrow_mut().push((kind, name.to_owned()));
    }
}

/// Whether a resource of the product was made there by hand. All of SCIM's are made by SCIM.
pub(super) fn was_made_here(register: &Register, kind: Created, resource: &Value) -> bool {
    let name = get(resource, identifying(kind)).and_then(Value::as_str);
    match kind {
        Created::User | Created::Group => true,
        Created::Organization | Created::Customer => name.is_some_and(|name| register.was_sent(kind, name)),
    }
}
