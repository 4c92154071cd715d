//! Defects against what the standards ask for and no provider is known to need.

use serde_json::{Value, json};

use super::resource::each;
use crate::reference::defects::Defect;
use crate::reference::http::answer::Answer;
use crate::reference::http::faults::layer::{ResponseLayer, change_list};
use crate::reference::http::scim::request::ScimRequest;
use crate::scim::resource::attribute;

pub(super) const LAYERS: &[(Defect, ResponseLayer)] = &[
    (Defect::ResourceTypeIsEndpoint, |_, path, request, answer| {
        each(path, request, answer, |kind, view| {
            let endpoint = kind.endpoint().trim_matches('/').to_owned();
            in_meta(view, |meta| attribute::set(meta, "resourceType", json!(endpoint)));
        })
    }),
    (Defect::ExtensionUnlisted, |_, path, request, answer| {
        each(path, request, answer, |kind, view| {
            if attribute::get(view, "schemas").is_some() {
                attribute::set(view, "schemas", json!([kind.schema()]));
            }
        })
    }),
    (Defect::CreatedMoves, |_, path, request, answer| {
        each(path, request, answer, |_, view| copy(view, "lastModified", "created"))
    }),
    (Defect::LastModifiedStands, |_, path, request, answer| {
        each(path, request, answer, |_, view| copy(view, "created", "lastModified"))
    }),
    (Defect::LastModifiedIsNow, |_, path, request, answer| {
        each(path, request, answer, |_, view| {
            in_meta(view, |meta| attribute::set(meta, "lastModified", json!(request.now.to_string())));
        })
    }),
    (Defect::SeveralPrimaries, |_, path, request, answer| {
        each(path, request, answer, |_, view| {
            for address in
                attribute::get_mut(view, "emails").and_then(Value::as_array_mut).into_iter().flatten()
            {
                attribute::set(address, "primary", json!(true));
            }
        })
    }),
    (Defect::CursorSkips, |_, path, request, answer| skipping(path, request, answer)),
    (Defect::DiscoveryFiltered, |_, path, request, answer| {
        let is_asked = matches!(path, ["ResourceTypes" | "Schemas"]);
        if !is_asked || answer.status() != 403 {
            return answer;
        }
        let name = request.parameters().ok().and_then(|query| query.filter.clone()).unwrap_or_default();
        let schemas = ["urn:ietf:params:scim:api:messages:2.0:ListResponse"];
        Answer::scim(200, json!({"schemas": schemas, "totalResults": 1, "Resources": [{"name": name}]}))
    }),
];

/// A page by cursor behind the first, without its last resource.
fn skipping(path: &[&str], request: &ScimRequest<'_>, mut answer: Answer) -> Answer {
    let cursor = request.parameters().ok().and_then(|query| query.cursor.clone()).unwrap_or_default();
    if !cursor.is_empty() {
        change_list(path, request, &mut answer, |list| {
            list.get_mut("Resources").and_then(Value::as_array_mut).and_then(Vec::pop);
        });
    }
    answer
}

/// Changes the metadata of a resource, where the answer has them.
fn in_meta(view: &mut Value, change: impl FnOnce(&mut Value)) {
    if let Some(meta) = attribute::get_mut(view, "meta") {
        change(meta);
    }
}

fn copy(view: &mut Value, from: &str, to: &str) {
    in_meta(view, |meta| {
        if let Some(value) = attribute::get(meta, from).cloned() {
            attribute::set(meta, to, value);
        }
    });
}
