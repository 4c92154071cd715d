//! What is wrong with an answer, as commands of the script and in words.

use serde_json::Value;

use crate::requirement::Clue;

use super::weave::{Loom, quoted};

/// The command that holds where the clue does.
pub(super) fn command(clue: &Clue, loom: &Loom) -> String {
    let value = |value: &Value| loom.word(&value.to_string());
    let optional = |name: &str, at: &str, expected: &Option<Value>| match expected {
        Some(expected) => format!("{name} {} {}", place(at), value(expected)),
        None => format!("{name} {}", place(at)),
    };
    let words = |values: &[String]| values.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(" ");
    match clue {
        Clue::StatusIn { values } => format!("status_in {}", words(values)),
        Clue::StatusNotIn { values } => format!("status_not_in {}", words(values)),
        Clue::There { at, value } => optional("there", at, value),
        Clue::Missing { at, value } => optional("missing", at, value),
        Clue::Other { at, value: right, ignoring_case } => {
            let flag = if *ignoring_case { " -i" } else { "" };
            format!("other {} {}{flag}", place(at), value(right))
        }
        Clue::NotA { at, value } => format!("not_a {} {}", place(at), quoted(value)),
        Clue::Twice { at } => format!("twice {}", place(at)),
        Clue::SameAs { at, exchange } => format!("same_as {} {exchange}", place(at)),
        Clue::ChangedSince { at, exchange } => format!("changed_since {} {exchange}", place(at)),
        Clue::MoreThan { at, value } => format!("more_than {} {value}", place(at)),
        Clue::LessThan { at, value } => format!("less_than {} {value}", place(at)),
        Clue::Values { value } => format!("values_are {value}"),
        Clue::Unlike { at, value } => format!("unlike {} {}", place(at), place(value)),
        Clue::Text { at, value } => format!("has_text {} {}", place(at), loom.word(value)),
        Clue::NoText { at, value } => format!("no_text {} {}", place(at), loom.word(value)),
        Clue::NotJson => "not_json".to_owned(),
    }
}

/// What is wrong, in words that follow "wrong is that".
pub(super) fn says(clue: &Clue) -> String {
    let or = |values: &[String]| values.join(" or ");
    match clue {
        Clue::StatusIn { values } if values.iter().any(|status| status == "000") => {
            "there is no whole answer".to_owned()
        }
        Clue::StatusIn { values } => format!("the status is {}", or(values)),
        Clue::StatusNotIn { values } => format!("the status is not {}", or(values)),
        Clue::There { at, value: Some(value) } => format!("`{}` is {value}", shown(at)),
        Clue::There { at, value: None } => format!("`{}` is there", shown(at)),
        Clue::Missing { at, value: Some(value) } => format!("`{}` is not {value}", shown(at)),
        Clue::Missing { at, value: None } => format!("`{}` is missing", shown(at)),
        Clue::Other { at, value, .. } => format!("`{}` is something other than {value}", shown(at)),
        Clue::NotA { at, value } => format!("`{}` is not a {value}", shown(at)),
        Clue::Twice { at } => format!("`{}` has a value twice", shown(at)),
        Clue::SameAs { at, .. } => format!("`{}` is as it was before", shown(at)),
        Clue::ChangedSince { at, .. } => format!("`{}` has changed", shown(at)),
        Clue::MoreThan { at, value } => format!("`{}` is there more than {value} times", shown(at)),
        Clue::LessThan { at, value } => format!("`{}` is less than {value}", shown(at)),
        Clue::Values { value } => format!("there are {value} values"),
        Clue::Unlike { at, value } => format!("`{}` and `{}` differ", shown(at), shown(value)),
        Clue::Text { at, .. } => format!("the {} repeats what was sent", shown(at)),
        Clue::NoText { at, value } => format!("`{}` does not have {value} in it", shown(at)),
        Clue::NotJson => "the body is not JSON".to_owned(),
    }
}

/// A place as people write it: `members.value`.
fn shown(at: &str) -> String {
    let path = at.strip_prefix("body/").unwrap_or(at);
    let words: Vec<&str> = path.split('/').filter(|word| !matches!(*word, "*" | "**")).collect();
    match words.as_slice() {
        ["header", name] => (*name).to_owned(),
        _ if words.is_empty() => "body".to_owned(),
        words => words.join("."),
    }
}

/// A place as a basic regular expression.
fn place(at: &str) -> String {
    let mut pattern = String::new();
    let (path, below) = match at.strip_suffix("/**") {
        Some(path) => (path, "\\(/.*\\)*"),
        None => (at, ""),
    };
    for (index, word) in path.split('/').enumerate() {
        if index > 0 {
            pattern.push('/');
        }
        if word == "*" {
            pattern.push_str("[^/]*");
        } else {
            word.chars().for_each(|letter| {
                if ".[]*^$\\|".contains(letter) {
                    // A bracket expression takes all of them for themselves but these.
                    let (before, after) = if matches!(letter, '^' | '\\') { ("\\", "") } else { ("[", "]") };
                    pattern.extend([before, letter.encode_utf8(&mut [0; 4]), after]);
                } else {
                    pattern.push(letter);
                }
            });
        }
    }
    quoted(&(pattern + below))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_pattern_of_itself() {
        for (at, wanted) in [
            ("status", "status"),
            ("body/members/*/value", "body/members/[^/]*/value"),
            ("body/members/**", r"body/members\(/.*\)*"),
            ("body/urn:x:2.0:User/a", "body/urn:x:2[.]0:User/a"),
        ] {
            let word = place(at);
            assert_eq!(shlex::split(word.as_str()), Some(vec![wanted.to_owned()]));
        }
    }

    #[test]
    fn people_are_told_in_their_words() {
        assert_eq!(says(&Clue::there("body/active", true)), "`active` is true");
        assert_eq!(says(&Clue::missing("body/members/*/value", "7")), "`members.value` is not \"7\"");
        assert_eq!(says(&Clue::refused()), "the status is not 2xx");
        assert_eq!(says(&Clue::none("header/location")), "`location` is missing");
    }
}
