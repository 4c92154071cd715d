//! Defects of lists.

use serde_json::{Value, json};

use crate::reference::defects::Defect;
use crate::reference::http::answer::Answer;
use crate::reference::http::faults::layer::{ResponseLayer, change_list, listed};
use crate::reference::http::scim::request::ScimRequest;
use crate::scim::error::ScimError;
use crate::scim::resource::attribute;

pub(super) const LAYERS: &[(Defect, ResponseLayer)] = &[
    (Defect::MissIs404, |_, path, request, mut answer| {
        let is_lookup = request.parameters().is_ok_and(|query| query.filter.is_some());
        if is_lookup && total(path, request, &mut answer) == Some(0) {
            return ScimError::not_found("nothing matches the filter").into();
        }
        answer
    }),
    (Defect::PageBehindEndRefused, |_, path, request, mut answer| {
        let start = request.parameters().map_or(1, |query| query.start_index);
        if total(path, request, &mut answer).is_some_and(|total| start > total.max(1)) {
            return ScimError::not_found("there is no such page").into();
        }
        answer
    }),
    (Defect::IdMissingInList, |_, path, request, mut answer| {
        change_list(path, request, &mut answer, |list| {
            let resources = list.get_mut("Resources").and_then(Value::as_array_mut);
            for resource in resources.into_iter().flatten() {
                attribute::remove(resource, "id");
            }
        });
        answer
    }),
    (Defect::FilterTotalIsAll, |site, path, request, mut answer| {
        let is_lookup = request.parameters().is_ok_and(|query| query.filter.is_some());
        let all = site.directory.as_ref().map_or(0, |directory| match path {
            ["Users", ..] => directory.users.len(),
            _ => directory.groups.len(),
        });
        if is_lookup {
            change_list(path, request, &mut answer, |list| {
                drop(list.insert("totalResults".to_owned(), json!(all)));
            });
        }
        answer
    }),
    (Defect::TotalIsPageSize, |_, path, request, mut answer| {
        change_list(path, request, &mut answer, |list| {
            let on_page = list.get("Resources").and_then(Value::as_array).map_or(0, Vec::len);
            list.insert("totalResults".to_owned(), json!(on_page));
        });
        answer
    }),
    (Defect::StringTotalResults, |_, path, request, mut answer| {
        change_list(path, request, &mut answer, |list| {
            for name in ["totalResults", "startIndex", "itemsPerPage"] {
                if let Some(number) = list.get_mut(name) {
                    *number = json!(number.to_string());
                }
            }
        });
        answer
    }),
    (Defect::EmptyListWithoutResources, |_, path, request, mut answer| {
        change_list(path, request, &mut answer, |list| {
            if list.get("Resources").and_then(Value::as_array).is_some_and(Vec::is_empty) {
                list.shift_remove("Resources");
            }
        });
        answer
    }),
    (Defect::HitWithoutList, |_, path, request, answer| {
        let is_lookup = request.parameters().is_ok_and(|query| query.filter.is_some());
        instead(path, request, answer, |resources| {
            let is_hit = is_lookup && resources.len() == 1;
            is_hit.then(|| resources.remove(0))
        })
    }),
    (Defect::ListAsBareArray, |_, path, request, answer| {
        instead(path, request, answer, |resources| Some(Value::Array(std::mem::take(resources))))
    }),
];

/// The `totalResults` of a list.
fn total(path: &[&str], request: &ScimRequest<'_>, answer: &mut Answer) -> Option<usize> {
    let mut total = None;
    change_list(path, request, answer, |list| {
        total =
            list.get("totalResults").and_then(Value::as_u64).and_then(|total| usize::try_from(total).ok());
    });
    total
}

/// Answers with something else in place of a list.
fn instead(
    path: &[&str],
    request: &ScimRequest<'_>,
    mut answer: Answer,
    with: impl FnOnce(&mut Vec<Value>) -> Option<Value>,
) -> Answer {
    if answer.status() == 200 && listed(path, &request.method).is_some() {
        answer.change(|body| {
            let resources = body.get_mut("Resources").and_then(Value::as_array_mut);
            if let Some(instead) = resources.and_then(with) {
                *body = instead;
            }
        });
    }
    answer
}
