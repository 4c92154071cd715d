//! What a write does not name is lost.

use serde_json::{Value, json};

use super::ENTERPRISE;
use crate::faults::ask::{member_ids, part, without};
use crate::faults::{Ask, Fault};
use crate::support::Reply;

pub(super) const FAULTS: [Fault; 13] = [
    Fault::new(
        "lost-profile-with-deactivation",
        "a PATCH of `active` empties title, department and employeeNumber",
        "PATCH /Users/{id}",
        |ask| {
            loses(ask, "active", |user| {
                without(user, &["title"]);
                part(user, ENTERPRISE, |extension| without(extension, &["department", "employeeNumber"]));
            })
        },
    ).by("unnamed-kept").ready(),
    Fault::new(
        "lost-addresses-with-deactivation",
        "a PATCH of `active` empties addresses and phoneNumbers",
        "PATCH /Users/{id}",
        |ask| loses(ask, "active", |user| without(user, &["addresses", "phoneNumbers"])),
    ).by("unnamed-kept").ready(),
    Fault::new(
        "lost-enterprise-with-deactivation",
        "a PATCH of `active` drops the whole enterprise extension",
        "PATCH /Users/{id}",
        |ask| loses(ask, "active", |user| without(user, &[ENTERPRISE])),
    ).by("unnamed-kept").ready(),
    Fault::new(
        "lost-external-id-of-a-group-with-members",
        "a PATCH of a group's members drops its externalId",
        "PATCH /Groups/{id}",
        |ask| loses(ask, "members", |group| without(group, &["externalId"])),
    ).by("read-back-profile").should().beside(&["accepted-outcome", "attribute-kept", "unnamed-kept"]),
    Fault::new(
        "lost-external-id-of-a-user-with-deactivation",
        "a PATCH of `active` drops the user's externalId",
        "PATCH /Users/{id}",
        |ask| loses(ask, "active", |user| without(user, &["externalId"])),
    ).by("read-back-profile").should().ready().beside(&["unnamed-kept"]),
    Fault::new(
        "lost-members-with-rename",
        "a PATCH of a group's displayName drops its members",
        "PATCH /Groups/{id}",
        |ask| {
            if ask.operations().iter().any(|operation| operation.names("members")) {
                return ask.pass();
            }
            keeps_of(ask, "Groups", "displayname", |group| group["members"] = json!([]))
        },
    ).by("rename-keeps-members").ready(),
    Fault::new(
        "lost-external-id-of-a-group-with-rename",
        "a PATCH of a group's displayName drops its externalId",
        "PATCH /Groups/{id}",
        |ask| keeps_of(ask, "Groups", "displayname", |group| without(group, &["externalId"])),
    ).by("unnamed-kept").ready(),
    Fault::new(
        "lost-addresses-of-mail-with-rename",
        "a PATCH of userName or displayName drops the user's emails",
        "PATCH /Users/{id}",
        |ask| {
            if ask.patches("emails") || !(ask.patches("username") || ask.patches("displayname")) {
                return ask.pass();
            }
            keeps(ask, "Users", |user| without(user, &["emails"]))
        },
    ).by("unnamed-kept").ready().beside(&["accepted-outcome"]),
    Fault::new(
        "lost-rest-of-the-extension",
        "a PATCH of one enterprise attribute drops the others, the manager too",
        "PATCH /Users/{id}",
        |ask| {
            let urn = ENTERPRISE.to_lowercase();
            let named: Vec<String> = ask
                .operations()
                .iter()
                .filter_map(|operation| {
                    operation.path.strip_prefix(&urn)?.strip_prefix(':').map(str::to_owned)
                })
                .collect();
            if ask.call.method != "PATCH" || named.is_empty() {
                return ask.pass();
            }
            keeps(ask, "Users", |user| {
                if let Some(extension) = user.get_mut(ENTERPRISE).and_then(Value::as_object_mut) {
                    extension.retain(|key, _| named.iter().any(|name| name.starts_with(&key.to_lowercase())));
                }
            })
        },
    ).by("unnamed-kept").ready(),
    Fault::new(
        "lost-other-half-of-the-name",
        "a PATCH of name.familyName drops name.givenName",
        "PATCH /Users/{id}",
        |ask| {
            let operations = ask.operations();
            let names = |part: &str| operations.iter().any(|operation| operation.path == part);
            if ask.call.method != "PATCH" || !names("name.familyname") || names("name.givenname") {
                return ask.pass();
            }
            keeps(ask, "Users", |user| part(user, "name", |name| without(name, &["givenName"])))
        },
    )
    .by("read-back-profile")
    .ready()
    .beside(&["accepted-outcome"]),
    Fault::new(
        "lost-state-with-rename",
        "a PATCH of a user that does not name `active` makes an inactive user active",
        "PATCH /Users/{id}",
        |ask| {
            if ask.patches("active") || ask.call.method != "PATCH" {
                return ask.pass();
            }
            keeps(ask, "Users", |user| user["active"] = json!(true))
        },
    )
    .unmet(),
    Fault::new(
        "lost-title-with-membership",
        "whoever is put into a group loses title and department",
        "PATCH /Groups/{id}",
        |ask| {
            joins(ask, |user| {
                without(user, &["title"]);
                part(user, ENTERPRISE, |extension| without(extension, &["department"]));
            })
        },
    ).blamed(&["accepted-outcome"]),
    Fault::new(
        "lost-nickname-with-any-patch",
        "a PATCH of a user keeps what the endpoint's own table has, and drops nickName, preferredLanguage, locale and timezone",
        "PATCH /Users/{id}",
        |ask| {
            let rare = ["nickName", "preferredLanguage", "locale", "timezone", "userType"];
            let lost: Vec<&str> =
                rare.into_iter().filter(|name| !ask.patches(&name.to_lowercase())).collect();
            if ask.call.method != "PATCH" {
                return ask.pass();
            }
            keeps(ask, "Users", |user| without(user, &lost))
        },
    ).by("unnamed-kept").ready(),
];

/// A PATCH that is about an attribute leaves less behind than it should.
fn loses(ask: &Ask<'_>, attribute: &str, edit: impl FnOnce(&mut Value)) -> Reply {
    if !ask.patches(attribute) {
        return ask.pass();
    }
    ask.keep(|_, after| edit(after))
}

fn keeps_of(ask: &Ask<'_>, endpoint: &str, attribute: &str, edit: impl FnOnce(&mut Value)) -> Reply {
    if ask.endpoint() == endpoint { loses(ask, attribute, edit) } else { ask.pass() }
}

fn keeps(ask: &Ask<'_>, endpoint: &str, edit: impl FnOnce(&mut Value)) -> Reply {
    if ask.endpoint() != endpoint {
        return ask.pass();
    }
    ask.keep(|_, after| edit(after))
}

/// Changes the users that a PATCH adds to a group.
fn joins(ask: &Ask<'_>, edit: impl Fn(&mut Value)) -> Reply {
    if !ask.is("PATCH", "Groups") {
        return ask.pass();
    }
    let before = member_ids(&ask.before());
    let reply = ask.pass();
    for id in member_ids(&ask.before()).iter().filter(|id| !before.contains(id)) {
        let path = format!("/Users/{id}");
        let user = ask.read(&path);
        let mut changed = user.clone();
        if user.is_null() {
            continue;
        }
        edit(&mut changed);
        if changed != user {
            ask.fire();
            ask.own("PUT", &path, Some(&changed));
        }
    }
    reply
}
