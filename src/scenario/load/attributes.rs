//! The attributes of people by the names that scenario files give them, and the paths under which a profile has them.

use crate::scim::urn;

/// Attributes that a person has apart from the profile.
const OWN: [&str; 5] = ["givenName", "familyName", "displayName", "email", "manager"];

/// Simple attributes of the profile.
pub(super) const SIMPLE: [&str; 12] = [
    "title",
    "department",
    "employeeNumber",
    "costCenter",
    "organization",
    "division",
    "userType",
    "locale",
    "timezone",
    "preferredLanguage",
    "nickName",
    "externalId",
];

/// The parts of an address.
const ADDRESS: [&str; 6] = ["formatted", "streetAddress", "locality", "region", "postalCode", "country"];

/// The path of a telephone number of that type.
pub(super) fn phone_number(kind: &str) -> String {
    format!("phoneNumbers[type eq \"{kind}\"].value")
}

/// The path of a part of an address of that type.
pub(super) fn address(kind: &str, part: &str) -> String {
    format!("addresses[type eq \"{kind}\"].{part}")
}

/// The path of the id of a manager whom the directory does not know.
pub(super) fn manager_id() -> String {
    format!("{}:manager.value", urn::ENTERPRISE_USER)
}

/// Whether a name can be the `type` of an address or a telephone number.
pub(super) fn is_kind(kind: &str) -> bool {
    !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Whether a text is the URN of a schema.
pub(super) fn is_urn(text: &str) -> bool {
    let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || b":.-_".contains(&byte);
    text.starts_with("urn:") && !text.ends_with(':') && text.bytes().all(is_sign)
}

/// Under what an attribute stands in an event, by its name in a file: `title`, `phoneNumbers.mobile`,
/// `addresses.work.locality`, `urn:example:2.0:User:badge`.
pub(super) fn settable(name: &str) -> Option<String> {
    if OWN.contains(&name) || SIMPLE.contains(&name) {
        return Some(name.to_owned());
    }
    if name == "managerId" {
        return Some(manager_id());
    }
    if is_urn(name) {
        return Some(name.to_owned());
    }
    let mut words = name.split('.');
    match (words.next()?, words.next()?, words.next(), words.next()) {
        ("phoneNumbers", kind, None, None) if is_kind(kind) => Some(phone_number(kind)),
        ("addresses", kind, Some(part), None) if is_kind(kind) && ADDRESS.contains(&part) => {
            Some(address(kind, part))
        }
        _ => None,
    }
}

/// The names that [`settable`] knows, for messages.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let composed = ["managerId", "phoneNumbers.TYPE", "addresses.TYPE.PART"];
    OWN.into_iter().chain(SIMPLE).chain(composed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_a_file_stands_for_a_path() {
        for (name, path) in [
            ("title", Some("title")),
            ("phoneNumbers.mobile", Some("phoneNumbers[type eq \"mobile\"].value")),
            ("addresses.work.locality", Some("addresses[type eq \"work\"].locality")),
            ("urn:example:2.0:User:badge", Some("urn:example:2.0:User:badge")),
            ("phoneNumbers", None),
            ("phoneNumbers.mo\"bile", None),
            ("addresses.work.street", None),
            ("urn:example 2", None),
            ("tilte", None),
        ] {
            assert_eq!(settable(name).as_deref(), path, "{name}");
        }
    }
}
