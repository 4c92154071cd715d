//! What a defect makes of a resource before it is shown.

use serde_json::{Value, json};

use crate::reference::defects::Defect;
use crate::reference::site::Site;
use crate::scim::kind::ResourceKind;
use crate::scim::resource::attribute;

/// An attribute that no schema has.
pub(crate) const EXTRA: &str = "x-internal";

/// The resource as it is shown.
pub(super) fn misshaped(site: &Site, kind: ResourceKind, mut view: Value) -> Value {
    if site.defects.is_empty() {
        return view;
    }
    let has = |defect| site.defects.has(defect);
    let active = attribute::get(&view, "active").and_then(Value::as_bool);
    if let Some(active) = active {
        if has(Defect::ActiveAsString) {
            attribute::set(&mut view, "active", json!(if active { "True" } else { "False" }));
        } else if has(Defect::ActiveAsNumber) {
            attribute::set(&mut view, "active", json!(u8::from(active)));
        }
    }
    if has(Defect::UserNameLowercased) {
        change(&mut view, "userName", str::to_lowercase);
    }
    if kind == ResourceKind::User && has(Defect::DisplayNameRewritten) {
        let name = attribute::get(&view, "userName").cloned().unwrap_or_default();
        attribute::set(&mut view, "displayName", name);
    }
    if has(Defect::NamesEscaped) {
        change(&mut view, "displayName", |name| name.replace('&', "&amp;").replace('"', "&quot;"));
    }
    if has(Defect::NonAsciiMangled) {
        // UTF-8 that was taken for Latin-1.
        change(&mut view, "displayName", |name| name.bytes().map(char::from).collect());
    }
    if has(Defect::ResourceWithoutSchemas) {
        attribute::remove(&mut view, "schemas");
    }
    if has(Defect::IdAsNumber) {
        let id = attribute::get(&view, "id").and_then(Value::as_str).unwrap_or_default();
        let digits = id.get(..8).and_then(|head| u32::from_str_radix(head, 16).ok());
        attribute::set(&mut view, "id", json!(digits));
    }
    if kind == ResourceKind::Group {
        members(site, &mut view);
    }
    if has(Defect::ExtraAttributes) {
        attribute::set(&mut view, EXTRA, json!({"shard": 7, "tags": ["a", "b"]}));
    }
    if has(Defect::NullForAbsent) {
        for name in ["externalId", "nickName", "title"] {
            if attribute::get(&view, name).is_none() {
                attribute::set(&mut view, name, Value::Null);
            }
        }
    }
    view
}

fn members(site: &Site, view: &mut Value) {
    let has = |defect| site.defects.has(defect);
    let Some(members) = attribute::get_mut(view, "members") else {
        return;
    };
    if members.as_array().is_some_and(Vec::is_empty) && has(Defect::MembersAsNull) {
        *members = Value::Null;
    }
    let list = members.as_array_mut().map(Vec::as_mut_slice).unwrap_or_default();
    if has(Defect::MembersReordered) {
        list.reverse();
    }
    if has(Defect::MemberWithoutValue) {
        for member in list {
            attribute::remove(member, "value");
        }
    }
    if has(Defect::GroupWithoutMembers) {
        attribute::remove(view, "members");
    }
}

fn change(view: &mut Value, name: &str, with: impl Fn(&str) -> String) {
    if let Some(text) = attribute::get(view, name).and_then(Value::as_str).map(with) {
        attribute::set(view, name, json!(text));
    }
}
