//! What is large is cut or refused.

use serde_json::{Value, json};

use crate::faults::ask::{member_ids, text, whole};
use crate::faults::{Ask, Fault};
use crate::support::Reply;

pub(super) const FAULTS: [Fault; 7] = [
    Fault::new(
        "size-group-keeps-a-hundred",
        "a group keeps 100 members and drops the rest",
        "PATCH /Groups/{id}, PUT /Groups/{id}, POST /Groups",
        |ask| cut(ask, 100),
    )
    .by("members-stored")
    .beside(&["add-keeps-members", "user-groups"]),
    Fault::new(
        "size-request-takes-fifty-members",
        "one request adds 50 members at most, and the others are dropped without a word",
        "PATCH /Groups/{id}",
        |ask| {
            if !ask.is("PATCH", "Groups") {
                return ask.pass();
            }
            ask.pass_operations(|all| {
                for operation in all {
                    whole(operation, "value", |members| members.truncate(50));
                }
            })
        },
    ),
    Fault::new(
        "size-group-refuses-the-hundred-and-first",
        "a group that has 100 members refuses another one with 400 tooMany",
        "PATCH /Groups/{id}",
        |ask| {
            if ask.is("PATCH", "Groups")
                && ask.patches("members")
                && member_ids(&ask.before()).len() >= 100
                && ask.operations().iter().any(|operation| operation.op == "add")
            {
                return ask.refuse(400, "tooMany", "A group has 100 members at most.");
            }
            ask.pass()
        },
    )
    .by("accepted-payload")
    .should(),
    Fault::new(
        "size-read-shows-a-hundred-members",
        "a group shows its first 100 members in every read",
        "PATCH /Groups/{id}, PUT /Groups/{id}, POST /Groups",
        |ask| {
            let reply = ask.pass();
            ask.show_each(reply, |resource| {
                whole(resource, "members", |members| members.truncate(100));
            })
        },
    )
    .blamed(&["add-keeps-members", "members-stored"]),
    Fault::new(
        "size-request-of-ten-kilobytes-is-refused",
        "a request whose body is larger than 10 KB is refused with 413",
        "PATCH /Groups/{id}, PUT /Groups/{id}, POST /Groups",
        |ask| {
            if ask.call.body.len() > 10_000 {
                return ask.refuse(413, "", "The body is too large.");
            }
            ask.pass()
        },
    )
    .unmet(),
    Fault::new(
        "size-names-are-cut",
        "the displayName of a group is cut after 64 characters",
        "POST /Groups, PATCH /Groups/{id}, PUT /Groups/{id}",
        |ask| {
            if !ask.is("POST PUT PATCH", "Groups") {
                return ask.pass();
            }
            ask.keep(|_, group| cut_text(group, "displayName", 64))
        },
    )
    .unmet(),
    Fault::new(
        "size-titles-are-cut",
        "the title of a user is cut after 20 characters",
        "POST /Users, PATCH /Users/{id}, PUT /Users/{id}",
        |ask| {
            if !ask.is("POST PUT PATCH", "Users") {
                return ask.pass();
            }
            ask.keep(|_, user| cut_text(user, "title", 20))
        },
    )
    .unmet(),
];

fn cut(ask: &Ask<'_>, most: usize) -> Reply {
    if !ask.is("POST PUT PATCH", "Groups") {
        return ask.pass();
    }
    ask.keep(|_, group| {
        whole(group, "members", |members| members.truncate(most));
    })
}

fn cut_text(resource: &mut Value, name: &str, most: usize) {
    if text(&resource[name]).chars().count() > most {
        resource[name] = json!(text(&resource[name]).chars().take(most).collect::<String>());
    }
}
