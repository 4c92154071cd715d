//! One exchange, as HAR 1.2 has it.
//!
//! The crate `har` has these types too. It is made for reading what browsers write: it knows neither what a failed request is
//! nor where a text came from, and its derives bring `serde_with`. Ten structs that are only written cost less.

use jiff::{Timestamp, Unit};
use serde::Serialize;
use url::form_urlencoded;

use crate::event::{Exchanges, Header, Told};
use crate::report::gist::{answer_gist, request_gist};
use crate::wire::{Answer, Exchange, Lost, Redactor, Request, Response, Surface};

/// An entry of the archive.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    pageref: String,
    started_date_time: String,
    time: f64,
    request: Sent,
    response: Received,
    cache: Nothing,
    timings: Timings,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
    #[serde(rename = "_number")]
    number: usize,
}

/// An object without members.
#[derive(Debug, Serialize)]
struct Nothing {}

/// Times in milliseconds. Only the whole is measured, and counts as waiting.
#[derive(Debug, Serialize)]
struct Timings {
    send: f64,
    wait: f64,
    receive: f64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    method: &'static str,
    url: String,
    http_version: &'static str,
    cookies: [Pair; 0],
    headers: Vec<Pair>,
    query_string: Vec<Pair>,
    #[serde(skip_serializing_if = "Option::is_none")]
    post_data: Option<PostData>,
    headers_size: i64,
    body_size: i64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Received {
    status: u16,
    status_text: &'static str,
    http_version: &'static str,
    cookies: [Pair; 0],
    headers: Vec<Pair>,
    content: Content,
    #[serde(rename = "redirectURL")]
    redirect_url: String,
    headers_size: i64,
    body_size: i64,
    #[serde(rename = "_error", skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

#[derive(Debug, Serialize)]
struct Pair {
    name: String,
    value: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PostData {
    mime_type: String,
    text: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    size: usize,
    mime_type: String,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'static str>,
}

/// Not known, in the words of the format.
const UNKNOWN: i64 = -1;

/// Which version was spoken is not kept; browsers write this as well.
const VERSION: &str = "unknown";

impl Entry {
    /// The entry of an exchange on a page.
    pub(super) fn of(told: &Told, pageref: String, exchanges: &Exchanges, header: &Header) -> Self {
        let Told { exchange, started, .. } = told;
        let redactor = &header.redactor.for_request(&exchange.request);
        let time = (exchange.took.as_secs_f64() * 1_000_000.0).round() / 1_000.0;
        Self {
            pageref,
            started_date_time: moment(*started),
            time,
            request: sent(&exchange.request, exchanges, redactor),
            response: received(exchange, header, redactor),
            cache: Nothing {},
            timings: Timings { send: 0.0, wait: time, receive: 0.0 },
            comment: exchange.intercepted().map(intercepted),
            number: exchange.number,
        }
    }
}

/// A moment as the format has it.
pub(super) fn moment(at: Timestamp) -> String {
    at.round(Unit::Millisecond).unwrap_or(at).to_string()
}

fn intercepted(lost: Lost) -> String {
    format!("the scenario kept the {} back and gave this response", lost.as_str())
}

fn sent(request: &Request, exchanges: &Exchanges, redactor: &Redactor) -> Sent {
    let base = match request.surface {
        Surface::Scim => &exchanges.scim,
        Surface::Rest => exchanges.rest.as_ref().unwrap_or(&exchanges.scim),
    };
    let query = request.target.split_once('?').map_or("", |(_, query)| query);
    let query = form_urlencoded::parse(query.as_bytes()).map(|(name, value)| pair(&name, &value, redactor));
    let body = request.body.as_deref().map(|_| request_gist(request, redactor).text());
    Sent {
        method: request.method.as_str(),
        url: redactor.text(&format!("{base}{}", request.target)).into_owned(),
        http_version: VERSION,
        cookies: [],
        headers: headers(&request.headers, redactor),
        query_string: query.collect(),
        headers_size: UNKNOWN,
        body_size: body.as_ref().map_or(0, |body| i64::try_from(body.len()).unwrap_or(UNKNOWN)),
        post_data: body.map(|text| PostData {
            mime_type: redactor.text(request.header_value("Content-Type").unwrap_or_default()).into_owned(),
            text,
        }),
    }
}

fn received(exchange: &Exchange, header: &Header, redactor: &Redactor) -> Received {
    let error = match &exchange.answer {
        Answer::Response(response) => return response_of(response, header, redactor),
        Answer::Failed(error) => redactor.text(&error.to_string()).into_owned(),
        Answer::Withheld(reason) => format!("withheld: {}", redactor.text(&reason.to_string())),
    };
    let content = Content { size: 0, mime_type: String::new(), text: String::new(), comment: None };
    Received {
        status: 0,
        status_text: "",
        http_version: VERSION,
        cookies: [],
        headers: Vec::new(),
        content,
        redirect_url: String::new(),
        headers_size: UNKNOWN,
        body_size: UNKNOWN,
        error: Some(error),
    }
}

fn response_of(response: &Response, header: &Header, redactor: &Redactor) -> Received {
    let text = answer_gist(response, header, redactor).text();
    let value = |name| redactor.text(response.header(name).unwrap_or_default()).into_owned();
    let is_redirect = (300..400).contains(&response.status);
    Received {
        status: response.status,
        status_text: "",
        http_version: VERSION,
        cookies: [],
        headers: headers(&response.headers, redactor),
        content: Content {
            size: text.len(),
            mime_type: value("content-type"),
            // Whatever was no UTF-8 was replaced when it was read.
            comment: text
                .contains(char::REPLACEMENT_CHARACTER)
                .then_some("bytes that are not UTF-8 were replaced"),
            text,
        },
        redirect_url: if is_redirect { value("location") } else { String::new() },
        headers_size: UNKNOWN,
        body_size: UNKNOWN,
        error: None,
    }
}

fn headers(headers: &[(String, String)], redactor: &Redactor) -> Vec<Pair> {
    headers.iter().map(|(name, value)| pair(name, value, redactor)).collect()
}

fn pair(name: &str, value: &str, redactor: &Redactor) -> Pair {
    Pair { name: redactor.text(name).into_owned(), value: redactor.text(value).into_owned() }
}
