//! The discovery documents of an endpoint (RFC 7644 §4), as far as rules compare them with its behaviour.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use crate::scim::ResourceKind;
use crate::scim::resource::attribute::get;
use crate::wire::{Exchange, Method, Surface};

use crate::requirement::exchange::view::List;
use crate::requirement::schema::resource_schema::ResourceSchema;

/// An endpoint's claims. What it did not say is nothing.
#[derive(Debug, Clone, Default)]
pub struct Discovery {
    patch: Option<bool>,
    filter: Option<bool>,
    etag: Option<bool>,
    sort: Option<bool>,
    bulk: Option<bool>,
    /// Whether lists can be read by cursor (RFC 9865 §4).
    cursor: Option<bool>,
    /// The endpoints that `/ResourceTypes` lists, in lower case.
    endpoints: Option<BTreeSet<String>>,
    /// The names that `/ResourceTypes` gives to what is below an endpoint.
    type_names: BTreeSet<(String, String)>,
    /// The attributes that `/Schemas` says are always returned, in lower case.
    always: BTreeSet<String>,
    user: Option<Arc<ResourceSchema>>,
    group: Option<Arc<ResourceSchema>>,
}

impl Discovery {
    /// Takes an answer to `/ServiceProviderConfig`, `/ResourceTypes` or `/Schemas`; leaves any other exchange alone.
    pub fn learn(&mut self, exchange: &Exchange) {
        let request = &exchange.request;
        if request.method != Method::Get || request.surface != Surface::Scim || exchange.status() != 200 {
            return;
        }
        let Some(page) = Page::of(request.path()) else { return };
        let Some(body) = exchange.json().filter(|body| body.is_object()) else { return };
        let Some(list) = List::of(exchange) else { return };
        match page {
            Page::Config => {
                let claim = |name| get(get(body, name)?, "supported")?.as_bool();
                (self.patch, self.filter, self.etag) = (claim("patch"), claim("filter"), claim("etag"));
                (self.sort, self.bulk) = (claim("sort"), claim("bulk"));
                self.cursor = get(body, "pagination").and_then(|paging| get(paging, "cursor")?.as_bool());
            }
            Page::ResourceTypes => {
                let types = list.resources();
                // Some write the whole path, which the RFC has relative to the base.
                let endpoint = |each| get(each, "endpoint")?.as_str()?.trim_matches('/').rsplit('/').next();
                let endpoints = types.iter().filter_map(|each| Some(endpoint(each)?.to_ascii_lowercase()));
                let name = |each| get(each, "name")?.as_str().map(str::to_owned);
                let named = |each| Some((endpoint(each)?.to_ascii_lowercase(), name(each)?));
                self.type_names = types.iter().filter_map(named).collect();
                // A list that is cut short, or none at all, says nothing of what is missing from it.
                self.endpoints = (list.is_whole() && !types.is_empty()).then(|| endpoints.collect());
            }
            Page::Schemas => {
                self.always = list.resources().iter().flat_map(always_returned).collect();
                let told = |kind| ResourceSchema::told(kind, list.resources()).map(Arc::new);
                (self.user, self.group) = (told(ResourceKind::User), told(ResourceKind::Group));
            }
        }
    }

    pub(crate) fn patch(&self) -> Option<bool> {
        self.patch
    }

    pub(crate) fn filter(&self) -> Option<bool> {
        self.filter
    }

    /// Whether resources have versions.
    pub fn etag(&self) -> Option<bool> {
        self.etag
    }

    /// Whether lists can be sorted.
    pub fn sort(&self) -> Option<bool> {
        self.sort
    }

    /// Whether there is `/Bulk`.
    pub fn bulk(&self) -> Option<bool> {
        self.bulk
    }

    /// Whether lists can be read by cursor.
    pub fn cursor(&self) -> Option<bool> {
        self.cursor
    }

    /// Whether `/ResourceTypes` lists the kind.
    pub(crate) fn lists(&self, kind: ResourceKind) -> Option<bool> {
        let name = kind.endpoint().trim_matches('/').to_ascii_lowercase();
        self.endpoints.as_ref().map(|endpoints| endpoints.contains(&name))
    }

    /// Whether something is the name of the kind's resource type.
    pub(crate) fn is_type_name(&self, kind: ResourceKind, name: &str) -> bool {
        let endpoint = kind.endpoint().trim_matches('/').to_ascii_lowercase();
        name == kind.name() || self.type_names.contains(&(endpoint, name.to_owned()))
    }

    /// Whether `/Schemas` says that an attribute is returned whatever is asked for, by its name in small letters.
    pub(crate) fn is_always_returned(&self, attribute: &str) -> bool {
        self.always.contains(attribute)
    }

    /// The endpoint's own schema of a kind.
    pub(crate) fn schema(&self, kind: ResourceKind) -> Option<&ResourceSchema> {
        match kind {
            ResourceKind::User => self.user.as_deref(),
            ResourceKind::Group => self.group.as_deref(),
        }
    }
}

/// The names of the attributes of a schema that are returned whatever is asked for (RFC 7643 §7).
fn always_returned(schema: &Value) -> Vec<String> {
    let attributes = get(schema, "attributes").and_then(Value::as_array).into_iter().flatten();
    let is_always = |attribute: &&Value| {
        let returned = get(attribute, "returned").and_then(Value::as_str);
        returned.is_some_and(|word| word.eq_ignore_ascii_case("always"))
    };
    let name = |attribute| Some(get(attribute, "name")?.as_str()?.to_ascii_lowercase());
    attributes.filter(is_always).filter_map(name).collect()
}

/// The pages of discovery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    Config,
    ResourceTypes,
    Schemas,
}

impl Page {
    /// The page at a path.
    pub(crate) fn of(path: &str) -> Option<Self> {
        match path {
            "/ServiceProviderConfig" => Some(Self::Config),
            "/ResourceTypes" => Some(Self::ResourceTypes),
            "/Schemas" => Some(Self::Schemas),
            _ => None,
        }
    }
}
