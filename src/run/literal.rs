//! A request that is written out in the scenario.

use serde_json::Value;

use crate::idp::client::headers;
use crate::idp::{ClientName, Links};
use crate::scenario::Literal;
use crate::scenario::expect::value_at;
use crate::scenario::literal::Body;
use crate::scenario::template::{GroupField, PersonField, Place, Variable};
use crate::scim::attribute;
use crate::wire::{Exchange, Method, Purpose, Request};

use super::expect::{self, Unmet};
use super::world::World;

/// Fills a literal request in, with the client's headers. What it names and was never linked leaves nothing to send.
pub fn prepare(
    literal: &Literal,
    client: ClientName,
    world: &World,
    links: &Links,
) -> Result<Request, String> {
    let value = |variable: &Variable| world.value(variable, links);
    let target = match literal.target.render(Place::Target, value) {
        Ok(target) => target,
        Err(variable) => return Err(name_of(variable)),
    };
    let body = match &literal.body {
        None => None,
        // A block of YAML ends with a line break that nobody means to send.
        Some(Body::Json(json)) => match json.render(Place::Json, value) {
            Ok(body) => Some(body.trim_end().to_owned()),
            Err(variable) => return Err(name_of(variable)),
        },
        Some(Body::Text(text)) => Some(text.clone()),
    };
    let mut request = Request::new(literal.method, target).purpose(Purpose::Literal);
    request.headers = headers(client, body.is_some());
    for (name, value) in &literal.headers {
        request.anonymous |= name.eq_ignore_ascii_case("authorization");
        request.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        if !value.is_empty() {
            request.headers.push((name.clone(), value.clone()));
        }
    }
    request.body = body;
    Ok(request)
}

/// Notes what came back, and returns the expectations that were not met.
pub fn arrived(
    literal: &Literal,
    exchange: &Exchange,
    client: ClientName,
    world: &mut World,
    links: &Links,
) -> Vec<Unmet> {
    link(exchange, world);
    let mut unmet = expect::unmet(&literal.expect, exchange, client, |variable| world.value(variable, links));
    unmet.extend(keep(literal, exchange, world));
    unmet
}

/// What a literal request creates is known by the person or group whose name it bears.
fn link(exchange: &Exchange, world: &mut World) {
    if exchange.request.method != Method::Post || !exchange.is_success() {
        return;
    }
    let text =
        |name: &str| exchange.json().and_then(|body| attribute::get(body, name)).and_then(Value::as_str);
    let Some(id) = text("id") else { return };
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
                let message = format!("the answer has nothing at `{}` to keep", kept.pointer);
                unmet.push(Unmet { message, at: kept.at });
                continue;
            }
        };
        world.kept.insert(kept.name.clone(), text);
    }
    unmet
}

fn name_of(variable: &Variable) -> String {
    match variable {
        Variable::Person(key, PersonField::Id) => format!("`{key}` was never linked"),
        Variable::Group(key, GroupField::Id) => format!("the group `{key}` was never linked"),
        Variable::Kept(name) => format!("no answer had what is kept as `{name}`"),
        Variable::Person(key, _) | Variable::Group(key, _) => format!("`{key}` is not known"),
    }
}
