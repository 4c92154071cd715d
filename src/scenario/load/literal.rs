//! Reads literal requests: targets, bodies and expectations.

use indexmap::IndexMap;
use serde_json::Value;
use serde_saphyr::Spanned;

use crate::diag::{At, Diagnostic};
use crate::wire::{Key, Method};

use super::resolver::at;
use super::steps::Reader;
use crate::scenario::dto::{ConditionDto, ExpectDto, RequestDto, ScalarDto, Word};
use crate::scenario::model::expect::{Check, Condition, Expect};
use crate::scenario::model::literal::{Body, Kept, Literal};
use crate::scenario::model::template::{Template, Variable, place_in_scalar};
use crate::suggest::nearest;

impl Reader<'_> {
    pub(in crate::scenario) fn literal(&mut self, dto: RequestDto) -> Result<Literal, Diagnostic> {
        let send_at = at(&dto.send);
        let (method, target) = dto.send.value.split_once(' ').unwrap_or((&dto.send.value, ""));
        let method = Method::parse(method).ok_or_else(|| {
            self.error(
                At { len: method.chars().count(), ..send_at },
                format!("there is no method `{method}`"),
            )
            .help("write `send: PATCH /Groups/{{ groups.acme.id }}`")
        })?;
        if !target.starts_with('/') {
            return Err(self
                .error(send_at, "the target must start with `/`; it is relative to the SCIM base URL")
                .help("write `send: GET /Users?startIndex=1&count=1`"));
        }
        let target_start = dto.send.value.chars().count() - target.chars().count();
        let target = self.template(&dto.send, target, target_start)?;
        let body = self.body(dto.json.as_ref(), dto.text)?;
        let is_user = target.begins_with("/Users");
        let writes_literal_name =
            method.writes() && body.as_ref().is_some_and(|(_, names)| names.count(is_user));
        let body = body.map(|(body, _)| body);
        let expect = self.expect(dto.expect)?;
        let keep = self.keep(dto.keep)?;
        let key = self.key(dto.key.as_ref(), &dto.headers)?;
        let headers = dto.headers.into_iter().map(|(name, value)| {
            let template = self.template(&value, &value.value, 0)?;
            Ok((name, template))
        });
        let headers = headers.collect::<Result<_, Diagnostic>>()?;
        Ok(Literal { method, target, headers, key, body, expect, keep, writes_literal_name })
    }

    fn key(&self, key: Option<&Word>, headers: &IndexMap<String, Word>) -> Result<Key, Diagnostic> {
        let Some(word) = key else { return Ok(Key::Whole) };
        let names = Key::ALTERED.map(Key::as_str);
        let Some(key) = Key::ALTERED.into_iter().find(|key| key.as_str() == word.value) else {
            let error = self.error(at(word), format!("there is no form `{}` of a key", word.value));
            return Err(match nearest(&word.value, names) {
                Some(name) => error.help(format!("did you mean `{name}`?")),
                None => {
                    error.help(format!("the forms are {}", names.map(|name| format!("`{name}`")).join(", ")))
                }
            });
        };
        if headers.keys().any(|name| name.eq_ignore_ascii_case("authorization")) {
            let error = self.error(at(word), "a request with a header `Authorization` shows no key");
            return Err(error.help("write either `key` or the header"));
        }
        Ok(key)
    }

    /// Reads a body, and says whether it holds a name as it stands in the file.
    pub(in crate::scenario) fn body(
        &self,
        json: Option<&Word>,
        text: Option<Word>,
    ) -> Result<Option<(Body, LiteralNames)>, Diagnostic> {
        match (json, text) {
            (None, None) => Ok(None),
            (None, Some(text)) => Ok(Some((Body::Text(text.value), LiteralNames::default()))),
            (Some(word), None) => {
                let names = LiteralNames::of(&self.json(word, "the body")?);
                Ok(Some((Body::Json(self.template(word, &word.value, 0)?), names)))
            }
            (Some(_), Some(text)) => {
                Err(self.error(at(&text), "write the body either as `json` or as `text`"))
            }
        }
    }

    /// Reads JSON text, and points at what is no JSON.
    fn json(&self, word: &Word, what: &str) -> Result<Value, Diagnostic> {
        serde_json::from_str(&word.value).map_err(|error| {
            let start = offset(&word.value, error.line(), error.column());
            let place = place_in_scalar(&self.resolver.source.text, at(word), &word.value, start, 1);
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default().to_owned();
            self.error(place, format!("{what} is not JSON: {message}"))
        })
    }

    fn expect(&self, dto: ExpectDto) -> Result<Expect, Diagnostic> {
        let mut body = Vec::new();
        for (pointer, condition) in dto.body {
            let place = self.resolver.line(at(&condition));
            self.pointer(&pointer, place)?;
            body.push(Check { pointer, condition: self.condition(condition)?, at: place });
        }
        let right = dto.status.as_ref().map(|status| status.value.clone());
        let reference = match dto.reference {
            None => None,
            Some(reference) => {
                let place = self.resolver.line(at(&reference));
                if reference.value.reference.is_some() {
                    return Err(self.error(place, "`reference` cannot contain another `reference`"));
                }
                let narrower = self.expect(reference.value)?;
                if let (Some(right), Some((those, at))) = (&right, &narrower.status)
                    && let Some(other) = those.iter().find(|status| !right.contains(status))
                {
                    return Err(self.error(*at, format!("{other} is not one of the expected statuses")));
                }
                Some(Box::new(narrower))
            }
        };
        Ok(Expect {
            reference,
            status: dto.status.map(|status| {
                let place = self.resolver.list(at(&status));
                (status.value, place)
            }),
            scim_type: dto.scim_type.map(|word| (word.value.clone(), at(&word))),
            headers: dto
                .headers
                .into_iter()
                .map(|(name, value)| (name, value.value.clone(), at(&value)))
                .collect(),
            body,
        })
    }

    fn pointer(&self, pointer: &str, place: At) -> Result<(), Diagnostic> {
        if pointer.is_empty() || pointer.starts_with('/') {
            return Ok(());
        }
        Err(self
            .error(place, format!("`{pointer}` is not a JSON Pointer"))
            .help("write a pointer such as `/name/givenName` or `/Resources/0/id`"))
    }

    fn condition(&self, dto: Spanned<ConditionDto>) -> Result<Condition, Diagnostic> {
        let place = at(&dto);
        let scalar = |ScalarDto(value): ScalarDto| {
            let text = value.to_string();
            let word = Spanned::new(text, dto.referenced, dto.defined);
            self.template(&word, &word.value, 0).map_err(|error| Diagnostic { at: place, ..error })
        };
        let json = |word: &Word| {
            self.json(word, "the expected value")?;
            self.template(word, &word.value, 0)
        };
        Ok(match dto.value {
            ConditionDto::Filled => Condition::Filled,
            ConditionDto::Absent => Condition::Absent,
            ConditionDto::String => Condition::String,
            ConditionDto::Number => Condition::Number,
            ConditionDto::Boolean => Condition::Boolean,
            ConditionDto::Array => Condition::Array,
            ConditionDto::Equals(value) => Condition::Equals(scalar(value)?),
            ConditionDto::Differs(value) => Condition::Differs(scalar(value)?),
            ConditionDto::Json(text) => Condition::Equals(json(&text)?),
            ConditionDto::Has(text) => Condition::Has(json(&text)?),
            ConditionDto::Lacks(text) => Condition::Lacks(json(&text)?),
            ConditionDto::Length(length) => Condition::Length(length),
            ConditionDto::AtLeast(least) => Condition::AtLeast(least),
        })
    }

    fn keep(&mut self, dto: IndexMap<String, Word>) -> Result<Vec<Kept>, Diagnostic> {
        let mut keep = Vec::new();
        for (name, pointer) in dto {
            self.pointer(&pointer.value, at(&pointer))?;
            if !self.kept.contains(&name) {
                self.kept.push(name.clone());
            }
            keep.push(Kept { name, at: at(&pointer), pointer: pointer.value });
        }
        Ok(keep)
    }

    fn template(&self, word: &Word, text: &str, skipped: usize) -> Result<Template, Diagnostic> {
        let point = |start: usize, len: usize| {
            place_in_scalar(&self.resolver.source.text, at(word), &word.value, start + skipped, len)
        };
        let template = Template::parse(text)
            .map_err(|error| self.error(point(error.start, error.len), error.message))?;
        for variable in template.variables() {
            let (what, key, keys) = match variable {
                Variable::Person(key, _) => {
                    ("person", key, self.directory.people.iter().map(|person| &person.key).collect())
                }
                Variable::Group(key, _) => {
                    ("group", key, self.directory.groups.iter().map(|group| &group.key).collect())
                }
                Variable::Kept(key) => ("earlier `keep`", key, self.kept.iter().collect::<Vec<_>>()),
            };
            if !keys.contains(&key) {
                let start = text.find(&format!(".{key}")).map_or(0, |byte| text[..=byte].chars().count());
                let near = nearest(key, keys.into_iter().map(String::as_str));
                let near = near.map(|near| format!("did you mean `{near}`?"));
                return Err(self
                    .error(point(start, key.chars().count()), format!("there is no {what} `{key}`"))
                    .label(near.unwrap_or_default()));
            }
        }
        Ok(template)
    }
}

/// The offset in characters of a line and column that a JSON reader names.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize =
        text.split_inclusive('\n').take(line.saturating_sub(1)).map(|line| line.chars().count()).sum();
    before + column.saturating_sub(1)
}

/// Names that stand in a body as they are: no run token can make them unique.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::scenario) struct LiteralNames {
    /// By which somebody is found.
    found_by: bool,
    /// To be shown. A group is found by it, a user is not.
    shown: bool,
}

impl LiteralNames {
    /// Whether they count in a request about users, or about groups.
    fn count(self, is_user: bool) -> bool {
        self.found_by || (self.shown && !is_user)
    }

    fn of(body: &Value) -> Self {
        let Value::Object(map) = body else { return Self::default() };
        if let Some(Value::Array(operations)) = map.get("Operations") {
            return operations.iter().map(Self::of_operation).fold(Self::default(), Self::or);
        }
        // A person's name to show stands beside a login name wherever the request goes.
        let is_user = map.contains_key("userName");
        let all =
            map.iter().map(|(key, value)| Self::of_attribute(key, value)).fold(Self::default(), Self::or);
        Self { shown: all.shown && !is_user, ..all }
    }

    fn of_operation(operation: &Value) -> Self {
        let value = operation.get("value").unwrap_or(&Value::Null);
        match operation.get("path").and_then(Value::as_str) {
            Some(path) => Self::of_attribute(path, value),
            None => Self::of(value),
        }
    }

    fn of_attribute(name: &str, value: &Value) -> Self {
        let is_literal = is_literal(value);
        Self {
            found_by: is_literal && ["userName", "emails"].iter().any(|known| name.starts_with(known)),
            shown: is_literal && name.starts_with("displayName"),
        }
    }

    fn or(self, other: Self) -> Self {
        Self { found_by: self.found_by || other.found_by, shown: self.shown || other.shown }
    }
}

fn is_literal(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.contains("{{") && !text.is_empty(),
        Value::Array(items) => items.iter().any(|item| {
            let value = item.get("value").unwrap_or(item);
            value.as_str().is_some_and(|text| !text.contains("{{"))
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    }
}
