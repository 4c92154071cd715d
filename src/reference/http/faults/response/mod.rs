//! Defects after the handler: each changes the answer that was right. A file for each kind of answer.
//!
//! May use, of `reference`: `defects`, `http/answer`, `http/faults/lag`, `http/faults/layer`, `http/scim`, `site`.

mod discovery;
mod error;
mod list;
mod message;
mod resource;
mod standard;

use super::lag;
use super::layer::ResponseLayer;
use crate::reference::defects::Defect;
use crate::reference::http::answer::Answer;
use crate::reference::http::scim::request::ScimRequest;
use crate::reference::site::Site;

/// All of them, in the order in which they apply.
pub(super) const LAYERS: &[&[(Defect, ResponseLayer)]] = &[
    lag::AFTER,
    resource::LAYERS,
    standard::LAYERS,
    list::LAYERS,
    discovery::LAYERS,
    message::LAYERS,
    error::LAYERS,
];

/// Applies the site's defects to an answer.
pub(super) fn rewritten(
    site: &mut Site,
    path: &[&str],
    request: &ScimRequest<'_>,
    mut answer: Answer,
) -> Answer {
    for (defect, layer) in LAYERS.iter().copied().flatten() {
        if site.defects.has(*defect) {
            answer = layer(site, path, request, answer);
        }
    }
    answer
}
