//! Masks secrets in everything that leaves the process.

pub(crate) mod masking;
pub mod password;

use std::borrow::Cow;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::access::auth::Auth;
use super::access::secret::Secret;
use super::message::encode;
use super::message::request::Request;
use super::safety::ledger::Entry;
use super::target::Target;
use crate::lock::lock;
use masking::{Finder, Needles, mask};
use password::{Passwords, is_generated};

pub use masking::MASK;

/// Passwords that are shorter are masked only where a password is expected: as the attribute, and where the answer to
/// the request that held it says it back.
pub(super) const SHORTEST_PASSWORD: usize = 6;

/// Knows every secret of a run.
#[derive(Debug, Clone, Default)]
pub struct Redactor {
    needles: Needles,
    /// What one request said.
    said: Needles,
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
        self.needles.join(&other.needles);
        self.said.join(&other.said);
        self.fetched.extend(other.fetched.iter().cloned());
    }

    /// Masks one more secret.
    pub fn add(&mut self, secret: &Secret) {
        self.needles.add(secret);
    }

    /// The text without secrets.
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let fetched = self.fetched.iter().filter_map(|fetched| lock(fetched).finder());
        let fixed = [&self.needles, &self.said].into_iter().filter_map(Needles::finder);
        let finders: Vec<Arc<Finder>> = fixed.chain(fetched).collect();
        mask(text, &finders)
    }

    /// Whether a text holds no secret, however encoded.
    pub fn is_harmless(&self, text: &str) -> bool {
        matches!(self.text(text), Cow::Borrowed(_))
    }

    /// What may stand in a ledger of an entry; nothing where its id says a secret back. What was created is found by its
    /// name then.
    pub fn entry<'a>(&self, entry: &'a Entry) -> Option<Cow<'a, Entry>> {
        match entry {
            Entry::Created { id, .. } | Entry::Deleted { id, .. } | Entry::Lasting { id, .. }
                if !self.is_harmless(id) =>
            {
                None
            }
            Entry::Created { name: None, .. } | Entry::Deleted { .. } | Entry::Lasting { .. } => {
                Some(Cow::Borrowed(entry))
            }
            Entry::Created { kind, id, name: Some(name) } => Some(match self.text(name) {
                Cow::Borrowed(_) => Cow::Borrowed(entry),
                Cow::Owned(name) => {
                    Cow::Owned(Entry::Created { kind: *kind, id: id.clone(), name: Some(name) })
                }
            }),
            Entry::Intent { kind, name, vacant } => Some(match self.text(name) {
                Cow::Borrowed(_) => Cow::Borrowed(entry),
                Cow::Owned(name) => Cow::Owned(Entry::Intent { kind: *kind, name, vacant: *vacant }),
            }),
            Entry::Gone { kind, name } => Some(match self.text(name) {
                Cow::Borrowed(_) => Cow::Borrowed(entry),
                Cow::Owned(name) => Cow::Owned(Entry::Gone { kind: *kind, name }),
            }),
            Entry::Run { id, target } => Some(match self.text(target) {
                Cow::Borrowed(_) => Cow::Borrowed(entry),
                Cow::Owned(target) => Cow::Owned(Entry::Run { id: id.clone(), target }),
            }),
        }
    }

    /// A body without secrets and without passwords.
    pub fn body<'a>(&self, body: &'a str) -> Cow<'a, str> {
        let Ok(mut value) = serde_json::from_str::<Value>(body) else {
            return Cow::Owned(self.text(&mask_broken(body)).into_owned());
        };
        // Written anew only where there is a password: what came is evidence, spaces and all.
        if mask_passwords(&mut value) {
            Cow::Owned(self.text(&value.to_string()).into_owned())
        } else {
            self.text(body)
        }
    }

    /// The redactor for an exchange: an endpoint may say back the passwords that it was sent.
    #[must_use]
    pub fn for_request(&self, request: &Request) -> Self {
        let mut redactor = self.clone();
        if let Some(body) = request.json() {
            // A generated one is known by what it begins with.
            find_passwords(body, &mut |password| {
                if !is_generated(password) {
                    redactor.said.add(&Secret::new(password));
                }
            });
        }
        redactor
    }
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

/// Masks `password` wherever it stands, also as the `path` of a PATCH operation. Tells whether it stood anywhere.
fn mask_passwords(value: &mut Value) -> bool {
    match value {
        Value::Object(map) => {
            let is_operation = sets_password(map);
            let mut found = false;
            for (key, inner) in map.iter_mut() {
                if is_password(key, is_operation) {
                    *inner = Value::from(MASK);
                    found = true;
                } else {
                    found |= mask_passwords(inner);
                }
            }
            found
        }
        Value::Array(items) => items.iter_mut().fold(false, |found, item| mask_passwords(item) | found),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
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
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};

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
            encode::query_percent(token).to_lowercase(),
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
