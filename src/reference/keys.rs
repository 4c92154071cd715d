//! API keys: shown once, bearer of all rights on one directory, good for a year.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

/// How long a key holds (fact sheet "jsm-customer-provisioning" §1.1: one year).
const LIFETIME: SignedDuration = SignedDuration::from_hours(365 * 24);

/// A secret that does not print itself.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// The secret itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether `candidate` is this secret, in a time that does not tell how much of it is right.
    pub(crate) fn is(&self, candidate: &str) -> bool {
        let (own, other) = (self.0.as_bytes(), candidate.as_bytes());
        let differences = own.iter().zip(other).fold(0, |seen, (left, right)| seen | (left ^ right));
        own.len() == other.len() && differences == 0
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

/// A key with the day it stops holding.
#[derive(Debug)]
pub(crate) struct IssuedKey {
    key: ApiKey,
    expires: Timestamp,
}

impl IssuedKey {
    /// Issues the key now.
    pub(crate) fn new(key: ApiKey, now: Timestamp) -> Self {
        Self { key, expires: now.checked_add(LIFETIME).unwrap_or(Timestamp::MAX) }
    }

    /// Whether `candidate` opens the directory at that time.
    pub(crate) fn opens(&self, candidate: &str, now: Timestamp) -> bool {
        self.key.is(candidate) && now < self.expires
    }

    pub(crate) fn reveal(&self) -> &str {
        self.key.reveal()
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::{ApiKey, IssuedKey};

    #[test]
    fn a_key_opens_for_a_year() {
        let start = Timestamp::UNIX_EPOCH;
        let issued = IssuedKey::new(ApiKey::from("right"), start);
        assert!(issued.opens("right", start));
        assert!(!issued.opens("wrong", start));
        assert!(!issued.opens("righ", start));
        assert!(!issued.opens("", start));
        let last_day = start + SignedDuration::from_hours(24 * 364);
        assert!(issued.opens("right", last_day));
        assert!(!issued.opens("right", last_day + SignedDuration::from_hours(24)));
    }

    #[test]
    fn a_key_does_not_print_itself() {
        assert!(!format!("{:?}", ApiKey::from("hush")).contains("hush"));
    }
}
