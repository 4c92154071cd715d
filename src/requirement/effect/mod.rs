//! Whether what a write asked for was there afterwards, by the way in which it was asked. Where nothing that was asked for in
//! one way ever was, that way is what the endpoint gets wrong.
//!
//! May use, of `requirement`: `exchange`, `mirror`.

mod pending;
#[cfg(test)]
mod tests;
mod way;

use std::collections::{BTreeMap, BTreeSet};

use crate::scim::ResourceKind;

use super::exchange::attribute::parent;
use super::exchange::change::requests;
use super::exchange::view::{Seen, id_of};
use super::mirror::Mirror;
use pending::{Pending, Wanted};

pub(super) use way::{Fate, Way};

/// Statuses that may mean that the endpoint does not know what was asked for in this way.
const NOT_UNDERSTOOD: [u16; 6] = [400, 405, 415, 422, 500, 501];

/// How often a way led to something. In one pair at most once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Tally {
    worked: usize,
    ignored: usize,
    refused: usize,
    /// What was asked for in vain, without sub-attributes.
    about: BTreeSet<(ResourceKind, &'static str)>,
}

/// What became of the changes that were asked for, by the way.
#[derive(Debug, Clone, Default)]
pub struct Effects {
    tallies: BTreeMap<Way, Tally>,
    /// The ways in which the requests were asked that led to nothing, by their numbers in the pair.
    in_vain: BTreeMap<usize, BTreeSet<Way>>,
}

impl Effects {
    /// Takes a pair's effects in.
    pub fn add(&mut self, pair: &Self) {
        for (way, tally) in &pair.tallies {
            let whole = self.tallies.entry(*way).or_default();
            whole.worked += tally.worked.min(1);
            whole.ignored += tally.ignored.min(1);
            whole.refused += tally.refused.min(1);
            whole.about.extend(&tally.about);
        }
    }

    /// The ways in which a request of the pair was asked in vain.
    pub fn in_vain(&self, number: usize) -> BTreeSet<Way> {
        self.in_vain.get(&number).cloned().unwrap_or_default()
    }

    /// Whether a way has led to something.
    pub fn worked(&self, way: Way) -> bool {
        self.tallies.get(&way).is_some_and(|tally| tally.worked > 0)
    }

    /// The ways that led to nothing in at least two pairs and never to anything, with the number of pairs. A way that is not
    /// about an attribute has failed for two of them: with one alone, the attribute may be what does not work.
    pub fn never(&self) -> impl Iterator<Item = (Way, Fate, usize)> {
        self.tallies.iter().filter_map(|(way, tally)| {
            let failed = tally.ignored + tally.refused;
            let fate = match (tally.ignored, tally.refused) {
                (_, 0) => Fate::Ignored,
                (0, _) => Fate::Refused,
                _ => Fate::Either,
            };
            let is_shown = way.is_of_attribute() || tally.about.len() > 1;
            (tally.worked == 0 && failed > 1 && is_shown).then_some((*way, fate, failed))
        })
    }
}

/// What was asked for in a pair and has not been read since.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pending: Vec<Pending>,
    /// Writes that were taken and whose resources have not been read since.
    unread: Vec<(ResourceKind, String, usize)>,
    effects: Effects,
}

impl Ledger {
    /// Takes an exchange in. The mirror is as it was before.
    pub(crate) fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror) {
        if !seen.method().writes() {
            for (kind, resource) in seen.resources() {
                if let Some(id) = id_of(resource) {
                    self.read(kind, id, seen, resource);
                }
            }
            return;
        }
        let Some((kind, id)) = seen.target().filter(|_| seen.is_change()) else { return };
        let asked: Vec<Pending> = requests(kind, seen)
            .into_iter()
            .flat_map(|(change, operation)| {
                Wanted::of(change, mirror, kind, id).map(move |one| (one, operation))
            })
            .map(|(wanted, operation)| {
                let mut ways = match operation {
                    Some((place, operation)) => Way::of_operation(operation, place, kind),
                    None => vec![Way::Every(seen.method(), kind)],
                };
                ways.push(Way::Attribute(kind, wanted.attribute()));
                ways.push(Way::By(seen.method(), kind, wanted.attribute()));
                Pending { kind, id: id.to_owned(), request: seen.exchange.number, ways, wanted }
            })
            .collect();
        if seen.is_success() {
            self.pending.retain(|old| {
                (old.kind, old.id.as_str()) != (kind, id)
                    || asked.iter().all(|new| !new.wanted.is_about_the_same(&old.wanted))
            });
            self.pending.extend(asked);
            self.unread.push((kind, id.to_owned(), seen.exchange.number));
        } else if NOT_UNDERSTOOD.contains(&seen.status()) {
            // Whether it would have changed anything does not matter: it was not understood.
            let mut ways = Way::of_request(seen, kind);
            ways.extend(asked.into_iter().flat_map(|one| one.ways));
            let about: BTreeSet<&str> =
                requests(kind, seen).iter().map(|(change, _)| change.subject()).collect();
            for way in &ways {
                let tally = self.effects.tallies.entry(*way).or_default();
                tally.refused += 1;
                tally.about.extend(about.iter().map(|name| (kind, *name)));
            }
            self.effects.in_vain.entry(seen.exchange.number).or_default().extend(ways);
        }
    }

    /// What became of it.
    pub(crate) fn effects(&self) -> &Effects {
        &self.effects
    }

    /// Forgets what was asked for: somebody else changed the endpoint.
    pub(crate) fn forget(&mut self) {
        self.pending.clear();
        self.unread.clear();
    }

    fn read(&mut self, kind: ResourceKind, id: &str, seen: &Seen<'_>, resource: &serde_json::Value) {
        let is_read = |one: &Pending| one.kind == kind && one.id == id;
        let (read, rest) = std::mem::take(&mut self.pending).into_iter().partition(is_read);
        self.pending = rest;
        for one in read {
            match one.wanted.is_there(seen, resource) {
                Some(true) => self.note(&one, |tally| tally.worked += 1, false),
                Some(false) => self.note(&one, |tally| tally.ignored += 1, true),
                None => self.pending.push(one),
            }
        }
        if seen.id.is_some() && !seen.is_projected() {
            self.unread.retain(|(other, its_id, _)| (*other, its_id.as_str()) != (kind, id));
        }
    }

    fn note(&mut self, one: &Pending, count: impl Fn(&mut Tally), in_vain: bool) {
        for way in &one.ways {
            let tally = self.effects.tallies.entry(*way).or_default();
            count(tally);
            if in_vain {
                tally.about.insert((one.kind, parent(one.wanted.attribute())));
            }
        }
        if in_vain {
            // What a later write is blamed for may be its fault.
            let later = self.unread.iter().filter(|(kind, id, number)| {
                (*kind, id.as_str()) == (one.kind, one.id.as_str()) && *number > one.request
            });
            for request in later.map(|(_, _, number)| *number).chain([one.request]) {
                self.effects.in_vain.entry(request).or_default().extend(&one.ways);
            }
        }
    }
}
