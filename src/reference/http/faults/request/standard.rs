//! Defects against what the standards ask for and no provider is known to need.

use axum::http::Method;
use serde_json::{Value, json};

use crate::reference::defects::Defect;
use crate::reference::http::answer::Answer;
use crate::reference::http::faults::layer::{RequestLayer, entry, kind};
use crate::reference::http::scim::request::ScimRequest;
use crate::reference::provisioning::user_view;
use crate::reference::site::Site;
use crate::scim::kind::ResourceKind;
use crate::scim::resource::attribute;

pub(super) const LAYERS: &[(Defect, RequestLayer)] = &[
    (Defect::SortIgnored, |_, _, request| {
        if let Ok(query) = &mut request.parameters {
            query.sort_by = None;
        }
        None
    }),
    (Defect::AttributesIgnored, |_, _, request| {
        if let Ok(query) = &mut request.parameters {
            query.attributes = None;
        }
        None
    }),
    (Defect::CursorNotChecked, |_, _, request| {
        if let Ok(query) = &mut request.parameters
            && query.cursor.as_ref().is_some_and(|cursor| cursor.starts_with("no-"))
        {
            query.cursor = Some(String::new());
        }
        None
    }),
    (Defect::OrIsFirst, |_, _, request| {
        filter(request, |text| {
            text.split(" or ").next().unwrap_or_default().trim_start_matches('(').to_owned()
        })
    }),
    (Defect::NotIsIgnored, |_, _, request| filter(request, |text| text.replace("not (", "("))),
    (Defect::SearchFindsAll, |_, path, request| {
        if let (Some(&".search"), Ok(query)) = (path.last(), &mut request.parameters) {
            query.filter = None;
        }
        None
    }),
    (Defect::NoTargetTaken, |_, _, request| {
        let body = request.body.value();
        let operations = attribute::get(&body, "Operations").and_then(Value::as_array);
        let is_bare = |operation: &Value| {
            attribute::get(operation, "op") == Some(&json!("remove"))
                && attribute::get(operation, "path").is_none()
        };
        let is_taken = request.method == Method::PATCH && operations?.iter().any(is_bare);
        is_taken.then(|| Answer::empty(204))
    }),
    (Defect::PutToNobodyTaken, |site, path, request| {
        let is_of_nobody = request.method == Method::PUT && path.len() == 2 && entry(site, path).is_none();
        kind(path).filter(|_| is_of_nobody)?;
        let mut shown = request.body.value().into_owned();
        attribute::set(&mut shown, "id", json!(path.last()));
        Some(Answer::scim(200, shown))
    }),
    (Defect::PutMergesAddresses, |site, path, request| {
        let (ResourceKind::User, user) = entry(site, path).filter(|_| request.method == Method::PUT)? else {
            return None;
        };
        let there = addresses(site, user, request)?;
        request.body.change(|body| merge(body, there));
        None
    }),
    (Defect::IfMatchIgnored, |_, _, request| {
        if let Ok(conditions) = &mut request.conditions {
            conditions.if_match = None;
        }
        None
    }),
    (Defect::IfNoneMatchIgnored, |_, _, request| {
        if let Ok(conditions) = &mut request.conditions {
            conditions.if_none_match = None;
        }
        None
    }),
    (Defect::BulkNeverStops, |_, path, request| {
        if path == ["Bulk"] {
            request.body.change(|body| attribute::remove(body, "failOnErrors"));
        }
        None
    }),
];

/// Replaces the filter of a query.
fn filter(request: &mut ScimRequest<'_>, misread: impl FnOnce(&str) -> String) -> Option<Answer> {
    if let Ok(query) = &mut request.parameters {
        query.filter = query.filter.as_deref().map(misread);
    }
    None
}

/// The mail addresses that a user has.
fn addresses(site: &Site, slot: u32, request: &ScimRequest<'_>) -> Option<Vec<Value>> {
    let directory = site.directory.as_ref()?;
    let view = user_view(site, directory, slot, directory.users.get(slot)?, &request.base);
    Some(attribute::get(&view, "emails")?.as_array()?.clone())
}

/// Adds addresses to a body, none of them twice and none as the primary one.
fn merge(body: &mut Value, there: Vec<Value>) {
    let Some(sent) = attribute::get_mut(body, "emails").and_then(Value::as_array_mut) else { return };
    for mut address in there {
        let value = attribute::get(&address, "value").cloned();
        if sent.iter().all(|one| attribute::get(one, "value") != value.as_ref()) {
            attribute::remove(&mut address, "primary");
            sent.push(address);
        }
    }
}
