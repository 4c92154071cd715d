//! What no provider sends, and the RFC or safety asks for.

use std::cmp::Reverse;

use serde_json::json;

use crate::faults::ask::{list, part, text, whole, without};
use crate::faults::{Ask, Fault};
use crate::support::{Call, Reply};

pub(super) const FAULTS: [Fault; 24] = [
    Fault::new(
        "rfc-put-to-an-unknown-id-creates",
        "a PUT to an id that does not exist creates a user",
        "PUT /Users/{id}",
        |ask| {
            let reply = ask.pass();
            if ask.is("PUT", "Users") && reply.status == 404 {
                ask.fire();
                let made = ask.own("POST", "/Users", Some(&ask.call.json()));
                return Reply { status: 200, ..made };
            }
            reply
        },
    )
    .by("deleted-is-gone")
    .beside(&["id-stable", "lookup-finds"]),
    Fault::new(
        "rfc-put-to-an-unknown-id-is-answered",
        "a PUT to an id that does not exist is answered 200 with what was sent",
        "PUT /Users/{id}",
        |ask| {
            let reply = ask.pass();
            if ask.is("PUT", "Users") && reply.status == 404 {
                ask.fire();
                let mut user = ask.call.json();
                user["id"] = json!(ask.id());
                return Reply::new(200, &user.to_string());
            }
            reply
        },
    )
    .by("deleted-is-gone")
    .beside(&["lookup-finds"]),
    Fault::new("rfc-put-merges", "a PUT leaves what it does not name as it was", "PUT /Users/{id}", |ask| {
        if !ask.is("PUT", "Users") {
            return ask.pass();
        }
        ask.keep(|before, after| {
            for (name, value) in before.as_object().into_iter().flatten() {
                if !["id", "meta", "groups", "schemas"].contains(&name.as_str()) && after[name].is_null() {
                    after[name] = value.clone();
                }
            }
        })
    })
    .by("put-replaces")
    .beside(&["scenario-expectation"]),
    Fault::new(
        "rfc-condition-is-ignored",
        "a write whose `If-Match` does not match is made",
        "PUT /Users/{id}, PATCH /Users/{id}, DELETE /Users/{id}, PUT /Groups/{id}, PATCH /Groups/{id}",
        |ask| without_header(ask, "if-match"),
    )
    .by("scenario-expectation")
    .beside(&["precondition-heeded"]),
    Fault::new(
        "rfc-not-modified-is-ignored",
        "a read whose `If-None-Match` matches is answered 200",
        "GET /Users/{id}",
        |ask| without_header(ask, "if-none-match"),
    )
    .by("scenario-expectation"),
    Fault::new(
        "rfc-version-does-not-move",
        "ETag and `meta.version` stay as they were when a resource changes",
        "GET /Users/{id}, GET /Groups/{id}",
        |ask| {
            let reply = ask.pass();
            let reply = ask.show_each(reply, |resource| {
                let note = format!("version {}", text(&resource["id"]));
                if ask.recall(&note).is_null() {
                    ask.remember(note.clone(), resource["meta"]["version"].clone());
                }
                part(resource, "meta", |meta| meta["version"] = ask.recall(&note));
            });
            let version = reply.json()["meta"]["version"].clone();
            if reply.header_of("etag").is_some() && version.is_string() {
                reply.header("ETag", text(&version))
            } else {
                reply
            }
        },
    )
    .by("etag-honest")
    .ready(),
    Fault::new(
        "rfc-sorting-is-ignored",
        "`sortBy` and `sortOrder` change nothing, though sorting is said to be supported",
        "GET /Users, GET /Groups",
        |ask| {
            let is_sorted = ask.parameter("sortBy").is_some();
            let reply = ask.pass();
            if !is_sorted {
                return reply;
            }
            ask.show(reply, |body| {
                whole(body, "Resources", |all| {
                    all.sort_by_key(|resource| Reverse(text(&resource["id"]).to_owned()));
                });
            })
        },
    )
    .by("sorted"),
    Fault::new(
        "rfc-bulk-says-that-all-was-made",
        "the answer to a bulk request says 200 of operations that failed",
        "POST /Bulk",
        |ask| {
            let reply = ask.pass();
            if ask.endpoint() != "Bulk" {
                return reply;
            }
            ask.show(reply, |body| {
                for operation in list(body, "Operations") {
                    if text(&operation["status"]).starts_with('4') {
                        operation["status"] = json!("200");
                        without(operation, &["response"]);
                    }
                }
            })
        },
    )
    .by("scenario-expectation"),
    Fault::new("rfc-bulk-goes-on-after-errors", "`failOnErrors` is ignored", "POST /Bulk", |ask| {
        if ask.endpoint() != "Bulk" {
            return ask.pass();
        }
        let mut body = ask.call.json();
        if body["failOnErrors"].is_null() {
            return ask.pass();
        }
        without(&mut body, &["failOnErrors"]);
        ask.fire();
        ask.pass_with(&body)
    })
    .by("scenario-expectation"),
    Fault::new(
        "rfc-id-is-chosen-by-the-client",
        "a creation takes the `id` that the client sends",
        "POST /Users",
        |ask| {
            let wanted = ask.call.json()["id"].clone();
            let reply = ask.pass();
            if !ask.is("POST", "Users") || !wanted.is_string() {
                return reply;
            }
            ask.show(reply, |user| user["id"] = wanted)
        },
    )
    .by("scenario-expectation")
    .beside(&["lookup-finds"]),
    Fault::new(
        "rfc-core-urn-is-ignored",
        "a path with the URN of the core schema in front is answered and changes nothing",
        "PATCH /Users/{id}",
        |ask| {
            if ask.call.method != "PATCH" {
                return ask.pass();
            }
            ask.pass_operations(|all| {
                all.retain(|one| {
                    let path = text(&one["path"]).to_lowercase();
                    !path.starts_with("urn:ietf:params:scim:schemas:core:2.0:")
                });
            })
        },
    )
    .by("read-back")
    .beside(&["read-back-profile"]),
    Fault::new(
        "rfc-names-have-a-case",
        "an attribute in a PATCH whose name is spelled in another case is ignored",
        "PATCH /Users/{id}",
        |ask| {
            if !ask.is("PATCH", "Users") {
                return ask.pass();
            }
            let known = ["userName", "displayName", "externalId", "nickName", "title", "active"];
            ask.pass_operations(|all| {
                all.retain(|one| {
                    let path = text(&one["path"]);
                    known.iter().all(|name| *name == path || !name.eq_ignore_ascii_case(path))
                });
            })
        },
    )
    .by("read-back"),
    Fault::new(
        "rfc-last-modified-does-not-move",
        "`meta.lastModified` is always `meta.created`",
        "PATCH /Users/{id}, PUT /Users/{id}, PATCH /Groups/{id}, PUT /Groups/{id}",
        |ask| {
            let reply = ask.pass();
            ask.show_each(reply, |resource| {
                if resource["meta"]["created"].is_string() {
                    resource["meta"]["lastModified"] = resource["meta"]["created"].clone();
                }
            })
        },
    )
    .by("last-modified")
    .ready(),
    Fault::new(
        "rfc-attributes-are-ignored",
        "`attributes` in a query is ignored: the whole resource is shown",
        "GET /Users, GET /Users/{id}",
        |ask| without_parameter(ask, "attributes"),
    )
    .by("attributes-heeded"),
    Fault::new(
        "rfc-ne-is-eq",
        "a filter with `ne` finds what `eq` finds",
        "GET /Users, GET /Groups",
        |ask| replaces(ask, "%20ne%20", "%20eq%20"),
    )
    .by("scenario-expectation"),
    Fault::new(
        "rfc-not-is-ignored",
        "`not (…)` in a filter finds what is in the brackets",
        "GET /Users, GET /Groups",
        |ask| replaces(ask, "not%20%28", "%28"),
    )
    .by("scenario-expectation"),
    Fault::new("rfc-or-is-and", "`or` in a filter is read as `and`", "GET /Users, GET /Groups", |ask| {
        replaces(ask, "%20or%20", "%20and%20")
    })
    .by("scenario-expectation"),
    Fault::new(
        "rfc-no-target-is-a-success",
        "a PATCH whose value path finds nothing is answered 204 instead of 400 noTarget",
        "PATCH /Users/{id}, PATCH /Groups/{id}",
        |ask| {
            let reply = ask.pass();
            if ask.call.method == "PATCH" && reply.json()["scimType"] == "noTarget" {
                ask.fire();
                return Reply { status: 204, ..Reply::default() };
            }
            reply
        },
    )
    .blamed(&["scenario-expectation"]),
    Fault::new(
        "rfc-read-only-is-written",
        "a PATCH of `id` or `meta` is answered 204 instead of 400 mutability",
        "PATCH /Users/{id}",
        |ask| {
            let reply = ask.pass();
            if ask.call.method == "PATCH" && reply.json()["scimType"] == "mutability" {
                ask.fire();
                return Reply { status: 204, ..Reply::default() };
            }
            reply
        },
    )
    .by("scenario-expectation"),
    Fault::new(
        "rfc-two-are-primary",
        "a second address that is made primary leaves the first one primary",
        "PATCH /Users/{id}",
        |ask| {
            let old = if ask.is("PATCH", "Users") { ask.before() } else { json!({}) };
            let reply = ask.pass();
            let primary = |email: &&serde_json::Value| email["primary"] == true;
            if let Some(email) = old["emails"].as_array().into_iter().flatten().find(primary) {
                ask.remember(format!("primary {}", text(&old["id"])), email["value"].clone());
            }
            ask.show_each(reply, |user| {
                let first = ask.recall(&format!("primary {}", text(&user["id"])));
                for email in list(user, "emails") {
                    if email["value"] == first && first.is_string() {
                        email["primary"] = json!(true);
                    }
                }
            })
        },
    )
    .by("single-primary"),
    Fault::new("rfc-no-challenge", "a 401 has no `WWW-Authenticate`", "GET /Users, POST /Users", |ask| {
        let mut reply = ask.pass();
        let before = reply.headers.len();
        reply.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("www-authenticate"));
        if reply.headers.len() != before {
            ask.fire();
        }
        reply
    })
    .by("challenge"),
    Fault::new(
        "rfc-resource-type-is-wrong",
        "`meta.resourceType` of a group is `User`",
        "GET /Groups/{id}, POST /Groups",
        |ask| {
            let reply = ask.pass();
            if ask.endpoint() != "Groups" {
                return reply;
            }
            ask.show_each(reply, |group| group["meta"]["resourceType"] = json!("User"))
        },
    )
    .by("resource-type")
    .ready(),
    Fault::new(
        "rfc-cursor-shows-the-first-page",
        "the second page by cursor is the first one again",
        "GET /Users",
        |ask| {
            let cursor = ask.parameter("cursor").unwrap_or_default();
            if cursor.is_empty() {
                return ask.pass();
            }
            ask.fire();
            let mut call = ask.call.clone();
            call.target = emptied(&call.target, "cursor");
            ask.send(&call)
        },
    )
    .by("cursor-walk")
    .beside(&["scenario-expectation"]),
    Fault::new(
        "rfc-groups-of-a-user-are-written",
        "`groups` in a PUT of a user is stored and shown as it was sent",
        "PUT /Users/{id}, GET /Users/{id}",
        |ask| {
            let sent = ask.call.json()["groups"].clone();
            let reply = ask.pass();
            if ask.is("PUT", "Users") && sent.is_array() {
                ask.remember(format!("groups {}", ask.id().unwrap_or_default()), sent);
            }
            ask.show_each(reply, |user| {
                let groups = ask.recall(&format!("groups {}", text(&user["id"])));
                if !groups.is_null() {
                    user["groups"] = groups;
                }
            })
        },
    )
    .by("scenario-expectation")
    .beside(&["user-groups"]),
];

fn without_header(ask: &Ask<'_>, name: &str) -> Reply {
    if ask.call.header(name).is_none() {
        return ask.pass();
    }
    ask.fire();
    let mut call = ask.call.clone();
    call.headers.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
    ask.send(&call)
}

fn replaces(ask: &Ask<'_>, old: &str, new: &str) -> Reply {
    let mut call: Call = ask.call.clone();
    call.target = call.target.replace('+', "%20").replace(old, new);
    if ask.parameter("filter").is_none() || call.target == ask.call.target.replace('+', "%20") {
        return ask.pass();
    }
    ask.fire();
    ask.send(&call)
}

fn without_parameter(ask: &Ask<'_>, name: &str) -> Reply {
    if ask.parameter(name).is_none() {
        return ask.pass();
    }
    ask.fire();
    let mut call = ask.call.clone();
    let (path, query) = call.target.split_once('?').unwrap_or_default();
    let kept: Vec<&str> = query.split('&').filter(|pair| pair.split('=').next() != Some(name)).collect();
    call.target = format!("{path}?{}", kept.join("&"));
    ask.send(&call)
}

/// The target with an empty parameter.
fn emptied(target: &str, name: &str) -> String {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let pairs: Vec<String> = query
        .split('&')
        .map(|pair| if pair.split('=').next() == Some(name) { format!("{name}=") } else { pair.to_owned() })
        .collect();
    format!("{path}?{}", pairs.join("&"))
}
