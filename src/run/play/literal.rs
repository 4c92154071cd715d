//! A request that is written out in the scenario.

use std::sync::Arc;

use futures_util::{StreamExt as _, stream};
use serde_json::Value;

use crate::idp::client::headers;
use crate::idp::{ClientName, Links};
use crate::scenario::Literal;
use crate::scenario::model::expect::value_at;
use crate::scenario::model::literal::Body;
use crate::scenario::model::template::{GroupField, PersonField, Place, Variable};
use crate::scim::resource::attribute;
use crate::wire::{Answer, Exchange, Key, Method, Purpose, Request, Wire, Withheld};

use super::directory_state::World;
use super::expect::{self, Unmet};
use crate::requirement::Part;

/// How a literal request went.
#[derive(Debug)]
pub enum Sent {
    /// It was sent; these expectations were not met.
    Sent(Arc<Exchange>, Vec<Unmet>),
    /// What it names was never linked, so there is nothing to send.
    NotReached(String),
}

/// Sends literal requests with the client's headers, all at once. If one cannot be written, none is sent. `reference` says
/// whether the reference endpoint answers.
pub async fn send(
    literals: &[Literal],
    client: ClientName,
    reference: bool,
    world: &mut World,
    links: &Links,
    wire: &Wire,
) -> Vec<Sent> {
    let written: Result<Vec<Request>, Sent> =
        literals.iter().map(|literal| write(literal, client, world, links)).collect();
    let takes_forms = wire.target().auth.is_bearer();
    if !takes_forms && literals.iter().any(|literal| literal.key.is_altered()) {
        return vec![Sent::NotReached(
            "the target has no bearer token, whose form could be another".to_owned(),
        )];
    }
    let requests = match written {
        Ok(requests) => requests,
        Err(not_reached) => return vec![not_reached],
    };
    let at_a_time = wire.at_a_time(requests.len()).max(1);
    let exchanges: Vec<Arc<Exchange>> =
        stream::iter(requests).map(|request| wire.send(request)).buffered(at_a_time).collect().await;
    let mut sent = Vec::with_capacity(exchanges.len());
    for (literal, exchange) in literals.iter().zip(exchanges) {
        if let Answer::Withheld(Withheld::NotOurs(why)) = &exchange.answer {
            sent.push(Sent::NotReached(format!("withheld: {why}")));
            continue;
        }
        link(&exchange, world);
        let mut unmet = expect::unmet(&literal.expect, &exchange, client, reference, |variable| {
            world.value(variable, links)
        });
        let missing = keep(literal, &exchange, world);
        // An answer of another kind has nothing to keep, which is right or told already.
        let other_kind = unmet.iter().any(|unmet| unmet.part == Part::Status);
        if !other_kind && literal.expect.has_body(exchange.status()) {
            unmet.extend(missing);
        }
        sent.push(Sent::Sent(exchange, unmet));
    }
    sent
}

fn write(literal: &Literal, client: ClientName, world: &World, links: &Links) -> Result<Request, Sent> {
    let value = |variable: &Variable| world.value(variable, links);
    let not_reached = |variable: &Variable| Sent::NotReached(name_of(variable));
    // An empty id would make the request one for the whole collection.
    let segment = |variable: &Variable| value(variable).filter(|value| !value.is_empty());
    let target = literal.target.render(Place::Target, segment).map_err(not_reached)?;
    let body = match &literal.body {
        None => None,
        // A block of YAML ends with a line break that nobody means to send.
        Some(Body::Json(json)) => {
            Some(json.render(Place::Json, value).map_err(not_reached)?.trim_end().to_owned())
        }
        Some(Body::Text(text)) => Some(text.clone()),
    };
    let mut request = Request::new(literal.method, target).purpose(Purpose::Literal);
    request.headers = headers(client, body.is_some());
    request.key = literal.key;
    for (name, template) in &literal.headers {
        if name.eq_ignore_ascii_case("authorization") {
            request.key = Key::Absent;
        }
        request.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        let written = template.render(Place::Header, value).map_err(not_reached)?;
        if !written.is_empty() {
            request.headers.push((name.clone(), written));
        }
    }
    request.body = body.map(Into::into);
    Ok(request)
}

/// What a literal request creates is known by the person or group whose name it bears.
fn link(exchange: &Exchange, world: &mut World) {
    if exchange.request.method != Method::Post || !exchange.is_success() {
        return;
    }
    let Some(answer) = exchange.json() else { return };
    let Some(id) = attribute::get(answer, "id").and_then(Value::as_str) else { return };
    // An answer may show less than what was sent.
    let sent: Value =
        exchange.request.body.as_ref().and_then(|body| serde_json::from_str(body).ok()).unwrap_or_default();
    let text = |name: &str| [answer, &sent].into_iter().find_map(|body| attribute::get(body, name)?.as_str());
    if let Some(name) = text("userName")
        && let Some(person) = world.directory.people.iter().find(|person| person.user_name == name)
    {
        world.literal.link_person(&person.key, id);
    } else if let Some(name) = text("displayName")
        && let Some(group) = world.directory.groups.iter().find(|group| group.display_name == name)
    {
        world.literal.link_group(&group.key, id);
    }
}

/// Keeps of the answer what later requests name.
fn keep(literal: &Literal, exchange: &Exchange, world: &mut World) -> Vec<Unmet> {
    let mut unmet = Vec::new();
    for kept in &literal.keep {
        let value = exchange.json().and_then(|body| value_at(body, &kept.pointer));
        let text = match value {
            Some(Value::String(text)) => text.clone(),
            Some(value @ (Value::Number(_) | Value::Bool(_))) => value.to_string(),
            Some(Value::Null | Value::Array(_) | Value::Object(_)) | None => {
                world.kept.remove(&kept.name);
                let message = format!("the response has no value at `{}` to keep", kept.pointer);
                unmet.push(Unmet { part: Part::Body, message, at: kept.at, clues: Vec::new() });
                continue;
            }
        };
        world.kept.insert(kept.name.clone(), text);
    }
    unmet
}

pub(in crate::run) fn name_of(variable: &Variable) -> String {
    match variable {
        Variable::Person(key, PersonField::Id) => format!("`{key}` was never linked"),
        Variable::Group(key, GroupField::Id) => format!("the group `{key}` was never linked"),
        Variable::Kept(name) => format!("no response had a value for `keep: {name}`"),
        Variable::Person(key, _) | Variable::Group(key, _) => format!("`{key}` is unknown"),
    }
}
