//! Combines causes of a run that are one fault of the endpoint: it refuses several kinds of requests for one reason, or
//! does the same wrong with users and groups, by every method, with every status.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::requirement::catalogue::{EXPECTATION, OUTCOME, catalogue};
use crate::requirement::effect::{Effects, Way};
use crate::wire::Method;

use super::joined::joined;
use super::refusal::Refusal;
use super::way::by_way;
use super::{Cause, Causes};

/// Requirements that a refused write does not meet.
const REFUSED: [&str; 4] = ["accepted-payload", "string-boolean", "pathless-active", "repeat-taken"];

/// Requirements of which every breach is one fault, whatever attribute it is about.
const ONE_FAULT: [&str; 14] = [
    "create-status",
    "delete-status",
    "deleted-is-gone",
    "filter-filters",
    "group-name-unique-entra",
    "inactive-still-found",
    "lookup-ignores-case",
    "lookup-total",
    "put-replaces",
    "refused-changes-nothing",
    "resource-id",
    "user-name-unique",
    "unnamed-kept",
    "write-answer",
];

/// A requirement that is another one for somebody else.
const ALIAS: [(&str, &str); 1] = [("group-name-unique", "group-name-unique-entra")];

/// Faults that something else may have been, and how the keys end of what could be that as well.
const OTHERWISE: [(&str, &str); 3] = [
    ("add-keeps-members", "-or-replaced"),
    ("rename-keeps-members", "-or-renamed"),
    ("write-answer", "-or-never-stored"),
];

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
        let certain = certain(self.by_id.values());
        let mut groups: IndexMap<Fault, Vec<Cause>> = IndexMap::new();
        for mut cause in by_way(self.by_id.into_values().collect(), effects) {
            blame_justly(&mut cause, &certain, effects);
            let (stem, others) = without_doubt(&cause.key);
            let other = others.into_iter().find(|(id, _)| certain.contains(id));
            let key = format!("{stem}{}", other.map_or("", |(_, end)| end));
            if key != cause.key {
                cause.covers.insert(cause.id());
                cause.key = key;
            }
            groups.entry(fault(&cause, taken)).or_default().push(cause);
        }
        let mut folded = Self::default();
        groups.into_iter().for_each(|(fault, causes)| folded.add(combined(&fault, causes)));
        folded
    }
}

/// The requirements that are broken for certain: those of causes that may be nothing else, and of causes that may be
/// something else of which there is no sign.
fn certain<'c>(causes: impl Iterator<Item = &'c Cause> + Clone) -> Vec<&'static str> {
    let id = |cause: &Cause| cause.requirement.id;
    let is_sure = |cause: &&Cause| without_doubt(&cause.key).1.is_empty();
    let sure: Vec<&str> = causes.clone().filter(is_sure).map(id).collect();
    let is_alone =
        |cause: &&Cause| without_doubt(&cause.key).1.iter().all(|(other, _)| !sure.contains(other));
    causes.filter(is_alone).map(id).collect()
}

/// A string is not to blame where another string was taken, nor where what has no path is ignored whatever it says.
fn blame_justly(cause: &mut Cause, certain: &[&str], effects: &Effects) {
    if cause.requirement.id != "string-boolean" {
        return;
    }
    let is_pathless = cause.ways.contains(&Way::Pathless) && certain.contains(&"pathless-active");
    let (id, key) = match is_pathless {
        true => ("pathless-active", "ignored"),
        false if effects.worked(Way::Text) => ("read-back", "user-active"),
        false => return,
    };
    if let Some(requirement) = catalogue().into_iter().find(|requirement| requirement.id == id) {
        cause.covers.insert(cause.id());
        cause.requirement = requirement;
        key.clone_into(&mut cause.key);
    }
}

/// The id under which a report may show a cause: causes with the same one are combined whatever else there is.
pub fn kin(cause: &str) -> String {
    let (id, key) = cause.split_once('/').unwrap_or((cause, ""));
    let id = alias(id);
    if ONE_FAULT.contains(&id) {
        return id.to_owned();
    }
    let (key, _) = without_doubt(key);
    if id == EXPECTATION.id || id == OUTCOME.id {
        format!("{id}/{key}")
    } else {
        format!("{id}/{}", stem(key))
    }
}

/// A key without what else it may have been, and what that is.
fn without_doubt(mut key: &str) -> (&str, Vec<(&'static str, &'static str)>) {
    let mut others = Vec::new();
    // A key may be nothing but a doubt.
    let stem = |key, end: &'static str| str::strip_suffix(key, end).or((key == &end[1..]).then_some(""));
    while let Some((shorter, other)) = OTHERWISE.iter().find_map(|other| Some((stem(key, other.1)?, *other)))
    {
        key = shorter;
        others.push(other);
    }
    (key, others)
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
        // What is uncertain by itself follows from what is certain elsewhere in the run.
        if let Some((certain, _)) = otherwise(cause) {
            return Fault::Same(certain, String::new());
        }
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
        Fault::Same(id, stem(&cause.key))
    })
}

/// What else it may have been.
fn otherwise(cause: &Cause) -> Option<&'static (&'static str, &'static str)> {
    OTHERWISE.iter().find(|(_, end)| cause.key.ends_with(end))
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
    // The same one gives its name in every run, and it is one that is certain.
    causes.sort_by_key(|cause| {
        let is_uncertain = otherwise(cause).is_some();
        let class =
            (is_uncertain, cause.requirement.id == EXPECTATION.id, cause.requirement.id != REFUSED[0]);
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
            ("one-removed-member/wiped", "one-removed-member/wiped-or-renamed-or-replaced", true),
            ("add-keeps-members", "add-keeps-members/or-renamed", true),
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
