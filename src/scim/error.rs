//! SCIM errors (RFC 7644 §3.12).

use std::fmt;

use serde_json::{Map, Value, json};

use super::urn;

/// The detail error keyword of an error with status 400, 403 or 409 (RFC 7644 §3.12, table 9; RFC 9865 §2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ScimType {
    /// The filter is malformed, or compares what cannot be compared.
    InvalidFilter,
    /// The filter yields more results than the endpoint is willing to compute.
    TooMany,
    /// A value that has to be unique is taken.
    Uniqueness,
    /// The change is not compatible with the attribute's mutability.
    Mutability,
    /// The body's structure is wrong.
    InvalidSyntax,
    /// The path of a PATCH operation is malformed.
    InvalidPath,
    /// The path of a PATCH operation leads to nothing that could be operated on.
    NoTarget,
    /// A required value is missing, or a value does not fit its attribute.
    InvalidValue,
    /// The protocol version is not supported.
    InvalidVers,
    /// What was asked may not stand in a URL.
    Sensitive,
    /// The cursor is none that the endpoint gave out for this query (RFC 9865 §2.1).
    InvalidCursor,
    /// The cursor is too old (RFC 9865 §2.1).
    ExpiredCursor,
    /// The page's size is not between 1 and the largest there is (RFC 9865 §2.1).
    InvalidCount,
}

impl ScimType {
    const ALL: [(Self, &'static str); 13] = [
        (Self::InvalidFilter, "invalidFilter"),
        (Self::TooMany, "tooMany"),
        (Self::Uniqueness, "uniqueness"),
        (Self::Mutability, "mutability"),
        (Self::InvalidSyntax, "invalidSyntax"),
        (Self::InvalidPath, "invalidPath"),
        (Self::NoTarget, "noTarget"),
        (Self::InvalidValue, "invalidValue"),
        (Self::InvalidVers, "invalidVers"),
        (Self::Sensitive, "sensitive"),
        (Self::InvalidCursor, "invalidCursor"),
        (Self::ExpiredCursor, "expiredCursor"),
        (Self::InvalidCount, "invalidCount"),
    ];

    /// The keyword as it stands in `scimType`.
    pub fn as_str(self) -> &'static str {
        Self::ALL.into_iter().find_map(|(each, name)| (each == self).then_some(name)).unwrap_or_default()
    }

    /// The keyword that a `scimType` spells, which has to be spelled exactly.
    pub fn from_keyword(keyword: &str) -> Option<Self> {
        Self::ALL.into_iter().find_map(|(each, name)| (name == keyword).then_some(each))
    }
}

impl fmt::Display for ScimType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An error as it is answered, or as it was read from an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScimError {
    /// The HTTP status.
    pub status: u16,
    /// The keyword, where one fits.
    pub scim_type: Option<ScimType>,
    /// What a person reads; identity providers show it to the administrator verbatim.
    pub detail: String,
}

impl ScimError {
    /// An error without a keyword.
    pub fn new(status: u16, detail: impl Into<String>) -> Self {
        Self { status, scim_type: None, detail: detail.into() }
    }

    /// 400 with a keyword.
    pub fn bad_request(scim_type: ScimType, detail: impl Into<String>) -> Self {
        Self { status: 400, scim_type: Some(scim_type), detail: detail.into() }
    }

    /// 401: no credentials, or refused ones.
    pub fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(401, detail)
    }

    /// 403: the credentials do not allow it.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(403, detail)
    }

    /// 404: there is no such resource or endpoint.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(404, detail)
    }

    /// 409 `uniqueness`: a value that has to be unique is taken.
    pub fn uniqueness(detail: impl Into<String>) -> Self {
        Self { status: 409, scim_type: Some(ScimType::Uniqueness), detail: detail.into() }
    }

    /// 400 `tooMany`: the filter yields more than the endpoint is willing to compute (RFC 7644 §3.12, table 9).
    pub fn too_many(detail: impl Into<String>) -> Self {
        Self::bad_request(ScimType::TooMany, detail)
    }

    /// 400 `invalidVers`: the protocol version in the URL is none that the endpoint speaks (RFC 7644 §3.13).
    pub fn invalid_version(version: &str) -> Self {
        Self::bad_request(ScimType::InvalidVers, format!("the protocol version {version:?} is not supported"))
    }

    /// 403 `sensitive`: what was asked may not stand in a URL; a client searches by POST instead (RFC 7644 §7.5.2).
    pub fn sensitive(detail: impl Into<String>) -> Self {
        Self { status: 403, scim_type: Some(ScimType::Sensitive), detail: detail.into() }
    }

    /// 412: the resource has changed since the version that the client names (RFC 7644 §3.14).
    pub fn precondition_failed(detail: impl Into<String>) -> Self {
        Self::new(412, detail)
    }

    /// 413: more than the endpoint takes in one request.
    pub fn payload_too_large(detail: impl Into<String>) -> Self {
        Self::new(413, detail)
    }

    /// 429: too many requests.
    pub fn too_many_requests(detail: impl Into<String>) -> Self {
        Self::new(429, detail)
    }

    /// 500: the endpoint's own fault.
    pub fn internal(detail: impl Into<String>) -> Self {
        Self::new(500, detail)
    }

    /// 501: the endpoint does not do this.
    pub fn not_implemented(detail: impl Into<String>) -> Self {
        Self::new(501, detail)
    }

    /// The body of the answer. The status is a JSON string there.
    pub fn to_value(&self) -> Value {
        let mut body = Map::new();
        body.insert("schemas".to_owned(), json!([urn::ERROR]));
        body.insert("status".to_owned(), json!(self.status.to_string()));
        if let Some(scim_type) = self.scim_type {
            body.insert("scimType".to_owned(), json!(scim_type.as_str()));
        }
        body.insert("detail".to_owned(), json!(self.detail));
        Value::Object(body)
    }

    /// Reads an answer's body; `status` is the HTTP status, which outranks what the body says.
    ///
    /// `None` where the body is no SCIM error, that is, has not got the Error schema. An unknown keyword reads as none.
    pub fn from_value(status: u16, body: &Value) -> Option<Self> {
        let schemas = body.get("schemas")?.as_array()?;
        if !schemas.iter().filter_map(Value::as_str).any(|urn| urn.eq_ignore_ascii_case(urn::ERROR)) {
            return None;
        }
        let text = |name: &str| body.get(name).and_then(Value::as_str);
        Some(Self {
            status,
            scim_type: text("scimType").and_then(ScimType::from_keyword),
            detail: text("detail").unwrap_or_default().to_owned(),
        })
    }
}

impl fmt::Display for ScimError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        if let Some(scim_type) = self.scim_type {
            write!(f, " {scim_type}")?;
        }
        write!(f, ": {}", self.detail)
    }
}

impl std::error::Error for ScimError {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{ScimError, ScimType};

    #[test]
    fn the_status_is_a_string_and_the_keyword_is_left_out_where_there_is_none() {
        assert_eq!(
            ScimError::uniqueness("taken").to_value(),
            json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "409", "scimType": "uniqueness", "detail": "taken"})
        );
        assert_eq!(ScimError::not_found("gone").to_value().get("scimType"), None);
    }

    #[test]
    fn what_is_written_is_read_back() {
        for (scim_type, keyword) in ScimType::ALL {
            assert_eq!(ScimType::from_keyword(keyword), Some(scim_type));
            let error = ScimError::bad_request(scim_type, "why");
            assert_eq!(ScimError::from_value(400, &error.to_value()), Some(error.clone()));
            assert_eq!(error.to_string(), format!("400 {keyword}: why"));
        }
        assert_eq!(ScimError::from_value(500, &json!({"error": "oops"})), None);
        assert_eq!(ScimType::from_keyword("Uniqueness"), None);
    }
}
