//! How a customer is reached and called.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Address, name and time zone of a customer: one text, for there may be a million.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Contact {
    text: Box<str>,
    /// Where the address ends in it.
    email_end: u32,
    /// Where the name, which follows, ends in it.
    display_name_end: u32,
}

/// The parts as they are written.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename = "Contact")]
struct Written<T> {
    email: T,
    display_name: T,
    time_zone: Option<T>,
}

impl Contact {
    /// The contact; a time zone is not empty.
    pub(crate) fn new(email: &str, display_name: &str, time_zone: Option<&str>) -> Self {
        let end = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        Self {
            email_end: end(email.len()),
            display_name_end: end(email.len() + display_name.len()),
            text: [email, display_name, time_zone.unwrap_or_default()].concat().into(),
        }
    }

    /// The one e-mail address.
    pub(crate) fn email(&self) -> &str {
        self.text.get(..self.email_end as usize).unwrap_or_default()
    }

    /// The name that people see.
    pub(crate) fn display_name(&self) -> &str {
        self.text.get(self.email_end as usize..self.display_name_end as usize).unwrap_or_default()
    }

    /// The time zone of the profile, where one was given.
    pub(crate) fn time_zone(&self) -> Option<&str> {
        self.text.get(self.display_name_end as usize..).filter(|zone| !zone.is_empty())
    }

    fn written(&self) -> Written<&str> {
        Written { email: self.email(), display_name: self.display_name(), time_zone: self.time_zone() }
    }
}

impl fmt::Debug for Contact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.written().fmt(out)
    }
}

impl Serialize for Contact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.written().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Contact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::<String>::deserialize(deserializer)?;
        Ok(Self::new(&written.email, &written.display_name, written.time_zone.as_deref()))
    }
}

#[cfg(test)]
mod tests {
    use super::Contact;

    #[test]
    fn each_part_is_what_was_given() {
        for (name, zone) in [("Ada", None), ("", Some("Europe/London")), ("Zoë", Some("UTC"))] {
            let contact = Contact::new("ada@example.com", name, zone);
            assert_eq!(
                (contact.email(), contact.display_name(), contact.time_zone()),
                ("ada@example.com", name, zone)
            );
            let text = serde_json::to_string(&contact).unwrap();
            assert_eq!(serde_json::from_str::<Contact>(&text).unwrap(), contact);
        }
    }
}
