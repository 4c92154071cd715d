//! `/Bulk` (RFC 7644 §3.7): every operation goes the way that it would go alone.

use axum::http::{Method, header};
use serde_json::Value;

use super::request::{RawRequest, ScimRequest};
use crate::reference::http::answer::{Answer, method_not_allowed};
use crate::reference::http::body::BULK_LIMITS;
use crate::reference::http::path::segments;
use crate::reference::site::Site;
use crate::scim::bulk::{BulkCall, BulkDone, BulkMethod, BulkRequest, BulkRun};
use crate::scim::error::ScimError;
use crate::scim::etag::Preconditions;
use crate::scim::resource::attribute;

/// The way that an operation goes alone.
type Way = fn(&mut Site, &[&str], RawRequest<'_>) -> Answer;

/// The answer to a bulk request.
pub(crate) fn answer(site: &mut Site, request: &ScimRequest, way: Way) -> Answer {
    if request.method != Method::POST {
        return method_not_allowed("POST");
    }
    match BulkRequest::parse(request.body.value().into_owned(), &BULK_LIMITS, &site.leniency()) {
        Ok(bulk) => {
            let run = BulkRun::new(bulk, &request.base);
            Answer::scim(200, run.run(|call| carry_out(site, call, request, way)))
        }
        Err(error) => error.into(),
    }
}

fn carry_out(site: &mut Site, call: BulkCall, bulk: &ScimRequest, way: Way) -> Result<BulkDone, ScimError> {
    let method = match call.method {
        BulkMethod::Post => Method::POST,
        BulkMethod::Put => Method::PUT,
        BulkMethod::Patch => Method::PATCH,
        BulkMethod::Delete => Method::DELETE,
    };
    let (path, query) = call.path.split_once('?').unwrap_or((&call.path, ""));
    let segments = segments(path);
    let segments: Vec<&str> = segments.iter().map(|segment| &**segment).collect();
    if !matches!(segments.as_slice(), ["Users" | "Groups"] | ["Users" | "Groups", _]) {
        return Err(ScimError::not_found(format!("there is no resource at {path}")));
    }
    let request = RawRequest {
        method,
        base: bulk.base.clone(),
        query,
        conditions: Ok(call.version.as_deref().map(Preconditions::of_version).unwrap_or_default()),
        body: call.data.into(),
        now: bulk.now,
    };
    let answer = way(site, &segments, request);
    let (location, version) = (answer.header(&header::LOCATION), answer.header(&header::ETAG));
    let (location, version) = (location.map(str::to_owned), version.map(str::to_owned));
    let (status, body) = answer.into_parts();
    let body = body.unwrap_or_default();
    if status >= 400 {
        let unknown = || ScimError::new(status, "the operation was refused");
        return Err(ScimError::from_value(status, &body).unwrap_or_else(unknown));
    }
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let told = attribute::get(&body, "meta").and_then(|meta| attribute::get(meta, "location"));
    Ok(BulkDone {
        status,
        id: text(attribute::get(&body, "id")),
        location: location.or_else(|| text(told)),
        version,
    })
}
