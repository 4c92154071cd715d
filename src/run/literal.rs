//! A request that is written out in the scenario.

use std::rc::Rc;

use serde_json::Value;

use crate::diag::At;
use crate::idp::client::headers;
use crate::idp::{ClientName, Links};
use crate::requirement::described;
use crate::scenario::Literal;
use crate::scenario::template::{GroupField, PersonField, Place, Variable};
use crate::scim::attribute;
use crate::wire::{Exchange, Method, Purpose, Request, Wire};

use super::world::World;

/// How a literal request went.
#[derive(Debug)]
pub enum Sent {
    /// It was sent; these expectations were not met.
    Sent(Rc<Exchange>, Vec<Unmet>),
    /// What it names was never linked, so there is nothing to send.
    NotReached(String),
}

/// An expectation that was not met.
#[derive(Debug)]
pub struct Unmet {
    /// What came instead.
    pub message: String,
    /// Where the expectation stands.
    pub at: At,
}

/// Sends a literal request with the client's headers.
pub async fn send(
    literal: &Literal,
    client: ClientName,
    world: &mut World,
    links: &Links,
    wire: &Wire,
) -> Sent {
    let value = |variable: &Variable| world.value(variable, links);
    let target = match literal.target.render(Place::Target, value) {
        Ok(target) => target,
        Err(variable) => return Sent::NotReached(name_of(variable)),
    };
    let body = match literal.json.as_ref().map(|json| json.render(Place::Json, value)).transpose() {
        Ok(body) => body,
        Err(variable) => return Sent::NotReached(name_of(variable)),
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
    // A block of YAML ends with a line break that nobody means to send.
    request.body = body.map(|body| body.trim_end().to_owned());
    let exchange = wire.send(request).await;
    link(&exchange, world);
    let unmet = unmet(literal, &exchange, client);
    Sent::Sent(exchange, unmet)
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

fn unmet(literal: &Literal, exchange: &Exchange, client: ClientName) -> Vec<Unmet> {
    let mut unmet = Vec::new();
    let status = exchange.status();
    if let Some((wanted, at)) = &literal.status
        && !wanted.contains(&status)
    {
        let wanted: Vec<String> = wanted.iter().map(u16::to_string).collect();
        let (what, got) = described(exchange, client);
        let got = if status == 0 { "with nothing whole".to_owned() } else { got };
        unmet.push(Unmet {
            message: format!("{what} was answered {got}, expected {}", wanted.join(" or ")),
            at: *at,
        });
    }
    // A scimType is only looked for where the answer is an error at all: a wrong status says enough.
    if let Some((wanted, at)) = &literal.scim_type
        && status >= 400
    {
        let got = exchange.json().and_then(|body| attribute::get(body, "scimType")).and_then(Value::as_str);
        if got != Some(wanted) {
            let got = got.map_or_else(|| "no scimType".to_owned(), |got| format!("scimType `{got}`"));
            unmet.push(Unmet { message: format!("the answer has {got}, expected `{wanted}`"), at: *at });
        }
    }
    unmet
}

fn name_of(variable: &Variable) -> String {
    match variable {
        Variable::Person(key, PersonField::Id) => format!("`{key}` was never linked"),
        Variable::Group(key, GroupField::Id) => format!("the group `{key}` was never linked"),
        Variable::Person(key, _) | Variable::Group(key, _) => format!("`{key}` is not known"),
    }
}
