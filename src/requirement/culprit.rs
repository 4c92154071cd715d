//! Finds the write that caused what a read shows.

use std::collections::BTreeMap;

use crate::scim::ResourceKind;
use crate::scim::resource::attribute::get;

use super::exchange::view::Seen;
use super::rules::{Blame, Rule};

/// The last writes of a pair, by the resource that they were about.
#[derive(Debug, Default)]
pub(crate) struct Writes {
    taken: Last,
    refused: Last,
}

/// Numbers of exchanges.
#[derive(Debug, Default)]
struct Last {
    of_resource: BTreeMap<(ResourceKind, String), usize>,
    of_kind: BTreeMap<ResourceKind, usize>,
}

impl Writes {
    /// Takes an exchange in.
    pub(crate) fn note(&mut self, seen: &Seen<'_>) {
        let (Some(kind), true) = (seen.kind, seen.method().writes()) else { return };
        let last = if seen.is_success() { &mut self.taken } else { &mut self.refused };
        let number = seen.exchange.number;
        last.of_kind.insert(kind, number);
        let answered = || get(seen.exchange.json()?, "id")?.as_str();
        if let Some(id) = seen.id.as_deref().or_else(answered) {
            last.of_resource.insert((kind, id.to_owned()), number);
        }
    }

    /// The request to blame for what a rule finds wrong with an exchange: the exchange itself, unless it is a read that shows
    /// what a write did. Then it is the last such write about the resource that is read, or about its kind where a list is.
    pub(crate) fn culprit(&self, seen: &Seen<'_>, rule: &dyn Rule) -> Option<usize> {
        let last = match rule.blames() {
            Some(Blame::Taken) if !seen.method().writes() => &self.taken,
            Some(Blame::Refused) if !seen.method().writes() => &self.refused,
            Some(Blame::Lost) if seen.target().is_some() => &self.taken,
            _ => return Some(seen.exchange.number),
        };
        match seen.target() {
            Some((kind, id)) => last.of_resource.get(&(kind, id.to_owned())).copied(),
            None => last.of_kind.get(&seen.list_kind()?).copied(),
        }
    }
}
