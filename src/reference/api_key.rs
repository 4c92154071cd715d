//! API keys: shown once, bearer of all rights on one directory, good for a year.

use std::fmt;

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use jiff::{SignedDuration, Timestamp};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

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
        Fingerprint::of(&self.0).is_of(candidate)
    }
}

/// The SHA-256 of a secret; as text, in hexadecimal digits.
#[derive(Debug)]
struct Fingerprint([u8; 32]);

impl Fingerprint {
    fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret.as_bytes()).into())
    }

    /// Whether it is that of `candidate`. How long that takes does not tell how much of it is right.
    fn is_of(&self, candidate: &str) -> bool {
        self.0.ct_eq(&Self::of(candidate).0).into()
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&HEXLOWER.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let digits = String::deserialize(deserializer)?;
        let bytes =
            HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or_else(|| D::Error::custom("a SHA-256 has 64 hexadecimal digits"))
    }
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
    sha256: Fingerprint,
    expires: Timestamp,
}

impl IssuedKey {
    /// Issues the key now.
    pub(crate) fn new(key: &ApiKey, now: Timestamp) -> Self {
        let expires = now.checked_add(LIFETIME).unwrap_or(Timestamp::MAX);
        Self { sha256: Fingerprint::of(&key.0), expires }
    }

    /// Whether `candidate` opens the directory at that time.
    pub(crate) fn opens(&self, candidate: &str, now: Timestamp) -> bool {
        self.sha256.is_of(candidate) && now < self.expires
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
    }

    #[test]
    fn what_is_kept_of_a_key_is_written_and_read() {
        let issued = IssuedKey::new(&ApiKey::from("abc"), Timestamp::UNIX_EPOCH);
        let text = serde_json::to_string(&issued).unwrap();
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(text, format!(r#"{{"sha256":"{known}","expires":"1971-01-01T00:00:00Z"}}"#));
        let read: IssuedKey = serde_json::from_str(&text).unwrap();
        assert!(read.opens("abc", Timestamp::UNIX_EPOCH) && !read.opens("abd", Timestamp::UNIX_EPOCH));
        for broken in [
            &known[1..],
            &known[2..],
            "",
            &known.replace('b', "g"),
            &known.replace("0f", "+f"),
            &known.replace("ba", "é"),
        ] {
            let text = text.replace(known, broken);
            assert!(serde_json::from_str::<IssuedKey>(&text).is_err(), "{broken}");
        }
    }
}
