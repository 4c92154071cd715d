//! Inspects a target without changing anything: discovery, authentication and capabilities.

use std::rc::Rc;

use serde_json::Value;
use uuid::Uuid;

use crate::context::Clock;
use crate::outcome::reader::scim_get;
use crate::scenario::Capability;
use crate::scim::ScimError;
use crate::scim::resource::attribute;
use crate::wire::message::encode;
use crate::wire::{Exchange, HttpClient, Key, Limits, Method, Purpose, Request, Target, Wire};

use super::endpoint::claims;
use super::preflight::{Unjudgeable, preflight};

/// What a look at a target shows.
#[derive(Debug)]
pub struct Probe {
    /// What was asked, and what came, in the order of asking.
    pub rows: Vec<(&'static str, String)>,
    /// What the target lets a run do and see.
    pub capabilities: Vec<Capability>,
    /// What a run would stumble over.
    pub remarks: Vec<String>,
}

/// Looks. Only GETs are sent.
pub async fn probe(target: &Target, limits: Limits, clock: &Clock) -> Result<Probe, Unjudgeable> {
    let http = Rc::new(HttpClient::to(&target.transport, limits));
    let ready = preflight(target, &http, limits, clock, true, None).await?;
    let wire = Wire::new(Rc::clone(&http), target.clone(), limits, clock.clone(), None);
    let mut probe = Probe { rows: Vec::new(), capabilities: Vec::new(), remarks: Vec::new() };
    if http.speaks_only_http2() {
        probe.rows.push(("HTTP", "HTTP/2 only".to_owned()));
        let remark = "HTTP/1.1 is refused: Entra speaks HTTP/1.1 and cannot connect";
        probe.remarks.push(remark.to_owned());
    }
    probe.authentication(&wire, target).await;
    probe.resources(&wire, ready.groups).await;
    probe.discovery(&wire).await;
    probe.capabilities.extend(claims(&ready.discovery));
    probe.product(&wire, target).await;
    if !ready.groups {
        probe.remarks.push("the endpoint has no /Groups: scenarios with groups are skipped".to_owned());
    }
    Ok(probe)
}

impl Probe {
    async fn authentication(&mut self, wire: &Wire, target: &Target) {
        let request = scim_get("/Users?startIndex=1&count=1");
        let with = wire.send(request.clone()).await;
        let without = wire.send(Request { key: Key::Absent, ..request }).await;
        let way = target.auth.describe();
        let taken = if is_taken(&with, &without) {
            "accepted".to_owned()
        } else {
            self.remarks.push(format!(
                "cannot tell whether the credentials are accepted: with them, GET /Users returned {}",
                answer(&with)
            ));
            format!("unknown, returned {}", answer(&with))
        };
        self.rows
            .push(("authentication", format!("{way}: {taken}; without credentials: {}", answer(&without))));
        if without.is_success() {
            self.remarks.push("the endpoint answers without credentials".to_owned());
        }
    }

    async fn resources(&mut self, wire: &Wire, groups: bool) {
        let users = wire.send(scim_get("/Users?startIndex=1&count=1")).await;
        self.rows.push(("users", counted(&users)));
        let all = wire.send(scim_get("/Groups?startIndex=1&count=1")).await;
        self.rows.push(("groups", counted(&all)));
        if groups {
            self.capabilities.push(Capability::Groups);
        }
        // Nobody is called so: an endpoint that answers with somebody does not filter.
        let nobody = format!("userName eq \"{}@nobody.invalid\"", Uuid::new_v4().simple());
        let found = wire.send(scim_get(format!("/Users?filter={}", encode::query_percent(&nobody)))).await;
        self.rows.push(("filter", counted(&found)));
        if found.is_success() && total(&found) == Some(0) {
            self.capabilities.push(Capability::Filter);
        } else {
            self.remarks.push(
                "a lookup of an unknown name does not return an empty list: providers cannot look people up"
                    .to_owned(),
            );
        }
        // Whether a deletion deletes cannot be seen without deleting; a run finds out with what it created.
        self.capabilities.push(Capability::Delete);
    }

    async fn discovery(&mut self, wire: &Wire) {
        let config = wire.send(scim_get("/ServiceProviderConfig")).await;
        let features = config.json().filter(|_| config.is_success()).map_or_else(String::new, features);
        self.rows.push(("ServiceProviderConfig", format!("{}{features}", answer(&config))));
        for (page, row) in [("/ResourceTypes", "ResourceTypes"), ("/Schemas", "Schemas")] {
            let exchange = wire.send(scim_get(page)).await;
            let names = exchange.json().filter(|_| exchange.is_success()).map_or_else(String::new, names);
            self.rows.push((row, format!("{}{names}", answer(&exchange))));
        }
    }

    async fn product(&mut self, wire: &Wire, target: &Target) {
        if target.rest.is_none() {
            self.rows.push(("product view", "not configured".to_owned()));
            return;
        }
        let request = Request::new(Method::Get, "/organization?start=0&limit=1")
            .header("Accept", "application/json")
            .header("X-ExperimentalApi", "opt-in")
            .purpose(Purpose::Read)
            .rest();
        let exchange = wire.send(request).await;
        self.rows.push(("product view", answer(&exchange)));
        if exchange.is_success() {
            self.capabilities.push(Capability::ProductView);
        } else {
            self.remarks
                .push("the product's REST API does not answer: check the user and the token".to_owned());
        }
    }
}

/// Whether the endpoint took the credentials: it answered with success, or refused something else in SCIM's own way that it
/// does not get to without them.
fn is_taken(with: &Exchange, without: &Exchange) -> bool {
    let refuses_anybody = |status: u16| matches!(status, 401 | 403);
    let status = with.status();
    let is_scim_error = with.json().is_some_and(|body| ScimError::from_value(status, body).is_some());
    with.is_success()
        || (matches!(status, 400..=499) && status != 429)
            && !refuses_anybody(status)
            && is_scim_error
            && refuses_anybody(without.status())
}

fn answer(exchange: &Exchange) -> String {
    match exchange.status() {
        0 => "no response".to_owned(),
        status => status.to_string(),
    }
}

fn total(exchange: &Exchange) -> Option<u64> {
    attribute::get(exchange.json()?, "totalResults")?.as_u64()
}

/// The status, and how many there are: nobody is named.
fn counted(exchange: &Exchange) -> String {
    match total(exchange) {
        Some(total) if exchange.is_success() => format!("{}, {total} in total", answer(exchange)),
        Some(_) | None => answer(exchange),
    }
}

/// What a `ServiceProviderConfig` says is supported (RFC 7643 §5).
fn features(config: &Value) -> String {
    let supported = |name: &str| {
        let feature = attribute::get(config, name).and_then(|feature| attribute::get(feature, "supported"));
        match feature.and_then(Value::as_bool) {
            Some(true) => format!("{name} yes"),
            Some(false) => format!("{name} no"),
            None => format!("{name} unspecified"),
        }
    };
    let mut words: Vec<String> =
        ["patch", "bulk", "filter", "changePassword", "sort", "etag"].into_iter().map(supported).collect();
    let schemes = attribute::get(config, "authenticationSchemes").and_then(Value::as_array);
    let types = schemes.into_iter().flatten().filter_map(|scheme| attribute::get(scheme, "type")?.as_str());
    words.extend(types.map(|kind| format!("authentication {kind}")));
    format!(": {}", words.join(", "))
}

/// The names in a list of resource types or schemas.
fn names(list: &Value) -> String {
    let resources = attribute::get(list, "Resources").and_then(Value::as_array);
    let names: Vec<&str> =
        resources.into_iter().flatten().filter_map(|item| attribute::get(item, "name")?.as_str()).collect();
    if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) }
}
