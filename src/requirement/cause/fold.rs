//! Combines causes of a run that are one fault of the endpoint: it refuses several kinds of requests for one reason, or
//! does the same wrong with users and groups, by every method, with every status.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::requirement::catalogue::{EXPECTATION, OUTCOME};
use crate::requirement::effect::Effects;
use crate::wire::Method;

use super::joined::joined;
use super::refusal::Refusal;
use super::way::by_way;
use super::{Cause, Causes};

/// Requirements that a refused write does not meet.
const REFUSED: [&str; 4] = ["accepted-payload", "string-boolean", "pathless-active", "repeat-taken"];

/// Requirements of which every breach is one fault, whatever attribute it is about.
const ONE_FAULT: [&str; 10] = [
    "create-status",
    "delete-status",
    "deleted-is-gone",
    "filter-filters",
    "group-name-unique-entra",
    "inactive-still-found",
    "lookup-ignores-case",
    "refused-changes-nothing",
    "resource-id",
    "user-name-unique",
];

/// A requirement that is another one for somebody else.
const ALIAS: [(&str, &str); 1] = [("group-name-unique", "group-name-unique-entra")];

/// Faults that something else may have been, and how the keys end of what could be that as well.
const OTHERWISE: [(&str, &str); 2] =
    [("add-keeps-members", "-or-replaced"), ("rename-keeps-members", "-or-renamed")];

/// Words of a key that only say where the fault was met.
const PLACES: [&str; 18] = [
    "a", "an", "delete", "get", "group", "groups", "in", "it", "lookup", "of", "patch", "post", "put", "the",
    "to", "user", "users", "was",
];

/// What was taken in a run: a method and the first segment of the path.
pub type Taken = BTreeSet<(&'static str, String)>;

/// What one fault is told apart by.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Fault {
    /// The endpoint gives one reason.
    Reason(u16, String),
    /// It gives none, and takes no such request at all.
    Everything(u16, &'static str, String),
    /// It does the same wrong in several places.
    Same(&'static str, String),
}

impl Causes {
    /// The same, each fault once. `taken` tells a request that never works from one that fails for what is in it.
    /// `effects` tells which ways of asking for a change never work.
    #[must_use]
    pub fn folded(self, taken: &Taken, effects: &Effects) -> Self {
        let certain: Vec<&str> = self.by_id.values().map(|cause| cause.requirement.id).collect();
        let otherwise = OTHERWISE.map(|(id, end)| (id, end, certain.contains(&id)));
        let mut groups: IndexMap<Fault, Vec<Cause>> = IndexMap::new();
        for mut cause in by_way(self.by_id.into_values().collect(), effects) {
            for (_, end, _) in otherwise.iter().filter(|(_, _, is_certain)| !is_certain) {
                if let Some(certain) = cause.key.strip_suffix(end).map(str::to_owned) {
                    cause.covers.insert(cause.id());
                    cause.key = certain;
                }
            }
            groups.entry(fault(&cause, taken)).or_default().push(cause);
        }
        let mut folded = Self::default();
        groups.into_iter().for_each(|(fault, causes)| folded.add(combined(&fault, causes)));
        folded
    }
}

/// The id under which a report may show a cause: causes with the same one are combined whatever else there is.
pub fn kin(cause: &str) -> String {
    let (id, key) = cause.split_once('/').unwrap_or((cause, ""));
    let id = alias(id);
    if ONE_FAULT.contains(&id) {
        return id.to_owned();
    }
    let key = OTHERWISE.iter().find_map(|(_, end)| key.strip_suffix(end)).unwrap_or(key);
    if id == EXPECTATION.id || id == OUTCOME.id {
        format!("{id}/{key}")
    } else {
        format!("{id}/{}", stem(key))
    }
}

/// The requirement that another one is for somebody else.
fn alias(id: &str) -> &str {
    ALIAS.iter().find(|(name, _)| *name == id).map_or(id, |(_, other)| other)
}

/// A key without what says where the fault was met.
fn stem(key: &str) -> String {
    let is_place = |word: &str| PLACES.contains(&word) || word.bytes().all(|byte| byte.is_ascii_digit());
    let words: Vec<&str> = key.split('-').filter(|word| !is_place(word)).collect();
    words.join("-")
}

fn fault(cause: &Cause, taken: &Taken) -> Fault {
    refused(cause, taken).unwrap_or_else(|| {
        let id = alias(cause.requirement.id);
        if ONE_FAULT.contains(&id) {
            return Fault::Same(id, String::new());
        }
        // A scenario expects what a requirement says of the status.
        let answered =
            cause.shown_by.as_ref().filter(|_| id == EXPECTATION.id && cause.key.starts_with("status-"));
        if let Some(exchange) = answered.filter(|exchange| exchange.is_success()) {
            match exchange.request.method {
                Method::Post if exchange.status() != 201 => {
                    return Fault::Same("create-status", String::new());
                }
                Method::Delete if exchange.status() != 204 => {
                    return Fault::Same("delete-status", String::new());
                }
                _ => {}
            }
        }
        if id == EXPECTATION.id || id == OUTCOME.id {
            return Fault::Same(id, cause.key.clone());
        }
        // What is uncertain by itself follows from what is certain elsewhere in the run.
        if let Some((id, _)) = OTHERWISE.iter().find(|(_, end)| cause.key.ends_with(end)) {
            return Fault::Same(id, String::new());
        }
        Fault::Same(id, stem(&cause.key))
    })
}

fn refused(cause: &Cause, taken: &Taken) -> Option<Fault> {
    let is_refused = REFUSED.contains(&cause.requirement.id) || cause.requirement.id == EXPECTATION.id;
    let Refusal { status, method, collection, reason } = cause.refusal.as_ref().filter(|_| is_refused)?;
    if let Some(reason) = reason {
        return Some(Fault::Reason(*status, reason.clone()));
    }
    let request = (method.as_str(), collection.clone());
    (!taken.contains(&request)).then_some(Fault::Everything(*status, request.0, request.1))
}

/// One cause for all that one fault did. A requirement explains more than a scenario's expectation does.
fn combined(fault: &Fault, mut causes: Vec<Cause>) -> Cause {
    // The same one gives its name in every run.
    causes.sort_by_key(|cause| {
        let class = (cause.requirement.id == EXPECTATION.id, cause.requirement.id != REFUSED[0]);
        (class, cause.level, cause.id())
    });
    let kinds = causes.len();
    let whole = causes.remove(0);
    if kinds == 1 {
        return whole;
    }
    let message = match fault {
        Fault::Same(..) => whole.message.clone(),
        Fault::Reason(status, _) => {
            let said = whole.message.find(&format!("{status} (")).map(|at| whole.message[at..].to_owned());
            format!("{kinds} kinds of requests failed with {}", said.unwrap_or_else(|| status.to_string()))
        }
        Fault::Everything(status, method, collection) => {
            format!("every {method} in /{collection} failed with {status}")
        }
    };
    joined(whole, message, causes)
}

#[cfg(test)]
mod tests {
    use super::kin;

    #[test]
    fn the_same_fault_in_several_places_has_one_id() {
        for (one, other, is_same) in [
            ("one-removed-member/wiped", "one-removed-member/wiped-or-replaced", true),
            ("one-removed-member/wiped", "one-removed-member/kept", false),
            (
                "error-body/the-response-to-a-post-is-empty",
                "error-body/the-response-to-a-patch-is-empty",
                true,
            ),
            ("group-name-unique", "group-name-unique-entra", true),
            ("user-name-unique/a", "user-name-unique/b", true),
            ("accepted-outcome/customer-missing", "accepted-outcome/customer-added", false),
            ("read-back/user-active", "read-back-2/user-active", false),
        ] {
            assert_eq!(kin(one) == kin(other), is_same, "{one}, {other}");
        }
    }
}
