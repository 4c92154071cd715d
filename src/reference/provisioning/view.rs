//! Users and groups as they are answered.

use serde_json::{Map, Value, json};

use super::misshape::misshaped;
use crate::reference::knobs::MemberDisplay;
use crate::reference::site::{Directory, Site};
use crate::reference::store::{Group, User};
use crate::scim::attribute;
use crate::scim::etag::ETag;
use crate::scim::kind::ResourceKind;
use crate::scim::urn;

/// A user with its id, its groups, the customer's account id and `meta`; `base` is the directory's URL.
pub(crate) fn user_view(site: &Site, directory: &Directory, slot: u32, user: &User, base: &str) -> Value {
    let mut view = opened(&user.attributes, &user.id);
    let groups = directory.memberships.containers_of(slot).filter_map(|slot| {
        let group = directory.groups.get(slot)?;
        Some(json!({
            "type": "direct",
            "value": group.id,
            "display": group.display_name,
            "$ref": location(base, ResourceKind::Group, &group.id),
        }))
    });
    view.insert("groups".to_owned(), groups.collect());
    if site.knobs.atlassian_extension
        && let Some(customer) = site.customers.get(user.customer)
    {
        view.insert(urn::ATLASSIAN_EXTERNAL.to_owned(), json!({"atlassianAccountId": customer.account_id}));
    }
    let mut meta = meta(ResourceKind::User, &user.id, [user.created, user.modified], base);
    if site.knobs.etag {
        attribute::set(&mut meta, "version", json!(etag(user.version)));
    }
    view.insert("meta".to_owned(), meta);
    misshaped(site, ResourceKind::User, Value::Object(view))
}

/// A group with its id, its members unless they are not wanted, and `meta`; `base` is the directory's URL.
pub(crate) fn group_view(
    site: &Site,
    directory: &Directory,
    slot: u32,
    group: &Group,
    base: &str,
    with_members: bool,
) -> Value {
    let mut view = opened(&group.attributes, &group.id);
    if with_members {
        let members = members(site, directory, slot, group, base);
        view.insert("members".to_owned(), Value::Array(members));
    }
    let mut meta = meta(ResourceKind::Group, &group.id, [group.created, group.modified], base);
    if site.knobs.etag {
        attribute::set(&mut meta, "version", json!(etag(group.version)));
    }
    view.insert("meta".to_owned(), meta);
    misshaped(site, ResourceKind::Group, Value::Object(view))
}

/// The entity tag of a version, weak: what others are called stands in a resource as well, and does not count.
fn etag(version: u64) -> String {
    ETag::of_version(&version.to_string()).to_string()
}

/// Where a resource is found.
pub(crate) fn location(base: &str, kind: ResourceKind, id: &str) -> String {
    format!("{base}{}/{id}", kind.endpoint())
}

fn members(site: &Site, directory: &Directory, slot: u32, group: &Group, base: &str) -> Vec<Value> {
    let mut members = Vec::with_capacity(directory.memberships.count(slot));
    for user_slot in directory.memberships.members_of(slot) {
        let Some(user) = directory.users.get(user_slot) else {
            continue;
        };
        let display = match site.knobs.member_display {
            MemberDisplay::UserName => attribute::get(&user.attributes, "userName").cloned(),
            MemberDisplay::AsSent => group.displays.get(&user_slot).map(|display| json!(display)),
        };
        let mut member = json!({"type": "User", "value": user.id});
        if let Some(display) = display {
            attribute::set(&mut member, "display", display);
        }
        attribute::set(&mut member, "$ref", json!(location(base, ResourceKind::User, &user.id)));
        for _ in 0..directory.memberships.extra_copies(slot, user_slot) {
            members.push(member.clone());
        }
        members.push(member);
    }
    members.extend(
        group
            .leftovers
            .iter()
            .map(|id| json!({"type": "User", "value": id, "$ref": location(base, ResourceKind::User, id)})),
    );
    members.extend(group.others.iter().map(|id| {
        if directory.groups.by_id(id).is_none() {
            return json!({"value": id});
        }
        json!({"type": "Group", "value": id, "$ref": location(base, ResourceKind::Group, id)})
    }));
    members
}

/// The stored attributes with the id behind `schemas`, where clients look for it.
fn opened(attributes: &Value, id: &str) -> Map<String, Value> {
    let mut view = Map::new();
    let schemas = attribute::get(attributes, "schemas").cloned().unwrap_or_default();
    view.insert("schemas".to_owned(), schemas);
    view.insert("id".to_owned(), Value::from(id));
    for (name, value) in attributes.as_object().into_iter().flatten() {
        if !name.eq_ignore_ascii_case("schemas") {
            view.insert(name.clone(), value.clone());
        }
    }
    view
}

fn meta(kind: ResourceKind, id: &str, [created, modified]: [jiff::Timestamp; 2], base: &str) -> Value {
    json!({
        "resourceType": kind.name(),
        "location": location(base, kind, id),
        "lastModified": format!("{modified:.6}"),
        "created": format!("{created:.6}"),
    })
}
