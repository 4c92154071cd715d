//! Masks secrets in everything that leaves the process.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::Value;

use super::encode;
use super::secret::Secret;
use super::target::Target;

/// What stands where a secret stood.
pub const MASK: &str = "***";

/// Shorter secrets would mask ordinary words.
const SHORTEST: usize = 4;

/// Knows every secret of a run in every encoding that it may turn up in.
#[derive(Debug, Clone, Default)]
pub struct Redactor {
    needles: Vec<String>,
}

impl Redactor {
    /// Masks the credentials of a target.
    pub fn for_target(target: &Target) -> Self {
        let mut redactor = Self::default();
        if let Some(token) = &target.token {
            redactor.add(token);
        }
        if let Some(rest) = &target.rest {
            redactor.add(&rest.token);
            redactor.add_text(&STANDARD.encode(format!("{}:{}", rest.user, rest.token.expose())));
        }
        redactor
    }

    /// Masks one more secret.
    pub fn add(&mut self, secret: &Secret) {
        let text = secret.expose();
        if text.len() < SHORTEST {
            return;
        }
        self.add_text(text);
        self.add_text(&encode::json_string(text));
        self.add_text(&encode::query_percent(text));
        for engine in [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD] {
            self.add_text(&engine.encode(text));
        }
    }

    fn add_text(&mut self, text: &str) {
        if !self.needles.iter().any(|needle| needle == text) {
            self.needles.push(text.to_owned());
            // The longest first, or a part would be masked and the rest stay.
            self.needles.sort_by_key(|needle| std::cmp::Reverse(needle.len()));
        }
    }

    /// The text without secrets.
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut masked = Cow::Borrowed(text);
        for needle in &self.needles {
            if masked.contains(needle.as_str()) {
                masked = Cow::Owned(masked.replace(needle.as_str(), MASK));
            }
        }
        masked
    }

    /// A body without secrets and without passwords.
    pub fn body<'a>(&self, body: &'a str) -> Cow<'a, str> {
        let lower_has_password =
            body.as_bytes().windows(8).any(|part| part.eq_ignore_ascii_case(b"password"));
        if lower_has_password && let Ok(mut value) = serde_json::from_str::<Value>(body) {
            mask_passwords(&mut value);
            let text = value.to_string();
            return Cow::Owned(self.text(&text).into_owned());
        }
        self.text(body)
    }
}

/// Masks `password` wherever it stands, also as the `path` of a PATCH operation.
fn mask_passwords(value: &mut Value) {
    match value {
        Value::Object(map) => {
            let is_operation = map
                .get("path")
                .and_then(Value::as_str)
                .is_some_and(|path| path.to_ascii_lowercase().ends_with("password"));
            for (key, inner) in map.iter_mut() {
                if key.eq_ignore_ascii_case("password") || (is_operation && key.eq_ignore_ascii_case("value"))
                {
                    *inner = Value::from(MASK);
                } else {
                    mask_passwords(inner);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mask_passwords),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_masked_in_every_encoding() {
        let mut redactor = Redactor::default();
        redactor.add(&Secret::new("can\"ary+tok/en=1"));
        for text in [
            "can\"ary+tok/en=1".to_owned(),
            serde_json::json!("can\"ary+tok/en=1").to_string(),
            encode::query_percent("can\"ary+tok/en=1"),
            STANDARD.encode("can\"ary+tok/en=1"),
            URL_SAFE_NO_PAD.encode("can\"ary+tok/en=1"),
        ] {
            let masked = redactor.text(&text).into_owned();
            assert!(masked.trim_matches('"') == MASK, "{text} became {masked}");
        }
    }

    #[test]
    fn passwords_are_masked_wherever_they_stand() {
        let redactor = Redactor::default();
        let body = r#"{"Operations":[{"op":"replace","value":{"Password":"s3cret"}},{"path":"password","value":"s3cret"}]}"#;
        let masked = redactor.body(body);
        assert!(!masked.contains("s3cret"), "{masked}");
        assert_eq!(masked.matches(MASK).count(), 2);
    }
}
