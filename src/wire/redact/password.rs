//! Passwords that a run sends: they are masked by their value, wherever an endpoint says them back.

use std::fmt;
use std::sync::{Arc, Mutex};

use memchr::memmem;
use serde_json::Value;

use crate::lock::lock;

use super::body::find_passwords;
use super::masking::Needles;
use super::secret::Secret;
use crate::wire::message::request::Request;

/// Passwords that are shorter are masked only where a password is expected: as the attribute, and where the answer to
/// the request that held it says it back.
const SHORTEST_PASSWORD: usize = 6;

/// What every generated password begins with. All of a run's are known by it, of which there are as many as people.
const START: &str = "x7!Q";

/// Hexadecimal digits after it.
const DIGITS: usize = 12;

/// A password of letters of both cases, digits and a sign, as password policies ask for, from random digits.
pub fn generated(digits: &str) -> String {
    format!("{START}{}", &digits[..digits.len().min(DIGITS)])
}

/// Whether a password is a generated one, no less and no more.
pub(in crate::wire) fn is_generated(password: &str) -> bool {
    password
        .strip_prefix(START)
        .is_some_and(|digits| digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The passwords of scenarios that a run has sent.
#[derive(Clone, Default)]
pub struct Passwords(Arc<Mutex<Needles>>);

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passwords")
    }
}

impl Passwords {
    /// What is masked because of them; it grows.
    pub(in crate::wire) fn seen(&self) -> Arc<Mutex<Needles>> {
        Arc::clone(&self.0)
    }

    /// Takes in what a request is about to say. One that is short, or that the same request says openly too, as a user
    /// name for one, keeps its place alone masked: other words would go with it.
    pub(in crate::wire) fn note(&self, request: &Request) {
        let Some(body) = &request.body else { return };
        let count = |text: &str| memmem::find_iter(body.as_bytes(), text).count();
        if count("assword") + count("ASSWORD") == count("\"password\":\"x7!Q") {
            return;
        }
        let Some(value) = body.json() else { return };
        let mut found = Vec::new();
        find_passwords(value, &mut |password| found.push(password.to_owned()));
        found.retain(|password| {
            password.chars().count() >= SHORTEST_PASSWORD
                && !is_generated(password)
                && !says_openly(value, password)
        });
        if found.is_empty() {
            return;
        }
        let mut needles = lock(&self.0);
        for password in &found {
            needles.add(&Secret::new(password));
        }
    }
}

/// Whether a text stands in a body where no password is expected.
fn says_openly(body: &Value, text: &str) -> bool {
    // It is looked for in any letter case.
    let text = text.to_lowercase();
    let mut places = 0;
    find_passwords(body, &mut |password| places += usize::from(password.to_lowercase().contains(&text)));
    occurrences(body, &text) > places
}

fn occurrences(value: &Value, text: &str) -> usize {
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, inner)| usize::from(key.to_lowercase() == text) + occurrences(inner, text))
            .sum(),
        Value::Array(items) => items.iter().map(|item| occurrences(item, text)).sum(),
        Value::String(string) => usize::from(string.to_lowercase().contains(text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
    use proptest::prelude::*;

    use super::*;
    use crate::wire::redact::MASK;
    use crate::wire::{Method, Redactor};

    fn sent(body: &Value) -> Redactor {
        let passwords = Passwords::default();
        passwords.note(&Request::new(Method::Post, "/Users").body(body.to_string()));
        let mut redactor = Redactor::default();
        redactor.keep(&passwords);
        redactor
    }

    #[test]
    fn a_password_that_was_sent_is_masked_in_whatever_comes_later() {
        let redactor = sent(&serde_json::json!({"userName": "ada", "password": "hunter22"}));
        assert_eq!(redactor.text("ada's nickName is hunter22"), "ada's nickName is ***");
        assert!(redactor.text(&STANDARD.encode("ada:hunter22")).contains("***"));
        let operation =
            serde_json::json!({"Operations": [{"op": "replace", "path": "password", "value": "hunter22"}]});
        assert_eq!(sent(&operation).text("hunter22"), "***");
    }

    #[test]
    fn what_is_short_or_said_openly_masks_no_other_word() {
        for (body, text) in [
            (serde_json::json!({"password": "a"}), "a cat sat on a mat"),
            (serde_json::json!({"password": "12345"}), "12345 requests"),
            (
                serde_json::json!({"userName": "ada@example.com", "password": "ada@example.com"}),
                "ada@example.com",
            ),
            (serde_json::json!({"userName": "ada@example.com", "password": "example"}), "example"),
            (serde_json::json!({"password": "password"}), "the password was sent"),
        ] {
            assert_eq!(sent(&body).text(text), text, "{body}");
        }
    }

    proptest! {
        #[test]
        fn a_generated_password_is_masked_in_every_encoding(digits in "[0-9a-f]{12}", before in "[ -~]{0,5}", after in "[ -~]{0,5}") {
            let password = generated(&digits);
            let hex = |text: &str| text.bytes().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
            let redactor = Redactor::default();
            let long = format!("{before}{password}{after}");
            for text in [
                long.clone(),
                serde_json::json!(long).to_string(),
                crate::wire::message::encode::query_percent(&long),
                hex(&long),
                hex(&long).to_uppercase(),
                STANDARD.encode(&long),
                URL_SAFE.encode(&long),
                format!("{long}…"),
            ] {
                let masked = redactor.text(&text).into_owned();
                prop_assert!(masked.contains(MASK), "{} became {}", text, masked);
                for left in [&digits[3..], &hex(&digits)[6..], &hex(&digits).to_uppercase()[6..]] {
                    prop_assert!(!masked.contains(left), "{} became {}", text, masked);
                }
                // Of Base64, no stretch that holds several of its digits is left.
                for start in 0..3 {
                    let inside = STANDARD_NO_PAD.encode(&digits[start..]);
                    prop_assert!(!masked.contains(&inside[..8]), "{} became {}", text, masked);
                }
            }
        }

        #[test]
        fn what_has_no_password_stays(text in "[ -~é…]{0,60}") {
            prop_assume!(!text.contains("x7"));
            prop_assert_eq!(Redactor::default().text(&text), text.as_str());
        }
    }
}
