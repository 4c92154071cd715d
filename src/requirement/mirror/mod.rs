//! The expected state of the endpoint: the resources as they were sent and accepted, or read last. Rules compare answers
//! with it.
//!
//! May use, of `requirement`: `exchange`, `schema`.

pub(crate) mod discovery;
pub(crate) mod members;
pub(crate) mod views;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use crate::scim::ResourceKind;
use crate::wire::{Answer, Method, Purpose, Request};

use super::exchange::attribute::Attribute;
use super::exchange::change::{Change, How, changes};
use super::exchange::facts::Named;
use super::exchange::view::{Seen, folded, id_of, is_heavy};
use discovery::{Discovery, Page};
use members::Members;
use views::Views;

/// Members of a group whom nobody here knows, and who are remembered to be missed.
const MOST_MEMBERS: usize = 1_000;

/// The most names that are remembered of what the product was told.
const MOST_NAMES: usize = 1_000;

/// Whether a resource is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Life {
    /// Nobody can say.
    #[default]
    Unknown,
    /// It was created, changed or read, and not deleted.
    Live,
    /// It was deleted.
    Deleted,
}

/// A value and how it came about.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Held {
    pub(crate) value: Value,
    pub(crate) how: How,
}

/// What is known of one resource.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    pub(crate) life: Life,
    /// Whether this pair created it.
    pub(crate) created: bool,
    pub(crate) values: BTreeMap<Attribute, Held>,
    pub(crate) members: Option<Members>,
    /// What answers showed of it as a whole.
    pub(crate) views: Views,
    /// What refused writes since the last change or read would have done.
    pub(crate) refused: Refused,
}

/// What would have changed, had it not been refused.
#[derive(Debug, Clone, Default)]
pub(crate) struct Refused {
    pub(crate) values: BTreeMap<Attribute, Value>,
    pub(crate) added: BTreeSet<String>,
    pub(crate) removed: BTreeSet<String>,
}

impl Refused {
    /// The value that was sent in vain.
    pub(crate) fn value(&self, attribute: Attribute) -> Option<&Value> {
        self.values.get(&attribute)
    }
}

impl Known {
    fn forget(&mut self) {
        self.values.clear();
        self.members = None;
        self.views = Views::default();
        self.refused = Refused::default();
        if self.life == Life::Live {
            self.life = Life::Unknown;
        }
    }

    fn refuse(&mut self, change: Change) {
        let certain = |members: &Option<Members>, id: &String| {
            members.as_ref().is_some_and(|members| members.has_all(std::slice::from_ref(id)))
        };
        match change {
            Change::Set(attribute, value, _) => {
                self.refused.values.insert(attribute, value);
            }
            Change::AddMembers(ids) if self.members.is_some() => {
                let new = ids.into_iter().filter(|id| !certain(&self.members, id));
                self.refused.added.extend(new);
            }
            Change::RemoveMembers(ids) => {
                let there = ids.into_iter().filter(|id| certain(&self.members, id));
                self.refused.removed.extend(there);
            }
            _ => {}
        }
    }

    /// The value that should be there.
    pub(crate) fn text(&self, attribute: Attribute) -> Option<&str> {
        self.values.get(&attribute)?.value.as_str()
    }

    /// Whether it is a user who was deactivated.
    pub(crate) fn is_inactive(&self) -> bool {
        self.values.get(&Attribute::Active).is_some_and(|held| held.value == Value::Bool(false))
    }
}

/// Every resource that was written or read by id.
#[derive(Debug, Default)]
pub(crate) struct Mirror {
    resources: BTreeMap<(ResourceKind, String), Known>,
    /// The attributes that were written to somebody.
    sent: BTreeMap<ResourceKind, Named>,
    /// What was written to the product past SCIM: names that are there may be among it.
    in_product: BTreeSet<String>,
    /// How often it was told to forget.
    forgotten: usize,
    discovery: Arc<Discovery>,
}

impl Mirror {
    /// A mirror of an endpoint that said this of itself.
    pub(crate) fn knowing(discovery: Arc<Discovery>) -> Self {
        Self { discovery, ..Self::default() }
    }

    /// What the endpoint said of itself.
    pub(crate) fn discovery(&self) -> &Discovery {
        &self.discovery
    }

    /// How often it was told to forget: what a rule remembers itself is of no use afterwards.
    pub(crate) fn forgotten(&self) -> usize {
        self.forgotten
    }

    /// What is known of a resource.
    pub(crate) fn get(&self, kind: ResourceKind, id: &str) -> Option<&Known> {
        self.resources.get(&(kind, id.to_owned()))
    }

    /// The resources that are there and carry this name, in any case.
    pub(crate) fn named<'m>(
        &'m self,
        kind: ResourceKind,
        name: &str,
    ) -> impl Iterator<Item = (&'m str, &'m Known)> {
        let wanted = folded(name);
        self.resources
            .iter()
            .filter(move |((each, _), known)| *each == kind && known.life == Life::Live)
            .filter(move |(_, known)| {
                known.text(Attribute::key(kind)).is_some_and(|name| folded(name) == wanted)
            })
            .map(|((_, id), known)| (id.as_str(), known))
    }

    /// The names, external ids and addresses of the resources of a kind that may be there, but for one of them; and what
    /// the product was told.
    pub(crate) fn names<'m>(
        &'m self,
        kind: ResourceKind,
        but: Option<&'m str>,
    ) -> impl Iterator<Item = &'m str> {
        let others = self.resources.iter().filter(move |((each, id), _)| *each == kind && but != Some(id));
        others
            .flat_map(|(_, known)| known.values.values().filter_map(|held| held.value.as_str()))
            .chain(self.in_product.iter().map(String::as_str))
    }

    /// Users who may be gone or inactive.
    pub(crate) fn doubtful_users(&self) -> impl Iterator<Item = &str> {
        let users = self.resources.iter().filter(|((kind, _), _)| *kind == ResourceKind::User);
        let doubtful = users.filter(|(_, known)| known.life != Life::Live || known.is_inactive());
        doubtful.map(|((_, id), _)| id.as_str())
    }

    /// Whether there may be a resource whose name is unknown.
    pub(crate) fn has_nameless(&self, kind: ResourceKind) -> bool {
        self.resources.iter().any(|((each, _), known)| {
            *each == kind && known.life != Life::Deleted && known.text(Attribute::key(kind)).is_none()
        })
    }

    /// Takes in what the product was told past SCIM.
    pub(crate) fn hear(&mut self, request: &Request) {
        let mut left: Vec<&Value> = request.json().into_iter().collect();
        while let Some(value) = left.pop() {
            match value {
                Value::String(text) if self.in_product.len() < MOST_NAMES => {
                    self.in_product.insert(text.clone());
                }
                Value::Array(values) => left.extend(values),
                Value::Object(values) => left.extend(values.values()),
                _ => {}
            }
        }
    }

    /// Forgets all but what is deleted.
    pub(crate) fn forget(&mut self) {
        self.forgotten += 1;
        self.resources.values_mut().for_each(Known::forget);
    }

    /// Takes an exchange in. Rules see the mirror as it was before.
    pub(crate) fn apply(&mut self, seen: &Seen<'_>) {
        let Some(kind) = seen.kind else {
            if Page::of(seen.exchange.request.path()).is_some() {
                Arc::make_mut(&mut self.discovery).learn(seen.exchange);
            }
            return;
        };
        match seen.method() {
            Method::Get => self.apply_read(seen),
            Method::Post if seen.is_create() && seen.is_success() => {
                if let Some(id) = seen.exchange.json().and_then(id_of) {
                    let known = self.resources.entry((kind, id.to_owned())).or_default();
                    *known = Known { created: true, life: Life::Live, ..Known::default() };
                    self.change(kind, id, seen);
                    self.show(kind, id, seen);
                }
            }
            Method::Put | Method::Patch | Method::Delete => {
                if let Some((kind, id)) = seen.target() {
                    self.apply_write(kind, id, seen);
                }
            }
            Method::Post => {}
        }
    }

    fn apply_write(&mut self, kind: ResourceKind, id: &str, seen: &Seen<'_>) {
        let known = self.resources.entry((kind, id.to_owned())).or_default();
        match &seen.exchange.answer {
            Answer::Withheld(_) => {}
            // Nobody knows whether it was done.
            Answer::Failed(_) => known.forget(),
            Answer::Response(response) if response.status >= 500 => known.forget(),
            Answer::Response(_) if seen.error_in_success.is_some() => known.forget(),
            // A PATCH may mean a member or a manager who is missing.
            Answer::Response(response) if response.status == 404 && seen.method() == Method::Delete => {
                known.forget();
            }
            Answer::Response(response) if !response.is_success() => {
                for change in changes(kind, seen) {
                    known.refuse(change);
                }
            }
            Answer::Response(_) if seen.method() == Method::Delete => {
                *known = Known { created: known.created, life: Life::Deleted, ..Known::default() };
                if kind == ResourceKind::User {
                    self.doubt(id);
                }
                self.doubt_dependents();
            }
            Answer::Response(_) => {
                // A write revives nobody: a read has to show who is there again.
                known.life = if known.life == Life::Deleted { Life::Unknown } else { Life::Live };
                known.refused = Refused::default();
                if let Some(members) = &mut known.members {
                    members.begin();
                }
                self.change(kind, id, seen);
                self.show(kind, id, seen);
            }
        }
    }

    /// Takes in what the answer to a write shows.
    fn show(&mut self, kind: ResourceKind, id: &str, seen: &Seen<'_>) {
        let named = match (seen.method(), seen.sent) {
            (Method::Patch, sent) => Named::of_patch(kind, sent),
            (_, Some(sent)) => Named::of_whole(kind, sent),
            (_, None) => Named::default(),
        };
        self.sent.entry(kind).or_default().extend(&named);
        if let Some(known) = self.resources.get_mut(&(kind, id.to_owned())) {
            known.views.write(kind, seen);
        }
        if kind == ResourceKind::Group {
            self.doubt_dependents();
        }
    }

    /// Whether an attribute was written to somebody, by its name in small letters.
    pub(crate) fn is_sent(&self, kind: ResourceKind, attribute: &str) -> bool {
        self.sent.get(&kind).is_some_and(|named| named.has(attribute))
    }

    fn doubt_dependents(&mut self) {
        let users = self.resources.iter_mut().filter(|((kind, _), _)| *kind == ResourceKind::User);
        users.for_each(|(_, known)| known.views.doubt_dependents());
    }

    fn change(&mut self, kind: ResourceKind, id: &str, seen: &Seen<'_>) {
        // A literal may name members who never were; providers name those whom they were told of.
        let made_up = |mirror: &Self, id: &str| {
            seen.purpose() == Purpose::Literal
                && mirror.get(ResourceKind::User, id).is_none_or(|known| known.life != Life::Live)
        };
        for change in changes(kind, seen) {
            // An endpoint may keep an inactive or deleted user out of its groups.
            let doubtful: BTreeSet<String> = match &change {
                Change::AddMembers(ids) | Change::SetMembers(ids) => {
                    let doubted = |id: &&String| self.is_doubtful(id) || made_up(self, id);
                    ids.iter().filter(doubted).cloned().collect()
                }
                _ => BTreeSet::new(),
            };
            let known = self.resources.entry((kind, id.to_owned())).or_default();
            let members = &mut known.members;
            let number = seen.exchange.number;
            let mut deactivated = false;
            match change {
                Change::Set(attribute, value, how) => {
                    deactivated = attribute == Attribute::Active && value == Value::Bool(false);
                    if let (Attribute::DisplayName, Some(members)) = (attribute, members) {
                        members.at(number).rename();
                    }
                    known.values.insert(attribute, Held { value, how });
                }
                Change::Forget(attribute) => {
                    known.values.remove(&attribute);
                }
                Change::AddMembers(ids) => members.get_or_insert_default().at(number).add(ids),
                Change::RemoveMembers(ids) => members.get_or_insert_default().at(number).remove(ids),
                Change::SetMembers(ids) => {
                    members.get_or_insert_default().at(number).list(ids.into_iter().collect());
                }
                Change::ForgetMembers => *members = None,
            }
            if let Some(members) = &mut known.members {
                for id in &doubtful {
                    members.doubt(id);
                }
            }
            if deactivated && kind == ResourceKind::User {
                self.doubt(id);
            }
        }
    }

    fn is_doubtful(&self, user: &str) -> bool {
        self.get(ResourceKind::User, user)
            .is_some_and(|known| known.is_inactive() || known.life == Life::Deleted)
    }

    fn doubt(&mut self, user: &str) {
        for known in self.resources.values_mut() {
            if let Some(members) = &mut known.members {
                members.doubt(user);
            }
            if let Some(answered) = &mut known.views.answered {
                answered.members = None;
            }
        }
    }

    fn apply_read(&mut self, seen: &Seen<'_>) {
        if let Some((kind, id)) = seen.target() {
            if seen.status() == 404
                && let Some(known) = self.resources.get_mut(&(kind, id.to_owned()))
            {
                known.forget();
            }
            if let Some((_, _, body)) = seen.read() {
                let known = self.resources.entry((kind, id.to_owned())).or_default();
                if known.life == Life::Unknown {
                    known.life = Life::Live;
                }
                settle(known, kind, body, !seen.is_projected());
                if !seen.is_projected() {
                    known.refused = Refused::default();
                    known.views.read(body);
                }
            }
        } else if let Some((kind, list)) = seen.list() {
            for resource in list.resources() {
                let id = id_of(resource).unwrap_or_default();
                if let Some(known) = self.resources.get_mut(&(kind, id.to_owned())) {
                    settle(known, kind, resource, false);
                    if !seen.is_projected() {
                        known.views.listed(resource);
                    }
                }
            }
        }
        if let Some((id, shown)) = seen.members() {
            let is_ours = |id: &&&str| self.resources.contains_key(&(ResourceKind::User, (**id).to_owned()));
            let (ours, others): (Vec<&str>, Vec<&str>) = match shown.ids.len() {
                ..=MOST_MEMBERS => (shown.ids, Vec::new()),
                _ => shown.ids.iter().partition(is_ours),
            };
            let sure = ours.into_iter().chain(others.into_iter().take(MOST_MEMBERS));
            let members: Vec<&str> = sure.filter(|id| !self.is_doubtful(id)).collect();
            let known = self.resources.entry((ResourceKind::Group, id.to_owned())).or_default();
            known.members.get_or_insert_default().settle(&members);
        }
    }
}

/// What is read is true from now on, so that a difference is put down to the write before it and not to a later one.
fn settle(known: &mut Known, kind: ResourceKind, resource: &Value, whole: bool) {
    for attribute in Attribute::of(kind) {
        match (attribute.value(resource), known.values.get_mut(attribute)) {
            (Some(read), Some(held)) if *read != held.value => {
                if is_heavy(read) {
                    known.values.remove(attribute);
                } else {
                    *held = Held { value: read.clone(), how: How::Whole };
                }
            }
            (None, Some(_)) if whole => {
                known.values.remove(attribute);
            }
            _ => {}
        }
    }
}
