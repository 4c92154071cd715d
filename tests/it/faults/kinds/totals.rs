//! `totalResults` that does not fit.

use serde_json::{Value, json};

use crate::faults::{Ask, Fault};
use crate::support::Reply;

pub(super) const FAULTS: [Fault; 5] = [
    Fault::new(
        "total-of-nobody-is-of-all",
        "a lookup that finds nobody says `totalResults: 4`",
        "GET /Users, GET /Groups",
        |ask| filtered(ask, |found| found == 0),
    )
    .by("lookup-total")
    .beside(&["paging", "scenario-expectation"])
    .ready(),
    Fault::new(
        "total-of-somebody-is-of-all",
        "a lookup that finds somebody says `totalResults: 4`",
        "GET /Users, GET /Groups",
        |ask| filtered(ask, |found| found == 1),
    )
    .by("lookup-total")
    .beside(&["scenario-expectation"])
    .ready(),
    Fault::new(
        "total-ignores-the-filter",
        "`totalResults` ignores the filter, whomever it finds",
        "GET /Users, GET /Groups",
        |ask| filtered(ask, |_| true),
    )
    .by("lookup-total")
    .beside(&["scenario-expectation"])
    .ready(),
    Fault::new(
        "total-is-nothing",
        "a lookup that finds somebody says `totalResults: 0`",
        "GET /Users, GET /Groups",
        |ask| {
            list(ask, |body| {
                if ask.parameter("filter").is_some() && body["totalResults"] == 1 {
                    body["totalResults"] = json!(0);
                }
            })
        },
    )
    .by("list-envelope")
    .ready()
    .beside(&["paging"]),
    Fault::new(
        "total-items-per-page-is-what-was-asked-for",
        "`itemsPerPage` is the `count` of the request, however few resources there are",
        "GET /Users, GET /Groups",
        |ask| {
            list(ask, |body| {
                if let Some(count) = ask.parameter("count").and_then(|count| count.parse::<i64>().ok()) {
                    body["itemsPerPage"] = json!(count);
                }
            })
        },
    ),
];

/// Changes the lists that a GET shows.
fn list(ask: &Ask<'_>, edit: impl FnOnce(&mut Value)) -> Reply {
    let reply = ask.pass();
    if ask.call.method != "GET" || ask.id().is_some() || !["Users", "Groups"].contains(&ask.endpoint()) {
        return reply;
    }
    ask.show(reply, edit)
}

fn filtered(ask: &Ask<'_>, is_wrong: fn(usize) -> bool) -> Reply {
    list(ask, |body| {
        let found = body["Resources"].as_array().map_or(0, Vec::len);
        if ask.parameter("filter").is_some() && is_wrong(found) {
            body["totalResults"] = json!(4);
        }
    })
}
