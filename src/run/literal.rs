//! A request that is written out in the scenario.

use std::rc::Rc;

use futures_util::future::join_all;
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

/// Sends literal requests with the client's headers, all at once. If one cannot be written, none is sent.
pub async fn send(
    literals: &[Literal],
    client: ClientName,
    world: &mut World,
    links: &Links,
    wire: &Wire,
) -> Vec<Sent> {
    let written: Result<Vec<Request>, Sent> =
        literals.iter().map(|literal| write(literal, client, world, links)).collect();
    let requests = match written {
        Ok(requests) => requests,
        Err(not_reached) => return vec![not_reached],
    };
    let exchanges = join_all(requests.into_iter().map(|request| wire.send(request))).await;
    let mut sent = Vec::with_capacity(exchanges.len());
    for (literal, exchange) in literals.iter().zip(exchanges) {
        link(&exchange, world);
        let unmet = unmet(literal, &exchange, client);
        sent.push(Sent::Sent(exchange, unmet));
    }
    sent
}

fn write(literal: &Literal, client: ClientName, world: &World, links: &Links) -> Result<Request, Sent> {
    let value = |variable: &Variable| world.value(variable, links);
    let not_reached = |variable: &Variable| Sent::NotReached(name_of(variable));
    let target = literal.target.render(Place::Target, value).map_err(not_reached)?;
    let body = literal.json.as_ref().map(|json| json.render(Place::Json, value)).transpose();
    let body = body.map_err(not_reached)?;
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
    Ok(request)
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
