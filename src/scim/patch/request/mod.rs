//! The body of a PATCH request.

use serde_json::Value;

use crate::scim::message::check_schema;
use crate::scim::resource::attribute::get;
use crate::scim::{Leniency, Path, ScimError, ScimType, urn};

/// How many operations one request may have, where nothing else is said.
pub const MAX_OPERATIONS: usize = 1000;

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Op {
    /// Adds a value, or a sub-attribute; of a single value, sets it.
    Add,
    /// Sets a value in place of the ones there are.
    Replace,
    /// Takes values away.
    Remove,
}

impl Op {
    /// The keyword, in lower case as the RFC has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Replace => "replace",
            Self::Remove => "remove",
        }
    }

    fn parse(text: &str, leniency: &Leniency) -> Option<Self> {
        [Self::Add, Self::Replace, Self::Remove].into_iter().find(|op| {
            let word = op.as_str();
            text == word || (leniency.op_case && text.eq_ignore_ascii_case(word))
        })
    }
}

/// One operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// What it does.
    pub op: Op,
    /// Where; the resource itself, where there is none.
    pub path: Option<Path>,
    /// With what. A null is a value, and unassigns.
    pub value: Option<Value>,
}

/// A PATCH request.
#[derive(Debug, Clone, PartialEq)]
pub struct PatchRequest {
    /// The operations, which apply one after the other.
    pub operations: Vec<Operation>,
}

impl PatchRequest {
    /// Reads a body of at most [`MAX_OPERATIONS`] operations. Members that it should not have are ignored.
    ///
    /// 400 `invalidSyntax` where the structure is wrong, `invalidPath` or `invalidFilter` where a path is,
    /// `invalidValue` where a value is missing, `noTarget` for a `remove` without a path; 413 for too many operations.
    pub fn parse(body: &Value, leniency: &Leniency) -> Result<Self, ScimError> {
        Self::parse_with_limit(body, leniency, MAX_OPERATIONS)
    }

    /// Reads a body with another limit of operations.
    pub fn parse_with_limit(
        body: &Value,
        leniency: &Leniency,
        max_operations: usize,
    ) -> Result<Self, ScimError> {
        if !body.is_object() {
            return Err(syntax("the body of a PATCH must be a JSON object"));
        }
        if !leniency.patch_schemas {
            check_schema(body, urn::PATCH_OP)?;
        }
        let operations =
            if leniency.operations_key_case { get(body, "Operations") } else { body.get("Operations") };
        let Some(Value::Array(operations)) = operations else {
            return Err(syntax("\"Operations\" has to be an array"));
        };
        if operations.is_empty() && !leniency.empty_operations {
            return Err(syntax("\"Operations\" is empty"));
        }
        if operations.len() > max_operations {
            let detail = format!("more than {max_operations} operations in one PATCH");
            return Err(ScimError::payload_too_large(detail));
        }
        let operations = operations
            .iter()
            .enumerate()
            .map(|(index, operation)| Operation::parse(operation, leniency).map_err(|error| at(index, error)))
            .collect::<Result<_, _>>()?;
        Ok(Self { operations })
    }
}

impl Operation {
    fn parse(operation: &Value, leniency: &Leniency) -> Result<Self, ScimError> {
        if !operation.is_object() {
            return Err(syntax("an operation must be a JSON object"));
        }
        let op = match get(operation, "op") {
            Some(Value::String(text)) => Op::parse(text, leniency)
                .ok_or_else(|| syntax(format!("{text:?} is not an operation: use add, replace or remove")))?,
            _ => return Err(syntax("\"op\" has to be add, replace or remove")),
        };
        let path = match get(operation, "path") {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.is_empty() => None,
            Some(Value::String(text)) => Some(Path::parse(text, leniency)?),
            Some(_) => {
                let detail = "\"path\" has to be a string";
                return Err(ScimError::bad_request(ScimType::InvalidPath, detail));
            }
        };
        let value = get(operation, "value").cloned();
        match op {
            Op::Remove if path.is_none() => {
                let detail = "a remove needs a path";
                Err(ScimError::bad_request(ScimType::NoTarget, detail))
            }
            Op::Add | Op::Replace if value.is_none() => {
                let detail = format!("{} needs a value", op.as_str());
                Err(ScimError::bad_request(ScimType::InvalidValue, detail))
            }
            _ => Ok(Self { op, path, value }),
        }
    }
}

fn syntax(detail: impl Into<String>) -> ScimError {
    ScimError::bad_request(ScimType::InvalidSyntax, detail)
}

/// The error, which says in which operation it is.
pub(super) fn at(index: usize, mut error: ScimError) -> ScimError {
    error.detail = format!("Operations[{index}]: {}", error.detail);
    error
}

#[cfg(test)]
mod tests;
