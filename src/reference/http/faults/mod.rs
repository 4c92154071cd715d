//! Defects as layers around the handler: they change a request before it is handled, or an answer after it. Each file has
//! a table of the defects that it plays, beside their functions.
//!
//! A site without defects skips all layers after one check.
//!
//! May use, of `reference`: `defects`, `handle`, `http/answer`, `http/auth`, `http/scim`, `ids`, `provisioning`,
//! `site`.

pub(crate) mod gate;
mod lag;
mod layer;
pub(crate) mod race;
mod request;
mod response;
#[cfg(test)]
mod tests;

use super::answer::Answer;
use super::scim::request::ScimRequest;
use crate::reference::site::Site;

/// The code that answers a request on a sound site.
type Handler = fn(&mut Site, &[&str], &ScimRequest<'_>) -> Answer;

/// Answers a request through the site's layers; `path` is the one below the base URL.
pub(crate) fn around(
    site: &mut Site,
    path: &[&str],
    mut request: ScimRequest<'_>,
    handler: Handler,
) -> Answer {
    if site.defects.is_empty() {
        return handler(site, path, &request);
    }
    let answer = match request::rewritten(site, path, &mut request) {
        Some(answer) => answer,
        None => handler(site, path, &request),
    };
    response::rewritten(site, path, &request, answer)
}
