//! API keys: shown once, bearer of all rights on one directory, good for a year.

use std::cell::Cell;
use std::fmt;
use std::hash::{BuildHasher as _, RandomState};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// How long a key holds (docs/jira-service-management.md#the-api-key: one year).
const LIFETIME: SignedDuration = SignedDuration::from_hours(365 * 24);

/// A secret that does not print itself, and is not written down.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// The secret itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether `candidate` is this secret.
    pub(crate) fn is(&self, candidate: &str) -> bool {
        digest(&self.0) == digest(candidate)
    }
}

/// The SHA-256 of a secret, in hexadecimal digits. Comparing digests does not tell how much of a secret is right.
fn digest(secret: &str) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(secret.as_bytes()) {
        for half in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(half.into(), 16));
        }
    }
    text
}

impl From<String> for ApiKey {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for ApiKey {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("ApiKey(***)")
    }
}

/// What is kept of a key that was issued: its digest, and when it stops holding. The key itself is shown once.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct IssuedKey {
    sha256: String,
    expires: Timestamp,
    #[serde(skip)]
    shown: Shown,
}

/// How the right key is known again without computing its digest for every request: by a hash under a key of this process,
/// which nobody outside can compute and which is never written down.
#[derive(Debug, Default)]
struct Shown {
    process: RandomState,
    hash: Cell<Option<u64>>,
}

impl IssuedKey {
    /// Issues the key now.
    pub(crate) fn new(key: &ApiKey, now: Timestamp) -> Self {
        let expires = now.checked_add(LIFETIME).unwrap_or(Timestamp::MAX);
        Self { sha256: digest(&key.0), expires, shown: Shown::default() }
    }

    /// Whether `candidate` opens the directory at that time.
    pub(crate) fn opens(&self, candidate: &str, now: Timestamp) -> bool {
        self.is(candidate) && now < self.expires
    }

    fn is(&self, candidate: &str) -> bool {
        let hash = Some(self.shown.process.hash_one(candidate));
        if self.shown.hash.get() == hash {
            return true;
        }
        let is_right = self.sha256 == digest(candidate);
        if is_right {
            self.shown.hash.set(hash);
        }
        is_right
    }

    /// When the key stops holding.
    pub(crate) fn expires(&self) -> Timestamp {
        self.expires
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::{ApiKey, IssuedKey};

    #[test]
    fn a_key_opens_for_a_year() {
        let start = Timestamp::UNIX_EPOCH;
        let issued = IssuedKey::new(&ApiKey::from("right"), start);
        assert!(issued.opens("right", start));
        assert!(!issued.opens("wrong", start));
        assert!(!issued.opens("righ", start));
        assert!(!issued.opens("", start));
        assert!(issued.opens("right", start), "the wrong ones change nothing");
        let last_day = start + SignedDuration::from_hours(24 * 364);
        assert!(issued.opens("right", last_day));
        assert!(!issued.opens("right", last_day + SignedDuration::from_hours(24)));
        assert_eq!(issued.expires(), start + SignedDuration::from_hours(24 * 365));
    }

    #[test]
    fn a_key_does_not_print_itself() {
        assert!(!format!("{:?}", ApiKey::from("hush")).contains("hush"));
        let issued = IssuedKey::new(&ApiKey::from("hush"), Timestamp::UNIX_EPOCH);
        assert!(!serde_json::to_string(&issued).unwrap().contains("hush"));
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(super::digest("abc"), known);
    }
}
