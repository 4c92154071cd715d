//! The commands that reports suggest. Each works when it is pasted into a POSIX shell in the folder of the run.

use std::collections::BTreeMap;

use crate::event::{Header, PairReport, Summary};
use crate::foreign::{Printable, shell};
use crate::idp::ClientName;
use crate::printable;
use crate::requirement::{Cause, OUTCOME};
use crate::wire::{MASK, Method, Redactor, Request};

use super::curl;
use super::shape::Flags;

/// The most scenarios that a command names where a shorter one does the same.
const MOST_WORDS: usize = 3;

/// The most scenarios that a review names; it goes by everything that waits where there are more.
const MOST_REVIEWED: usize = 20;

/// Plays a scenario again for one client.
pub(super) fn repeat(word: &str, client: ClientName, flags: &Flags) -> Printable {
    printable!("scimsnap run {} --idp {}{}", shell::word(word), client.as_str(), flags.run)
}

/// Plays the first run again that shows a cause.
pub(super) fn repeat_cause(cause: &Cause, summary: &Summary, flags: &Flags) -> Option<Printable> {
    let first = cause.seen_in.first()?;
    Some(repeat(summary.word(&first.scenario), first.client, flags))
}

/// Plays scenarios again, all of them.
pub(super) fn rerun(ids: &[&str], summary: &Summary, flags: &Flags) -> Printable {
    if ids.len() > MOST_WORDS && flags.remembered.get() {
        return printable!("scimsnap run --rerun-failed{}", flags.work);
    }
    let words = shell::words(ids.iter().map(|id| summary.word(id)));
    let mut clients: Vec<&str> = Vec::new();
    for (_, id, client) in summary.attention.iter().filter(|_| flags.is_narrowed) {
        if ids.contains(&id.as_str()) && !clients.contains(&client.as_str()) {
            clients.push(client.as_str());
        }
    }
    if clients.is_empty() {
        return printable!("scimsnap run {}{}", words, flags.run);
    }
    printable!("scimsnap run {} --idp {}{}", words, clients.join(","), flags.run)
}

/// `snapshots diff` or `accept` for the pending files of scenarios: a command for each project. None accepts more than it
/// names.
pub(super) fn review<'a>(
    verb: &'static str,
    ids: impl IntoIterator<Item = &'a str>,
    summary: &Summary,
    flags: &Flags,
) -> Vec<Printable> {
    let mut projects: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
    let waiting = ids.into_iter().filter(|id| summary.reviewable.contains_key(*id));
    for id in waiting {
        let ids = projects.entry(summary.projects.get(id).map(String::as_str)).or_default();
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let command = |(project, ids): (Option<&str>, Vec<&str>)| {
        let words = match ids.len() {
            0..=MOST_REVIEWED => named(&ids),
            // To look at more than that does no harm.
            _ if verb == "diff" => Printable::default(),
            _ => return None,
        };
        Some(match project {
            None => printable!("scimsnap snapshots {}{}{}", verb, flags.review, words),
            Some(project) => {
                printable!("(cd {} && scimsnap snapshots {}{})", shell::word(project), verb, words)
            }
        })
    };
    projects.into_iter().filter_map(command).collect()
}

/// Accepts the outcomes of a cause, where nothing else explains them and they wait for a review.
pub(super) fn accept(cause: &Cause, summary: &Summary, flags: &Flags) -> Vec<Printable> {
    if cause.requirement.id != OUTCOME.id {
        return Vec::new();
    }
    review("accept", cause.seen_in.iter().map(|seen| seen.scenario.as_str()), summary, flags)
}

/// Accepts the outcome of a pair.
pub(super) fn accept_pair(pair: &PairReport, flags: &Flags) -> Printable {
    let word = named(&[&pair.id]);
    match &pair.project {
        None => printable!("scimsnap snapshots accept{}{}", flags.review, word),
        Some(project) => {
            printable!("(cd {} && scimsnap snapshots accept{})", shell::word(project), word)
        }
    }
}

/// Ids behind a space. One that begins with a hyphen would be a flag.
fn named(ids: &[&str]) -> Printable {
    let before = if ids.iter().any(|id| id.starts_with('-')) { " -- " } else { " " };
    Printable::ours(before) + shell::words(ids.iter().copied())
}

/// Removes what a run has left.
pub(super) fn clean(header: &Header, flags: &Flags) -> Printable {
    printable!("scimsnap clean --run {}{}", header.run, flags.clean)
}

/// Sends a request again.
pub(super) fn curl(request: &Request, header: &Header, flags: &Flags, redactor: &Redactor) -> Printable {
    let base = if header.embedded { "$SCIM" } else { header.target.as_str() };
    curl::curl(request, base, &flags.access, redactor)
}

/// What whoever pastes the curl line has to know.
pub(super) fn curl_note(
    request: &Request,
    header: &Header,
    flags: &Flags,
    redactor: &Redactor,
) -> Option<String> {
    let mut notes: Vec<&str> = Vec::new();
    if header.embedded {
        notes.push("`scimsnap serve` prints the values of the variables");
    } else {
        notes.extend(flags.access.note());
    }
    match (names_a_resource(request) && flags.removes, header.embedded) {
        (true, true) => notes.push("the ids are those of the run, which is over"),
        (true, false) => {
            notes.push("the run has removed the resources with these ids; `repeat` creates new ones");
        }
        (false, _) => {}
    }
    if creates(request) && !header.embedded {
        notes.push("what it creates stays");
    }
    let body = request.body.as_deref().unwrap_or_default();
    if !body.contains(MASK) && redactor.body(body).contains(MASK) {
        notes.push("`***` stands for a secret that was sent");
    }
    (!notes.is_empty()).then(|| notes.join("; "))
}

/// Whether a request names a resource by an id, which an earlier request created.
fn names_a_resource(request: &Request) -> bool {
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let id = path.trim_start_matches('/').split('/').nth(1).unwrap_or_default();
    let has_id = !id.is_empty() && !id.starts_with('.');
    let refers =
        |text: &str| text.contains("members") || text.contains("\"bulkId:") || text.contains("/Users/");
    has_id
        || refers(query)
        || request
            .body
            .as_deref()
            .is_some_and(|body| refers(body) && !path.starts_with("/Users") && body.contains("\"value\""))
}

/// Whether a request creates a resource: it is a POST to a collection.
fn creates(request: &Request) -> bool {
    let path = request.target.split('?').next().unwrap_or_default().trim_matches('/');
    let is_collection = ["Users", "Groups"].iter().any(|name| path.eq_ignore_ascii_case(name));
    request.method == Method::Post && is_collection
}

#[cfg(test)]
mod tests {
    use super::{creates, names_a_resource};
    use crate::wire::{Method, Request};

    #[test]
    fn a_request_with_an_id_is_told_from_one_without() {
        let names = |method, target: &str, body: Option<&str>| {
            let request = Request::new(method, target);
            names_a_resource(&match body {
                Some(body) => request.body(body),
                None => request,
            })
        };
        assert!(names(Method::Get, "/Users/1", None));
        assert!(names(Method::Patch, "/Groups/1", Some("{}")));
        assert!(names(Method::Post, "/Groups", Some(r#"{"displayName":"Acme","members":[{"value":"1"}]}"#)));
        assert!(!names(Method::Post, "/Groups", Some(r#"{"displayName":"Acme"}"#)));
        assert!(!names(Method::Post, "/Users", Some(r#"{"emails":[{"value":"ada@example.com"}]}"#)));
        assert!(!names(Method::Get, "/Users?filter=userName%20eq%20%22ada%22", None));
        assert!(!names(Method::Post, "/Users/.search", Some("{}")));
    }

    #[test]
    fn a_creation_is_told_from_other_requests() {
        let creates = |method, target: &str| creates(&Request::new(method, target));
        assert!(creates(Method::Post, "/Users") && creates(Method::Post, "/groups/?attributes=id"));
        for (method, target) in [
            (Method::Get, "/Users"),
            (Method::Put, "/Users/1"),
            (Method::Post, "/Users/.search"),
            (Method::Post, "/Bulk"),
        ] {
            assert!(!creates(method, target), "{method} {target}");
        }
    }
}
