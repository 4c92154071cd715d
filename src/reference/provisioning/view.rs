//! Users and groups as they are answered: written as text, from which those who look inside make a value.

use std::fmt::{Display, Write as _};

use serde_json::{Value, json};

use crate::reference::knobs::MemberDisplay;
use crate::reference::site::{Directory, Site};
use crate::reference::store::{Group, Moment, User};
use crate::scim::etag::ETag;
use crate::scim::json::text::{push_string, push_value};
use crate::scim::kind::ResourceKind;
use crate::scim::resource::attribute;
use crate::scim::urn;

/// A user with its id, its groups, the customer's account id and `meta`; `base` is the directory's URL.
pub(crate) fn user_view(site: &Site, directory: &Directory, slot: u32, user: &User, base: &str) -> Value {
    read(&user_text(site, directory, slot, user, base))
}

/// What [`user_view`] says, as text. What it costs does not depend on what others hold.
pub(crate) fn user_text(site: &Site, directory: &Directory, slot: u32, user: &User, base: &str) -> Vec<u8> {
    let mut text = Vec::new();
    push_user(&mut text, site, directory, slot, user, base);
    text
}

/// Adds what [`user_text`] says.
pub(crate) fn push_user(
    text: &mut Vec<u8>,
    site: &Site,
    directory: &Directory,
    slot: u32,
    user: &User,
    base: &str,
) {
    let (schemas, attributes) = (user.attributes.schemas(), user.attributes.members());
    // Asked for here, so that memory is on its way while the groups are counted.
    let customer = site.customers.get(user.customer).filter(|_| site.knobs.atlassian_extension);
    let in_groups = directory.memberships.containers_of(slot).count();
    text.reserve(schemas.len() + attributes.len() + 512 + base.len() + in_groups * (base.len() + 160));
    let mut letters = [0; uuid::fmt::Hyphenated::LENGTH];
    let id = &*user.id.hyphenated().encode_lower(&mut letters);
    open(text, schemas, id);
    if !attributes.is_empty() {
        text.push(b',');
        text.extend(attributes.as_bytes());
    }
    text.extend(b",\"groups\":[");
    if in_groups > 0 {
        push_groups(text, directory, slot, base);
    }
    text.push(b']');
    if let Some(customer) = customer {
        text.extend(b",\"");
        text.extend(urn::ATLASSIAN_EXTERNAL.as_bytes());
        text.extend(b"\":{\"atlassianAccountId\":");
        customer.account_id.with_text(|id| push_string(text, id));
        text.push(b'}');
    }
    let version = site.knobs.etag.then_some(user.version);
    close(text, ResourceKind::User, base, id, [user.created, user.modified], version);
}

/// The groups of a user.
fn push_groups(text: &mut Vec<u8>, directory: &Directory, slot: u32, base: &str) {
    let all = quoted(&location(base, ResourceKind::Group, ""));
    let mut separator: &[u8] = b"";
    let groups = directory.memberships.containers_of(slot);
    for group in groups.filter_map(|slot| directory.groups.label(slot)) {
        text.extend(separator);
        text.extend(b"{\"type\":\"direct\",\"value\":\"");
        text.extend(group.id().as_bytes());
        text.extend(b"\",\"display\":");
        text.extend(group.display_name().as_bytes());
        text.extend(b",\"$ref\":");
        push_below(text, &all, group.id());
        text.push(b'}');
        separator = b",";
    }
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
    read(&group_text(site, directory, slot, group, base, with_members))
}

/// What [`group_view`] says, as text.
pub(crate) fn group_text(
    site: &Site,
    directory: &Directory,
    slot: u32,
    group: &Group,
    base: &str,
    with_members: bool,
) -> Vec<u8> {
    let members = if with_members { directory.memberships.count(slot) } else { 0 };
    let mut text = Vec::with_capacity(1024 + members * (base.len() + 160));
    let schemas = attribute::get(&group.attributes, "schemas").map(Value::to_string);
    open(&mut text, schemas.as_deref().unwrap_or("null"), &group.id);
    for (name, value) in group.attributes.as_object().into_iter().flatten() {
        if !name.eq_ignore_ascii_case("schemas") {
            text.push(b',');
            push_string(&mut text, name);
            text.push(b':');
            push_value(&mut text, value);
        }
    }
    if with_members {
        text.extend(b",\"members\":[");
        push_members(&mut text, site, directory, slot, group, base);
        text.push(b']');
    }
    let version = site.knobs.etag.then_some(group.version);
    let moments = [group.created, group.modified].map(Moment::from);
    close(&mut text, ResourceKind::Group, base, &group.id, moments, version);
    text
}

/// Where a resource is found.
pub(crate) fn location(base: &str, kind: ResourceKind, id: impl Display) -> String {
    let mut text = String::with_capacity(base.len() + 48);
    // Into memory writing does not fail.
    let _ = write!(text, "{base}{}/{id}", kind.endpoint());
    text
}

/// All that a group holds: users, ids of users that are gone, and whatever else the knobs keep.
fn push_members(
    text: &mut Vec<u8>,
    site: &Site,
    directory: &Directory,
    slot: u32,
    group: &Group,
    base: &str,
) {
    // Written once: a group may have 100,000 members.
    let users = quoted(&location(base, ResourceKind::User, ""));
    let mut separator = "";
    for user_slot in directory.memberships.members_of(slot) {
        let Some(user) = directory.users.get(user_slot) else {
            continue;
        };
        for _ in 0..=directory.memberships.extra_copies(slot, user_slot) {
            text.extend(separator.as_bytes());
            text.extend(b"{\"type\":\"User\",\"value\":\"");
            let mut letters = [0; uuid::fmt::Hyphenated::LENGTH];
            let id = &*user.id.hyphenated().encode_lower(&mut letters);
            text.extend(id.as_bytes());
            text.push(b'"');
            match site.knobs.member_display {
                MemberDisplay::UserName => {
                    if let Some(user_name) = user.attributes.user_name() {
                        text.extend(b",\"display\":");
                        text.extend(user_name.as_bytes());
                    }
                }
                MemberDisplay::AsSent => {
                    if let Some(display) = group.displays.get(&user_slot) {
                        text.extend(b",\"display\":");
                        push_string(text, display);
                    }
                }
            }
            text.extend(b",\"$ref\":");
            push_below(text, &users, id);
            text.push(b'}');
            separator = ",";
        }
    }
    let gone = group
        .leftovers
        .iter()
        .map(|id| json!({"type": "User", "value": id, "$ref": location(base, ResourceKind::User, id)}));
    let others = group.others.iter().map(|id| {
        if directory.groups.by_id(id).is_none() {
            return json!({"value": id});
        }
        json!({"type": "Group", "value": id, "$ref": location(base, ResourceKind::Group, id)})
    });
    for member in gone.chain(others) {
        text.extend(separator.as_bytes());
        push_value(text, &member);
        separator = ",";
    }
}

/// The beginning of a resource: the id stands behind `schemas`, where clients look for it.
fn open(text: &mut Vec<u8>, schemas: &str, id: &str) {
    text.extend(b"{\"schemas\":");
    text.extend(schemas.as_bytes());
    text.extend(b",\"id\":");
    push_string(text, id);
}

/// The end of a resource: `meta`. The entity tag of a version is weak: what others are called stands in a resource as well,
/// and does not count.
fn close(
    text: &mut Vec<u8>,
    kind: ResourceKind,
    base: &str,
    id: &str,
    [created, modified]: [Moment; 2],
    version: Option<u64>,
) {
    text.extend(b",\"meta\":{\"resourceType\":");
    push_string(text, kind.name());
    text.extend(b",\"location\":");
    push_string(text, base);
    text.pop();
    text.extend(kind.endpoint().as_bytes());
    push_below(text, b"/", id);
    text.extend(b",\"lastModified\":\"");
    let start = text.len();
    modified.write(text);
    let end = text.len();
    text.extend(b"\",\"created\":\"");
    if created == modified {
        text.extend_from_within(start..end);
    } else {
        created.write(text);
    }
    text.push(b'"');
    if let Some(version) = version {
        text.extend(b",\"version\":");
        push_string(text, &ETag::of_version(&version.to_string()).to_string());
    }
    text.extend(b"}}");
}

/// A string as JSON, to be continued.
fn quoted(start: &str) -> Vec<u8> {
    let mut text = Vec::new();
    push_string(&mut text, start);
    text.pop();
    text
}

/// Continues a string by an id, which is a UUID and needs no escaping, and ends it.
fn push_below(text: &mut Vec<u8>, start: &[u8], id: &str) {
    text.extend(start);
    text.extend(id.as_bytes());
    text.push(b'"');
}

/// What was written here is JSON.
fn read(text: &[u8]) -> Value {
    serde_json::from_slice(text).unwrap_or_default()
}
