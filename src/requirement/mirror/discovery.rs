//! The discovery documents of an endpoint (RFC 7644 §4), as far as rules compare them with its behaviour.

use std::collections::BTreeSet;
use std::sync::Arc;

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
    /// The endpoints that `/ResourceTypes` lists, in lower case.
    endpoints: Option<BTreeSet<String>>,
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
            }
            Page::ResourceTypes => {
                let types = list.resources();
                let endpoints = types.iter().filter_map(|each| get(each, "endpoint")?.as_str());
                // Some write the whole path, which the RFC has relative to the base.
                let endpoints = endpoints.filter_map(|path| path.trim_matches('/').rsplit('/').next());
                let endpoints = endpoints.map(str::to_ascii_lowercase);
                // A list that is cut short, or none at all, says nothing of what is missing from it.
                self.endpoints = (list.is_whole() && !types.is_empty()).then(|| endpoints.collect());
            }
            Page::Schemas => {
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

    pub(crate) fn etag(&self) -> Option<bool> {
        self.etag
    }

    /// Whether `/ResourceTypes` lists the kind.
    pub(crate) fn lists(&self, kind: ResourceKind) -> Option<bool> {
        let name = kind.endpoint().trim_matches('/').to_ascii_lowercase();
        self.endpoints.as_ref().map(|endpoints| endpoints.contains(&name))
    }

    /// The endpoint's own schema of a kind.
    pub(crate) fn schema(&self, kind: ResourceKind) -> Option<&ResourceSchema> {
        match kind {
            ResourceKind::User => self.user.as_deref(),
            ResourceKind::Group => self.group.as_deref(),
        }
    }
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
