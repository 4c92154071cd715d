//! Operations applied to a resource.

use serde_json::{Map, Value, json};

use super::change::Change;
use super::request::at;
use super::target::{AttributeTarget, Target};
use super::{Op, Operation, PatchRequest};
use crate::scim::resource::attribute::{get, get_mut, remove, set};
use crate::scim::resource::put::is_schema;
use crate::scim::{AttrPath, Leniency, Path, ResourceKind, ScimError, ScimType};

impl PatchRequest {
    /// Applies all operations one after the other, or none: an error leaves the resource as it was.
    ///
    /// Says whether the resource has changed. 400 with `noTarget`, `mutability`, `invalidValue`, `invalidPath` or
    /// `invalidSyntax` as RFC 7644 §3.5.2 has them.
    pub fn apply(
        &self,
        kind: ResourceKind,
        resource: &mut Value,
        leniency: &Leniency,
    ) -> Result<bool, ScimError> {
        let mut patched = resource.clone();
        for (index, operation) in self.operations.iter().enumerate() {
            Patch { kind, leniency }.operation(operation, &mut patched).map_err(|error| at(index, error))?;
        }
        Ok(commit(resource, patched))
    }
}

impl Operation {
    /// Applies this operation alone; see [`PatchRequest::apply`].
    pub fn apply(
        &self,
        kind: ResourceKind,
        resource: &mut Value,
        leniency: &Leniency,
    ) -> Result<bool, ScimError> {
        let mut patched = resource.clone();
        self.apply_in_place(kind, &mut patched, leniency)?;
        Ok(commit(resource, patched))
    }

    /// Applies this operation to a resource that is thrown away where it fails: an error may leave a part of it.
    pub(crate) fn apply_in_place(
        &self,
        kind: ResourceKind,
        resource: &mut Value,
        leniency: &Leniency,
    ) -> Result<(), ScimError> {
        Patch { kind, leniency }.operation(self, resource)
    }
}

fn commit(resource: &mut Value, patched: Value) -> bool {
    let changed = *resource != patched;
    if changed {
        *resource = patched;
    }
    changed
}

#[derive(Clone, Copy)]
struct Patch<'a> {
    kind: ResourceKind,
    leniency: &'a Leniency,
}

type Done = Result<(), ScimError>;

impl Patch<'_> {
    fn operation(self, operation: &Operation, resource: &mut Value) -> Done {
        let value = operation.value.as_ref();
        match &operation.path {
            Some(path) => self.at_path(operation.op, path, value, resource),
            None => self.pathless(operation.op, value, resource),
        }
    }

    /// An explicit path to what is read-only is refused, whatever the leniency.
    fn at_path(self, op: Op, path: &Path, value: Option<&Value>, resource: &mut Value) -> Done {
        match Target::of(path, self.kind, resource, self.leniency)? {
            Target::Resource => self.pathless(op, value, resource),
            Target::Extension(urn) => self.extension(op, &urn, value, resource),
            Target::Attribute(target) if target.is_read_only() => Err(target.mutability("is read-only")),
            Target::Attribute(target) => self.attribute(op, &target, value, resource),
        }
    }

    /// The value's keys are the attributes.
    fn pathless(self, op: Op, value: Option<&Value>, resource: &mut Value) -> Done {
        let Some(Value::Object(attributes)) = value else {
            let detail = format!("{} without a path needs an object as its value", op.as_str());
            return Err(ScimError::bad_request(ScimType::InvalidValue, detail));
        };
        for (key, value) in attributes {
            if key.eq_ignore_ascii_case("schemas") {
                // A client that repeats the schemas does not mean to take one away.
                self.at_path(Op::Add, &Path::attribute(AttrPath::of("schemas")), Some(value), resource)?;
                continue;
            }
            self.member(op, &self.key(key)?, value, resource)?;
        }
        Ok(())
    }

    /// One member of an object that holds attributes. What is read-only there may be an echo of what the endpoint said.
    fn member(self, op: Op, path: &Path, value: &Value, resource: &mut Value) -> Done {
        match Target::of(path, self.kind, resource, self.leniency)? {
            Target::Resource => self.pathless(op, Some(value), resource),
            Target::Extension(urn) => self.extension(op, &urn, Some(value), resource),
            Target::Attribute(target) if target.is_read_only() => {
                if self.leniency.read_only_ignored {
                    Ok(())
                } else {
                    Err(target.mutability("is read-only"))
                }
            }
            Target::Attribute(target) => self.attribute(op, &target, Some(value), resource),
        }
    }

    /// The path that a key of a pathless value is: an attribute, an extension's URN, or under leniency any path.
    fn key(self, key: &str) -> Result<Path, ScimError> {
        let plain = Path::attribute(AttrPath::of(key));
        match Path::parse(key, self.leniency) {
            Ok(path) if path == plain || self.leniency.path_keys => Ok(path),
            Err(_) if self.leniency.unknown_attributes => Ok(plain),
            Ok(_) | Err(_) => {
                let detail = format!("{key:?} is not an attribute");
                Err(ScimError::bad_request(ScimType::InvalidSyntax, detail))
            }
        }
    }

    /// A whole extension.
    fn extension(self, op: Op, urn: &str, value: Option<&Value>, resource: &mut Value) -> Done {
        match (op, value) {
            (Op::Remove, _) | (Op::Replace, Some(Value::Null)) => {
                remove(resource, urn);
                Ok(())
            }
            (Op::Add, Some(Value::Null)) => Ok(()),
            (_, Some(Value::Object(attributes))) => {
                for (key, value) in attributes {
                    let path = Path::attribute(AttrPath {
                        schema: Some(urn.to_owned()),
                        name: key.clone(),
                        sub: None,
                    });
                    self.member(op, &path, value, resource)?;
                }
                Ok(())
            }
            _ => Err(ScimError::bad_request(
                ScimType::InvalidValue,
                format!("the extension {urn} needs an object as its value"),
            )),
        }
    }

    /// An attribute, in the resource or in its extension.
    fn attribute(
        self,
        op: Op,
        target: &AttributeTarget<'_>,
        value: Option<&Value>,
        resource: &mut Value,
    ) -> Done {
        let Some(urn) = target.extension.as_deref() else {
            self.within(op, target, value, resource)?;
            if target.name == "schemas" {
                let mut named = get(resource, "schemas").and_then(Value::as_array).into_iter().flatten();
                if let Some(unknown) = named.find(|named| !is_schema(self.kind, named, self.leniency)) {
                    let detail = format!("{unknown} is not a schema of a {}", self.kind.name());
                    return Err(ScimError::bad_request(ScimType::InvalidValue, detail));
                }
                // Whatever becomes of the list, the core schema stays on it.
                declare(resource, self.kind.schema());
            }
            return Ok(());
        };
        let present = get(resource, urn).is_some_and(Value::is_object);
        let mut blank = json!({});
        let container = match get_mut(resource, urn) {
            Some(container) if present => container,
            _ => &mut blank,
        };
        self.within(op, target, value, container)?;
        let empty = container.as_object().is_some_and(Map::is_empty);
        if empty {
            remove(resource, urn);
        } else {
            if !present {
                set(resource, urn, blank);
            }
            declare(resource, urn);
        }
        Ok(())
    }

    /// An attribute of the object.
    fn within(self, op: Op, target: &AttributeTarget<'_>, value: Option<&Value>, object: &mut Value) -> Done {
        let change = Change { op, target, value, leniency: self.leniency };
        if target.filter.is_none() && target.sub.is_none() {
            change.whole(object)
        } else {
            change.part(object)
        }
    }
}

/// Lists the extension in `schemas`, where the resource has such a list (RFC 7643 §3).
fn declare(resource: &mut Value, urn: &str) {
    if let Some(Value::Array(schemas)) = get_mut(resource, "schemas") {
        let listed = schemas.iter().filter_map(Value::as_str).any(|schema| schema.eq_ignore_ascii_case(urn));
        if !listed {
            schemas.push(json!(urn));
        }
    }
}

#[cfg(test)]
mod tests;
