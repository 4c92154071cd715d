//! Text with `{{ people.ada.id }}` in it: literal targets, headers and bodies.

use crate::diag::At;
use crate::wire::message::encode;

/// A text with holes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Hole(Variable, Letters),
}

/// In which letters a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Letters {
    AsTheyAre,
    Upper,
    Lower,
}

impl Letters {
    fn write(self, value: String) -> String {
        match self {
            Self::AsTheyAre => value,
            Self::Upper => value.to_uppercase(),
            Self::Lower => value.to_lowercase(),
        }
    }
}

/// What a hole stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Variable {
    /// A person's field: `people.ada.id`.
    Person(String, PersonField),
    /// A group's field: `groups.acme.id`.
    Group(String, GroupField),
    /// What an earlier request kept of its answer: `kept.id`.
    Kept(String),
}

/// A person's fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonField {
    /// The endpoint's id, as the IdP client linked it.
    Id,
    /// The login name.
    UserName,
    /// The e-mail address.
    Email,
    /// The first name.
    GivenName,
    /// The last name.
    FamilyName,
    /// The name to show.
    DisplayName,
}

/// A group's fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupField {
    /// The endpoint's id, as the IdP client linked it.
    Id,
    /// The name.
    DisplayName,
}

/// What is wrong with a hole, and which characters of the text it spans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoleError {
    /// What is wrong.
    pub message: String,
    /// Offset in characters from the start of the text.
    pub start: usize,
    /// Length in characters.
    pub len: usize,
}

/// Where the rendered text goes, which decides how values are escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A request target: path segments before the `?`, filter literals in the query after it.
    Target,
    /// A JSON text: values stand inside strings.
    Json,
    /// The value of a header, as it is.
    Header,
}

impl Template {
    /// Reads a text.
    pub fn parse(text: &str) -> Result<Self, HoleError> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find("{{") {
            let (before, hole) = rest.split_at(open);
            // Only where it is asked for: a text may have as many holes as it has letters.
            let start = || text[..text.len() - hole.len()].chars().count();
            let close = hole.find("}}").ok_or_else(|| HoleError {
                message: "`{{` is never closed".to_owned(),
                start: start(),
                len: hole.chars().take_while(|character| *character != '\n').count(),
            })?;
            let (variable, letters) = parse_hole(hole[2..close].trim()).map_err(|message| HoleError {
                message,
                start: start(),
                len: hole[..close + 2].chars().count(),
            })?;
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(Part::Hole(variable, letters));
            rest = &hole[close + 2..];
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self { parts })
    }

    /// Whether it begins with that text.
    pub fn begins_with(&self, text: &str) -> bool {
        matches!(self.parts.first(), Some(Part::Text(first)) if first.starts_with(text))
    }

    /// What its holes stand for, in order.
    pub fn variables(&self) -> impl Iterator<Item = &Variable> {
        self.parts.iter().filter_map(|part| match part {
            Part::Hole(variable, _) => Some(variable),
            Part::Text(_) => None,
        })
    }

    /// Fills the holes. The first variable without a value is returned instead: what it names was never linked.
    pub fn render(
        &self,
        place: Place,
        value: impl Fn(&Variable) -> Option<String>,
    ) -> Result<String, &Variable> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Hole(variable, letters) => {
                    let value = letters.write(value(variable).ok_or(variable)?);
                    match place {
                        Place::Json => text.push_str(&encode::json_string(&value)),
                        Place::Header => text.push_str(&value),
                        Place::Target if text.contains('?') => {
                            text.push_str(&encode::query_percent(&encode::filter_literal(&value)));
                        }
                        Place::Target => text.push_str(&encode::path_segment(&value)),
                    }
                }
            }
        }
        Ok(text)
    }
}

/// A hole's inside: `people.ada.id`, `kept.id`, and behind a bar `upper` or `lower`.
fn parse_hole(text: &str) -> Result<(Variable, Letters), String> {
    let (variable, letters) = match text.split_once('|') {
        None => (text, Letters::AsTheyAre),
        Some((variable, letters)) => match letters.trim() {
            "upper" => (variable.trim(), Letters::Upper),
            "lower" => (variable.trim(), Letters::Lower),
            other => return Err(format!("`{other}` is neither `upper` nor `lower`")),
        },
    };
    Ok((parse_variable(variable)?, letters))
}

fn parse_variable(text: &str) -> Result<Variable, String> {
    if let Some(name) = text.strip_prefix("kept.").filter(|name| !name.contains('.')) {
        return Ok(Variable::Kept(name.trim().to_owned()));
    }
    let mut words = text.split('.').map(str::trim);
    let (Some(kind), Some(key), Some(field), None) = (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(format!("`{text}` does not have the form `people.ada.id` or `groups.acme.id`"));
    };
    match kind {
        "people" => {
            let field = match field {
                "id" => PersonField::Id,
                "userName" => PersonField::UserName,
                "email" => PersonField::Email,
                "givenName" => PersonField::GivenName,
                "familyName" => PersonField::FamilyName,
                "displayName" => PersonField::DisplayName,
                _ => {
                    return Err(format!(
                        "people have no `{field}`; use id, userName, email, givenName, familyName or displayName"
                    ));
                }
            };
            Ok(Variable::Person(key.to_owned(), field))
        }
        "groups" => {
            let field = match field {
                "id" => GroupField::Id,
                "displayName" => GroupField::DisplayName,
                _ => {
                    return Err(format!("groups have no `{field}`; use id or displayName"));
                }
            };
            Ok(Variable::Group(key.to_owned(), field))
        }
        _ => Err(format!("`{kind}` is neither `people` nor `groups`")),
    }
}

/// The place of a part of a YAML scalar: block scalars start on the line after their `|`.
pub(crate) fn place_in_scalar(source: &str, scalar: At, text: &str, start: usize, len: usize) -> At {
    let before: String = text.chars().take(start).collect();
    let line = before.matches('\n').count();
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
    let first = source.lines().nth(scalar.line.saturating_sub(1)).unwrap_or_default();
    let marker = first.chars().nth(scalar.column.saturating_sub(1));
    let block = marker.is_some_and(|character| matches!(character, '|' | '>'));
    // Some readers report the first character of the content instead of the marker.
    let starts_in_content = !block && text.contains('\n');
    if !block && !starts_in_content {
        let quoted = marker.is_some_and(|character| matches!(character, '"' | '\''));
        return At { line: scalar.line, column: scalar.column + column + usize::from(quoted), len };
    }
    let first_line = if block { scalar.line + 1 } else { scalar.line };
    let indent = source
        .lines()
        .skip(first_line - 1)
        .find(|line| !line.trim().is_empty())
        .map_or(0, |line| line.chars().take_while(|character| *character == ' ').count());
    At { line: first_line + line, column: indent + column + 1, len }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(variable: &Variable) -> Option<String> {
        match variable {
            Variable::Person(_, PersonField::UserName) => Some("o\"hara@example.com".to_owned()),
            Variable::Person(_, PersonField::Id) => Some("a/b".to_owned()),
            _ => None,
        }
    }

    #[test]
    fn a_value_is_escaped_for_where_it_stands() {
        let target = Template::parse(
            "/Users/{{ people.ada.id }}?filter=userName%20eq%20%22{{ people.ada.userName }}%22",
        )
        .unwrap();
        assert_eq!(
            target.render(Place::Target, value).unwrap(),
            "/Users/a%2Fb?filter=userName%20eq%20%22o%5C%22hara%40example.com%22"
        );
        let body = Template::parse(r#"{"userName":"{{people.ada.userName}}"}"#).unwrap();
        assert_eq!(body.render(Place::Json, value).unwrap(), r#"{"userName":"o\"hara@example.com"}"#);
    }

    #[test]
    fn letters_may_be_changed() {
        let target = Template::parse("/Users/{{ people.ada.id | upper }}/{{ people.ada.id|lower }}").unwrap();
        assert_eq!(target.render(Place::Target, value).unwrap(), "/Users/A%2FB/a%2Fb");
        assert!(Template::parse("{{ people.ada.id | loud }}").is_err());
    }

    #[test]
    fn what_was_never_linked_is_named() {
        let target = Template::parse("/Groups/{{ groups.acme.id }}").unwrap();
        assert_eq!(
            target.render(Place::Target, value),
            Err(&Variable::Group("acme".to_owned(), GroupField::Id))
        );
    }

    #[test]
    fn a_bad_hole_is_pointed_at() {
        let error = Template::parse("/Users/{{ people.ada }}").unwrap_err();
        assert_eq!((error.start, error.len), (7, 16));
        assert!(Template::parse("/Users/{{ people.ada.id").unwrap_err().message.contains("never closed"));
    }
}
