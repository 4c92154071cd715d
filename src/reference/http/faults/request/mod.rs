//! Defects before the handler: each changes what was asked, or answers in its place. A file for each part of a request.
//!
//! May use, of `reference`: `defects`, `http/answer`, `http/faults/lag`, `http/faults/layer`, `http/scim`,
//! `provisioning`, `site`.

mod body;
mod members;
mod patch;
mod query;
mod standard;

use super::lag;
use super::layer::RequestLayer;
use crate::reference::defects::Defect;
use crate::reference::http::answer::Answer;
use crate::reference::http::scim::request::ScimRequest;
use crate::reference::site::Site;

/// All of them, in the order in which they apply.
pub(super) const LAYERS: &[&[(Defect, RequestLayer)]] =
    &[query::LAYERS, body::LAYERS, members::LAYERS, patch::LAYERS, standard::LAYERS, lag::BEFORE];

/// Applies the site's defects to a request. An answer ends it.
pub(super) fn rewritten(site: &mut Site, path: &[&str], request: &mut ScimRequest<'_>) -> Option<Answer> {
    for (defect, layer) in LAYERS.iter().copied().flatten() {
        if site.defects.has(*defect)
            && let Some(answer) = layer(site, path, request)
        {
            return Some(answer);
        }
    }
    None
}
