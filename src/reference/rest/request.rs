//! A call of the REST API that may be answered, and how a refusal looks.

use std::collections::BTreeMap;

use axum::http::{Method, header};
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::reference::http::answer::{Answer, allow};

/// An authenticated call.
#[derive(Debug)]
pub(crate) struct RestRequest {
    pub(crate) method: Method,
    /// The URL that `path` continues.
    pub(crate) base: String,
    /// The path below the base, with a leading slash.
    pub(crate) path: String,
    pub(crate) parameters: BTreeMap<String, String>,
    /// Whether the call opts in to experimental operations.
    pub(crate) experimental: bool,
    pub(crate) body: Value,
    pub(crate) now: Timestamp,
}

impl RestRequest {
    /// Reads a query string; the first of two parameters of one name counts.
    pub(crate) fn read_parameters(query: &str) -> BTreeMap<String, String> {
        let mut parameters = BTreeMap::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            parameters.entry(decode(name)).or_insert_with(|| decode(value));
        }
        parameters
    }

    /// A parameter that is given and not empty.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A string in the body.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name)?.as_str()
    }
}

/// A refusal, in the words and shape of the REST API.
pub(crate) fn error(status: u16, message: &str) -> Answer {
    Answer::json(
        status,
        json!({
            "errorMessage": message,
            "i18nErrorMessage": {"i18nKey": message, "parameters": []},
        }),
    )
}

/// 405 with the methods that are there.
pub(crate) fn method_not_allowed(methods: &str) -> Answer {
    error(405, "Method not allowed.").with(header::ALLOW, allow(methods))
}

fn decode(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}
