//! What a pair may write to on a foreign target: what is proved to be its own, and nothing else. `docs/safety.md` has the
//! rules.

mod effects;
mod evidence;

use std::cell::{Cell, RefCell};
use std::fmt;
use std::sync::Arc;

use indexmap::map::Entry;
use indexmap::{IndexMap, IndexSet};

use super::exchange::{Answer, Exchange, NotNew, Response, Withheld};
use super::ledger::Created;
use super::register::{Register, Trace};
use super::request::{Method, Purpose, Request, Surface};

use self::effects::Effects;
use self::evidence::{Sighting, Whose, id_in, identifying, same_name, sightings};

pub use self::evidence::{Marker, is_scim_error};

/// What a pair may write to.
#[derive(Debug, Default)]
pub struct Ownership {
    /// There is none where the endpoint is the run's own: everything may be written to there.
    register: Option<Arc<Register>>,
    marker: Marker,
    claims: RefCell<IndexMap<(Created, String), Claim>>,
    /// Literal names under which a lookup found nobody.
    vacant: RefCell<Vec<(Created, String)>>,
    /// What this wire sent or was answered.
    traces: RefCell<IndexSet<(Created, Trace)>>,
    withheld: Cell<usize>,
}

/// What is known of an id.
#[derive(Debug, Clone)]
struct Claim {
    standing: Standing,
    /// The last request that had been begun when the last write to it was answered.
    written: usize,
    /// The last read of it: the request, and what it showed.
    read: Option<(usize, Reading)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
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

/// What is said of a write to a resource that is not proved to be ours.
pub(super) const NOT_OURS: &str = "would write to something that this run did not create";

/// Whether a request may be sent.
pub(super) enum Permit {
    /// It may be sent now.
    Now,
    /// First it has to be read whose this is.
    AfterReading(Created, String),
    /// First it has to be looked whether anybody has this name.
    AfterLookingFor(Created, String),
    /// It must not be sent.
    Never(Withheld),
}

impl Ownership {
    /// Nothing so far.
    pub(super) fn new(register: Option<Arc<Register>>) -> Self {
        let marker = register.as_ref().map(|register| Marker::of_run(register.run())).unwrap_or_default();
        Self { register, marker, ..Self::default() }
    }

    /// The same for one pair of the run, whose names carry a token of its own.
    pub(super) fn of_pair(self, token: &str) -> Self {
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
    pub fn is_ours(&self, kind: Created, resource: &serde_json::Value) -> bool {
        self.marker.whose_is(kind, resource, &self.vacant.borrow()) == Whose::Ours
            && self.register.as_ref().is_none_or(|register| was_made_here(register, kind, resource))
    }

    /// Notes a literal name that was vacant when an earlier part of the run asked for it.
    pub fn note_vacant(&self, kind: Created, name: &str) {
        self.vacant.borrow_mut().push((kind, name.to_owned()));
    }

    /// Whether a request may be sent: it must not change what other people have. A creation is in the ledger afterwards.
    pub(super) fn permit(&self, request: &Request) -> Permit {
        let Some(register) = &self.register else { return Permit::Now };
        if effects::segments(request.path()).is_none() && request.surface == Surface::Scim {
            return Permit::Never(self.refuse(request, "has a path that leads somewhere else"));
        }
        let effects = Effects::of(request);
        let refuse = |what: &str| Permit::Never(self.refuse(request, what));
        if effects.is_unknown {
            return refuse("would write to neither a user nor a group of this run");
        }
        for (kind, id) in &effects.writes {
            match self.may_write(register, request, *kind, id) {
                Some(true) => {}
                Some(false) => return refuse(NOT_OURS),
                None => return Permit::AfterReading(*kind, id.clone()),
            }
        }
        let is_a_strangers = |(kind, id): &&(Created, String)| {
            register.may_be_a_strangers(*kind, id) && !self.is_proved(*kind, id)
        };
        if let Some((_, id)) = effects.moves.iter().find(is_a_strangers) {
            return refuse(&format!("would change the memberships of `{id}`, which this run did not create"));
        }
        for (kind, name) in &effects.creates {
            let vacant = self.is_vacant(*kind, name);
            if !vacant && self.needs_vacancy(request, name) {
                return Permit::AfterLookingFor(*kind, name.clone());
            }
            if let Err(error) = self.intend(register, *kind, name, vacant) {
                return Permit::Never(Withheld::Ledger(format!("the ledger cannot be written: {error}")));
            }
        }
        for (kind, name) in &effects.renames {
            let vacant = self.is_vacant(*kind, name);
            if !vacant && self.needs_vacancy(request, name) {
                return Permit::AfterLookingFor(*kind, name.clone());
            }
        }
        for key in &effects.writes {
            // Nobody was there a moment ago; the next time, somebody may be.
            let mut claims = self.claims.borrow_mut();
            if claims.get(key).is_some_and(|claim| claim.standing == Standing::Nobody) {
                claims.shift_remove(key);
            }
        }
        Permit::Now
    }

    /// Whether an id may be written to; nothing where it has to be read first.
    fn may_write(&self, register: &Register, request: &Request, kind: Created, id: &str) -> Option<bool> {
        let cleans_up = request.purpose == Purpose::Cleanup;
        let claims = self.claims.borrow();
        let Some(claim) = claims.get(&(kind, id.to_owned())) else {
            return if register.may_be_a_strangers(kind, id) { Some(false) } else { None };
        };
        let reading = claim.read.filter(|(number, _)| *number > claim.written).map(|(_, reading)| reading);
        match claim.standing {
            Standing::Theirs => Some(false),
            // Nobody is there who could be hurt.
            Standing::Ended | Standing::Said | Standing::Listed | Standing::Read
                if reading == Some(Reading::Gone) =>
            {
                Some(true)
            }
            Standing::Read | Standing::Listed | Standing::Said if cleans_up => match reading {
                None => None,
                Some(Reading::Ours | Reading::Listed | Reading::Unnamed) => Some(true),
                Some(Reading::Theirs | Reading::Gone | Reading::NotFound) => Some(false),
            },
            Standing::Read | Standing::Nobody => Some(true),
            Standing::Said if !cleans_up && register.trusts_creations() => Some(true),
            Standing::Said | Standing::Listed | Standing::Answered | Standing::Ended => None,
        }
    }

    /// Whether a request to an id may be sent although no read can say whose it is: the answer to the creation showed the
    /// token, and no other answer said anything else. That is not enough to delete it in the end.
    pub(super) fn trusts_unread(&self, request: &Request, kind: Created, id: &str) -> bool {
        let claims = self.claims.borrow();
        request.purpose != Purpose::Cleanup
            && claims
                .get(&(kind, id.to_owned()))
                .is_some_and(|claim| matches!(claim.standing, Standing::Said | Standing::Listed))
    }

    /// Notes that the name of a literal request was looked for and nobody has it.
    pub(super) fn found_vacant(&self, kind: Created, name: &str) -> Result<(), Withheld> {
        self.note_vacant(kind, name);
        let Some(register) = &self.register else { return Ok(()) };
        let noted = self.intend(register, kind, name, true);
        noted.map_err(|error| Withheld::Ledger(format!("the ledger cannot be written: {error}")))
    }

    /// A write that is withheld because other people's resources would change.
    pub(super) fn refuse(&self, request: &Request, what: &str) -> Withheld {
        if request.purpose != Purpose::Cleanup {
            self.withheld.set(self.withheld.get() + 1);
        }
        Withheld::NotOurs(format!("{} {} {what}", request.method, request.target))
    }

    /// Whether a name was free before this run asked for it.
    fn is_vacant(&self, kind: Created, name: &str) -> bool {
        self.vacant.borrow().iter().any(|(other, vacant)| *other == kind && same_name(vacant, name))
    }

    /// Whether nobody could say later that a resource of that name is ours.
    fn needs_vacancy(&self, request: &Request, name: &str) -> bool {
        let body = request.body.as_deref().unwrap_or_default();
        !name.trim().is_empty() && !self.marker.is_in(name) && !self.marker.is_in(body)
    }

    /// Notes how a request was answered; `latest` is the last request that was begun by now. Of somebody in between who
    /// answered, nothing is noted.
    pub(super) fn note(&self, exchange: &mut Exchange, latest: usize) {
        let Some(register) = &self.register else {
            self.note_believed(exchange);
            return;
        };
        if !exchange.left() || matches!(exchange.answer, Answer::Withheld(_)) {
            return;
        }
        let effects = Effects::of(&exchange.request);
        for (kind, id) in &effects.writes {
            self.note_write(*kind, id, exchange, latest);
        }
        let is_creation = exchange.request.method == Method::Post && effects.creates.len() == 1;
        match effects.creates.as_slice() {
            [(kind, name)] if is_creation && effects.writes.is_empty() => {
                let claimed = self.note_creation(register, *kind, name, exchange, latest);
                let with_id = matches!(claimed, Some(Ok(())));
                register.answered(*kind, name, with_id);
                if let (Some(Err(not_new)), Answer::Response(response)) = (claimed, &mut exchange.answer) {
                    response.not_new = Some(not_new);
                }
                return;
            }
            several => {
                for (kind, name) in several {
                    register.answered(*kind, name, false);
                }
            }
        }
        let Some(response) = exchange.response() else { return };
        self.note_absence(register, exchange, response);
        if let Some((kind, left_out)) = evidence::left_out(&exchange.request, response) {
            register.saw_strangers(kind, left_out.ids());
        }
        let is_filtered = exchange.request.query().is_some_and(|query| query.contains("filter="));
        for seen in sightings(&exchange.request, response) {
            let whose = self.marker.whose_is(seen.kind, seen.resource, &self.vacant.borrow());
            if whose == Whose::Ours && is_filtered {
                register.filters_find(seen.kind);
            }
            self.note_sighting(register, &seen, whose, exchange);
        }
    }

    fn intend(&self, register: &Register, kind: Created, name: &str, vacant: bool) -> std::io::Result<()> {
        register.intend(kind, name, vacant)?;
        self.traces.borrow_mut().insert((kind, Trace::Name(name.to_owned())));
        Ok(())
    }

    /// Opens the search for what an answer showed to be ours. What SCIM made shows itself in the product, too, and goes with
    /// it; only what was made there by hand is to be removed there.
    fn open_seen(&self, register: &Register, kind: Created, id: &str, resource: &serde_json::Value) {
        if was_made_here(register, kind, resource) {
            self.open(register, kind, id, None);
        }
    }

    fn open(&self, register: &Register, kind: Created, id: &str, name: Option<&str>) {
        register.created(kind, id, name);
        self.traces.borrow_mut().insert((kind, Trace::Id(id.to_owned())));
    }

    /// Notes what was created at an endpoint of the run's own, which is believed.
    fn note_believed(&self, exchange: &Exchange) {
        if exchange.request.method != Method::Post || !exchange.is_success() || !exchange.left() {
            return;
        }
        if let [(kind, _)] = Effects::of(&exchange.request).creates.as_slice()
            && let Some(id) = exchange.json().and_then(|body| id_in(*kind, body))
        {
            let claim = Claim { standing: Standing::Read, written: exchange.number, read: None };
            self.claims.borrow_mut().insert((*kind, id), claim);
        }
    }

    fn note_write(&self, kind: Created, id: &str, exchange: &Exchange, latest: usize) {
        let mut claims = self.claims.borrow_mut();
        let Some(claim) = claims.get_mut(&(kind, id.to_owned())) else { return };
        claim.written = latest;
        let is_gone = exchange.is_success() || matches!(exchange.status(), 404 | 410);
        if exchange.request.method == Method::Delete
            && is_gone
            && matches!(
                claim.standing,
                Standing::Answered | Standing::Said | Standing::Listed | Standing::Read
            )
        {
            claim.standing = Standing::Ended;
        }
    }

    /// Notes the answer to a creation. An id in it is ours, or the reason why not.
    fn note_creation(
        &self,
        register: &Register,
        kind: Created,
        name: &str,
        exchange: &Exchange,
        latest: usize,
    ) -> Option<Result<(), NotNew>> {
        let response = exchange.response()?;
        let body = response.json().filter(|body| body.is_object())?;
        let id = id_in(kind, body)?;
        let whose = self.marker.whose_is(kind, body, &self.vacant.borrow());
        if !response.is_success() {
            // An error may name who is in the way, which is not a promise.
            if whose == Whose::Theirs {
                register.saw_stranger(kind, &id);
            }
            return None;
        }
        let was_theirs = register.may_be_a_strangers(kind, &id);
        let standing = match whose {
            Whose::Ours if !was_theirs => Standing::Said,
            Whose::Unnamed if !was_theirs => Standing::Answered,
            Whose::Ours | Whose::Unnamed => {
                register.confirm(false);
                return Some(Err(NotNew::ShownBefore { kind, id }));
            }
            Whose::OfTheRun => return Some(Err(NotNew::OtherName { kind, id })),
            Whose::Theirs => {
                register.confirm(false);
                self.lose(register, kind, &id);
                return Some(Err(NotNew::OtherName { kind, id }));
            }
        };
        self.open(register, kind, &id, Some(name));
        let claim = Claim { standing, written: latest, read: None };
        self.claims.borrow_mut().insert((kind, id), claim);
        Some(Ok(()))
    }

    /// Notes that an answer showed a resource.
    fn note_sighting(&self, register: &Register, seen: &Sighting<'_>, whose: Whose, exchange: &Exchange) {
        let (kind, id, number) = (seen.kind, seen.id.as_str(), exchange.number);
        let mut claims = self.claims.borrow_mut();
        let claim = claims.get_mut(&(kind, id.to_owned()));
        if whose == Whose::Theirs {
            if let Some(claim) = claim {
                if claim.standing == Standing::Said {
                    register.confirm(false);
                }
                claim.standing = Standing::Theirs;
                claim.read = Some((number, Reading::Theirs));
            }
            register.saw_stranger(kind, id);
            return;
        }
        let is_read = exchange.request.method == Method::Get && exchange.is_success();
        let reading = match whose {
            Whose::Ours if seen.is_listed => Reading::Listed,
            Whose::Ours => Reading::Ours,
            _ => Reading::Unnamed,
        };
        let Some(claim) = claim else {
            let is_ours = whose == Whose::Ours && exchange.is_success();
            if is_ours && !register.may_be_a_strangers(kind, id) {
                self.open_seen(register, kind, id, seen.resource);
                let standing = match reading {
                    Reading::Listed => Standing::Listed,
                    _ if is_read => Standing::Read,
                    _ => Standing::Said,
                };
                let read = is_read.then_some((number, reading));
                claims.insert((kind, id.to_owned()), Claim { standing, written: 0, read });
            }
            return;
        };
        if claim.standing == Standing::Theirs || whose == Whose::OfTheRun {
            return;
        }
        if whose == Whose::Ours {
            // It may have been closed as gone.
            self.open_seen(register, kind, id, seen.resource);
        }
        let is_known_better = claim.read.is_some_and(|(known, reading)| {
            known > claim.written && matches!(reading, Reading::Ours | Reading::Gone)
        });
        if !is_read || (seen.is_listed && is_known_better) {
            return;
        }
        claim.read = Some((number, reading));
        // A read that was under way while it was deleted shows what was before.
        let is_current = claim.standing != Standing::Ended || number > claim.written;
        match reading {
            Reading::Ours if is_current => {
                if claim.standing == Standing::Said {
                    register.confirm(true);
                }
                claim.standing = Standing::Read;
            }
            Reading::Listed if is_current && matches!(claim.standing, Standing::Ended | Standing::Nobody) => {
                claim.standing = Standing::Listed;
            }
            _ => {}
        }
    }

    /// Notes that nobody was found at the address of a resource.
    fn note_absence(&self, register: &Register, exchange: &Exchange, response: &Response) {
        if exchange.request.method != Method::Get || !matches!(response.status, 404 | 410) {
            return;
        }
        let Some(segments) = effects::segments(exchange.request.path()) else { return };
        let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
        let (Some(kind), [_, id]) =
            (effects::kind_of(exchange.request.surface, &segments), segments.as_slice())
        else {
            return;
        };
        let reading = if is_scim_error(response) { Reading::Gone } else { Reading::NotFound };
        let mut claims = self.claims.borrow_mut();
        match claims.entry((kind, (*id).to_owned())) {
            Entry::Occupied(mut entry) => entry.get_mut().read = Some((exchange.number, reading)),
            Entry::Vacant(entry) if reading == Reading::Gone && !register.may_be_a_strangers(kind, id) => {
                let read = Some((exchange.number, reading));
                entry.insert(Claim { standing: Standing::Nobody, written: 0, read });
            }
            Entry::Vacant(_) => {}
        }
    }

    fn lose(&self, register: &Register, kind: Created, id: &str) {
        register.saw_stranger(kind, id);
        if let Some(claim) = self.claims.borrow_mut().get_mut(&(kind, id.to_owned())) {
            claim.standing = Standing::Theirs;
        }
    }
}

/// Whether a resource of the product was made there by hand. All of SCIM's are made by SCIM.
fn was_made_here(register: &Register, kind: Created, resource: &serde_json::Value) -> bool {
    let name = crate::scim::attribute::get(resource, identifying(kind)).and_then(serde_json::Value::as_str);
    match kind {
        Created::User | Created::Group => true,
        Created::Organization | Created::Customer => name.is_some_and(|name| register.was_sent(kind, name)),
    }
}

impl Register {
    /// Notes whom an answer shows that came before the run created anything.
    pub fn note_shown(&self, exchange: &Exchange) {
        let marker = Marker::of_run(self.run());
        let Some(response) = exchange.response() else { return };
        for seen in sightings(&exchange.request, response) {
            if marker.whose_is(seen.kind, seen.resource, &[]) == Whose::Theirs {
                self.saw_stranger(seen.kind, &seen.id);
            }
        }
    }
}

impl fmt::Display for NotNew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, id, why) = match self {
            Self::ShownBefore { kind, id } => {
                (kind, id, "an earlier answer showed it under another name".to_owned())
            }
            Self::OtherName { kind, id } => {
                (kind, id, format!("its `{}` is not the one that was sent", identifying(*kind)))
            }
        };
        write!(f, "answered with a {} that was there before (`{id}`): {why}", kind.word())
    }
}

#[cfg(test)]
mod tests;
