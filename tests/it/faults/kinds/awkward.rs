//! Endpoints that are right in an unusual way.

use std::time::Duration;

use serde_json::{Value, json};

use crate::faults::ask::{text, without};
use crate::faults::{Ask, Awkward};
use crate::support::Reply;

/// How long reads lag behind.
const LAG: Duration = Duration::from_millis(300);

pub(crate) const AWKWARD: [Awkward; 15] = [
    Awkward::new("nothing-is-changed", "everything is passed on as it is", passed),
    Awkward::new(
        "rate-limit-at-every-seventh-request",
        "every seventh request is answered 429 with `Retry-After: 0`",
        limiting::<7>,
    )
    .played("ready", &["--read-lag", "0"]),
    Awkward::new(
        "rate-limit-beside-those-of-scenarios",
        "every third request is answered 429, where scenarios answer 429 too",
        limiting::<3>,
    )
    .played("full", &RATE_LIMITS),
    Awkward::new("lag-of-300-ms", "reads lag 300 ms behind writes", lagging)
        .played("ready", &["--jobs", "32"]),
    Awkward::new("patch-is-204", "every PATCH is answered 204", |ask| {
        let reply = ask.pass();
        if ask.call.method == "PATCH" && reply.status == 200 && !ask.call.target.contains("ttributes=") {
            ask.fire();
            return Reply { status: 204, headers: Vec::new(), body: String::new() };
        }
        reply
    }),
    Awkward::new("creation-without-a-body", "a creation is answered 201 with `Location` and no body", |ask| {
        let reply = ask.pass();
        if ask.call.method == "POST" && reply.status == 201 {
            ask.fire();
            let location = text(&reply.json()["meta"]["location"]).to_owned();
            return Reply { status: 201, ..Reply::default() }.header("Location", &location);
        }
        reply
    }).false_alarms(&["accepted-outcome", "created-id", "scenario-expectation"]),
    Awkward::new("answers-leave-members-out", "the answers to writes have no `members`", |ask| {
        less(ask, |body| without(body, &["members"]))
    }),
    Awkward::new("answers-show-null", "the answers to writes say null of what is absent", |ask| {
        less(ask, |body| {
            let names: &[&str] = if ask.endpoint() == "Users" {
                &["nickName", "title", "displayName", "externalId", "profileUrl", "locale"]
            } else {
                &["externalId"]
            };
            for name in names {
                if body.get(name).is_none() {
                    body[*name] = Value::Null;
                }
            }
        })
    }),
    Awkward::new("defaults-are-added", "users have a locale and a timezone that nobody sent", |ask| {
        let reply = ask.pass();
        if ask.endpoint() != "Users" {
            return reply;
        }
        ask.show_each(reply, |user| {
            let is_whole = ask.parameter("attributes").is_none() && ask.call.json()["attributes"].is_null();
            if user["userName"].is_string() && is_whole {
                for (name, value) in [("locale", "en-US"), ("timezone", "Europe/Vienna")] {
                    if user[name].is_null() {
                        user[name] = json!(value);
                    }
                }
            }
        })
    }),
    Awkward::new("answers-show-the-least", "the answers to writes show id, schemas and meta alone", |ask| {
        less(ask, |body| {
            if let Some(body) = body.as_object_mut() {
                body.retain(|key, _| ["id", "schemas", "meta"].contains(&key.as_str()));
            }
        })
    }),
    Awkward::new("deletion-is-405-with-a-page", "DELETE of a user is answered 405 with a page", |ask| {
        undeletable(ask, 405, "text/html", "<html><body>Method Not Allowed</body></html>")
    }).false_alarms(&["accepted-payload", "error-body", "scenario-expectation"]),
    Awkward::new("deletion-is-405-with-plain-json", "DELETE of a user is answered 405 with plain JSON", |ask| {
        undeletable(ask, 405, "application/json", r#"{"error":"Method Not Allowed"}"#)
    }).false_alarms(&["accepted-payload", "content-type-scim", "error-body", "scenario-expectation"]),
    Awkward::new("deletion-is-415-without-a-body", "DELETE of a user is answered 415 without a body", |ask| {
        undeletable(ask, 415, "", "")
    }).false_alarms(&["accepted-payload", "scenario-expectation"]),
    Awkward::new("deletion-is-501", "DELETE of a user is answered 501 with a SCIM error", |ask| {
        let error = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"501","detail":"Users are not deleted."}"#;
        undeletable(ask, 501, "application/scim+json", error)
    }).false_alarms(&["accepted-payload", "scenario-expectation"]),
    Awkward::new("deletion-is-403", "DELETE of a user is answered 403 with a SCIM error", |ask| {
        let error = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"403","detail":"Users are not deleted."}"#;
        undeletable(ask, 403, "application/scim+json", error)
    }).false_alarms(&["accepted-outcome", "scenario-expectation"]),
];

fn passed(ask: &Ask<'_>) -> Reply {
    ask.pass()
}

/// The scenarios that are about rate limits.
const RATE_LIMITS: [&str; 7] = [
    "--read-lag=0",
    "--jobs=1",
    "users/rate-limits-are-waited-out",
    "okta/rate-limit-is-given-up-after-ten-attempts",
    "entra/rate-limit-is-left-to-the-next-cycle",
    "groups/rate-limited-memberships",
    "lifecycle/directory-is-full",
];

fn limiting<const EACH: usize>(ask: &Ask<'_>) -> Reply {
    if ask.number().is_multiple_of(EACH) {
        return ask.refuse(429, "", "Too many requests.").header("Retry-After", "0");
    }
    ask.pass()
}

/// Shows less in the answers to writes.
fn less(ask: &Ask<'_>, edit: impl FnOnce(&mut Value)) -> Reply {
    let reply = ask.pass();
    if ["POST", "PUT", "PATCH"].contains(&ask.call.method.as_str())
        && ["Users", "Groups"].contains(&ask.endpoint())
        && reply.json()["id"].is_string()
    {
        return ask.show(reply, edit);
    }
    reply
}

fn undeletable(ask: &Ask<'_>, status: u16, content_type: &str, body: &str) -> Reply {
    if !ask.is("DELETE", "Users") {
        return ask.pass();
    }
    ask.fire();
    let reply = Reply { status, body: body.to_owned(), ..Reply::default() };
    if content_type.is_empty() { reply } else { reply.header("Content-Type", content_type) }
}

/// Shows what stood there before the writes of the last moments.
fn lagging(ask: &Ask<'_>) -> Reply {
    let began = ask.elapsed();
    if ask.call.method != "GET" {
        let before = ask.before();
        let reply = ask.pass();
        if (200..300).contains(&reply.status) && ["Users", "Groups"].contains(&ask.endpoint()) {
            let id = ask.id().map_or_else(|| text(&reply.json()["id"]).to_owned(), str::to_owned);
            let note = format!("/{}/{id}", ask.endpoint());
            // The oldest state that may still be seen counts.
            if recent(&ask.recall(&note), began).is_none() {
                ask.remember(note, json!({"until": millis(ask.elapsed() + LAG), "was": before}));
            }
        }
        return reply;
    }
    let reply = ask.pass();
    let note = ask.recall(ask.path());
    if let Some(was) = recent(&note, began)
        && ask.parameter("attributes").is_none()
    {
        if was.is_null() {
            return ask.refuse(404, "", "There is no such resource.");
        }
        let mut was = was.clone();
        without(&mut was, &[&ask.parameter("excludedAttributes").unwrap_or_default()]);
        ask.fire();
        let version = text(&was["meta"]["version"]).to_owned();
        let stale = Reply::new(200, &was.to_string());
        return if version.is_empty() { stale } else { stale.header("ETag", &version) };
    }
    stale_list(ask, reply, began)
}

fn stale_list(ask: &Ask<'_>, reply: Reply, now: Duration) -> Reply {
    let endpoint = ask.endpoint().to_owned();
    // A page of everything would need all pages.
    if ask.parameter("filter").is_none() {
        return reply;
    }
    ask.show(reply, |body| {
        let Some(all) = body.get_mut("Resources").and_then(Value::as_array_mut) else { return };
        let before = all.len();
        let is_new = |resource: &Value| {
            let note = ask.recall(&format!("/{endpoint}/{}", text(&resource["id"])));
            recent(&note, now).is_some_and(Value::is_null)
        };
        all.retain(|resource| !is_new(resource));
        let hidden = before - all.len();
        if hidden > 0 {
            for name in ["totalResults", "itemsPerPage"] {
                body[name] = json!(body[name].as_u64().unwrap_or_default().saturating_sub(hidden as u64));
            }
        }
    })
}

/// What stood there before, if that is still seen.
fn recent(note: &Value, now: Duration) -> Option<&Value> {
    (note["until"].as_u64()? > millis(now)).then(|| &note["was"])
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
