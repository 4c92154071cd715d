//! The names in the requests of a script. Each gets a token, where the run gave it none.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::wire::message::encode;

use super::report::Step;
use super::weave::{Loom, Thread};

/// The attributes that name a user or a group.
const NAMING: [&str; 2] = ["username", "externalid"];

/// Adds the names in the requests that have not got the token of the run. Each gets one, as the run writes names on a foreign
/// endpoint.
pub(super) fn add(steps: &[Step], token: Option<&str>, loom: &mut Loom) {
    let mut names = BTreeSet::new();
    for step in steps {
        let is_group = step.collection().eq_ignore_ascii_case("/Groups");
        if let Some(body) = step.exchange.body.as_deref().and_then(|body| serde_json::from_str(body).ok()) {
            in_body(&body, is_group, &mut names);
        }
        in_filter(&step.exchange.target, &mut names);
    }
    let has_one = |name: &String| token.is_some_and(|token| name.to_lowercase().contains(token));
    for name in names.into_iter().filter(|name| !has_one(name)) {
        let spaces = name.len() - name.trim_start_matches(' ').len();
        let (spaces, rest) = name.split_at(spaces);
        if rest.is_empty() {
            continue;
        }
        let joint = if rest.contains('@') { "." } else { "-" };
        for (quote, encode) in ENCODINGS {
            let (spaces, rest) = (encode(spaces), encode(rest));
            loom.add(Thread {
                needle: format!("{quote}{spaces}{rest}{quote}"),
                parts: (format!("{quote}{spaces}"), format!("{joint}{rest}{quote}")),
                variable: "t".to_owned(),
                in_target: None,
                is_bounded: false,
            });
        }
    }
}

/// How a name stands in a request, with the quote on either side: in JSON, and in a filter in the two ways of a query.
const ENCODINGS: [(&str, Encode); 3] = [
    ("\"", in_json),
    ("%22", |name| encode::query_percent(&in_json(name))),
    ("%22", |name| encode::query_plus(&in_json(name))),
];

type Encode = fn(&str) -> String;

fn in_json(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

fn in_body(body: &Value, is_group: bool, names: &mut BTreeSet<String>) {
    let mut note = |value: &Value| {
        if let Some(text) = value.as_str() {
            names.insert(text.to_owned());
        }
    };
    let Some(object) = body.as_object() else { return };
    let mut inner = Vec::new();
    for (key, value) in object {
        let lower = key.to_ascii_lowercase();
        if NAMING.contains(&lower.as_str()) || (is_group && lower == "displayname") {
            note(value);
        } else if lower == "emails" {
            value.as_array().into_iter().flatten().filter_map(|email| email.get("value")).for_each(&mut note);
        } else if lower == "operations" {
            for operation in value.as_array().into_iter().flatten() {
                let path = operation.get("path").and_then(Value::as_str).unwrap_or_default();
                let path = path.to_ascii_lowercase();
                let Some(value) = operation.get("value") else { continue };
                if NAMING.contains(&path.as_str())
                    || (is_group && path == "displayname")
                    || (path.starts_with("emails") && path.rsplit('.').next() == Some("value"))
                {
                    note(value);
                }
                inner.push(value);
            }
        } else if lower.starts_with("emails") {
            note(value);
        }
    }
    for value in inner {
        in_body(value, is_group, names);
    }
}

/// The names that a filter looks for.
fn in_filter(target: &str, names: &mut BTreeSet<String>) {
    let Some((_, query)) = target.split_once('?') else { return };
    let Some(filter) = query.split('&').find_map(|part| part.strip_prefix("filter=")) else { return };
    let filter = percent_decode_str(&filter.replace('+', " ")).decode_utf8_lossy().into_owned();
    let lower = filter.to_ascii_lowercase();
    if !["username", "externalid", "displayname", "emails"].iter().any(|name| lower.contains(name)) {
        return;
    }
    if let (Some(start), Some(end)) = (filter.find('"'), filter.rfind('"'))
        && start < end
        && let Ok(name) = serde_json::from_str::<String>(&filter[start..=end])
    {
        names.insert(name);
    }
}
