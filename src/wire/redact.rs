//! Masks secrets in everything that leaves the process.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::Value;

use super::auth::Auth;
use super::encode;
use super::needle::Needle;
use super::password::{Passwords, mask_generated};
use super::request::Request;
use super::secret::Secret;
use super::target::Target;
use crate::lock::lock;

/// What stands where a secret stood.
pub const MASK: &str = "***";

/// Shorter secrets would mask ordinary words.
const SHORTEST: usize = 4;

/// Passwords that are shorter are masked only where a password is expected: as the attribute, and where the answer to
/// the request that held it says it back.
pub(super) const SHORTEST_PASSWORD: usize = 6;

/// Secrets in every encoding that they may turn up in.
#[derive(Clone, Default)]
pub(super) struct Needles(Vec<Needle>);

impl fmt::Debug for Needles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Needles({})", self.0.len())
    }
}

/// Knows every secret of a run.
#[derive(Debug, Clone, Default)]
pub struct Redactor {
    needles: Needles,
    /// What is fetched while the run is under way.
    fetched: Vec<Arc<Mutex<Needles>>>,
}

impl Redactor {
    /// Masks the credentials of a target.
    pub fn for_target(target: &Target) -> Self {
        let mut redactor = Self::default();
        match &target.auth {
            Auth::Open => {}
            Auth::Bearer(token) => redactor.add(token),
            Auth::Raw(value) => {
                redactor.add(value);
                // The word before the token may be left out where somebody repeats it.
                if let Some((_, token)) = value.expose().split_once(' ') {
                    redactor.add(&Secret::new(token));
                }
            }
            Auth::Basic { user, password } => redactor.needles.add_pair(user, password),
            Auth::Fetched(source) => {
                if let Some((user, secret)) = source.key() {
                    redactor.needles.add_pair(user, secret);
                    let encoded = Secret::new(&encode::query_plus(secret.expose()));
                    redactor.needles.add_pair(&encode::query_plus(user), &encoded);
                }
                redactor.fetched.push(source.seen());
            }
        }
        if let Some(rest) = &target.rest {
            redactor.needles.add_pair(&rest.user, &rest.token);
        }
        target.transport.secrets().iter().for_each(|secret| redactor.add(secret));
        redactor.keep(&target.passwords);
        redactor
    }

    /// Masks the passwords that are sent, from when they are sent.
    pub fn keep(&mut self, passwords: &Passwords) {
        self.fetched.push(passwords.seen());
    }

    /// Masks what another one masks too.
    pub fn join(&mut self, other: &Self) {
        other.needles.0.iter().for_each(|needle| self.needles.add_text(needle.as_str()));
        self.fetched.extend(other.fetched.iter().cloned());
    }

    /// Masks one more secret.
    pub fn add(&mut self, secret: &Secret) {
        self.needles.add(secret);
    }

    /// The text without secrets.
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut masked = self.needles.mask(Cow::Borrowed(text));
        for fetched in &self.fetched {
            masked = lock(fetched).mask(masked);
        }
        mask_generated(masked)
    }

    /// A body without secrets and without passwords.
    pub fn body<'a>(&self, body: &'a str) -> Cow<'a, str> {
        let Ok(mut value) = serde_json::from_str::<Value>(body) else {
            return Cow::Owned(self.text(&mask_broken(body)).into_owned());
        };
        mask_passwords(&mut value);
        let text = value.to_string();
        let masked = self.text(&text);
        // Written anew only where there is something to mask: what came is evidence, spaces and all.
        if masked.contains(MASK) { Cow::Owned(masked.into_owned()) } else { self.text(body) }
    }

    /// The redactor for an exchange: an endpoint may say back the passwords that it was sent.
    #[must_use]
    pub fn for_request(&self, request: &Request) -> Self {
        let mut redactor = self.clone();
        if let Some(body) = request.json() {
            find_passwords(body, &mut |password| redactor.add(&Secret::new(password)));
        }
        redactor
    }
}

impl Needles {
    /// Adds a password, also as it stands in a Basic header.
    fn add_pair(&mut self, user: &str, password: &Secret) {
        self.add(password);
        self.add_base64(&format!("{user}:{}", password.expose()));
    }

    /// Adds a secret.
    pub(super) fn add(&mut self, secret: &Secret) {
        let text = secret.expose();
        if text.len() < SHORTEST {
            return;
        }
        let json = encode::json_string(text);
        let percent = encode::query_percent(text);
        // Some encoders escape the slash too; and what is quoted in a message is escaped once more in a report.
        let slashes = json.replace('/', r"\/");
        for form in [text, &json, &encode::json_string(&json), &slashes, &encode::json_string(&slashes)] {
            self.add_text(form);
        }
        for form in [&percent, &percent.to_ascii_lowercase(), &encode::query_plus(text), &lower_hex(&percent)]
        {
            self.add_text(form);
        }
        // Some encode all but letters and digits, which need not be.
        let strict = text.bytes().fold(String::new(), |strict, byte| {
            if byte.is_ascii_alphanumeric() {
                format!("{strict}{}", char::from(byte))
            } else {
                format!("{strict}%{byte:02X}")
            }
        });
        self.add_text(&lower_hex(&strict));
        self.add_text(&strict);
        let hex = text.bytes().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        self.add_text(&hex.to_ascii_uppercase());
        self.add_text(&hex);
        self.add_base64(text);
    }

    /// The text in Base64, also as a part of something longer that is encoded as a whole.
    fn add_base64(&mut self, text: &str) {
        for engine in [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD] {
            self.add_text(&engine.encode(text));
        }
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            for before in 0..3 {
                let mut bytes = vec![0; before];
                bytes.extend_from_slice(text.as_bytes());
                let encoded = engine.encode(&bytes);
                // Six bits a letter: the first and the last ones also depend on the neighbours.
                let (first, last) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
                if let Some(inside) = encoded.get(first..last).filter(|inside| inside.len() >= 2 * SHORTEST) {
                    self.add_text(inside);
                }
            }
        }
    }

    fn add_text(&mut self, text: &str) {
        if !self.0.iter().any(|needle| needle.as_str() == text) {
            self.0.push(Needle::new(text));
            // The longest first, or a part would be masked and the rest stay.
            self.0.sort_by_key(|needle| std::cmp::Reverse(needle.as_str().len()));
        }
    }

    fn mask<'a>(&self, mut text: Cow<'a, str>) -> Cow<'a, str> {
        for needle in &self.0 {
            if needle.is_in(&text) {
                text = Cow::Owned(text.replace(needle.as_str(), MASK));
            }
        }
        if self.0.is_empty() || !text.contains('…') { text } else { Cow::Owned(self.mask_clipped(&text)) }
    }

    /// Masks the beginnings of secrets at which a text was cut off: a long token may be the last that fits.
    fn mask_clipped(&self, text: &str) -> String {
        let mut masked = String::with_capacity(text.len());
        let mut parts = text.split('…').peekable();
        while let Some(part) = parts.next() {
            if parts.peek().is_none() {
                masked.push_str(part);
                break;
            }
            let end = part.trim_end_matches(' ');
            match self.0.iter().filter_map(|needle| overlap(end, needle.as_str())).max() {
                Some(len) => masked.extend([&end[..end.len() - len], MASK, &part[end.len()..]]),
                None => masked.push_str(part),
            }
            masked.push('…');
        }
        masked
    }
}

/// How many bytes at the end of a text begin a secret, where they are enough to be one's.
fn overlap(text: &str, needle: &str) -> Option<usize> {
    let most = needle.len().min(text.len());
    (2 * SHORTEST..=most)
        .rev()
        .find(|len| needle.is_char_boundary(*len) && text.as_bytes().ends_with(&needle.as_bytes()[..*len]))
}

/// Percent-encoding with `%2b` for `%2B`.
fn lower_hex(percent: &str) -> String {
    let mut text = String::with_capacity(percent.len());
    let mut hex = 0;
    for letter in percent.chars() {
        text.push(if hex > 0 { letter.to_ascii_lowercase() } else { letter });
        hex = if letter == '%' { 2 } else { u8::saturating_sub(hex, 1) };
    }
    text
}

/// A body that is no JSON: the rest of whatever follows the word is masked up to the next quote, comma or bracket.
fn mask_broken(body: &str) -> String {
    let lower = body.to_ascii_lowercase();
    let mut masked = String::new();
    let mut from = 0;
    while let Some(found) = lower[from..].find("password") {
        let after = from + found + "password".len();
        masked.push_str(&body[from..after]);
        from = after;
        let rest = &body[after..];
        let value = rest.trim_start_matches(['"', '\'', ' ', ':', '=', '>', '\\']);
        if value.len() == rest.len() {
            continue;
        }
        let end = value.find(['"', '\'', ',', '}', '<', '&', '\n']).unwrap_or(value.len());
        masked.push_str(&rest[..rest.len() - value.len()]);
        if end > 0 {
            masked.push_str(MASK);
        }
        from = body.len() - value.len() + end;
    }
    masked.push_str(&body[from..]);
    masked
}

/// Masks `password` wherever it stands, also as the `path` of a PATCH operation.
fn mask_passwords(value: &mut Value) {
    match value {
        Value::Object(map) => {
            let is_operation = sets_password(map);
            for (key, inner) in map.iter_mut() {
                if is_password(key, is_operation) {
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

/// Tells what stands there.
pub(super) fn find_passwords(value: &Value, tell: &mut dyn FnMut(&str)) {
    match value {
        Value::Object(map) => {
            let is_operation = sets_password(map);
            for (key, inner) in map {
                match inner.as_str() {
                    Some(password) if is_password(key, is_operation) => tell(password),
                    _ => find_passwords(inner, tell),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| find_passwords(item, tell)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn sets_password(operation: &serde_json::Map<String, Value>) -> bool {
    let path = operation.get("path").and_then(Value::as_str);
    path.is_some_and(|path| path.to_ascii_lowercase().ends_with("password"))
}

fn is_password(key: &str, is_operation: bool) -> bool {
    key.eq_ignore_ascii_case("password") || (is_operation && key.eq_ignore_ascii_case("value"))
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
            "can%22ary%2Btok%2Fen%3D1".to_owned(),
            "63616e226172792b746f6b2f656e3d31".to_owned(),
            "63616E226172792B746F6B2F656E3D31".to_owned(),
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

    #[test]
    fn a_token_is_masked_in_encodings_of_others() {
        let token = "can\"ary+tok/en=1 secret";
        let mut redactor = Redactor::default();
        redactor.add(&Secret::new(token));
        for text in [
            STANDARD.encode(format!("Bearer {token}")),
            STANDARD.encode(format!("Bearer: {token}")),
            URL_SAFE.encode(format!("a long user name:{token} and more")),
            serde_json::json!(token).to_string().replace('/', "\\/"),
            serde_json::json!(serde_json::json!(token).to_string()).to_string(),
            lower_hex(&encode::query_percent(token)),
            encode::query_plus(token),
            format!("{{\"echo\":{}}}", serde_json::json!(token)).replace('c', "\\u0063"),
        ] {
            assert!(redactor.body(&text).contains(MASK), "{text}");
        }
    }

    #[test]
    fn a_token_at_which_a_text_was_cut_off_is_masked() {
        let mut redactor = Redactor::default();
        redactor.add(&Secret::new("canary-0123456789-abcdef"));
        assert_eq!(redactor.text("refused (Bearer canary-0123…), twice …"), "refused (Bearer ***…), twice …");
        assert_eq!(redactor.text("refused (canary…)"), "refused (canary…)");
    }

    #[test]
    fn what_has_no_secret_stays_as_it_came() {
        let mut redactor = Redactor::default();
        redactor.add(&Secret::new("canary"));
        for body in ["{ \"a\" : 1.0 }", "<html>", ""] {
            assert_eq!(redactor.body(body), body);
        }
    }

    #[test]
    fn passwords_in_broken_bodies_are_masked() {
        let redactor = Redactor::default();
        for body in [r#"{"password": "s3cret", "a":"#, "password=s3cret&b=1", "<Password>s3cret</Password>"] {
            let masked = redactor.body(body);
            assert!(!masked.contains("s3cret") && masked.contains(MASK), "{masked}");
        }
        assert_eq!(redactor.body("no password is set"), "no password ***");
    }

    #[test]
    fn a_password_that_comes_back_is_masked() {
        let sent = Request::new(crate::wire::Method::Post, "/Users").body(r#"{"password":"s3cret!"}"#);
        let redactor = Redactor::default().for_request(&sent);
        assert_eq!(redactor.body("<p>s3cret! is too weak</p>"), "<p>*** is too weak</p>");
    }
}
