//! What the answers of an endpoint say of whose its resources are.

use indexmap::map::Entry;

use crate::wire::message::created::Created;
use crate::wire::message::exchange::{Answer, Exchange, NotNew, Response};
use crate::wire::message::request::Method;
use crate::wire::safety::register::{Register, Trace};

use super::claims::{Claim, Ownership, Reading, Standing, was_made_here};
use super::effects::Effects;
use super::evidence::{self, Marker, Sighting, Whose, id_in, is_scim_error, sightings};
use super::place::{kind_of, segments};

impl Ownership {
    /// Notes how a request was answered; `latest` is the last request that was begun by now. Of somebody in between who
    /// answered, nothing is noted.
    pub(in crate::wire) fn note(&self, exchange: &mut Exchange, latest: usize) {
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
        let Some(segments) = segments(exchange.request.path()) else { return };
        let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
        let (Some(kind), [_, id]) = (kind_of(exchange.request.surface, &segments), segments.as_slice())
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
