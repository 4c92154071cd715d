//! A request that may be answered: authenticated, its body read.

use axum::http::Method;
use jiff::Timestamp;
use serde_json::Value;

use crate::reference::knobs::PatchAnswer;
use crate::reference::provisioning::Sent;
use crate::reference::site::Site;
use crate::scim::error::{ScimError, ScimType};
use crate::scim::etag::Preconditions;
use crate::scim::list::query::ListQuery;
use crate::scim::patch::PatchRequest;
use crate::scim::resource::attribute;
use crate::scim::resource::projection::Projection;

/// A request to a directory, in its own words.
#[derive(Debug)]
pub(crate) struct RawRequest<'a> {
    pub(crate) method: Method,
    /// The directory's URL, in the words of the request: `http://{host}/scim/directory/{id}`, with `/v2` where it says so.
    pub(crate) base: String,
    pub(crate) query: &'a str,
    /// `If-Match` and `If-None-Match`; an error matters only where versions do.
    pub(crate) conditions: Result<Preconditions, ScimError>,
    pub(crate) body: Sent<'a>,
    pub(crate) now: Timestamp,
}

/// A request to a directory that was read. What cannot be read is an error where it is asked for, and not before.
#[derive(Debug)]
pub(crate) struct ScimRequest<'a> {
    pub(crate) method: Method,
    /// The directory's URL.
    pub(crate) base: String,
    /// The query string, in the words of the request.
    pub(crate) query: &'a str,
    pub(crate) conditions: Result<Preconditions, ScimError>,
    pub(crate) body: Sent<'a>,
    pub(crate) now: Timestamp,
    /// What the query string says, or the body of a search.
    pub(crate) parameters: Result<ListQuery, ScimError>,
    /// The PATCH in the body.
    pub(crate) patch: Option<Result<Patch, ScimError>>,
}

/// A PATCH.
#[derive(Debug)]
pub(crate) struct Patch {
    pub(crate) request: PatchRequest,
    /// The error in which it ends after all: that of a defect which carries out operations as it reads them, up to the first
    /// that it cannot read.
    pub(crate) ends: Result<(), ScimError>,
}

impl<'a> ScimRequest<'a> {
    /// Reads a request for what is at a path.
    pub(crate) fn read(site: &Site, path: &[&str], raw: RawRequest<'a>) -> Self {
        let RawRequest { method, base, query, conditions, body, now } = raw;
        let parameters = if method == Method::POST && path.last() == Some(&".search") {
            ListQuery::from_search_request(&body.value(), &site.leniency())
        } else if query.is_empty() {
            Ok(ListQuery::default())
        } else {
            ListQuery::parse(query)
        };
        let patch = (method == Method::PATCH).then(|| Patch::read(site, &body.value()));
        Self { method, base, query, conditions, body, now, parameters, patch }
    }

    /// What is asked of a list.
    pub(crate) fn parameters(&self) -> Result<&ListQuery, ScimError> {
        self.parameters.as_ref().map_err(Clone::clone)
    }

    /// The PATCH in the body.
    pub(crate) fn patch(&self) -> Result<&Patch, ScimError> {
        let none = || Err(ScimError::bad_request(ScimType::InvalidSyntax, "this is not a PATCH"));
        self.patch.as_ref().map_or_else(none, |patch| patch.as_ref().map_err(Clone::clone))
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
        let query = self.parameters()?;
        Projection::parse(query.attributes.as_deref(), query.excluded_attributes.as_deref())
    }
}

impl Patch {
    fn read(site: &Site, body: &Value) -> Result<Self, ScimError> {
        let error = match PatchRequest::parse(body, &site.leniency()) {
            Ok(request) => return Ok(Self { request, ends: Ok(()) }),
            Err(error) => error,
        };
        if !site.defects.at.patch.half_applied {
            return Err(error);
        }
        let mut body = body.clone();
        while let Some(operations) = attribute::get_mut(&mut body, "Operations").and_then(Value::as_array_mut)
            && operations.pop().is_some()
            && !operations.is_empty()
        {
            if let Ok(request) = PatchRequest::parse(&body, &site.leniency()) {
                return Ok(Self { request, ends: Err(error) });
            }
        }
        Err(error)
    }
}
