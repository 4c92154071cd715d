//! What the field blames on the wrong thing.

use serde_json::json;

use crate::faults::Fault;
use crate::faults::ask::text;
use crate::support::Reply;

pub(super) const FAULTS: [Fault; 6] = [
    Fault::new(
        "request-add-is-ignored",
        "a PATCH on users knows `replace` only: other operations are answered and not made",
        "PATCH /Users/{id}",
        |ask| {
            if !ask.is("PATCH", "Users") {
                return ask.pass();
            }
            ask.pass_operations(|all| all.retain(|one| text(&one["op"]).eq_ignore_ascii_case("replace")))
        },
    )
    .blamed(&["accepted-outcome", "attribute-kept", "read-back", "scenario-expectation"]),
    Fault::new(
        "request-pathless-active-is-ignored",
        "`active` in a PATCH without a path changes nothing",
        "PATCH /Users/{id}",
        |ask| {
            if !ask.is("PATCH", "Users") {
                return ask.pass();
            }
            ask.pass_operations(|all| {
                for operation in all.iter_mut().filter(|one| text(&one["path"]).is_empty()) {
                    if let Some(value) = operation.get_mut("value").and_then(serde_json::Value::as_object_mut)
                    {
                        value.shift_remove("active");
                    }
                }
            })
        },
    )
    .by("pathless-active")
    .beside(&["scenario-expectation"])
    .ready(),
    Fault::new(
        "request-text-is-no-boolean",
        "`active` as the string \"False\" changes nothing",
        "PATCH /Users/{id}",
        |ask| {
            if !ask.is("PATCH", "Users") {
                return ask.pass();
            }
            ask.pass_operations(|all| {
                all.retain(|one| {
                    !(text(&one["path"]).eq_ignore_ascii_case("active") && one["value"].is_string())
                });
            })
        },
    )
    .by("read-back"),
    Fault::new(
        "request-duplicate-is-answered-with-the-other",
        "the creation of a user who is there is answered 200 with the one who is there",
        "POST /Users",
        |ask| {
            let reply = ask.pass();
            if ask.is("POST", "Users") && reply.status == 409 {
                let name = ask.call.json();
                let found = ask.find("Users", &format!("userName eq \"{}\"", text(&name["userName"])));
                if let Some(user) = found.first() {
                    ask.fire();
                    return Reply::new(200, &json!(user).to_string());
                }
            }
            reply
        },
    )
    .blamed(&["attribute-kept", "create-status", "read-back", "read-back-profile", "user-name-unique"]),
    Fault::new(
        "request-for-one-is-a-500",
        "`count=1` is answered 500 in SCIM's media type",
        "GET /Users, GET /Groups",
        |ask| {
            if ask.parameter("count").as_deref() == Some("1") {
                return ask.refuse(500, "", "division by zero");
            }
            ask.pass()
        },
    )
    .blamed(&["scenario-expectation"]),
    Fault::new(
        "request-for-one-is-a-500-without-a-body",
        "`count=1` is answered 500 in SCIM's media type, with nothing in it",
        "GET /Users, GET /Groups",
        |ask| {
            if ask.parameter("count").as_deref() == Some("1") {
                ask.fire();
                return Reply::new(500, "");
            }
            ask.pass()
        },
    )
    .blamed(&["error-detail", "scenario-expectation"]),
];
