//! Paths and hosts, in the words of the request.

use std::borrow::Cow;

use axum::http::{HeaderMap, header};
use percent_encoding::percent_decode_str;

/// The segments of a path, decoded; a slash at the end does not count. What is no UTF-8 is the name of nothing.
pub(crate) fn segments(path: &str) -> Vec<Cow<'_, str>> {
    split(path).map(|segment| percent_decode_str(segment).decode_utf8_lossy()).collect()
}

/// The segments of a path as they stand in it.
pub(crate) fn split(path: &str) -> impl Iterator<Item = &str> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    let segments = (!path.is_empty()).then(|| path.split('/'));
    segments.into_iter().flatten()
}

/// The host in the words of the request, so that a location leads back the way the client came. It is well-formed by now.
pub(crate) fn host(headers: &HeaderMap) -> &str {
    headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost")
}
