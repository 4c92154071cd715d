//! What answers showed of a resource as a whole, and which attributes writes have named since.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::requirement::exchange::facts::{Fact, Facts, Named};
use crate::requirement::exchange::view::Seen;
use crate::scim::resource::attribute::get;
use crate::scim::{ResourceKind, urn};
use crate::wire::Method;

/// Attributes that an endpoint may derive from others: each, and those of which it may be made.
const DERIVED: [(&str, &[&str]); 7] = [
    ("displayname", &["name", "username", "emails"]),
    ("name", &["displayname"]),
    ("nickname", &["displayname", "name", "username"]),
    ("profileurl", &["username", "displayname", "name", "emails"]),
    ("emails", &["username"]),
    ("username", &["emails"]),
    ("externalid", &["username"]),
];

/// Attributes that depend on what else there is: whoever leaves a group may lose a role, and a manager may be deleted.
const DEPENDENT: [&str; 3] = ["roles", "entitlements", "manager"];

/// The most members of an answer that are remembered.
const MOST_MEMBERS: usize = 1_000;

/// What was shown of a resource.
#[derive(Debug, Clone, Default)]
pub(crate) struct Views {
    /// By itself: in a read by id, or in the answer to a creation or a PUT.
    by_id: View,
    /// In a list, which may show less.
    listed: View,
    /// In the answer to the last write, if nothing has happened to it since.
    pub(crate) answered: Option<Answered>,
}

/// What was shown last, and what writes have named since.
#[derive(Debug, Clone, Default)]
pub(crate) struct View {
    facts: Option<Facts>,
    named: Named,
    /// The first of these writes.
    write: Option<usize>,
    /// Whether the answer to a write showed it, and no read since.
    is_answer: bool,
}

/// The answer to a write.
#[derive(Debug, Clone)]
pub(crate) struct Answered {
    pub(crate) number: usize,
    pub(crate) method: Method,
    pub(crate) facts: Facts,
    /// The members that it shows; nothing where it shows none, or very many, or somebody may have left by themselves.
    pub(crate) members: Option<BTreeSet<String>>,
}

/// What is not as it was although no write named it.
#[derive(Debug, Default)]
pub(crate) struct Untouched<'a> {
    /// What is not there any more.
    pub(crate) lost: Vec<&'a Fact>,
    /// What is another value now.
    pub(crate) changed: Vec<(&'a Fact, &'a Value)>,
    /// The first write since it was there.
    pub(crate) write: Option<usize>,
    /// Whether it was only said to be there, in the answer to a write.
    pub(crate) is_said: bool,
}

impl Views {
    /// Takes in a write that was taken.
    pub(crate) fn write(&mut self, kind: ResourceKind, seen: &Seen<'_>) {
        // What others wrote meanwhile may be in the answer, or not yet.
        let is_clear = !seen.is_projected() && !seen.exchange.overlaps;
        let answer = seen.exchange.json().filter(|body| body.is_object() && is_clear);
        let facts = answer.and_then(Facts::of);
        let (method, number) = (seen.method(), seen.exchange.number);
        if method == Method::Patch {
            let named = Named::of_patch(kind, seen.sent);
            for view in [&mut self.by_id, &mut self.listed] {
                view.named.extend(&named);
                view.write.get_or_insert(number);
            }
        } else {
            // Everything is named, and what is answered stands from now on.
            *self = Self::default();
            self.by_id.facts.clone_from(&facts);
            self.by_id.is_answer = true;
        }
        let members = answer.and_then(|body| get(body, "members")).and_then(Value::as_array);
        let members = members.filter(|members| (1..=MOST_MEMBERS).contains(&members.len()));
        let ids = members.map(|members| {
            members.iter().filter_map(|member| Some(get(member, "value")?.as_str()?.to_owned())).collect()
        });
        self.answered = facts.map(|facts| Answered { number, method, facts, members: ids });
    }

    /// Takes in a whole read by id.
    pub(crate) fn read(&mut self, resource: &Value) {
        self.by_id = View { facts: Facts::of(resource), ..View::default() };
        self.answered = None;
    }

    /// Takes in a list's entry.
    pub(crate) fn listed(&mut self, resource: &Value) {
        self.listed = View { facts: Facts::of(resource), ..View::default() };
    }

    /// The view to compare a read by id with, or a resource of a list.
    pub(crate) fn view(&self, is_listed: bool) -> &View {
        if is_listed { &self.listed } else { &self.by_id }
    }

    /// Something else was written that attributes may depend on.
    pub(crate) fn doubt_dependents(&mut self) {
        let views = [&mut self.by_id, &mut self.listed].into_iter().filter_map(|view| view.facts.as_mut());
        let answered = self.answered.as_mut().map(|answered| &mut answered.facts);
        // Of a large group everybody is looked at with each member who joins, and hardly anybody has such attributes.
        for facts in
            views.chain(answered).filter(|facts| facts.iter().any(|fact| is_dependent(&fact.attribute)))
        {
            facts.retain(|fact| !is_dependent(&fact.attribute));
        }
    }
}

impl View {
    /// Whether it shows this value of an attribute, which has to be there still, as no write since has named it.
    pub(crate) fn holds(&self, attribute: &str, value: &Value) -> bool {
        let attribute = attribute.split('.').next().unwrap_or_default().to_ascii_lowercase();
        let is_it = |fact: &Fact| fact.attribute == attribute && fact.value == *value;
        self.write.is_some()
            && self.facts.as_ref().is_some_and(|facts| facts.iter().any(is_it))
            && !self.may_change(&attribute)
    }

    /// Whether a PATCH may have changed something since.
    pub(crate) fn is_patched(&self) -> bool {
        self.write.is_some() && self.facts.is_some()
    }

    /// What is not as it was. `is_sent` says which attributes the run has written to somebody.
    pub(crate) fn untouched<'a>(&'a self, read: &'a Facts, is_sent: impl Fn(&str) -> bool) -> Untouched<'a> {
        let mut untouched = Untouched { write: self.write, is_said: self.is_answer, ..Untouched::default() };
        let Some(facts) = self.facts.as_ref().filter(|_| self.write.is_some()) else { return untouched };
        // What an extension of the endpoint's own says, it may say anew each time.
        let is_certain = |fact: &&Fact| {
            let is_known = !urn::is_urn(&fact.attribute)
                || fact.attribute.starts_with(&urn::ENTERPRISE_USER.to_ascii_lowercase());
            (is_known || is_sent(&fact.attribute)) && !self.may_change(&fact.attribute)
        };
        for fact in facts.iter().filter(is_certain) {
            match read.at(fact) {
                Some(value) if *value != fact.value => untouched.changed.push((fact, value)),
                // Elements may be told by another type or none: their attribute is there all the same.
                None if !fact.place.contains('[') || !read.has(&fact.attribute) => untouched.lost.push(fact),
                _ => {}
            }
        }
        untouched
    }

    fn may_change(&self, attribute: &str) -> bool {
        let sources = DERIVED.iter().find(|(name, _)| *name == attribute).map_or(&[][..], |(_, from)| from);
        self.named.has(attribute)
            || sources.iter().any(|source| self.named.has(source))
            || (is_dependent(attribute) && self.named.has("active"))
    }
}

fn is_dependent(attribute: &str) -> bool {
    // An extension's attribute stands behind its URN.
    DEPENDENT.contains(&attribute.rsplit(':').next().unwrap_or(attribute))
}
