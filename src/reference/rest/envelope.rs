//! Pages of the REST API: `{_expands, size, start, limit, isLastPage, _links, values}`.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::request::{RestRequest, error};
use crate::reference::http::answer::Answer;

/// The values of a page when no limit is asked for, as the API documents.
const DEFAULT_LIMIT: usize = 50;
/// The most values in one page.
const MAX_LIMIT: usize = 100;

/// Cuts a page out of everything that is there and answers it.
pub(crate) fn page<T>(request: &RestRequest, all: &[T], value: impl Fn(&T) -> Option<Value>) -> Answer {
    page_of(request, all.len(), |start, limit| {
        all.iter().skip(start).take(limit).filter_map(&value).collect()
    })
}

/// Answers a page of what is `total` long; `values` gives so many behind so many.
pub(crate) fn page_of(
    request: &RestRequest,
    total: usize,
    values: impl FnOnce(usize, usize) -> Vec<Value>,
) -> Answer {
    let (start, limit) = match (number(request, "start", 0), number(request, "limit", DEFAULT_LIMIT)) {
        (Ok(start), Ok(limit)) => (start, limit.clamp(1, MAX_LIMIT)),
        (Err(message), _) | (_, Err(message)) => return error(400, &message),
    };
    let values = values(start, limit);
    let is_last = start.saturating_add(limit) >= total;
    let mut links = Map::new();
    links.insert("base".to_owned(), json!(request.base));
    links.insert("context".to_owned(), json!(""));
    if !is_last {
        links.insert("next".to_owned(), json!(link(request, start + limit, limit)));
    }
    if start > 0 {
        links.insert("prev".to_owned(), json!(link(request, start.saturating_sub(limit), limit)));
    }
    Answer::json(
        200,
        json!({
            "_expands": [],
            "size": values.len(),
            "start": start,
            "limit": limit,
            "isLastPage": is_last,
            "_links": links,
            "values": values,
        }),
    )
}

fn link(request: &RestRequest, start: usize, limit: usize) -> String {
    let mut link = format!("{}{}?start={start}&limit={limit}", request.base, request.path);
    let others = request.parameters.iter().filter(|(name, _)| *name != "start" && *name != "limit");
    for (name, value) in others {
        let encoded = utf8_percent_encode(value, NON_ALPHANUMERIC);
        link = format!("{link}&{name}={encoded}");
    }
    link
}

fn number(request: &RestRequest, name: &str, default: usize) -> Result<usize, String> {
    request
        .parameter(name)
        .map_or(Ok(default), |text| text.parse().map_err(|_| format!("{name} is not a number.")))
}
