//! Defects in reading a list of members.

use axum::http::Method;
use serde_json::{Value, json};

use crate::reference::defects::Defect;
use crate::reference::http::faults::layer::{RequestLayer, entry_with_id, kind};
use crate::reference::http::scim::request::ScimRequest;
use crate::reference::site::Site;
use crate::scim::kind::ResourceKind;
use crate::scim::patch::{Op, Operation};
use crate::scim::resource::attribute;

pub(super) const LAYERS: &[(Defect, RequestLayer)] = &[
    (Defect::MembersOnCreateIgnored, |_, path, request| {
        if request.method == Method::POST && path == ["Groups"] {
            request.body.change(|body| attribute::remove(body, "members"));
        }
        None
    }),
    (Defect::FirstMemberOnly, |_, path, request| {
        each(path, request, |members| members.truncate(1));
        None
    }),
    (Defect::UntypedMemberIgnored, |_, path, request| {
        each(path, request, |members| members.retain(|member| attribute::get(member, "type").is_some()));
        None
    }),
    (Defect::UnknownMemberIgnored, |site, path, request| {
        let is_known =
            |id: &str| ResourceKind::ALL.iter().any(|kind| entry_with_id(site, *kind, id).is_some());
        each(path, request, |members| members.retain(|member| id(member).is_none_or(is_known)));
        None
    }),
    (Defect::NestedGroupFlattened, |site, path, request| {
        each(path, request, |members| {
            let all = std::mem::take(members).into_iter();
            *members = all.flat_map(|member| flattened(site, &member).unwrap_or(vec![member])).collect();
        });
        None
    }),
];

/// Changes every list of members that a group gets.
fn each(path: &[&str], request: &mut ScimRequest<'_>, change: impl Fn(&mut Vec<Value>)) {
    if kind(path) != Some(ResourceKind::Group) {
        return;
    }
    let change = |members: &mut Value| match members {
        Value::Null => {}
        Value::Array(members) => change(members),
        one => {
            let mut members = vec![one.take()];
            change(&mut members);
            *one = members.into();
        }
    };
    match (&request.method, &mut request.patch) {
        (&Method::PATCH, Some(Ok(patch))) => {
            patch.request.operations.iter_mut().filter_map(joining).for_each(change);
        }
        (&Method::POST | &Method::PUT, _) => {
            request.body.change(|body| attribute::get_mut(body, "members").map(change));
        }
        _ => {}
    }
}

/// The members that an operation adds.
fn joining(operation: &mut Operation) -> Option<&mut Value> {
    let value = operation.value.as_mut().filter(|_| operation.op != Op::Remove)?;
    match &operation.path {
        Some(path) => {
            (path.is_members() && path.filter.is_none() && path.sub_attribute().is_none()).then_some(value)
        }
        None => attribute::get_mut(value, "members"),
    }
}

fn id(member: &Value) -> Option<&str> {
    member.as_str().or_else(|| attribute::get(member, "value")?.as_str())
}

/// The members of a member that is a group.
fn flattened(site: &Site, member: &Value) -> Option<Vec<Value>> {
    let (_, group) = entry_with_id(site, ResourceKind::Group, id(member)?)?;
    let directory = site.directory.as_ref()?;
    let users = directory.memberships.members_of(group).filter_map(|user| directory.users.get(user));
    Some(users.map(|user| json!({"value": user.id})).collect())
}
