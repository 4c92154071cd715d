//! `/organization/{id}/property`: entity properties.

use axum::http::Method;
use serde_json::{Value, json};

use super::organizations::{find, unknown};
use super::request::{RestRequest, error, method_not_allowed};
use crate::reference::http::answer::Answer;
use crate::reference::site::Site;

/// The keys of an organization's properties.
pub(crate) fn keys(site: &Site, id: &str, request: &RestRequest) -> Answer {
    if request.method != Method::GET {
        return method_not_allowed("GET");
    }
    let organization = find(site, id).and_then(|slot| site.organizations.get(slot));
    let Some(organization) = organization else {
        return unknown();
    };
    let keys: Vec<Value> = organization
        .properties
        .keys()
        .map(|key| json!({"key": key, "self": format!("{}{}/{key}", request.base, request.path)}))
        .collect();
    Answer::json(200, json!({"keys": keys}))
}

/// One property.
pub(crate) fn one(site: &mut Site, id: &str, key: &str, request: &RestRequest) -> Answer {
    let organization = find(site, id).and_then(|slot| site.organizations.get_mut(slot));
    let Some(organization) = organization else {
        return unknown();
    };
    let absent = || error(404, "Property does not exist.");
    match request.method {
        Method::GET => organization
            .properties
            .get(key)
            .map_or_else(absent, |value| Answer::json(200, json!({"key": key, "value": value}))),
        Method::PUT => {
            let before = organization.properties.insert(key.to_owned(), request.body.clone());
            Answer::empty(if before.is_none() { 201 } else { 200 })
        }
        Method::DELETE => organization.properties.remove(key).map_or_else(absent, |_| Answer::empty(204)),
        _ => method_not_allowed("GET, PUT, DELETE"),
    }
}
