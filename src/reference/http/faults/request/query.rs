//! Defects in reading a query.

use crate::reference::defects::Defect;
use crate::reference::http::answer::Answer;
use crate::reference::http::faults::layer::{RequestLayer, kind, listed};
use crate::reference::http::scim::request::ScimRequest;
use crate::scim::error::{ScimError, ScimType};
use crate::scim::kind::ResourceKind;
use crate::scim::list::query::ListQuery;

pub(super) const LAYERS: &[(Defect, RequestLayer)] = &[
    (Defect::PlusIsNoSpace, |_, _, request| {
        if request.query.contains('+') {
            request.parameters = ListQuery::parse(&request.query.replace('+', "%2B"));
        }
        None
    }),
    (Defect::CountIgnored, |_, _, request| {
        if let Ok(query) = &mut request.parameters {
            query.count = None;
        }
        None
    }),
    (Defect::ExcludedAttributesIgnored, |_, path, request| {
        if let (Some(ResourceKind::Group), Ok(query)) = (kind(path), &mut request.parameters) {
            (query.attributes, query.excluded_attributes) = (None, None);
        }
        None
    }),
    (Defect::FilterIgnored, |_, path, request| filter(path, request, |_, _| Ok(None))),
    (Defect::GroupFilterIgnored, |_, path, request| {
        filter(path, request, |kinds, text| Ok((!is_groups(kinds)).then_some(text)))
    }),
    (Defect::GroupFilterRefused, |_, path, request| refuse(path, request, |kinds, _| is_groups(kinds))),
    (Defect::SpaceEndsValue, |_, path, request| refuse(path, request, |_, text| text.split(' ').count() > 3)),
    (Defect::NonAsciiFilterRefused, |_, path, request| refuse(path, request, |_, text| !text.is_ascii())),
    (Defect::ApostropheBreaksFilter, |_, path, request| {
        filter(path, request, |_, text| {
            let is_broken = text.contains('\'');
            if is_broken { Err(ScimError::internal("unterminated quoted string")) } else { Ok(Some(text)) }
        })
    }),
    (Defect::FilterDecodedTwice, |_, path, request| {
        filter(path, request, |_, text| Ok(Some(text.replace('+', " "))))
    }),
    // A backslash is taken for itself, so that the value is another one.
    (Defect::EscapesKept, |_, path, request| {
        filter(path, request, |_, text| Ok(Some(text.replace('\\', "\\\\\\"))))
    }),
];

/// Replaces the filter of a list; none ignores it.
fn filter(
    path: &[&str],
    request: &mut ScimRequest<'_>,
    misread: impl FnOnce(&[ResourceKind], String) -> Result<Option<String>, ScimError>,
) -> Option<Answer> {
    let kinds = listed(path, &request.method)?;
    let query = request.parameters.as_mut().ok()?;
    match misread(kinds, query.filter.take()?) {
        Ok(filter) => query.filter = filter,
        Err(error) => return Some(error.into()),
    }
    None
}

fn refuse(
    path: &[&str],
    request: &mut ScimRequest<'_>,
    is_refused: impl FnOnce(&[ResourceKind], &str) -> bool,
) -> Option<Answer> {
    filter(path, request, |kinds, text| {
        if is_refused(kinds, &text) {
            return Err(ScimError::bad_request(ScimType::InvalidFilter, "the filter cannot be read"));
        }
        Ok(Some(text))
    })
}

fn is_groups(kinds: &[ResourceKind]) -> bool {
    kinds == [ResourceKind::Group]
}
