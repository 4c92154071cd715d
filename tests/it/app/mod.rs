//! A small SCIM application of its own, with bugs that can be switched on. It shares nothing with the reference endpoint.

mod attribute;
mod bug;
mod filter;
mod patch;
mod store;

use std::sync::{Arc, Mutex};

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

pub(crate) use bug::Bug;

use self::attribute::{ENTERPRISE, find};
use self::store::{Store, now};
use crate::support::{Call, Close, Keeping, Reply};

pub(crate) const KEY: &str = "the-key-of-the-application";
const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// The application. It listens for as long as the process lives.
#[derive(Debug)]
pub(crate) struct App {
    bugs: Vec<Bug>,
    base: String,
    store: Mutex<Store>,
}

impl App {
    /// Starts it, and gives its SCIM base URL.
    pub(crate) fn start(bugs: &[Bug]) -> String {
        Self::with_ids(bugs, "")
    }

    /// The same, where every id begins so.
    pub(crate) fn with_ids(bugs: &[Bug], prefix: &'static str) -> String {
        let store = Mutex::new(Store { prefix, ..Store::default() });
        let app = Arc::new(Self { bugs: bugs.to_vec(), base: "/scim/v2".to_owned(), store });
        let server = Keeping::new(Close::Never, move |call| app.answer(call));
        format!("http://{}/scim/v2", server.authority)
    }

    fn has(&self, bug: Bug) -> bool {
        self.bugs.contains(&bug)
    }

    fn answer(&self, call: &Call) -> Reply {
        if call.header("authorization") != Some(&format!("Bearer {KEY}")) {
            return error(401, None, "The key is missing or wrong.");
        }
        let (path, query) = call.target.split_once('?').unwrap_or((&call.target, ""));
        let Some(path) = path.strip_prefix(&self.base) else {
            return error(404, None, "There is nothing here.");
        };
        let parts: Vec<String> = path.trim_matches('/').split('/').map(decoded).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let mut store = self.store.lock().unwrap();
        match (call.method.as_str(), &parts[..]) {
            ("GET", ["ServiceProviderConfig"]) => json_reply(200, &config()),
            ("GET", ["ResourceTypes"]) => json_reply(200, &resource_types()),
            ("GET", [endpoint @ ("Users" | "Groups")]) => self.list(&mut store, endpoint, query),
            ("POST", [endpoint @ ("Users" | "Groups")]) => {
                let host = call.header("host").unwrap_or_default();
                self.create(&mut store, endpoint, &call.json(), &format!("http://{host}{}", self.base))
            }
            (method, [endpoint @ ("Users" | "Groups"), id]) => {
                let Some(before) = store.find(endpoint, id).map(|resource| resource.clone()) else {
                    return error(404, None, "There is no such resource.");
                };
                match method {
                    "GET" => json_reply(200, &self.shown(&before, query)),
                    "PUT" => self.replace(&mut store, endpoint, &before, &call.json()),
                    "PATCH" => self.patch(&mut store, endpoint, &before, &call.json()),
                    "DELETE" => self.delete(&mut store, endpoint, id),
                    _ => error(405, None, "This method is not there."),
                }
            }
            _ => error(404, None, "There is nothing here."),
        }
    }

    fn list(&self, store: &mut Store, endpoint: &str, query: &str) -> Reply {
        let filter = parameter(query, "filter").filter(|_| !self.has(Bug::FilterIsIgnored));
        let hides = self.has(Bug::InactiveAreHidden) && filter.is_some();
        let heeds_case = self.has(Bug::LookupsHeedCase);
        let found: Vec<Value> = store
            .table(endpoint)
            .iter()
            .filter(|resource| {
                filter.as_deref().is_none_or(|filter| filter::matches(filter, resource, heeds_case))
            })
            .filter(|resource| !hides || resource["active"] != false)
            .map(|resource| self.shown(resource, query))
            .collect();
        let number = |name: &str| parameter(query, name).and_then(|text| text.parse::<i64>().ok());
        let start = number("startIndex").unwrap_or(1).max(1);
        let count = number("count").unwrap_or(100).clamp(0, 200);
        let skipped = usize::try_from(start - 1).unwrap();
        let page: Vec<Value> =
            found.iter().skip(skipped).take(usize::try_from(count).unwrap()).cloned().collect();
        let total = if self.has(Bug::TotalIsThePage) { page.len() } else { found.len() };
        let body = json!({
            "schemas": [LIST], "totalResults": total, "startIndex": start, "itemsPerPage": page.len(), "Resources": page,
        });
        json_reply(200, &body)
    }

    fn create(&self, store: &mut Store, endpoint: &str, body: &Value, base: &str) -> Reply {
        let name = if endpoint == "Users" { "userName" } else { "displayName" };
        let Some(wanted) = find(body, name).and_then(Value::as_str) else {
            return error(400, Some("invalidValue"), &format!("{name} is missing."));
        };
        let allows = endpoint == "Users" && self.has(Bug::UserNamesAreNotUnique);
        if !allows && store.is_taken(endpoint, wanted, &Value::Null) {
            return error(409, Some("uniqueness"), "This name is taken.");
        }
        let mut resource = self.stored(endpoint, body);
        if store.has_strangers(&resource) {
            return error(400, Some("invalidValue"), "A member is not there.");
        }
        if self.has(Bug::BornActive) && endpoint == "Users" {
            resource["active"] = json!(true);
        }
        list_extension(&mut resource);
        let created = store.create(endpoint, resource, base);
        let status = if self.has(Bug::CreationIs200) { 200 } else { 201 };
        let location = created["meta"]["location"].as_str().unwrap_or_default().to_owned();
        json_reply(status, &self.shown(&created, "")).header("Location", &location)
    }

    fn replace(&self, store: &mut Store, endpoint: &str, before: &Value, body: &Value) -> Reply {
        let mut resource = self.stored(endpoint, body);
        if endpoint == "Groups" && self.has(Bug::PutKeepsMembers) {
            resource["members"] = before["members"].clone();
        }
        if endpoint == "Groups" && self.has(Bug::RenameIsForgotten) {
            resource["displayName"] = before["displayName"].clone();
        }
        resource["id"] = before["id"].clone();
        resource["meta"] = before["meta"].clone();
        self.keep(store, endpoint, before, resource)
    }

    fn patch(&self, store: &mut Store, endpoint: &str, before: &Value, body: &Value) -> Reply {
        if endpoint == "Groups" && self.has(Bug::GroupsRefusePatch) {
            return error(500, None, "NullPointerException");
        }
        let mut resource = before.clone();
        match patch::apply(self, &mut resource, body) {
            Ok(()) => self.keep(store, endpoint, before, resource),
            Err(reason) => error(400, Some("invalidSyntax"), &reason),
        }
    }

    /// Stores what a write left.
    fn keep(&self, store: &mut Store, endpoint: &str, before: &Value, mut resource: Value) -> Reply {
        let id = before["id"].as_str().unwrap_or_default();
        let name = if endpoint == "Users" { "userName" } else { "displayName" };
        if store.is_taken(endpoint, resource[name].as_str().unwrap_or_default(), &before["id"]) {
            return error(409, Some("uniqueness"), "This name is taken.");
        }
        if store.has_strangers(&resource) {
            return error(400, Some("invalidValue"), "A member is not there.");
        }
        list_extension(&mut resource);
        if resource != *before {
            resource["meta"]["lastModified"] = json!(now());
        }
        let is_deactivated = before["active"] != false && resource["active"] == false;
        *store.find(endpoint, id).unwrap() = resource.clone();
        if is_deactivated && self.has(Bug::DeactivationLeavesGroups) {
            store.leave_groups(id);
        }
        if is_deactivated && self.has(Bug::DeactivationDeletes) {
            store.delete(endpoint, id);
        }
        json_reply(200, &self.shown(&resource, ""))
    }

    fn delete(&self, store: &mut Store, endpoint: &str, id: &str) -> Reply {
        if endpoint == "Groups" && self.has(Bug::GroupsCannotBeDeleted) {
            return error(405, None, "This method is not there.");
        }
        if endpoint != "Users" || !self.has(Bug::DeletionDoesNothing) {
            store.delete(endpoint, id);
        }
        Reply { status: 204, ..Reply::default() }
    }

    /// A resource as it is stored.
    fn stored(&self, endpoint: &str, body: &Value) -> Value {
        let mut resource = body.clone();
        let object = resource.as_object_mut().unwrap();
        object.retain(|key, value| !["id", "meta", "groups"].contains(&key.as_str()) && !value.is_null());
        if endpoint == "Users" {
            let active = object.get("active").map_or(json!(true), |active| typed("active", active));
            object.insert("active".to_owned(), active);
        } else {
            object.entry("members").or_insert_with(|| json!([]));
        }
        if self.has(Bug::ExternalIdIsDropped) {
            object.shift_remove("externalId");
        }
        if self.has(Bug::ExtensionIsDropped) && object.shift_remove(ENTERPRISE).is_some() {
            object.insert("schemas".to_owned(), json!([USER]));
        }
        resource
    }

    /// A resource as it is shown.
    fn shown(&self, resource: &Value, query: &str) -> Value {
        let mut shown = resource.clone();
        let object = shown.as_object_mut().unwrap();
        if !self.has(Bug::PasswordIsShown) {
            object.shift_remove("password");
        }
        let names = |parameter: Option<String>| {
            parameter.map(|list| list.split(',').map(|name| name.trim().to_lowercase()).collect::<Vec<_>>())
        };
        let always = ["id", "schemas"];
        if let Some(wanted) = names(parameter(query, "attributes")) {
            let is_wanted =
                |key: &str| wanted.iter().any(|name| *name == key || name.split('.').next() == Some(key));
            object.retain(|key, _| always.contains(&key.as_str()) || is_wanted(&key.to_lowercase()));
        }
        if let Some(unwanted) = names(parameter(query, "excludedAttributes")) {
            object.retain(|key, _| always.contains(&key.as_str()) || !unwanted.contains(&key.to_lowercase()));
        }
        shown
    }
}

/// Lists the enterprise extension in `schemas` where a resource has it.
fn list_extension(resource: &mut Value) {
    let has_it = resource.get(ENTERPRISE).is_some();
    if let Some(schemas) = resource["schemas"].as_array_mut() {
        schemas.retain(|schema| has_it || *schema != ENTERPRISE);
        if has_it && !schemas.contains(&json!(ENTERPRISE)) {
            schemas.push(json!(ENTERPRISE));
        }
    }
}

/// `"False"` as a boolean, where one belongs.
fn typed(name: &str, value: &Value) -> Value {
    match value.as_str().map(str::to_lowercase).as_deref() {
        Some(word @ ("true" | "false")) if ["active", "primary"].contains(&name) => json!(word == "true"),
        // Entra names a manager by a bare id.
        Some(_) if name == "manager" => json!({"value": value}),
        _ => value.clone(),
    }
}

fn decoded(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

fn parameter(query: &str, name: &str) -> Option<String> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.into_iter().find(|(key, _)| *key == name)?;
    Some(percent_decode_str(&value.replace('+', " ")).decode_utf8_lossy().into_owned())
}

fn json_reply(status: u16, body: &Value) -> Reply {
    Reply::new(status, &body.to_string())
}

fn error(status: u16, kind: Option<&str>, detail: &str) -> Reply {
    let mut body = json!({"schemas": [ERROR], "status": status.to_string(), "detail": detail});
    if let Some(kind) = kind {
        body["scimType"] = json!(kind);
    }
    json_reply(status, &body)
}

fn config() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": {"supported": true},
        "bulk": {"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": true, "maxResults": 200},
        "changePassword": {"supported": true}, "sort": {"supported": false}, "etag": {"supported": false},
        "authenticationSchemes": [{"type": "oauthbearertoken", "name": "Key", "description": "A bearer token"}],
    })
}

fn resource_types() -> Value {
    let kind = |name: &str, schema: &str, extensions: Value| {
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"], "id": name, "name": name,
            "endpoint": format!("/{name}s"), "schema": schema, "schemaExtensions": extensions,
        })
    };
    let types = [
        kind("User", USER, json!([{"schema": ENTERPRISE, "required": false}])),
        kind("Group", "urn:ietf:params:scim:schemas:core:2.0:Group", json!([])),
    ];
    json!({"schemas": [LIST], "totalResults": 2, "startIndex": 1, "itemsPerPage": 2, "Resources": types})
}
