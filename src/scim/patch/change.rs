//! One operation on one attribute: the whole of it, or the part that a filter or a sub-attribute selects.

use serde_json::{Value, json};

use super::Op;
use super::target::AttributeTarget;
use crate::scim::filter::Literal;
use crate::scim::resource::attribute::{get, get_mut, is_unassigned, remove, set};
use crate::scim::resource::coerce::Coercion;
use crate::scim::resource::values::{Listed, is_label, is_label_only, merge, settle_primary, union};
use crate::scim::schema::{AttributeDef, Mutability};
use crate::scim::{Leniency, ScimError, ScimType};

type Done = Result<(), ScimError>;

/// One change of one attribute.
pub(super) struct Change<'a> {
    pub(super) op: Op,
    pub(super) target: &'a AttributeTarget<'a>,
    pub(super) value: Option<&'a Value>,
    pub(super) leniency: &'a Leniency,
}

impl Change<'_> {
    fn coercion(&self) -> Coercion<'_> {
        Coercion {
            leniency: self.leniency,
            ignore_read_only: self.leniency.read_only_ignored,
            keep_nulls: true,
        }
    }

    /// The attribute as a whole.
    pub(super) fn whole(&self, object: &mut Value) -> Done {
        let (name, definition) = (self.target.name.as_str(), self.target.definition);
        let present = get(object, name);
        let value = self.value.unwrap_or(&Value::Null);
        let multi = match definition {
            Some(definition) => definition.multi_valued,
            // What no schema knows is kept as it came: only adding has to know what it adds to.
            None if self.op == Op::Replace => false,
            None => present.is_some_and(Value::is_array) || value.is_array(),
        };
        if self.op == Op::Remove {
            return if multi && !value.is_null() {
                self.remove_listed(object, value)
            } else {
                self.unassign(object)
            };
        }
        // A null takes a sub-attribute away from the one value of a complex attribute. In a list there is nothing to take it from.
        let coercion = Coercion { keep_nulls: !multi, ..self.coercion() };
        let new = coercion.attribute(definition, value)?;
        if self.target.is_required() && new.as_str() == Some("") {
            let detail = format!("\"{name}\" is required, and cannot be empty");
            return Err(ScimError::bad_request(ScimType::InvalidValue, detail));
        }
        match new {
            Value::Null if self.op == Op::Add => Ok(()),
            Value::Null => self.unassign(object),
            new if multi => {
                let mut new = match new {
                    Value::Array(new) => new,
                    single => vec![single],
                };
                // What a schema knows was left out already.
                if definition.is_none() {
                    new.retain(|value| !is_unassigned(value));
                    if new.is_empty() {
                        return Ok(());
                    }
                }
                self.whole_values(object, new)
            }
            Value::Object(new) => {
                // RFC 7644 §3.5.2.3: sub-attributes that are not given are left unchanged.
                let mut merged = match present {
                    Some(present @ Value::Object(_)) => present.clone(),
                    _ => json!({}),
                };
                merge(&mut merged, new);
                self.store(object, merged)
            }
            new => {
                self.check_immutable(definition, present, &new)?;
                self.store(object, new)
            }
        }
    }

    /// All values of a multi-valued attribute, replaced or added to.
    fn whole_values(&self, object: &mut Value, new: Vec<Value>) -> Done {
        let mut values = match self.op {
            Op::Add => take_array(object, &self.target.name),
            Op::Replace | Op::Remove => Vec::new(),
        };
        let touched = union(self.target.definition, &mut values, new);
        settle_primary(&mut values, &touched);
        self.store(object, Value::Array(values))
    }

    /// `remove` with a list: only what is listed goes, and an empty list takes nothing.
    fn remove_listed(&self, object: &mut Value, listed: &Value) -> Done {
        if !self.leniency.remove_by_value {
            let detail = "a remove takes no value: select the values with a filter in the path";
            return Err(ScimError::bad_request(ScimType::InvalidSyntax, detail));
        }
        let listed = Listed::of(match listed {
            Value::Array(listed) => listed.as_slice(),
            single => std::slice::from_ref(single),
        });
        let definition = self.target.definition;
        let mut values = take_array(object, &self.target.name);
        values.retain(|value| !listed.has(definition, value));
        self.store(object, Value::Array(values))
    }

    /// A sub-attribute, or the values that a filter selects.
    pub(super) fn part(&self, object: &mut Value) -> Done {
        let (name, definition) = (self.target.name.as_str(), self.target.definition);
        let present = get(object, name);
        let multi = match (definition, present) {
            (Some(definition), _) => definition.multi_valued,
            (None, Some(present)) => present.is_array(),
            (None, None) => self.target.filter.is_some(),
        };
        let mut values = take_array(object, name);
        let selected: Vec<usize> = match self.target.filter {
            None => (0..values.len()).collect(),
            Some(filter) => (0..values.len())
                .filter(|&index| filter.matches_element(definition, &values[index]))
                .collect(),
        };
        if self.op == Op::Remove || self.unassigns() {
            self.remove_selected(&mut values, &selected)?;
        } else if selected.is_empty() {
            if let Some(value) = self.created()? {
                let touched = union(definition, &mut values, vec![value]);
                settle_primary(&mut values, &touched);
            }
        } else {
            for &index in &selected {
                self.write(&mut values[index])?;
            }
            settle_primary(&mut values, &selected);
        }
        let stored = if multi { Value::Array(values) } else { values.pop().unwrap_or(Value::Null) };
        self.store(object, stored)
    }

    /// Whether the operation is a `replace` by nothing.
    fn unassigns(&self) -> bool {
        self.op == Op::Replace && self.value.is_none_or(Value::is_null)
    }

    /// The selected positions are in order.
    fn remove_selected(&self, values: &mut Vec<Value>, selected: &[usize]) -> Done {
        let mut index = 0;
        let Some(sub) = &self.target.sub else {
            values.retain(|_| {
                index += 1;
                selected.binary_search(&(index - 1)).is_err()
            });
            return Ok(());
        };
        for &index in selected {
            self.check_immutable(sub.definition, get(&values[index], &sub.name), &Value::Null)?;
            remove(&mut values[index], &sub.name);
        }
        values.retain(|value| {
            index += 1;
            is_label(&sub.name) || selected.binary_search(&(index - 1)).is_err() || !is_label_only(value)
        });
        Ok(())
    }

    /// Writes the operation's value into one of the attribute's values.
    fn write(&self, into: &mut Value) -> Done {
        let value = self.value.unwrap_or(&Value::Null);
        if let Some(sub) = &self.target.sub {
            let new = self.coercion().attribute(sub.definition, value)?;
            if new.is_null() {
                return Ok(());
            }
            if !into.is_object() {
                *into = json!({ "value": into.take() });
            }
            self.check_immutable(sub.definition, get(into, &sub.name), &new)?;
            set(into, &sub.name, new);
            return Ok(());
        }
        let new = self.element(value)?;
        if self.op == Op::Replace {
            *into = self.selected_by().unwrap_or_else(|| json!({}));
        }
        match new {
            Value::Object(new) if into.is_object() => merge(into, new),
            other => *into = other,
        }
        Ok(())
    }

    /// The operation's value as one value of the attribute.
    fn element(&self, value: &Value) -> Result<Value, ScimError> {
        match self.coercion().attribute(self.target.definition, value)? {
            Value::Array(mut values) if values.len() <= 1 => Ok(values.pop().unwrap_or_else(|| json!({}))),
            Value::Array(_) => Err(ScimError::bad_request(
                ScimType::InvalidValue,
                format!("the path into \"{}\" takes a single value", self.target.name),
            )),
            single => Ok(single),
        }
    }

    /// The value that is made where the path selects none: `emails[type eq "work"].value` makes `{"type": "work", …}`.
    ///
    /// RFC 7644 §3.5.2.3 answers `noTarget` to a `replace` whose filter selects nothing, which Entra does not expect.
    fn created(&self) -> Result<Option<Value>, ScimError> {
        let value = self.value.unwrap_or(&Value::Null);
        if is_unassigned(value) {
            return Ok(None);
        }
        let blank = match self.target.filter {
            None => Some(json!({})),
            Some(_) if self.op == Op::Replace && !self.leniency.value_path_creates => None,
            Some(_) => self.selected_by(),
        };
        let Some(mut created) = blank else {
            let detail = format!("the path selects no value of \"{}\"", self.target.name);
            return Err(ScimError::bad_request(ScimType::NoTarget, detail));
        };
        self.write(&mut created)?;
        Ok(Some(created))
    }

    /// What the filter says about the values that it selects, where it says so by equality.
    fn selected_by(&self) -> Option<Value> {
        let mut value = json!({});
        let Some(filter) = self.target.filter else {
            return Some(value);
        };
        for (path, literal) in filter.equalities()? {
            let definition = self.target.definition.and_then(|def| def.sub(&path.name));
            let said = match literal {
                Literal::Null => continue,
                Literal::Bool(flag) => json!(flag),
                Literal::Number(number) => json!(number),
                Literal::String(text) => json!(text),
            };
            let said = self.coercion().attribute(definition, &said).ok()?;
            set(&mut value, definition.map_or(&path.name, |def| &def.name), said);
        }
        Some(value)
    }

    /// Stores the attribute; one that says nothing is unassigned (RFC 7643 §2.5).
    fn store(&self, object: &mut Value, value: Value) -> Done {
        let empty = match &value {
            Value::Null => true,
            Value::Array(values) => values.is_empty(),
            Value::Object(members) => members.is_empty(),
            _ => false,
        };
        let unassigned = self.leniency.empty_value_unassigns
            && self.target.definition.is_some_and(|def| !def.multi_valued && def.sub("value").is_some())
            && get(&value, "value").is_some_and(is_unassigned);
        if empty || unassigned {
            return self.unassign(object);
        }
        set(object, &self.target.name, value);
        Ok(())
    }

    fn unassign(&self, object: &mut Value) -> Done {
        if self.target.is_required() {
            return Err(self.target.mutability("is required, and cannot be removed"));
        }
        remove(object, &self.target.name);
        Ok(())
    }

    fn check_immutable(
        &self,
        definition: Option<&AttributeDef>,
        present: Option<&Value>,
        new: &Value,
    ) -> Done {
        let immutable = definition.is_some_and(|def| def.mutability == Mutability::Immutable);
        if immutable && present.is_some_and(|present| present != new) {
            return Err(self.target.mutability("is immutable"));
        }
        Ok(())
    }
}

/// The values of an attribute: an array's, or the one there is. They are taken out, to be stored again: operations work on
/// a copy of the resource, and a large group must not be copied for each.
fn take_array(object: &mut Value, name: &str) -> Vec<Value> {
    match get_mut(object, name).map(Value::take) {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(values)) => values,
        Some(single) => vec![single],
    }
}
