//! Defects of resources, alone or in a list.

use axum::http::Method;
use serde_json::{Value, json};

use crate::reference::defects::Defect;
use crate::reference::http::answer::Answer;
use crate::reference::http::faults::layer::{EXTRA, ResponseLayer, change_list, kind, listed};
use crate::reference::http::scim::request::ScimRequest;
use crate::scim::kind::ResourceKind;
use crate::scim::resource::attribute;

pub(super) const LAYERS: &[(Defect, ResponseLayer)] = &[
    (Defect::ActiveAsString, |_, path, request, answer| {
        each(path, request, answer, |_, view| {
            active_as(view, |active| json!(if active { "True" } else { "False" }));
        })
    }),
    (Defect::ActiveAsNumber, |_, path, request, answer| {
        each(path, request, answer, |_, view| active_as(view, |active| json!(u8::from(active))))
    }),
    (Defect::WriteAnswerAlwaysActive, |_, path, request, answer| {
        if !matches!(request.method, Method::PATCH | Method::PUT) {
            return answer;
        }
        each(path, request, answer, |_, view| active_as(view, |_| json!(true)))
    }),
    (Defect::UserGroupsEmpty, |_, path, request, answer| {
        each(path, request, answer, |kind, view| {
            if kind == ResourceKind::User && is_wanted(request, kind, "groups") {
                attribute::set(view, "groups", json!([]));
            }
        })
    }),
    (Defect::FormattedNameIsLogin, |_, path, request, answer| {
        each(path, request, answer, |_, view| {
            let login = attribute::get(view, "userName").cloned().unwrap_or_default();
            if let Some(name) = attribute::get_mut(view, "name") {
                attribute::set(name, "formatted", login);
            }
        })
    }),
    (Defect::UserNameLowercased, |_, path, request, answer| {
        each(path, request, answer, |_, view| change(view, "userName", str::to_lowercase))
    }),
    (Defect::DisplayNameRewritten, |_, path, request, answer| {
        each(path, request, answer, |kind, view| {
            if kind == ResourceKind::User && is_wanted(request, kind, "displayName") {
                let name = attribute::get(view, "userName").cloned().unwrap_or_default();
                attribute::set(view, "displayName", name);
            }
        })
    }),
    (Defect::NamesEscaped, |_, path, request, answer| {
        each(path, request, answer, |_, view| {
            change(view, "displayName", |name| name.replace('&', "&amp;").replace('"', "&quot;"));
        })
    }),
    // UTF-8 that was taken for Latin-1.
    (Defect::NonAsciiMangled, |_, path, request, answer| {
        each(path, request, answer, |_, view| {
            change(view, "displayName", |name| name.bytes().map(char::from).collect());
        })
    }),
    (Defect::ResourceWithoutSchemas, |_, path, request, answer| {
        each(path, request, answer, |_, view| drop(attribute::remove(view, "schemas")))
    }),
    (Defect::IdAsNumber, |_, path, request, answer| {
        each(path, request, answer, |_, view| {
            let id = attribute::get(view, "id").and_then(Value::as_str).unwrap_or_default();
            let digits = id.get(..8).and_then(|head| u32::from_str_radix(head, 16).ok());
            attribute::set(view, "id", json!(digits));
        })
    }),
    (Defect::MembersAsNull, |_, path, request, answer| {
        members(path, request, answer, |members| {
            if members.as_array().is_some_and(Vec::is_empty) {
                *members = Value::Null;
            }
        })
    }),
    (Defect::MembersReordered, |_, path, request, answer| {
        members(path, request, answer, |members| {
            members.as_array_mut().into_iter().for_each(|members| members.reverse());
        })
    }),
    (Defect::MemberWithoutValue, |_, path, request, answer| {
        members(path, request, answer, |members| {
            for member in members.as_array_mut().into_iter().flatten() {
                attribute::remove(member, "value");
            }
        })
    }),
    (Defect::GroupWithoutMembers, |_, path, request, answer| {
        each(path, request, answer, |kind, view| {
            if kind == ResourceKind::Group {
                attribute::remove(view, "members");
            }
        })
    }),
    (Defect::ExtraAttributes, |_, path, request, answer| {
        each(path, request, answer, |kind, view| {
            if is_wanted(request, kind, EXTRA) {
                attribute::set(view, EXTRA, json!({"shard": 7, "tags": ["a", "b"]}));
            }
        })
    }),
    (Defect::NullForAbsent, |_, path, request, answer| {
        each(path, request, answer, |kind, view| {
            for name in ["externalId", "nickName", "title"] {
                if attribute::get(view, name).is_none() && is_wanted(request, kind, name) {
                    attribute::set(view, name, Value::Null);
                }
            }
        })
    }),
];

/// Changes each resource in an answer.
pub(super) fn each(
    path: &[&str],
    request: &ScimRequest<'_>,
    mut answer: Answer,
    change: impl Fn(ResourceKind, &mut Value),
) -> Answer {
    if listed(path, &request.method).is_some() {
        change_list(path, request, &mut answer, |list| {
            let resources = list.get_mut("Resources").and_then(Value::as_array_mut);
            for resource in resources.into_iter().flatten() {
                change(kind(path).unwrap_or_else(|| kind_of(resource)), resource);
            }
        });
    } else if let Some(kind) = kind(path).filter(|_| answer.status() < 400 && is_resource(path, request)) {
        answer.change(|view| change(kind, view));
    }
    answer
}

fn is_resource(path: &[&str], request: &ScimRequest<'_>) -> bool {
    path.len() == 2 || request.method == Method::POST
}

/// The kind of a resource in a list of both kinds.
fn kind_of(resource: &Value) -> ResourceKind {
    let schemas = attribute::get(resource, "schemas").and_then(Value::as_array).into_iter().flatten();
    let is_group = schemas.into_iter().any(|urn| urn == ResourceKind::Group.schema());
    if is_group { ResourceKind::Group } else { ResourceKind::User }
}

/// Changes the members of each group in an answer.
fn members(path: &[&str], request: &ScimRequest<'_>, answer: Answer, change: impl Fn(&mut Value)) -> Answer {
    each(path, request, answer, |kind, view| {
        if kind == ResourceKind::Group
            && let Some(members) = attribute::get_mut(view, "members")
        {
            change(members);
        }
    })
}

/// Whether the request asks for an attribute.
fn is_wanted(request: &ScimRequest<'_>, kind: ResourceKind, name: &str) -> bool {
    request.projection().is_ok_and(|projection| projection.includes(kind, name))
}

fn active_as(view: &mut Value, shown: impl Fn(bool) -> Value) {
    if let Some(active) = attribute::get(view, "active").and_then(Value::as_bool) {
        attribute::set(view, "active", shown(active));
    }
}

fn change(view: &mut Value, name: &str, with: impl Fn(&str) -> String) {
    if let Some(text) = attribute::get(view, name).and_then(Value::as_str).map(with) {
        attribute::set(view, name, json!(text));
    }
}
