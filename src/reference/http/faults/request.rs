//! How a defect misreads a request.

use std::borrow::Cow;

use crate::reference::defects::Defect;
use crate::reference::http::scim::request::ScimRequest;
use crate::reference::provisioning::EXTRA;
use crate::reference::site::Site;
use crate::scim::error::{ScimError, ScimType};
use crate::scim::kind::ResourceKind;
use crate::scim::resource::attribute;

/// The request as the endpoint takes it.
pub(crate) fn request<'a>(site: &Site, mut request: ScimRequest<'a>) -> ScimRequest<'a> {
    if site.defects.has(Defect::PlusIsNoSpace) {
        request.query = request.query.replace('+', "%2B").into();
    }
    if site.defects.has(Defect::ExtraAttributes) {
        // Whoever shows more takes it back too: Okta's PUT says everything again.
        let mut body = request.body.value().into_owned();
        attribute::remove(&mut body, EXTRA);
        request.body = body.into();
    }
    request
}

/// The filter as the endpoint takes it; none where it takes no notice.
///
/// # Errors
/// It cannot be read, or the endpoint breaks.
pub(crate) fn filter<'a>(
    site: &Site,
    kinds: &[ResourceKind],
    text: &'a str,
) -> Result<Option<Cow<'a, str>>, ScimError> {
    if site.defects.is_empty() {
        return Ok(Some(text.into()));
    }
    let has = |defect| site.defects.has(defect);
    let of_groups = kinds == [ResourceKind::Group];
    if has(Defect::FilterIgnored) || (of_groups && has(Defect::GroupFilterIgnored)) {
        return Ok(None);
    }
    let words = text.split(' ').count();
    if (of_groups && has(Defect::GroupFilterRefused))
        || (words > 3 && has(Defect::SpaceEndsValue))
        || (!text.is_ascii() && has(Defect::NonAsciiFilterRefused))
    {
        return Err(ScimError::bad_request(ScimType::InvalidFilter, "the filter cannot be read"));
    }
    if text.contains('\'') && has(Defect::ApostropheBreaksFilter) {
        return Err(ScimError::internal("unterminated quoted string"));
    }
    if has(Defect::FilterDecodedTwice) {
        return Ok(Some(text.replace('+', " ").into()));
    }
    if has(Defect::EscapesKept) {
        // A backslash is taken for itself, so that the value is another one.
        return Ok(Some(text.replace('\\', "\\\\\\").into()));
    }
    Ok(Some(text.into()))
}
