//! The body of a bulk request.

use serde_json::Value;

use crate::scim::message::check_schema;
use crate::scim::resource::attribute::{get, remove};
use crate::scim::{Leniency, ScimError, ScimType, urn};

/// How much one bulk request may hold, as `/ServiceProviderConfig` tells (RFC 7643 §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BulkLimits {
    /// How many operations.
    pub max_operations: usize,
    /// How many bytes.
    pub max_payload_size: usize,
}

impl Default for BulkLimits {
    /// The limits that RFC 7644 §3.7.4 shows: 1000 operations, 1 MiB.
    fn default() -> Self {
        Self { max_operations: 1000, max_payload_size: 1_048_576 }
    }
}

impl BulkLimits {
    /// 413 for a body of more bytes than allowed; to be asked before the body is read as JSON.
    pub fn check_size(&self, bytes: usize) -> Result<(), ScimError> {
        if bytes <= self.max_payload_size {
            return Ok(());
        }
        let limit = self.max_payload_size;
        Err(ScimError::payload_too_large(format!("the bulk request exceeds the maxPayloadSize ({limit})")))
    }
}

/// The HTTP method of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BulkMethod {
    /// Creates a resource.
    Post,
    /// Replaces a resource.
    Put,
    /// Changes a resource.
    Patch,
    /// Deletes a resource.
    Delete,
}

impl BulkMethod {
    /// The method as it stands in HTTP.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Post, Self::Put, Self::Patch, Self::Delete].into_iter().find(|each| each.as_str() == text)
    }
}

/// One operation.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkOperation {
    /// What is done.
    pub method: BulkMethod,
    /// The name by which other operations refer to the resource.
    pub bulk_id: Option<String>,
    /// The version that the resource has to have.
    pub version: Option<String>,
    /// The path below the base URL, with its slash: `/Users`, `/Users/{id}`, `/Users/bulkId:{name}`.
    pub path: String,
    /// The body; null where there is none.
    pub data: Value,
}

/// An operation that cannot be carried out, whatever becomes of the others.
#[derive(Debug, Clone, PartialEq)]
pub struct RefusedOperation {
    /// The method, as it was given.
    pub method: Option<String>,
    /// The name by which other operations refer to it.
    pub bulk_id: Option<String>,
    /// Why.
    pub error: ScimError,
}

/// A bulk request.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkRequest {
    /// After how many errors the rest is left undone; never, where it is not said.
    pub fail_on_errors: Option<u64>,
    /// The operations, in the order of the request.
    pub operations: Vec<Result<BulkOperation, RefusedOperation>>,
}

impl BulkRequest {
    /// Reads a body. An operation that is wrong in itself becomes a [`RefusedOperation`], so that the others are carried out.
    ///
    /// 400 `invalidSyntax` where the body's structure is wrong, `invalidValue` where `failOnErrors` is no number; 413 for too
    /// many operations.
    pub fn parse(body: Value, limits: &BulkLimits, leniency: &Leniency) -> Result<Self, ScimError> {
        let mut body = body;
        if !body.is_object() {
            return Err(syntax("the body of a bulk request must be a JSON object"));
        }
        if !leniency.message_schemas {
            check_schema(&body, urn::BULK_REQUEST)?;
        }
        let fail_on_errors = match get(&body, "failOnErrors") {
            None | Some(Value::Null) => None,
            Some(number) => Some(number.as_u64().ok_or_else(|| {
                let detail = "\"failOnErrors\" must be a whole number";
                ScimError::bad_request(ScimType::InvalidValue, detail)
            })?),
        };
        let Some(Value::Array(operations)) = remove(&mut body, "Operations") else {
            return Err(syntax("\"Operations\" has to be an array"));
        };
        if operations.len() > limits.max_operations {
            let detail =
                format!("the request has more operations than maxOperations ({})", limits.max_operations);
            return Err(ScimError::payload_too_large(detail));
        }
        Ok(Self { fail_on_errors, operations: operations.into_iter().map(BulkOperation::parse).collect() })
    }
}

impl BulkOperation {
    fn parse(operation: Value) -> Result<Self, RefusedOperation> {
        let mut operation = operation;
        let method = get(&operation, "method").and_then(Value::as_str).map(str::to_owned);
        let bulk_id = get(&operation, "bulkId").and_then(Value::as_str).map(str::to_owned);
        let bulk_id = bulk_id.filter(|id| !id.is_empty());
        Self::read(&mut operation, method.as_deref(), bulk_id.clone()).map_err(|error| RefusedOperation {
            method,
            bulk_id,
            error,
        })
    }

    fn read(operation: &mut Value, method: Option<&str>, bulk_id: Option<String>) -> Result<Self, ScimError> {
        if !operation.is_object() {
            return Err(syntax("an operation must be a JSON object"));
        }
        let method = method
            .and_then(BulkMethod::parse)
            .ok_or_else(|| syntax("\"method\" has to be POST, PUT, PATCH or DELETE"))?;
        let path = match get(operation, "path") {
            Some(Value::String(path)) if !path.is_empty() && !path.contains("://") => {
                if path.starts_with('/') { path.clone() } else { format!("/{path}") }
            }
            _ => return Err(syntax("\"path\" has to be a path below the base URL")),
        };
        let version = match get(operation, "version") {
            None | Some(Value::Null) => None,
            Some(Value::String(version)) => Some(version.clone()),
            Some(_) => return Err(syntax("\"version\" has to be a string")),
        };
        let data = remove(operation, "data").unwrap_or_default();
        if method == BulkMethod::Post && bulk_id.is_none() {
            return Err(syntax("a POST needs a \"bulkId\""));
        }
        if method != BulkMethod::Delete && !data.is_object() {
            return Err(syntax(format!("a {} needs a \"data\" object", method.as_str())));
        }
        let data = if method == BulkMethod::Delete { Value::Null } else { data };
        Ok(Self { method, bulk_id, version, path, data })
    }
}

fn syntax(detail: impl Into<String>) -> ScimError {
    ScimError::bad_request(ScimType::InvalidSyntax, detail)
}
