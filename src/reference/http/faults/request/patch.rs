//! Defects in reading the operations of a PATCH.

use serde_json::Value;

use crate::reference::defects::Defect;
use crate::reference::http::faults::layer::{RequestLayer, kind};
use crate::reference::http::scim::request::ScimRequest;
use crate::scim::error::{ScimError, ScimType};
use crate::scim::kind::ResourceKind;
use crate::scim::patch::{Op, Operation};
use crate::scim::resource::attribute;
use crate::scim::{AttrPath, Path};

pub(super) const LAYERS: &[(Defect, RequestLayer)] = &[
    (Defect::FirstOperationOnly, |_, _, request| {
        if let Some(operations) = operations(request) {
            operations.truncate(1);
        }
        None
    }),
    (Defect::PatchEmptiesTitle, |_, path, request| {
        if kind(path) == Some(ResourceKind::User)
            && let Some(operations) = operations(request)
            && operations.iter().any(is_about_active)
        {
            let path = Some(Path { attr: AttrPath::of("title"), filter: None, sub: None });
            operations.push(Operation { op: Op::Remove, path, value: None });
        }
        None
    }),
    (Defect::StringFalseIgnored, |_, path, request| {
        retain(path, request, ResourceKind::User, |operation| !says_active_as_text(operation));
        None
    }),
    (Defect::StringFalseIsTrue, |_, path, request| {
        each(path, request, ResourceKind::User, |operation| {
            if says_active_as_text(operation) {
                operation.value = Some(Value::Bool(true));
            }
        });
        None
    }),
    (Defect::ValuePathIgnored, |_, path, request| {
        let has_filter =
            |operation: &Operation| operation.path.as_ref().is_some_and(|path| path.filter.is_some());
        retain(path, request, ResourceKind::User, |operation| !has_filter(operation));
        None
    }),
    (Defect::PathKeysIgnored, |_, path, request| {
        pathless(path, request, |value| {
            if let Value::Object(members) = value {
                members.retain(|key, _| !key.contains(['.', ':']));
            }
        });
        None
    }),
    (Defect::PathlessActiveIgnored, |_, path, request| {
        pathless(path, request, |value| drop(attribute::remove(value, "active")));
        None
    }),
    (Defect::RemoveIgnored, |_, path, request| {
        retain(path, request, ResourceKind::Group, |operation| !removes_members(operation));
        None
    }),
    (Defect::RemoveByValueListIgnored, |_, path, request| {
        retain(path, request, ResourceKind::Group, |operation| !removes_by_value(operation));
        None
    }),
    (Defect::RemoveByValueListRefused, |_, path, request| {
        let refused = || ScimError::bad_request(ScimType::InvalidSyntax, "a remove takes no value").into();
        let is_refused =
            kind(path) == Some(ResourceKind::Group) && operations(request)?.iter().any(removes_by_value);
        is_refused.then(refused)
    }),
    (Defect::RemoveOneRemovesAll, |_, path, request| {
        each(path, request, ResourceKind::Group, |operation| {
            if removes_members(operation) {
                operation.value = None;
                if let Some(path) = &mut operation.path {
                    path.filter = None;
                }
            }
        });
        None
    }),
    (Defect::AddReplacesMembers, |_, path, request| {
        each(path, request, ResourceKind::Group, |operation| {
            if operation.op == Op::Add && is_about_members(operation) {
                operation.op = Op::Replace;
            }
        });
        None
    }),
    (Defect::ReplaceMembersAdds, |_, path, request| {
        each(path, request, ResourceKind::Group, |operation| {
            if operation.op == Op::Replace && is_about_members(operation) {
                operation.op = Op::Add;
            }
        });
        None
    }),
];

/// The operations of a PATCH that can be read.
fn operations<'r>(request: &'r mut ScimRequest<'_>) -> Option<&'r mut Vec<Operation>> {
    let patch = request.patch.as_mut()?.as_mut().ok()?;
    Some(&mut patch.request.operations)
}

/// Changes the operations on a resource of that kind.
fn each(path: &[&str], request: &mut ScimRequest<'_>, of: ResourceKind, change: impl Fn(&mut Operation)) {
    if kind(path) == Some(of)
        && let Some(operations) = operations(request)
    {
        operations.iter_mut().for_each(change);
    }
}

/// Drops operations on a resource of that kind.
fn retain(
    path: &[&str],
    request: &mut ScimRequest<'_>,
    of: ResourceKind,
    is_kept: impl Fn(&Operation) -> bool,
) {
    if kind(path) == Some(of)
        && let Some(operations) = operations(request)
    {
        operations.retain(is_kept);
    }
}

/// Changes the values of the operations on a user that have no path.
fn pathless(path: &[&str], request: &mut ScimRequest<'_>, change: impl Fn(&mut Value)) {
    each(path, request, ResourceKind::User, |operation| {
        if operation.path.is_none()
            && let Some(value) = &mut operation.value
        {
            change(value);
        }
    });
}

fn says_active_as_text(operation: &Operation) -> bool {
    let is_active = |name: &str| name.eq_ignore_ascii_case("active");
    operation.path.as_ref().is_some_and(|path| is_active(&path.attr.name))
        && operation.value.as_ref().is_some_and(Value::is_string)
}

fn is_about_active(operation: &Operation) -> bool {
    match &operation.path {
        Some(path) => path.attr.is("active"),
        None => operation.value.as_ref().is_some_and(|value| attribute::get(value, "active").is_some()),
    }
}

fn removes_members(operation: &Operation) -> bool {
    operation.op == Op::Remove && operation.path.as_ref().is_some_and(Path::is_members)
}

fn removes_by_value(operation: &Operation) -> bool {
    let is_plain = |operation: &Operation| operation.path.as_ref().is_some_and(|path| path.filter.is_none());
    removes_members(operation) && is_plain(operation) && operation.value.is_some()
}

/// Whether an operation adds or replaces members.
fn is_about_members(operation: &Operation) -> bool {
    match &operation.path {
        Some(path) => path.is_members() && path.filter.is_none() && path.sub_attribute().is_none(),
        None => operation.value.as_ref().is_some_and(|value| attribute::get(value, "members").is_some()),
    }
}
