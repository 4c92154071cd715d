//! A request that may be answered: authenticated, its body read.

use axum::http::Method;
use jiff::Timestamp;
use serde_json::Value;

use crate::scim::error::ScimError;
use crate::scim::list::ListQuery;
use crate::scim::projection::Projection;

/// A request to a directory.
#[derive(Debug)]
pub(crate) struct ScimRequest {
    pub(crate) method: Method,
    /// The directory's URL, in the words of the request: `http://{host}/scim/directory/{id}`.
    pub(crate) base: String,
    pub(crate) query: String,
    pub(crate) body: Value,
    pub(crate) now: Timestamp,
}

impl ScimRequest {
    /// The parameters of the query string.
    pub(crate) fn parameters(&self) -> Result<ListQuery, ScimError> {
        ListQuery::parse(&self.query)
    }

    /// Which attributes the answer holds.
    pub(crate) fn projection(&self) -> Result<Projection, ScimError> {
        projection(&self.parameters()?)
    }
}

/// Which attributes the answer holds.
pub(crate) fn projection(query: &ListQuery) -> Result<Projection, ScimError> {
    Projection::parse(query.attributes.as_deref(), query.excluded_attributes.as_deref())
}
