//! Reads the customers and organizations of an endpoint over SCIM and, if it has one, the product's REST API.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use crate::wire::message::encode;
use crate::wire::{Answer, Created, Exchange, LeftOut, Method, Purpose, Request, Wire};

/// Pages of a listing that are read at most: an endpoint that never stops must not keep us.
const MAX_PAGES: usize = 1_000;

/// Members of a group who are looked at one by one.
const MOST_MEMBERS: usize = 1_000;

/// Values of a REST listing that are kept, beside our own.
const MOST_VALUES: usize = 2_000;

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
    pub groups: Vec<Group>,
    /// The product's view.
    pub product: Option<Product>,
}

/// A SCIM Group as the endpoint gave it.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// The resource.
    pub resource: Value,
    /// How many more members it has, of whom nobody here knows more.
    pub strangers: usize,
}

impl From<Value> for Group {
    fn from(resource: Value) -> Self {
        Self { resource, strangers: 0 }
    }
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
        let groups = groups.into_iter().map(|group| self.known_members(group)).collect();
        let product = match self.wire.target().rest.as_ref().map(|rest| rest.service_desk) {
            None => None,
            Some(service_desk) => Some(self.product(service_desk, scope).await?),
        };
        Ok(Raw { users, groups, product })
    }

    /// Counts the members of a very large group whom the pair never met: a group holds as many as its endpoint likes.
    fn known_members(&self, mut group: Group) -> Group {
        let Some(object) = group.resource.as_object_mut() else { return group };
        let members = object.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case("members"));
        if let Some((_, Value::Array(members))) = members
            && members.len() > MOST_MEMBERS
            && self.wire.ownership().is_guest()
        {
            let (ours, others): (Vec<Value>, Vec<Value>) =
                std::mem::take(members).into_iter().partition(|member| self.wire.marks().are_in(member));
            let all = ours.len() + others.len();
            *members = ours.into_iter().chain(others).take(MOST_MEMBERS).collect();
            members.shrink_to_fit();
            group.strangers += all - members.len();
        }
        group
    }

    async fn scim(&self, scope: &Scope) -> Result<(Vec<Value>, Vec<Group>), ReadError> {
        match scope {
            Scope::Site => {
                let users = self.list("/Users").await?;
                let groups = self.list("/Groups").await?;
                Ok((users, groups.into_iter().map(Group::from).collect()))
            }
            Scope::Own { user_names, group_names, token } => {
                let users = self.own(Created::User, "/Users", "userName", user_names, token).await?;
                let groups = self.own(Created::Group, "/Groups", "displayName", group_names, token).await?;
                Ok((users.into_iter().map(|user| user.resource).collect(), groups))
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
    ) -> Result<Vec<Group>, ReadError> {
        let mut all = Vec::new();
        let mut seen = BTreeSet::new();
        for (_, id) in self.wire.ownership().created().into_iter().filter(|(created, _)| *created == kind) {
            let exchange = self.get(format!("{endpoint}/{}", encode::path_segment(&id))).await?;
            seen.insert(id);
            all.extend(resource(&exchange));
        }
        for name in names {
            let filter = format!("{attribute} eq \"{}\"", encode::filter_literal(name));
            let exchange = self.get(format!("{endpoint}?filter={}", encode::query_percent(&filter))).await?;
            // An endpoint that cannot filter is told so by the requirements; here it only means: no twins seen.
            let Ok((page, _)) = list_page(&exchange) else { continue };
            for resource in page {
                let id = resource.get("id").and_then(Value::as_str).unwrap_or_default();
                let named =
                    crate::scim::resource::attribute::get(resource, attribute).and_then(Value::as_str);
                let ours = named.is_some_and(|name| name.to_lowercase().contains(token));
                if ours && encode::stays_in_its_segment(id) && seen.insert(id.to_owned()) {
                    let exchange = self.get(format!("{endpoint}/{}", encode::path_segment(id))).await?;
                    all.push(self::resource(&exchange).unwrap_or_else(|| resource.clone().into()));
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
        let mut all: Vec<Value> = Vec::new();
        let (mut start, mut before) = (0, None);
        for _ in 0..MAX_PAGES {
            let target = format!("{path}?{query}start={start}&limit={PAGE}");
            let request = Request::new(Method::Get, target)
                .rest()
                .header("Accept", "application/json")
                // The list of a service desk's customers is experimental and answers only to those who opt in.
                .header("X-ExperimentalApi", "opt-in")
                .purpose(Purpose::Read);
            let exchange = self.send(request).await?;
            let values = exchange.json().and_then(|body| body.get("values")).and_then(Value::as_array);
            let Some(values) = values.filter(|_| exchange.is_success()) else {
                let what = format!("GET {path} of the product's REST API returned {}", exchange.status());
                return Err(ReadError { what, exchange });
            };
            if !values.is_empty() && values.first() == before.as_ref() {
                // The same page again: it has no end.
                break;
            }
            before = values.first().cloned();
            let is_guest = self.wire.ownership().is_guest();
            for value in values {
                if !is_guest || all.len() < MOST_VALUES || self.wire.marks().are_in(value) {
                    all.push(value.clone());
                }
            }
            let left_out = exchange.response().and_then(|response| response.left_out("values"));
            start += values.len() + left_out.map_or(0, LeftOut::count);
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

/// The resource that a read was answered with.
fn resource(exchange: &Exchange) -> Option<Group> {
    let response = exchange.response().filter(|response| response.is_success())?;
    let strangers = response.left_out("members").map_or(0, LeftOut::count);
    Some(Group { resource: response.json()?.clone(), strangers })
}

fn list_page(exchange: &Arc<Exchange>) -> Result<(&[Value], Option<usize>), ReadError> {
    let wrong = |what: String| ReadError { what, exchange: Arc::clone(exchange) };
    let target = exchange.request.path();
    if !exchange.is_success() {
        return Err(wrong(format!("GET {target} returned {}", exchange.status())));
    }
    let body = exchange.json().ok_or_else(|| wrong(format!("GET {target} did not return JSON")))?;
    let total = crate::scim::resource::attribute::get(body, "totalResults");
    let total = total.and_then(|total| match total {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64().and_then(|total| usize::try_from(total).ok()),
    });
    let resources = crate::scim::resource::attribute::get(body, "Resources").and_then(Value::as_array);
    match (resources, total) {
        (Some(resources), total) => Ok((resources, total)),
        (None, Some(total)) => Ok((&[], Some(total))),
        (None, None) => Err(wrong(format!("GET {target} did not return a list"))),
    }
}
