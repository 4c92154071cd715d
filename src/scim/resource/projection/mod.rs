//! Which attributes an answer has (RFC 7644 §3.4.2.5, §3.9; `returned` of RFC 7643 §7).

use serde_json::{Map, Value};

use crate::scim::attr_path::is_core;
use crate::scim::schema;
use crate::scim::schema::{AttributeDef, Returned};
use crate::scim::{AttrPath, ResourceKind, ScimError, ScimType, urn};

/// What a client wants to be returned, by `attributes` or `excludedAttributes`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Projection {
    wanted: Wanted,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum Wanted {
    #[default]
    Default,
    Only(Vec<AttrPath>),
    Without(Vec<AttrPath>),
}

impl Projection {
    /// Reads the two query parameters, lists separated by commas. An empty list counts as none.
    ///
    /// 400 `invalidValue` where both are given, which exclude each other; `invalidPath` where one is no list of attributes.
    pub fn parse(attributes: Option<&str>, excluded: Option<&str>) -> Result<Self, ScimError> {
        let read = |list: Option<&str>| -> Result<Vec<AttrPath>, ScimError> {
            let Some(list) = list else { return Ok(Vec::new()) };
            let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
            names.map(|name| AttrPath::parse(name).map_err(ScimError::from)).collect()
        };
        let (only, without) = (read(attributes)?, read(excluded)?);
        let wanted = match (only.is_empty(), without.is_empty()) {
            (true, true) => Wanted::Default,
            (false, true) => Wanted::Only(only),
            (true, false) => Wanted::Without(without),
            (false, false) => {
                let detail = "attributes and excludedAttributes cannot be combined";
                return Err(ScimError::bad_request(ScimType::InvalidValue, detail));
            }
        };
        Ok(Self { wanted })
    }

    /// Whether nothing is asked for: all that is returned by default is.
    pub fn is_default(&self) -> bool {
        self.wanted == Wanted::Default
    }

    /// Whether any part of a core attribute is returned: an endpoint need not compute what nobody wants, such as `members`.
    pub fn includes(&self, kind: ResourceKind, name: &str) -> bool {
        let path = AttrPath::of(name);
        let definition = schema::attribute(kind, &path);
        self.choice(None, name, definition) != Choice::Drop
    }

    /// Leaves in the resource what is returned: always what is returned always, never what is never.
    pub fn apply(&self, kind: ResourceKind, resource: &mut Value) {
        let Some(object) = resource.as_object_mut() else {
            return;
        };
        retain(object, |key, value| {
            if urn::is_urn(key) && value.is_object() {
                return self.extension(kind, key, value);
            }
            let definition = schema::attribute(kind, &AttrPath::of(key));
            self.attribute(None, key, definition, value)
        });
    }

    /// An extension; it goes where nothing is left of it.
    fn extension(&self, kind: ResourceKind, urn: &str, value: &mut Value) -> bool {
        let Some(object) = value.as_object_mut() else {
            return false;
        };
        let was_empty = object.is_empty();
        retain(object, |key, value| {
            let path = AttrPath { schema: Some(urn.to_owned()), name: key.to_owned(), sub: None };
            let definition = schema::attribute(kind, &path);
            self.attribute(Some(urn), key, definition, value)
        });
        !object.is_empty() || (was_empty && self.wanted == Wanted::Default)
    }

    fn attribute(
        &self,
        extension: Option<&str>,
        key: &str,
        definition: Option<&AttributeDef>,
        value: &mut Value,
    ) -> bool {
        let choice = self.choice(extension, key, definition);
        match &choice {
            Choice::Keep => {}
            Choice::Drop => return false,
            Choice::Only(_) | Choice::Without(_) if !is_complex(value) => {
                return matches!(choice, Choice::Without(_));
            }
            Choice::Only(subs) => each_object(value, &|name| is_among(subs, name)),
            Choice::Without(subs) => each_object(value, &|name| !is_among(subs, name)),
        }
        true
    }

    fn choice(&self, extension: Option<&str>, key: &str, definition: Option<&AttributeDef>) -> Choice<'_> {
        let returned = definition.map_or(Returned::Default, |def| def.returned);
        match returned {
            Returned::Always => return Choice::Keep,
            Returned::Never => return Choice::Drop,
            Returned::Default | Returned::Request => {}
        }
        let named = |paths: &'_ [AttrPath]| -> Option<Named> { Named::of(paths, extension, key) };
        match &self.wanted {
            Wanted::Default | Wanted::Without(_) if returned == Returned::Request => Choice::Drop,
            Wanted::Default => Choice::Keep,
            Wanted::Only(paths) => match named(paths) {
                None => Choice::Drop,
                Some(Named::Whole) => Choice::Keep,
                Some(Named::Subs) => Choice::Only(subs(paths, extension, key)),
            },
            Wanted::Without(paths) => match named(paths) {
                None => Choice::Keep,
                Some(Named::Whole) => Choice::Drop,
                Some(Named::Subs) => Choice::Without(subs(paths, extension, key)),
            },
        }
    }
}

#[derive(PartialEq)]
enum Choice<'a> {
    Keep,
    Drop,
    Only(Vec<&'a str>),
    Without(Vec<&'a str>),
}

/// How a list of paths names an attribute.
enum Named {
    Whole,
    Subs,
}

impl Named {
    fn of(paths: &[AttrPath], extension: Option<&str>, key: &str) -> Option<Self> {
        let mut subs = None;
        for path in paths.iter().filter(|path| leads_to(path, extension, key)) {
            if path.sub.is_none() {
                return Some(Self::Whole);
            }
            subs = Some(Self::Subs);
        }
        subs
    }
}

fn subs<'a>(paths: &'a [AttrPath], extension: Option<&str>, key: &str) -> Vec<&'a str> {
    paths
        .iter()
        .filter(|path| leads_to(path, extension, key))
        .filter_map(|path| path.sub.as_deref())
        .collect()
}

/// Whether the path names the attribute or a part of it, or the whole schema to which it belongs.
fn leads_to(path: &AttrPath, extension: Option<&str>, key: &str) -> bool {
    let same_name = path.name.eq_ignore_ascii_case(key);
    match (path.schema.as_deref(), extension) {
        (Some(schema), Some(urn)) => schema.eq_ignore_ascii_case(urn) && same_name,
        (Some(schema), None) => is_core(schema) && same_name,
        (None, Some(urn)) => {
            path.name.eq_ignore_ascii_case(urn)
                || (same_name && schema::extension_of(key).is_some_and(|of| of.eq_ignore_ascii_case(urn)))
        }
        (None, None) => same_name || is_core(&path.name),
    }
}

fn is_among(names: &[&str], name: &str) -> bool {
    names.iter().any(|each| each.eq_ignore_ascii_case(name))
}

fn is_complex(value: &Value) -> bool {
    match value {
        Value::Object(_) => true,
        Value::Array(values) => values.iter().all(Value::is_object),
        _ => false,
    }
}

fn each_object(value: &mut Value, keep: &dyn Fn(&str) -> bool) {
    match value {
        Value::Array(values) => {
            for value in values.iter_mut() {
                each_object(value, keep);
            }
            values.retain(|value| value.as_object().is_none_or(|object| !object.is_empty()));
        }
        Value::Object(object) => retain(object, |key, _| keep(key)),
        _ => {}
    }
}

/// Keeps some members in their order.
fn retain(object: &mut Map<String, Value>, keep: impl FnMut(&str, &mut Value) -> bool) {
    let mut keep = keep;
    object.retain(|key, value| keep(key, value));
}

#[cfg(test)]
mod tests;
