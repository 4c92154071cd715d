//! Judges a transcript that was recorded elsewhere: holds each exchange against scimsnap's requirements.
//!
//! `cargo run --example judge_transcript`. Nothing is sent. The transcript is a list of exchanges in the order in which
//! they happened; the requirements that are about what came before (was it stored? is it still there?) need that order.

use std::error::Error;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use scimsnap::idp::ClientName;
use scimsnap::requirement::Checker;
use scimsnap::wire::{Answer, Exchange, Method, Request, Response};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let mut text = Vec::new();
    judge(&transcript(), &mut text)?;
    write_out(&text)
}

#[expect(clippy::disallowed_methods, reason = "`Printable` is for what scimsnap itself prints")]
fn write_out(text: &[u8]) -> Result<(), Box<dyn Error>> {
    Ok(io::stdout().write_all(text)?)
}

/// Okta deactivates somebody, the endpoint says that it did, and a lookup shows that it did not.
pub(crate) fn transcript() -> Value {
    let user = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": "4f1", "userName": "ada@example.com", "active": true,
        "name": {"givenName": "Ada", "familyName": "Byron"},
        "meta": {"resourceType": "User"},
    });
    json!([
        {"method": "GET", "target": "/Users/4f1", "status": 200, "received": user},
        {"method": "PATCH", "target": "/Users/4f1", "sent": {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{"op": "replace", "value": {"active": false}}],
        }, "status": 204},
        {"method": "GET", "target": "/Users/4f1", "status": 200, "received": user},
    ])
}

/// Writes what each exchange of a transcript shows to be wrong.
pub(crate) fn judge(transcript: &Value, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let mut checker = Checker::new(ClientName::OktaOin);
    for (index, recorded) in transcript.as_array().into_iter().flatten().enumerate() {
        let number = index + 1;
        let exchange = Arc::new(exchange(number, recorded).ok_or("an exchange lacks a method or a target")?);
        writeln!(out, "{number} {} {}", exchange.request.method, exchange.request.target)?;
        for raised in checker.observe(&exchange) {
            let culprit = raised.culprit.unwrap_or(number);
            let (level, id) = (raised.requirement.level, raised.requirement.id);
            writeln!(out, "  {level} {id}, by exchange {culprit}: {}", raised.message)?;
        }
    }
    Ok(())
}

/// An exchange, as the transcript has it.
fn exchange(number: usize, recorded: &Value) -> Option<Exchange> {
    let method = Method::parse(recorded.get("method")?.as_str()?)?;
    let mut request = Request::new(method, recorded.get("target")?.as_str()?);
    if let Some(sent) = recorded.get("sent") {
        request = request.body(sent.clone());
    }
    let status = recorded.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
    let received = recorded.get("received").map(ToString::to_string);
    let headers = received.iter().map(|_| ("Content-Type".to_owned(), "application/scim+json".to_owned()));
    let response =
        Response::new(status.unwrap_or(0), headers.collect(), received.clone().unwrap_or_default());
    Some(Exchange {
        number,
        request,
        answer: Answer::Response(response),
        took: Duration::ZERO,
        overlaps: false,
    })
}
