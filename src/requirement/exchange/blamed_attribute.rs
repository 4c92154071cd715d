//! Finds the attribute of a request that an error blames.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::scim::resource::attribute::get;
use crate::wire::Exchange;

/// Where endpoints write down why. A text that is no JSON is a reason as a whole.
const REASONS: [&str; 5] = ["detail", "message", "description", "error_description", "error"];

/// What every request has, and names no attribute.
const ENVELOPE: [&str; 10] =
    ["schemas", "operations", "op", "path", "value", "type", "primary", "display", "$ref", "id"];

/// Words beside a name that make an attribute of it.
const NOUNS: [&str; 5] = ["attribute", "attributes", "property", "field", "key"];

/// A reason that is longer is a page, which names many things.
const MOST: usize = 600;

/// The attribute that the reason for a refusal names, of those that the request has: `nickName`. Nothing where it names
/// none or several.
pub(crate) fn blamed(exchange: &Exchange) -> Option<String> {
    let response = exchange.response().filter(|response| response.status >= 400)?;
    let reason = match response.json() {
        Some(body) => REASONS.iter().find_map(|name| get(body, name)?.as_str())?,
        None => response.body.as_str(),
    };
    let sent = exchange.request.json()?;
    let mut names = BTreeSet::new();
    collect(sent, "", &mut names);
    if reason.len() > MOST {
        return None;
    }
    let words = words(reason);
    let mut found: BTreeSet<&str> = BTreeSet::new();
    for name in &names {
        let last = name.rsplit(['.', ':']).next().unwrap_or(name);
        let is_envelope = ENVELOPE.iter().any(|word| word.eq_ignore_ascii_case(last));
        let meant = words.iter().any(|word| {
            word.text.eq_ignore_ascii_case(name)
                && (word.is_a_name || name.contains(['.', ':']) || is_no_word(name))
                || !is_envelope
                    && word.text.eq_ignore_ascii_case(last)
                    && (word.is_a_name || is_no_word(last))
        });
        if meant && !(is_envelope && name == last) {
            found.insert(name);
        }
    }
    // A part says more than the whole: `emails.value` than `emails`.
    let is_parent = |name: &str| {
        found.iter().any(|other| other.strip_prefix(name).is_some_and(|rest| rest.starts_with(['.', ':'])))
    };
    let mut found = found.iter().filter(|name| !is_parent(name));
    let only = found.next()?;
    found.next().is_none().then(|| (*only).to_owned())
}

/// A word of a reason.
struct Word<'a> {
    text: &'a str,
    /// Whether it is quoted, or stands beside a noun that makes a name of it.
    is_a_name: bool,
}

fn words(reason: &str) -> Vec<Word<'_>> {
    let part = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | ':' | '$' | '-');
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut rest = reason;
    while let Some(start) = rest.find(part) {
        let end = rest[start..].find(|letter| !part(letter)).map_or(rest.len(), |len| start + len);
        let quoted = |letter: Option<char>| letter.is_some_and(|letter| "'\"`’‘“”[]".contains(letter));
        let is_quoted = quoted(rest[..start].chars().next_back()) && quoted(rest[end..].chars().next());
        let text = rest[start..end].trim_matches(['.', ':', '-']);
        if !text.is_empty() {
            words.push(Word { text, is_a_name: is_quoted });
        }
        rest = &rest[end..];
    }
    let nouns: Vec<bool> =
        words.iter().map(|word| NOUNS.iter().any(|noun| noun.eq_ignore_ascii_case(word.text))).collect();
    for place in 0..words.len() {
        let before = place > 0 && nouns[place - 1];
        let after = nouns.get(place + 1).copied().unwrap_or_default();
        words[place].is_a_name |= !nouns[place] && (before || after);
    }
    words
}

/// Whether it is no word that a sentence may have for its own sake: `nickName`, a URN.
fn is_no_word(name: &str) -> bool {
    name.contains([':', '_', '$']) || name.chars().skip(1).any(|letter| letter.is_ascii_uppercase())
}

/// The attributes that a body has, parts after a dot, those of extensions after their URN.
fn collect(value: &Value, before: &str, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                match (key.to_ascii_lowercase().as_str(), inner) {
                    ("op" | "schemas", _) if before.is_empty() => {}
                    ("path", Value::String(path)) if before.is_empty() => {
                        // What stands in brackets chooses among values.
                        let plain = path.split('[').next().unwrap_or_default();
                        let sub = path.rsplit_once(']').map_or("", |(_, sub)| sub);
                        names.insert(format!("{plain}{sub}"));
                    }
                    ("operations" | "value", _) if before.is_empty() => collect(inner, "", names),
                    _ => {
                        let separator = match before {
                            "" => "",
                            urn if urn.contains(':') && !urn.contains('.') || urn.ends_with("User") => ":",
                            _ => ".",
                        };
                        let name = format!("{before}{separator}{key}");
                        collect(inner, &name, names);
                        names.insert(name);
                    }
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, before, names)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::requirement::tests::story::{Story, patch_op};
    use crate::wire::Method;

    const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    fn of_creation(detail: &str) -> Option<String> {
        let sent = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
            "userName": "ada", "nickName": "a", "title": "Dr", "active": true, "name": {"givenName": "Ada"},
            "emails": [{"value": "a@b.c", "type": "work", "primary": true}], (ENTERPRISE): {"department": "D"}
        });
        let answer = json!({"status": "400", "detail": detail});
        blamed(&Story::exchange(Method::Post, "/Users", Some(&sent), 400, Some(&answer)))
    }

    #[test]
    fn one_attribute_that_is_named() {
        let department = format!("{ENTERPRISE}:department");
        for (detail, name) in [
            ("Unknown attribute: nickName", "nickName"),
            ("nickname is not supported", "nickName"),
            ("Attribute 'title' is read-only", "title"),
            ("unrecognized field \"active\" (class Person)", "active"),
            ("The title attribute is too long.", "title"),
            ("name.givenName must not be empty", "name.givenName"),
            ("givenName: required", "name.givenName"),
            ("emails.type is not one of home", "emails.type"),
            (&format!("{department} is unknown"), &department),
            ("`department` is no attribute of ours", &department),
        ] {
            assert_eq!(of_creation(detail).as_deref(), Some(name), "{detail}");
        }
    }

    #[test]
    fn none_where_nobody_can_say() {
        for detail in [
            "because",
            "The title of this page is Error",
            "Bad value",
            "userName and nickName cannot both be set",
            "The attribute favouriteColour is unknown",
            "schemas is invalid",
            "Unknown type",
            &format!("{} nickName", "long ".repeat(200)),
        ] {
            assert_eq!(of_creation(detail), None, "{detail}");
        }
        let sent = json!({"nickName": "a"});
        let taken =
            Story::exchange(Method::Post, "/Users", Some(&sent), 201, Some(&json!({"detail": "nickName"})));
        assert_eq!(blamed(&taken), None);
    }

    #[test]
    fn of_a_patch_the_path_or_the_key() {
        for (operation, message, name) in [
            (json!({"op": "Replace", "path": "nickName", "value": "a"}), "nickName!", "nickName"),
            (json!({"op": "replace", "value": {"nickName": "a", "title": "b"}}), "nickName!", "nickName"),
            (
                json!({"op": "add", "path": "phoneNumbers[type eq \"fax\"].value", "value": "1"}),
                "no such field: phoneNumbers.value",
                "phoneNumbers.value",
            ),
        ] {
            let sent = patch_op(&json!([operation]));
            let answer = json!({"message": message});
            let exchange = Story::exchange(Method::Patch, "/Users/1", Some(&sent), 400, Some(&answer));
            assert_eq!(blamed(&exchange).as_deref(), Some(name), "{operation}");
        }
    }
}
