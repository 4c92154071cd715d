//! The requests that find out whose a resource is, or whether it is still there: by its id, by its name.

use std::sync::OnceLock;

use serde_json::Value;

use crate::scim::resource::attribute::get;

use super::ownership::same_name;
use crate::wire::message::created::{Created, identifying};
use crate::wire::message::encode;
use crate::wire::message::exchange::Exchange;
use crate::wire::message::left_out::LeftOut;
use crate::wire::message::request::{Method, Purpose, Request};

/// A request of scimsnap's own, which no provider sends.
pub fn neutral(method: Method, target: impl Into<String>) -> Request {
    Request::new(method, target)
        .header("Accept", "application/scim+json")
        .header("User-Agent", concat!("scimsnap/", env!("CARGO_PKG_VERSION")))
        .purpose(Purpose::Cleanup)
}

/// The same to the product's REST API.
pub fn neutral_rest(method: Method, target: impl Into<String>) -> Request {
    Request::new(method, target)
        .rest()
        .header("Accept", "application/json")
        // The list of a service desk's customers is experimental and answers only to those who opt in.
        .header("X-ExperimentalApi", "opt-in")
        .purpose(Purpose::Cleanup)
}

/// Where the resources of a SCIM kind are; organizations and customers are the product's.
fn collection(kind: Created) -> &'static str {
    match kind {
        Created::Group => "/Groups",
        Created::User => "/Users",
        Created::Organization | Created::Customer => "/organization",
    }
}

/// Where a user, a group or an organization is.
pub fn location(kind: Created, id: &str) -> String {
    format!("{}/{}", collection(kind), encode::path_segment(id))
}

/// How many resources a page has.
pub const PAGE: usize = 100;

/// What the requests need to know of a target.
#[derive(Debug, Clone)]
pub struct Seeker {
    /// The service desk whose customers the product's REST API lists.
    pub service_desk: u32,
    /// A text that every name of the run carries, or of the pair.
    pub token: String,
}

impl Seeker {
    /// Reads a resource by its id. The product has no page for a customer, so that the run's customers are listed.
    pub fn read(&self, kind: Created, id: &str) -> Request {
        match kind {
            Created::Group | Created::User => neutral(Method::Get, location(kind, id)),
            Created::Organization => neutral_rest(Method::Get, location(kind, id)),
            Created::Customer => self.customers(&self.token, 0),
        }
    }

    /// Looks for the resources of a name.
    pub fn look_for(&self, kind: Created, name: &str) -> Request {
        match kind {
            Created::User => filtered("/Users", "userName", "eq", name, 0),
            Created::Group => filtered("/Groups", "displayName", "eq", name, 0),
            // The product's organizations cannot be looked for by name.
            Created::Organization => self.page(kind, 0),
            Created::Customer => self.customers(name, 0),
        }
    }

    /// Looks for the resources whose names carry the token, after so many of them.
    pub fn look_for_token(&self, kind: Created, after: usize) -> Request {
        match kind {
            Created::User => filtered("/Users", "userName", "co", &self.token, after),
            Created::Group => filtered("/Groups", "displayName", "co", &self.token, after),
            Created::Organization => self.page(kind, after),
            Created::Customer => self.customers(&self.token, after),
        }
    }

    /// One resource of a kind, to see how many there are, and that they are served.
    pub fn sample(&self, kind: Created) -> Request {
        match kind {
            Created::User | Created::Group => {
                neutral(Method::Get, format!("{}?startIndex=1&count=1", collection(kind)))
            }
            Created::Organization => neutral_rest(Method::Get, "/organization?start=0&limit=1"),
            Created::Customer => {
                let desk = self.service_desk;
                neutral_rest(Method::Get, format!("/servicedesk/{desk}/customer?start=0&limit=1"))
            }
        }
    }

    /// A page of all resources of a kind, after so many.
    pub fn page(&self, kind: Created, after: usize) -> Request {
        match kind {
            Created::User | Created::Group => {
                let target = format!("{}?startIndex={}&count={PAGE}", collection(kind), after + 1);
                neutral(Method::Get, target)
            }
            Created::Organization => {
                neutral_rest(Method::Get, format!("/organization?start={after}&limit={PAGE}"))
            }
            Created::Customer => self.customers("", after),
        }
    }

    fn customers(&self, text: &str, after: usize) -> Request {
        let (desk, text) = (self.service_desk, encode::query_percent(text));
        let target = format!("/servicedesk/{desk}/customer?query={text}&start={after}&limit={PAGE}");
        neutral_rest(Method::Get, target)
    }
}

fn filtered(collection: &str, attribute: &str, operator: &str, value: &str, after: usize) -> Request {
    let filter = format!("{attribute} {operator} \"{}\"", encode::filter_literal(value));
    let filter = encode::query_percent(&filter);
    let page = if after == 0 { String::new() } else { format!("&startIndex={}&count={PAGE}", after + 1) };
    neutral(Method::Get, format!("{collection}?filter={filter}{page}"))
}

/// A list in an answer.
#[derive(Debug, Clone, Copy)]
pub struct List<'a> {
    /// Its resources. Of a very large list, only those that may be the run's are kept for sure.
    pub resources: &'a [Value],
    /// How many it has.
    pub shown: usize,
    /// Whether it says that there are no others.
    pub is_whole: bool,
    /// How many there are in all, by its own word.
    pub total: Option<u64>,
}

/// The list in a successful answer, of SCIM or of the product's REST API.
pub fn list(exchange: &Exchange) -> Option<List<'_>> {
    let body = exchange.json().filter(|body| body.is_object() && exchange.is_success())?;
    let left_out =
        |name| exchange.response().and_then(|response| response.left_out(name)).map_or(0, LeftOut::count);
    let items = |name| get(body, name).and_then(Value::as_array).map(Vec::as_slice);
    if let Some(values) = items("values") {
        let is_last = get(body, "isLastPage").and_then(Value::as_bool);
        let shown = values.len() + left_out("values");
        return Some(List { resources: values, shown, is_whole: is_last.unwrap_or(shown == 0), total: None });
    }
    let total = get(body, "totalResults").and_then(Value::as_u64);
    let resources = match (items("Resources"), total) {
        (Some(resources), _) => resources,
        // An empty list may leave its resources out (RFC 7644 §3.4.2).
        (None, Some(0)) if get(body, "Resources").is_none_or(Value::is_null) => &[],
        (None, _) => return None,
    };
    let shown = resources.len() + left_out("resources");
    let is_whole = total.map_or(shown == 0, |total| total <= shown as u64);
    Some(List { resources, shown, is_whole, total })
}

/// Whether a lookup says that nobody has a name: its list is whole, and whoever is in it has another one.
pub(in crate::wire) fn is_vacant(kind: Created, name: &str, found: &Exchange) -> bool {
    let is_other = |resource: &Value| {
        let other = get(resource, identifying(kind)).and_then(Value::as_str);
        other.is_some_and(|other| !other.trim().is_empty() && !same_name(other, name))
    };
    list(found).is_some_and(|list| list.is_whole && list.resources.iter().all(is_other))
}

/// An id that no endpoint has given to anybody, to see what is answered for such.
pub fn random_id() -> &'static str {
    static ID: OnceLock<String> = OnceLock::new();
    ID.get_or_init(|| uuid::Uuid::new_v4().to_string())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::wire::{Answer, Response};

    fn answered(status: u16, body: &Value) -> Exchange {
        let seeker = Seeker { service_desk: 1, token: "k3f92".to_owned() };
        let request = seeker.look_for(Created::User, "ada");
        let response = Response::new(status, Vec::new(), body.to_string());
        Exchange {
            number: 1,
            request,
            answer: Answer::Response(response),
            took: Duration::ZERO,
            overlaps: false,
        }
    }

    #[test]
    fn a_name_is_vacant_only_where_a_whole_list_says_so() {
        for (status, body, vacant) in [
            (200, json!({"totalResults": 0, "Resources": []}), true),
            (200, json!({"totalResults": 0}), true),
            (200, json!({"totalResults": 1, "Resources": [{"userName": "eve"}]}), true),
            (200, json!({"totalResults": 1, "Resources": [{"userName": " Ada"}]}), false),
            (200, json!({"totalResults": 1, "Resources": [{"id": "7"}]}), false),
            (200, json!({"totalResults": 5, "Resources": [{"userName": "eve"}]}), false),
            (200, json!({"Resources": []}), true),
            (200, json!({"totalResults": 1}), false),
            (400, json!({"totalResults": 0}), false),
            (200, json!("<html>"), false),
        ] {
            assert_eq!(is_vacant(Created::User, "ada", &answered(status, &body)), vacant, "{body}");
        }
    }
}
