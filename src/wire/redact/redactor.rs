//! Knows every secret of a run, and masks them in texts and bodies.

use std::borrow::Cow;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::body::{find_passwords, mask_broken, mask_passwords};
use super::masking::{Finder, Needles, mask};
use super::password::{Passwords, is_generated};
use super::secret::Secret;
use crate::lock::lock;
use crate::wire::message::request::Request;

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

    /// Masks a user's secret, alone and as both are sent together.
    pub(in crate::wire) fn add_pair(&mut self, user: &str, secret: &Secret) {
        self.needles.add_pair(user, secret);
    }

    /// Masks what is fetched while the run is under way.
    pub(in crate::wire) fn follow(&mut self, fetched: Arc<Mutex<Needles>>) {
        self.fetched.push(fetched);
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

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};

    use super::*;
    use crate::wire::message::encode;
    use crate::wire::redact::MASK;

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
