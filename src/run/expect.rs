//! Holds the answer to a literal request against what the scenario expects.

use serde_json::Value;

use crate::diag::At;
use crate::idp::ClientName;
use crate::requirement::described;
use crate::scenario::expect::{Check, Expect, value_at};
use crate::scenario::template::{Place, Variable};
use crate::scim::attribute;
use crate::wire::Exchange;

/// How much of a value a message shows.
const MOST_SHOWN: usize = 120;

/// An expectation that was not met.
#[derive(Debug)]
pub struct Unmet {
    /// What came instead.
    pub message: String,
    /// Where the expectation stands.
    pub at: At,
}

/// The expectations that an answer does not meet.
pub fn unmet(
    expect: &Expect,
    exchange: &Exchange,
    client: ClientName,
    value: impl Fn(&Variable) -> Option<String>,
) -> Vec<Unmet> {
    let status = exchange.status();
    if let Some((wanted, at)) = &expect.status
        && !wanted.contains(&status)
    {
        let wanted: Vec<String> = wanted.iter().map(u16::to_string).collect();
        let (what, got) = described(exchange, client);
        let got = if status == 0 { "with nothing whole".to_owned() } else { got };
        let message = format!("{what} was answered {got}, expected {}", wanted.join(" or "));
        // Where the status is wrong, the rest of the answer is another kind of answer.
        return vec![Unmet { message, at: *at }];
    }
    let mut unmet = Vec::new();
    // A scimType is only looked for where the answer is an error at all.
    if let Some((wanted, at)) = &expect.scim_type
        && status >= 400
    {
        let got = exchange.json().and_then(|body| attribute::get(body, "scimType")).and_then(Value::as_str);
        if got != Some(wanted) {
            let got = got.map_or_else(|| "no scimType".to_owned(), |got| format!("scimType `{got}`"));
            unmet.push(Unmet { message: format!("the answer has {got}, expected `{wanted}`"), at: *at });
        }
    }
    for (name, wanted, at) in &expect.headers {
        let got = exchange.response().and_then(|response| response.header(name));
        let begins = |got: &str| {
            got.get(..wanted.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(wanted))
        };
        if !got.is_some_and(begins) {
            let got = got.map_or_else(|| "no".to_owned(), |got| format!("`{}` as", shortened(got)));
            unmet.push(Unmet {
                message: format!("the answer has {got} {name}, expected `{wanted}`"),
                at: *at,
            });
        }
    }
    let body = exchange.json();
    unmet.extend(expect.body.iter().filter_map(|check| missed(check, body, &value)));
    unmet
}

fn missed(check: &Check, body: Option<&Value>, value: impl Fn(&Variable) -> Option<String>) -> Option<Unmet> {
    let rendered = check.condition.template().map(|template| template.render(Place::Json, value));
    let wanted = match rendered {
        None => Value::Null,
        Some(Ok(text)) => serde_json::from_str(&text).unwrap_or_default(),
        Some(Err(_)) => {
            let message = format!("what `{}` should be is not known: it was never linked", check.pointer);
            return Some(Unmet { message, at: check.at });
        }
    };
    let got = body.and_then(|body| value_at(body, &check.pointer));
    if body.is_some() && check.condition.holds(got, &wanted) {
        return None;
    }
    let place = if check.pointer.is_empty() { "the body" } else { &check.pointer };
    let got = match (body, got) {
        (None, _) => "no JSON".to_owned(),
        (Some(_), None) => "nothing".to_owned(),
        (Some(_), Some(got)) => shortened(&got.to_string()),
    };
    let wanted = shortened(&check.condition.says(&wanted));
    Some(Unmet { message: format!("`{place}` of the answer is {got}, expected {wanted}"), at: check.at })
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MOST_SHOWN) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}
