//! Whether a request may be sent: it must not change what other people have.

use crate::wire::message::created::Created;
use crate::wire::message::exchange::Withheld;
use crate::wire::message::request::{Purpose, Request, Surface};
use crate::wire::safety::register::{Register, Trace};

use super::claims::{Ownership, Reading, Standing};
use super::effects::Effects;
use super::evidence::same_name;
use super::place::segments;

/// What is said of a write to a resource that is not proved to be ours.
pub(in crate::wire) const NOT_OURS: &str = "would change a resource that this run did not create";

/// Whether a request may be sent.
pub(in crate::wire) enum Permit {
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
    /// Whether a request may be sent: it must not change what other people have. A creation is in the ledger afterwards.
    pub(in crate::wire) fn permit(&self, request: &Request) -> Permit {
        let Some(register) = &self.register else { return Permit::Now };
        if segments(request.path()).is_none() && request.surface == Surface::Scim {
            return Permit::Never(self.refuse(request, "has a path that leads outside the endpoint"));
        }
        let effects = Effects::of(request);
        let refuse = |what: &str| Permit::Never(self.refuse(request, what));
        if effects.is_unknown {
            return refuse("would change something other than a user or group of this run");
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
        if let Some((kind, id)) = effects.moves.iter().find(|(kind, id)| self.is_hearsay(register, *kind, id))
        {
            return Permit::AfterReading(*kind, id.clone());
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

    /// Whether nothing but the answer to a creation says that an id is ours, and such answers are not trusted yet.
    fn is_hearsay(&self, register: &Register, kind: Created, id: &str) -> bool {
        let is_said = self
            .claims
            .borrow()
            .get(&(kind, id.to_owned()))
            .is_some_and(|claim| matches!(claim.standing, Standing::Said | Standing::Answered));
        is_said && self.fresh_reading(kind, id).is_none() && !register.trusts_creations()
    }

    /// Whether a request to an id may be sent although no read can say whose it is: the answer to the creation showed the
    /// token, and no other answer said anything else. That is not enough to delete it in the end.
    pub(in crate::wire) fn trusts_unread(&self, request: &Request, kind: Created, id: &str) -> bool {
        let claims = self.claims.borrow();
        request.purpose != Purpose::Cleanup
            && claims
                .get(&(kind, id.to_owned()))
                .is_some_and(|claim| matches!(claim.standing, Standing::Said | Standing::Listed))
    }

    /// Notes that the name of a literal request was looked for and nobody has it.
    pub(in crate::wire) fn found_vacant(&self, kind: Created, name: &str) -> Result<(), Withheld> {
        self.note_vacant(kind, name);
        let Some(register) = &self.register else { return Ok(()) };
        let noted = self.intend(register, kind, name, true);
        noted.map_err(|error| Withheld::Ledger(format!("the ledger cannot be written: {error}")))
    }

    /// A write that is withheld because other people's resources would change.
    pub(in crate::wire) fn refuse(&self, request: &Request, what: &str) -> Withheld {
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

    /// Notes a name in the ledger before it is sent.
    fn intend(&self, register: &Register, kind: Created, name: &str, vacant: bool) -> std::io::Result<()> {
        register.intend(kind, name, vacant)?;
        self.traces.borrow_mut().insert((kind, Trace::Name(name.to_owned())));
        Ok(())
    }
}
