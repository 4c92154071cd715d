//! The answer to a write is wrong; what is stored is right.

use serde_json::{Value, json};

use crate::faults::ask::{member_ids, text, whole};
use crate::faults::{Ask, Fault};
use crate::support::Reply;

pub(super) const FAULTS: [Fault; 16] = [
    Fault::new(
        "answer-creation-shows-another-user-name",
        "the 201 shows the part of the userName before the @, every read shows the whole",
        "POST /Users",
        |ask| {
            shows(ask, "POST", "Users", |user, _| {
                user["userName"] = json!(text(&user["userName"]).split('@').next());
            })
        },
    )
    .by("write-answer")
    .beside(&["scenario-expectation", "unnamed-kept"])
    .ready(),
    Fault::new(
        "answer-creation-shows-another-display-name",
        "the 201 shows the userName as displayName, every read shows the displayName that was sent",
        "POST /Users",
        |ask| shows(ask, "POST", "Users", |user, _| user["displayName"] = user["userName"].clone()),
    )
    .by("write-answer")
    .beside(&["scenario-expectation", "unnamed-kept"])
    .ready(),
    Fault::new(
        "answer-creation-is-active",
        "the 201 of a user who was created inactive shows active: true",
        "POST /Users",
        |ask| shows(ask, "POST", "Users", |user, _| user["active"] = json!(true)),
    )
    .by("write-answer")
    .ready(),
    Fault::new(
        "answer-creation-shows-another-external-id",
        "the 201 of a user shows the id as externalId",
        "POST /Users",
        |ask| shows(ask, "POST", "Users", |user, _| user["externalId"] = user["id"].clone()),
    )
    .by("write-answer")
    .beside(&["unnamed-kept"])
    .ready(),
    Fault::new(
        "answer-creation-of-a-group-has-no-members",
        "the 201 of a group that was created with members shows `members: []`",
        "POST /Groups",
        |ask| shows(ask, "POST", "Groups", |group, _| emptied(group)),
    ),
    Fault::new(
        "answer-creation-of-a-group-shows-another-external-id",
        "the 201 of a group shows the id as externalId",
        "POST /Groups",
        |ask| shows(ask, "POST", "Groups", |group, _| group["externalId"] = group["id"].clone()),
    )
    .by("write-answer")
    .beside(&["unnamed-kept"])
    .ready(),
    Fault::new(
        "answer-patch-of-a-user-is-the-state-before",
        "the answer to a PATCH of a user shows the user as before",
        "PATCH /Users/{id}",
        |ask| shows(ask, "PATCH", "Users", earlier),
    )
    .by("write-answer")
    .beside(&["scenario-expectation"])
    .ready(),
    Fault::new(
        "answer-put-of-a-user-is-the-state-before",
        "the answer to a PUT of a user shows the user as before",
        "PUT /Users/{id}",
        |ask| shows(ask, "PUT", "Users", earlier),
    )
    .by("write-answer")
    .beside(&["scenario-expectation"])
    .ready(),
    Fault::new(
        "answer-patch-of-a-group-is-the-state-before",
        "the answer to a PATCH of a group shows the group as before",
        "PATCH /Groups/{id}",
        |ask| shows(ask, "PATCH", "Groups", earlier),
    )
    .by("write-answer")
    .ready(),
    Fault::new(
        "answer-put-of-a-group-is-the-state-before",
        "the answer to a PUT of a group shows the group as before",
        "PUT /Groups/{id}",
        |ask| shows(ask, "PUT", "Groups", earlier),
    )
    .by("write-answer")
    .ready(),
    Fault::new(
        "answer-deactivation-is-active",
        "the answer to the deactivation of a user shows active: true",
        "PATCH /Users/{id}, PUT /Users/{id}",
        |ask| shows(ask, "PATCH PUT", "Users", |user, _| user["active"] = json!(true)),
    )
    .by("write-answer")
    .beside(&["scenario-expectation"])
    .ready(),
    Fault::new(
        "answer-patch-shows-the-old-title",
        "the answer to a PATCH of a user shows the title of before",
        "PATCH /Users/{id}",
        |ask| shows(ask, "PATCH", "Users", |user, before| before_in(user, before, "title")),
    )
    .by("write-answer")
    .ready(),
    Fault::new(
        "answer-put-shows-the-old-external-id",
        "the answer to a PUT or PATCH of a user shows the externalId of before",
        "PUT /Users/{id}, PATCH /Users/{id}",
        |ask| shows(ask, "PUT PATCH", "Users", |user, before| before_in(user, before, "externalId")),
    )
    .by("write-answer")
    .ready(),
    Fault::new(
        "answer-addition-shows-the-added-alone",
        "the answer to a PATCH that adds members shows those that were added and no others",
        "PATCH /Groups/{id}",
        |ask| {
            shows(ask, "PATCH", "Groups", |group, before| {
                let old = member_ids(before);
                let is_new = |member: &Value| !old.contains(&text(&member["value"]).to_owned());
                if member_ids(group).len() > old.len() {
                    whole(group, "members", |members| members.retain(is_new));
                }
            })
        },
    )
    .by("write-answer")
    .ready(),
    Fault::new(
        "answer-patch-of-a-group-has-no-members",
        "the answer to every PATCH of a group shows `members: []`",
        "PATCH /Groups/{id}",
        |ask| shows(ask, "PATCH", "Groups", |group, _| emptied(group)),
    ),
    Fault::new(
        "answer-rename-of-a-group-shows-the-old-name",
        "the answer to a rename of a group shows its old displayName",
        "PATCH /Groups/{id}, PUT /Groups/{id}",
        |ask| shows(ask, "PATCH PUT", "Groups", |group, before| before_in(group, before, "displayName")),
    )
    .by("write-answer")
    .ready(),
];

/// Shows another resource than the one that is stored; `edit` gets it, and the one before the write.
fn shows(ask: &Ask<'_>, methods: &str, endpoint: &str, edit: impl FnOnce(&mut Value, &Value)) -> Reply {
    if !ask.is(methods, endpoint) {
        return ask.pass();
    }
    let before = ask.before();
    ask.show(ask.pass(), |resource| edit(resource, &before))
}

/// The resource as it was, under the version that it has now.
fn earlier(resource: &mut Value, before: &Value) {
    let meta = resource["meta"].clone();
    resource.clone_from(before);
    resource["meta"] = meta;
}

fn emptied(group: &mut Value) {
    whole(group, "members", Vec::clear);
}

fn before_in(resource: &mut Value, before: &Value, name: &str) {
    if resource.get(name).is_some() && before[name].is_string() {
        resource[name] = before[name].clone();
    }
}
