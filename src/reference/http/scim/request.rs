//! A request that may be answered: authenticated, its body read.

use std::borrow::Cow;

use axum::http::Method;
use jiff::Timestamp;
use serde_json::Value;

use crate::reference::defects::Defect;
use crate::reference::knobs::PatchAnswer;
use crate::reference::provisioning::Sent;
use crate::reference::site::Site;
use crate::scim::error::ScimError;
use crate::scim::etag::Preconditions;
use crate::scim::list::query::ListQuery;
use crate::scim::patch::PatchRequest;
use crate::scim::resource::attribute;
use crate::scim::resource::projection::Projection;

/// A request to a directory.
#[derive(Debug)]
pub(crate) struct ScimRequest<'a> {
    pub(crate) method: Method,
    /// The directory's URL, in the words of the request: `http://{host}/scim/directory/{id}`, with `/v2` where it says so.
    pub(crate) base: String,
    pub(crate) query: Cow<'a, str>,
    /// `If-Match` and `If-None-Match`; an error matters only where versions do.
    pub(crate) conditions: Result<Preconditions, ScimError>,
    pub(crate) body: Sent<'a>,
    pub(crate) now: Timestamp,
}

impl ScimRequest<'_> {
    /// The parameters of the query string.
    pub(crate) fn parameters(&self) -> Result<ListQuery, ScimError> {
        if self.query.is_empty() {
            return Ok(ListQuery::default());
        }
        ListQuery::parse(&self.query)
    }

    /// The PATCH in the body, and the error in which it ends after all: that of a defect which carries out operations as it
    /// reads them, up to the first that it cannot read.
    pub(crate) fn patch(&self, site: &Site) -> Result<(PatchRequest, Result<(), ScimError>), ScimError> {
        let error = match PatchRequest::parse(&self.body.value(), &site.leniency()) {
            Ok(patch) => return Ok((patch, Ok(()))),
            Err(error) => error,
        };
        let mut body = self.body.value().into_owned();
        while site.defects.has(Defect::HalfAppliedPatch)
            && let Some(operations) =
                attribute::get_mut(&mut body, "Operations").and_then(Value::as_array_mut)
            && operations.pop().is_some()
            && !operations.is_empty()
        {
            if let Ok(patch) = PatchRequest::parse(&body, &site.leniency()) {
                return Ok((patch, Err(error)));
            }
        }
        Err(error)
    }

    /// Whether it is a PATCH that is answered without a body: where attributes are asked for, none is (RFC 7644 §3.5.2).
    pub(crate) fn is_answered_empty(&self, site: &Site) -> bool {
        self.method == Method::PATCH
            && site.knobs.patch_answer == PatchAnswer::Empty
            && self
                .parameters()
                .is_ok_and(|query| query.attributes.is_none() && query.excluded_attributes.is_none())
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
