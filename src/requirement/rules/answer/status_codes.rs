//! Statuses of successes.

use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::wire::Method;

use crate::requirement::rules::Rule;

const CREATE_STATUS: Requirement = Requirement {
    id: "create-status",
    level: Level::Should,
    concerns: &[Concern::Rfc, Concern::Entra],
    text: "a creation returns 201",
    source: "RFC 7644 §3.3 (SHALL be 201); Microsoft's validator insists on it (docs/providers/entra.md#creation-answered-200; what production tolerates is unverified)",
    reasoning: "a client that distinguishes created from existing resources by the status confuses the two",
};

const WRITE_STATUS: Requirement = Requirement {
    id: "write-status",
    level: Level::Must,
    concerns: &[Concern::Rfc],
    text: "a PATCH returns 200 with the resource or 204 without it, a PUT returns 200 with the resource",
    source: "RFC 7644 §3.5.1 and §3.5.2 (MUST be 200 with the entire resource, or 204)",
    reasoning: "a client that reads the resource from the response finds nothing",
};

const DELETE_STATUS: Requirement = Requirement {
    id: "delete-status",
    level: Level::Info,
    concerns: &[Concern::Rfc],
    text: "a deletion returns 204",
    source: "RFC 7644 §3.6 (SHALL be 204); providers take any 2xx",
    reasoning: "a strict client waits for a body, or assumes that the deletion was refused",
};

#[derive(Debug)]
pub(crate) struct StatusCodes;

impl Rule for StatusCodes {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&CREATE_STATUS, &WRITE_STATUS, &DELETE_STATUS]
    }

    fn is_about_form(&self) -> bool {
        true
    }

    fn observe(&mut self, seen: &Seen<'_>, _mirror: &Mirror, report: &mut Report) {
        let Some(response) = seen.exchange.response().filter(|_| seen.is_success()) else {
            return;
        };
        let status = response.status;
        let has_resource = response.json().is_some_and(serde_json::Value::is_object);
        let message = format!("a {} returned {status}", seen.method());
        match seen.method() {
            Method::Post if seen.is_create() && status != 201 => {
                report.raise(&CREATE_STATUS, message).shown(|| [Clue::taken(), Clue::no_status(["201"])]);
            }
            Method::Patch | Method::Put if seen.target().is_some() => {
                let allowed = match status {
                    200 => has_resource,
                    204 => seen.method() == Method::Patch,
                    _ => false,
                };
                if status == 200 && !has_resource {
                    report
                        .raise(&WRITE_STATUS, format!("{message} without the resource"))
                        .shown(|| [Clue::status(["200"]), Clue::none("body/**")]);
                } else if !allowed {
                    let right = if seen.method() == Method::Patch { ["200", "204"] } else { ["200", "200"] };
                    report.raise(&WRITE_STATUS, message).shown(|| [Clue::taken(), Clue::no_status(right)]);
                }
            }
            Method::Delete if seen.target().is_some() && status != 204 => {
                report.raise(&DELETE_STATUS, message).shown(|| [Clue::taken(), Clue::no_status(["204"])]);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, user};

    type Row<'a> = (Method, &'a str, u16, Option<&'a Value>, &'a [&'a str]);

    #[test]
    fn table() {
        let body = user("1", "ada");
        let rows: [Row<'_>; 12] = [
            (Method::Post, "/Users", 201, Some(&body), &[]),
            (Method::Post, "/Users", 200, Some(&body), &["create-status"]),
            (Method::Patch, "/Users/1", 200, Some(&body), &[]),
            (Method::Patch, "/Users/1", 204, None, &[]),
            (Method::Patch, "/Users/1", 200, None, &["write-status"]),
            (Method::Patch, "/Users/1", 202, None, &["write-status"]),
            (Method::Put, "/Users/1", 200, Some(&body), &[]),
            (Method::Put, "/Users/1", 204, None, &["write-status"]),
            (Method::Delete, "/Users/1", 204, None, &[]),
            (Method::Delete, "/Users/1", 200, None, &["delete-status"]),
            (Method::Delete, "/Users/1", 404, None, &[]),
            (Method::Get, "/Users/1", 200, Some(&body), &[]),
        ];
        for (method, target, status, answer, expected) in rows {
            let mut story = Story::new(ClientName::OktaAiw);
            let sent = json!({"userName": "ada@example.com", "Operations": []});
            let sent = matches!(method, Method::Post | Method::Put | Method::Patch).then_some(&sent);
            story.observe(&Story::exchange(method, target, sent, status, answer));
            assert_eq!(story.ids(), expected, "{method} {status}");
        }
    }
}
