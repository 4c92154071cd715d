//! Pages: by index (RFC 7644 §3.4.2.4).

use serde_json::Value;

use crate::reference::defects::Defect;
use crate::reference::site::Site;
use crate::scim::error::ScimError;
use crate::scim::list::ListQuery;

/// A part of what a query finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page {
    /// How many results come before it.
    pub(crate) start: usize,
    /// How many it holds at most.
    pub(crate) count: usize,
}

impl Page {
    /// The page that a query asks for.
    pub(crate) fn of(site: &Site, query: &ListQuery) -> Result<Self, ScimError> {
        let ignored = site.defects.has(Defect::StartIndexIgnored);
        let start = if ignored { 0 } else { query.start_index.saturating_sub(1) };
        let count = query.count.unwrap_or(site.knobs.page_default).min(site.knobs.page_max);
        Ok(Self { start, count })
    }
}

/// Says in the list which page it is.
pub(crate) fn tell(_: &Site, _: &ListQuery, _: &Page, _: usize, _: &mut Value) -> Result<(), ScimError> {
    Ok(())
}
