//! Reads what stands at an endpoint, over SCIM and, where there is one, over the product's REST API.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use crate::wire::{Answer, Created, Exchange, Method, Purpose, Request, Wire, encode};

/// Pages of a listing that are read at most: an endpoint that never stops must not keep us.
const MAX_PAGES: usize = 1_000;

/// Resources asked for a page.
const PAGE: usize = 100;

/// What is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// The whole site: it is ours alone.
    Site,
    /// What this pair created, and whatever else bears a name that it ever used (twins).
    Own {
        /// Login names.
        user_names: Vec<String>,
        /// Group names.
        group_names: Vec<String>,
        /// What a name of ours contains.
        token: String,
    },
}

/// What was read, as the endpoint gave it.
#[derive(Debug, Clone, Default)]
pub struct Raw {
    /// SCIM Users.
    pub users: Vec<Value>,
    /// SCIM Groups.
    pub groups: Vec<Value>,
    /// The product's view.
    pub product: Option<Product>,
}

/// What the product's REST API shows.
#[derive(Debug, Clone, Default)]
pub struct Product {
    /// The service desk's customers.
    pub customers: Vec<Value>,
    /// The organizations, each with its members.
    pub organizations: Vec<(Value, Vec<Value>)>,
}

/// The outcome cannot be read: no whole answer, or not what a listing is.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the outcome cannot be read: {what}")]
pub struct ReadError {
    /// What was wrong.
    pub what: String,
    /// The exchange.
    pub exchange: Arc<Exchange>,
}

/// Reads over a pair's wire.
#[derive(Debug)]
pub struct Reader<'a> {
    wire: &'a Wire,
}

impl<'a> Reader<'a> {
    /// A reader over a wire.
    pub fn new(wire: &'a Wire) -> Self {
        Self { wire }
    }

    /// Reads everything in scope.
    pub async fn read(&self, scope: &Scope) -> Result<Raw, ReadError> {
        let scim = self.scim(scope).await;
        let has_product = self.wire.target().rest.is_some();
        let (users, groups) = match scim {
            Ok(resources) => resources,
            // With a dead key or a disconnected directory, people still see what stands in the product.
            Err(error) if has_product && matches!(error.exchange.status(), 401 | 403 | 404) => {
                (Vec::new(), Vec::new())
            }
            Err(error) => return Err(error),
        };
        let product = match self.wire.target().rest.as_ref().map(|rest| rest.service_desk) {
            None => None,
            Some(service_desk) => Some(self.product(service_desk, scope).await?),
        };
        Ok(Raw { users, groups, product })
    }

    async fn scim(&self, scope: &Scope) -> Result<(Vec<Value>, Vec<Value>), ReadError> {
        match scope {
            Scope::Site => Ok((self.list("/Users").await?, self.list("/Groups").await?)),
            Scope::Own { user_names, group_names, token } => {
                let users = self.own(Created::User, "/Users", "userName", user_names, token).await?;
                let groups = self.own(Created::Group, "/Groups", "displayName", group_names, token).await?;
                Ok((users, groups))
            }
        }
    }

    async fn get(&self, target: String) -> Result<Arc<Exchange>, ReadError> {
        self.send(scim_get(target)).await
    }

    async fn send(&self, request: Request) -> Result<Arc<Exchange>, ReadError> {
        let exchange = self.wire.send(request).await;
        match &exchange.answer {
            Answer::Response(_) => Ok(exchange),
            Answer::Failed(error) => Err(ReadError { what: error.to_string(), exchange }),
            Answer::Withheld(reason) => Err(ReadError { what: reason.to_string(), exchange }),
        }
    }

    /// All pages of a SCIM listing. What was seen before ends it, whatever the total says.
    async fn list(&self, endpoint: &str) -> Result<Vec<Value>, ReadError> {
        let mut all = Vec::new();
        let mut seen = BTreeSet::new();
        let mut start = 1;
        for _ in 0..MAX_PAGES {
            let exchange = self.get(format!("{endpoint}?startIndex={start}&count={PAGE}")).await?;
            let (page, total) = list_page(&exchange)?;
            let mut news = 0;
            for resource in page {
                let id = resource.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
                if seen.insert(id) {
                    news += 1;
                    all.push(resource.clone());
                }
            }
            start += page.len();
            if news == 0 || total.is_none_or(|total| all.len() >= total) {
                break;
            }
        }
        Ok(all)
    }

    /// What was created and is still there, by id; then whatever answers to a name that was used.
    async fn own(
        &self,
        kind: Created,
        endpoint: &str,
        attribute: &str,
        names: &[String],
        token: &str,
    ) -> Result<Vec<Value>, ReadError> {
        let mut all: Vec<Value> = Vec::new();
        let mut seen = BTreeSet::new();
        for (_, id) in self.wire.ownership().created().into_iter().filter(|(created, _)| *created == kind) {
            let exchange = self.get(format!("{endpoint}/{}", encode::path_segment(&id))).await?;
            seen.insert(id);
            if exchange.is_success() {
                all.extend(exchange.json().cloned());
            }
        }
        for name in names {
            let filter = format!("{attribute} eq \"{}\"", encode::filter_literal(name));
            let exchange = self.get(format!("{endpoint}?filter={}", encode::query_percent(&filter))).await?;
            // An endpoint that cannot filter is told so by the requirements; here it only means: no twins seen.
            let Ok((page, _)) = list_page(&exchange) else { continue };
            for resource in page {
                let id = resource.get("id").and_then(Value::as_str).unwrap_or_default();
                let named = crate::scim::attribute::get(resource, attribute).and_then(Value::as_str);
                let ours = named.is_some_and(|name| name.to_lowercase().contains(token));
                if ours && seen.insert(id.to_owned()) {
                    let exchange = self.get(format!("{endpoint}/{}", encode::path_segment(id))).await?;
                    let whole = exchange.is_success().then(|| exchange.json().cloned()).flatten();
                    all.push(whole.unwrap_or_else(|| resource.clone()));
                }
            }
        }
        Ok(all)
    }

    async fn product(&self, service_desk: u32, scope: &Scope) -> Result<Product, ReadError> {
        let ours = |name: Option<&Value>| match scope {
            Scope::Site => true,
            Scope::Own { token, .. } => {
                name.and_then(Value::as_str).is_some_and(|name| name.to_lowercase().contains(token))
            }
        };
        let query = match scope {
            Scope::Site => String::new(),
            Scope::Own { token, .. } => format!("query={}&", encode::query_percent(token)),
        };
        let customers = self.rest_list(&format!("/servicedesk/{service_desk}/customer"), &query).await?;
        let mut organizations = Vec::new();
        for organization in self.rest_list("/organization", "").await? {
            if !ours(organization.get("name")) {
                continue;
            }
            let id = match organization.get("id") {
                Some(Value::String(id)) => id.clone(),
                Some(id) => id.to_string(),
                None => continue,
            };
            let members =
                self.rest_list(&format!("/organization/{}/user", encode::path_segment(&id)), "").await?;
            organizations.push((organization, members));
        }
        Ok(Product { customers, organizations })
    }

    /// All pages of a REST listing (`values`, `isLastPage`).
    async fn rest_list(&self, path: &str, query: &str) -> Result<Vec<Value>, ReadError> {
        let mut all = Vec::new();
        for _ in 0..MAX_PAGES {
            let target = format!("{path}?{query}start={}&limit={PAGE}", all.len());
            let request = Request::new(Method::Get, target)
                .rest()
                .header("Accept", "application/json")
                // The list of a service desk's customers is experimental and answers only to those who opt in.
                .header("X-ExperimentalApi", "opt-in")
                .purpose(Purpose::Read);
            let exchange = self.send(request).await?;
            let values = exchange.json().and_then(|body| body.get("values")).and_then(Value::as_array);
            let Some(values) = values.filter(|_| exchange.is_success()) else {
                let what = format!("GET {path} of the product's REST API answered {}", exchange.status());
                return Err(ReadError { what, exchange });
            };
            all.extend(values.iter().cloned());
            let last = exchange.json().and_then(|body| body.get("isLastPage")).and_then(Value::as_bool);
            if values.is_empty() || last.unwrap_or(true) {
                break;
            }
        }
        Ok(all)
    }
}

/// A neutral SCIM read.
pub fn scim_get(target: impl Into<String>) -> Request {
    Request::new(Method::Get, target)
        .header("Accept", "application/scim+json")
        .header("User-Agent", concat!("scimsnap/", env!("CARGO_PKG_VERSION")))
        .purpose(Purpose::Read)
}

fn list_page(exchange: &Arc<Exchange>) -> Result<(&[Value], Option<usize>), ReadError> {
    let wrong = |what: String| ReadError { what, exchange: Arc::clone(exchange) };
    let target = exchange.request.path();
    if !exchange.is_success() {
        return Err(wrong(format!("GET {target} answered {}", exchange.status())));
    }
    let body = exchange.json().ok_or_else(|| wrong(format!("GET {target} did not answer with JSON")))?;
    let total = crate::scim::attribute::get(body, "totalResults");
    let total = total.and_then(|total| match total {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64().and_then(|total| usize::try_from(total).ok()),
    });
    let resources = crate::scim::attribute::get(body, "Resources").and_then(Value::as_array);
    match (resources, total) {
        (Some(resources), total) => Ok((resources, total)),
        (None, Some(total)) => Ok((&[], Some(total))),
        (None, None) => Err(wrong(format!("GET {target} did not answer with a list"))),
    }
}
