//! Why a request was refused, in the shape in which it is answered.

use serde_json::{Value, json};
use thiserror::Error;

use crate::scim::error::ScimError;

/// A refused request.
#[derive(Debug, Error)]
pub(crate) enum Refusal {
    /// A SCIM error (RFC 7644 §3.12).
    #[error(transparent)]
    Scim(#[from] ScimError),
    /// The serialized exception with which the vendor's server answers a PUT of a group with unknown members
    /// (docs/jira-service-management.md#unknown-members).
    #[error("{0}")]
    Bean(String),
}

impl Refusal {
    /// The status and the body of the answer.
    pub(crate) fn answer(&self) -> (u16, Value) {
        match self {
            Self::Scim(error) => (error.status, error.to_value()),
            Self::Bean(message) => (
                400,
                json!({
                    "responseStatus": "BAD_REQUEST",
                    "scimErrorType": "INVALID_VALUE",
                    "message": message,
                    "localizedMessage": message,
                    "cause": null,
                    "stackTrace": [],
                    "suppressed": [],
                }),
            ),
        }
    }
}

/// The vendor's words for a value that another resource bears: `Resource [USER]: with email[…] already exists.`
pub(crate) fn already_exists(resource: &str, attribute: &str, value: &str) -> ScimError {
    ScimError::uniqueness(format!("Resource [{resource}]: with {attribute}[{value}] already exists."))
}
