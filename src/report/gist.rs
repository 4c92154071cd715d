//! What matters of a body, on a line.

use std::borrow::Cow;

use serde_json::Value;

use crate::event::Header;
use crate::scim::resource::attribute::get;
use crate::wire::{Redactor, Request, Response};

use super::foreign_data::without_theirs;

/// A body without secrets and without strangers' data.
pub(super) struct Gist<'a> {
    body: Cow<'a, str>,
}

/// The body of a request.
pub(super) fn request_gist<'a>(request: &'a Request, redactor: &Redactor) -> Gist<'a> {
    let body = request.body.as_deref().unwrap_or_default();
    Gist { body: Cow::Owned(redactor.body(body).into_owned()) }
}

/// The body of an answer.
pub(super) fn answer_gist<'a>(response: &'a Response, header: &Header, redactor: &Redactor) -> Gist<'a> {
    let body = response.body.trim();
    let body = if header.embedded { body.into() } else { without_theirs(body, &header.run) };
    Gist { body: Cow::Owned(redactor.body(&body).into_owned()) }
}

impl Gist<'_> {
    /// All of it, on a line.
    pub(super) fn whole(&self) -> String {
        one_line(&self.body)
    }

    /// All of it, as it is.
    pub(super) fn text(&self) -> String {
        self.body.clone().into_owned()
    }

    /// What it says, cut: the operations of a PATCH, the reason of an error, a resource without its schemas and its meta data.
    pub(super) fn brief(&self, most: usize) -> String {
        let body = one_line(&core(&self.body));
        if body.chars().count() <= most {
            return body;
        }
        let start: String = body.chars().take(most).collect();
        format!("{start}…")
    }
}

fn core(body: &str) -> Cow<'_, str> {
    let Ok(Value::Object(mut object)) = serde_json::from_str::<Value>(body) else {
        return Cow::Borrowed(body);
    };
    let value = Value::Object(object.clone());
    if let Some(operations) = get(&value, "Operations").filter(|operations| operations.is_array()) {
        return Cow::Owned(operations.to_string());
    }
    if let Some(detail) = get(&value, "detail").and_then(Value::as_str) {
        let keyword = get(&value, "scimType").and_then(Value::as_str);
        return Cow::Owned(
            keyword.map_or_else(|| detail.to_owned(), |keyword| format!("{keyword}: {detail}")),
        );
    }
    if object.len() > 1 {
        object.retain(|name, _| !["schemas", "meta"].iter().any(|noise| name.eq_ignore_ascii_case(noise)));
    }
    Cow::Owned(Value::Object(object).to_string())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_a_body_says() {
        let brief = |body: &str, most| Gist { body: Cow::Borrowed(body) }.brief(most);
        let patch = r#"{"schemas":["urn:x"],"Operations":[{"op":"remove","path":"members"}]}"#;
        let error =
            r#"{"schemas":["urn:e"],"status":"400","scimType":"invalidPath","detail":"no such path"}"#;
        for (body, line) in [
            (patch, r#"[{"op":"remove","path":"members"}]"#),
            (error, "invalidPath: no such path"),
            (r#"{"detail":"no"}"#, "no"),
            (r#"{"schemas":["urn:u"],"id":"1","userName":"ada"}"#, r#"{"id":"1","userName":"ada"}"#),
            (r#"{"meta":{"resourceType":"User"},"id":"1"}"#, r#"{"id":"1"}"#),
            ("<html>\n  <p>busy", "<html> <p>busy"),
            (r#"{"cut":"#, r#"{"cut":"#),
            ("[1, 2]", "[1, 2]"),
            ("", ""),
        ] {
            assert_eq!(brief(body, 100), line);
        }
        assert_eq!(brief("abcdef", 3), "abc…");
    }
}
