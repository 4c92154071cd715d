//! Lists: filter, order, page, projection (RFC 7644 §3.4.2; docs/jira-service-management.md#filters, docs/jira-service-management.md#lists).

use axum::http::Method;
use jiff::Timestamp;
use serde_json::Value;

use super::find::{self, Entry, Found, Source};
use super::pages;
use super::request::ScimRequest;
use crate::reference::http::answer::{Answer, Content, method_not_allowed};
use crate::reference::provisioning::{group_text, group_view, push_user, user_view};
use crate::reference::site::{Directory, Site};
use crate::scim::error::ScimError;
use crate::scim::kind::ResourceKind;
use crate::scim::list::cursor::cursor_list_response;
use crate::scim::list::query::ListQuery;
use crate::scim::list::sort::Sorting;
use crate::scim::list::{list_response, list_text};
use crate::scim::resource::projection::Projection;

/// The list of users or of groups.
pub(crate) fn of_kind(site: &Site, kind: ResourceKind, request: &ScimRequest) -> Answer {
    let list = || List::new(site, std::slice::from_ref(&kind), request)?.answer();
    list().unwrap_or_else(Answer::from)
}

/// The list of users and groups together, below the base URL itself (RFC 7644 §3.4.2.1).
pub(crate) fn of_all(site: &Site, request: &ScimRequest) -> Answer {
    if request.method != Method::GET {
        return method_not_allowed("GET");
    }
    let list = || List::new(site, &ResourceKind::ALL, request)?.answer();
    list().unwrap_or_else(Answer::from)
}

/// `/.search`, `/Users/.search`, `/Groups/.search`: a query that is sent by POST (RFC 7644 §3.4.3).
pub(crate) fn search(site: &Site, kinds: &[ResourceKind], request: &ScimRequest) -> Answer {
    if request.method != Method::POST {
        return method_not_allowed("POST");
    }
    let list = || List::new(site, kinds, request)?.answer();
    list().unwrap_or_else(Answer::from)
}

/// Whether members will be in the answer: gathering those of a large group only to drop them would be waste.
pub(crate) fn members_wanted(site: &Site, projection: &Projection) -> bool {
    projection.includes(ResourceKind::Group, "members") || site.shows_groups_whole()
}

/// A query of one site.
struct List<'a> {
    site: &'a Site,
    directory: &'a Directory,
    kinds: &'a [ResourceKind],
    query: &'a ListQuery,
    source: Source,
    projection: Projection,
    base: &'a str,
    now: Timestamp,
}

impl<'a> List<'a> {
    fn new(site: &'a Site, kinds: &'a [ResourceKind], request: &'a ScimRequest) -> Result<Self, ScimError> {
        let directory =
            site.directory.as_ref().ok_or_else(|| ScimError::not_found("the directory no longer exists"))?;
        let query = request.parameters()?;
        let projection = request.projection()?;
        let source = if request.method == Method::POST { Source::Body } else { Source::Url };
        Ok(Self { site, directory, kinds, query, source, projection, base: &request.base, now: request.now })
    }

    fn answer(&self) -> Result<Answer, ScimError> {
        let filter = self.query.filter.as_deref().map(|filter| (filter, self.source));
        let mut found =
            find::found(self.site, self.directory, self.kinds, filter, |entry| self.view(entry, true))?;
        let at = &self.site.defects.at.listing;
        if at.inactive_hidden {
            let shown = |entry: &Entry| find::is_active(self.directory, *entry);
            found =
                Found::Only(found.entries(self.directory, self.kinds).into_iter().filter(shown).collect());
        }
        if self.site.knobs.sort && self.query.sort_by.is_some() {
            found = Found::Only(self.sorted(found.entries(self.directory, self.kinds))?);
        }
        if at.unstable_order && self.site.memory.count_list().is_multiple_of(2) {
            let mut entries = found.entries(self.directory, self.kinds);
            entries.reverse();
            found = Found::Only(entries);
        }
        let total = found.len(self.directory, self.kinds);
        let (site, query, directory, kinds) = (self.site, self.query, self.directory, self.kinds);
        if self.projection.is_default() && !pages::pagination(site).by_cursor(query) {
            let page = pages::by_index(site, query, &found, directory, kinds);
            let push = |text: &mut Vec<u8>, entry: &Entry| self.push(text, *entry);
            return Ok(Answer::scim(200, Content::Text(list_text(total, query.start_index, &page, push))));
        }
        let list = if pages::pagination(site).by_cursor(query) {
            let (page, next) = pages::by_cursor(site, query, &found, directory, kinds, self.now)?;
            cursor_list_response(Some(total), self.resources(&page), next.as_deref(), None)
        } else {
            let page = pages::by_index(site, query, &found, directory, kinds);
            list_response(total, query.start_index, self.resources(&page))
        };
        Ok(Answer::scim(200, list))
    }

    fn resources(&self, entries: &[Entry]) -> Vec<Value> {
        let with_members = members_wanted(self.site, &self.projection);
        entries.iter().filter_map(|entry| self.projected(*entry, with_members)).collect()
    }

    fn sorted(&self, mut entries: Vec<Entry>) -> Result<Vec<Entry>, ScimError> {
        let by_kind = |kind| Sorting::of(kind, self.query);
        let [users, groups] = ResourceKind::ALL.map(by_kind);
        // An attribute that one kind does not have leaves its resources without a key; none has it, and it is an error.
        let (users, groups) = match (self.kinds, users, groups) {
            ([ResourceKind::User], users, _) => (users?, None),
            ([ResourceKind::Group], _, groups) => (None, groups?),
            (_, Err(error), Err(_)) => return Err(error),
            (_, users, groups) => (users.unwrap_or_default(), groups.unwrap_or_default()),
        };
        let Some(any) = users.as_ref().or(groups.as_ref()) else {
            return Ok(entries);
        };
        any.sort_by_key(&mut entries, |(kind, slot)| {
            let sorting = match kind {
                ResourceKind::User => users.as_ref(),
                ResourceKind::Group => groups.as_ref(),
            };
            let view = self.view((*kind, *slot), false).unwrap_or_default();
            sorting.unwrap_or(any).key(&view)
        });
        Ok(entries)
    }

    /// Adds a resource as text. An entry that is found is there.
    fn push(&self, text: &mut Vec<u8>, (kind, slot): Entry) {
        let (site, directory) = (self.site, self.directory);
        match kind {
            ResourceKind::User => {
                if let Some(user) = directory.users.get(slot) {
                    push_user(text, site, directory, slot, user, self.base);
                }
            }
            ResourceKind::Group => {
                if let Some(group) = directory.groups.get(slot) {
                    text.extend(group_text(site, directory, slot, group, self.base, true));
                }
            }
        }
    }

    fn view(&self, (kind, slot): Entry, with_members: bool) -> Option<Value> {
        let (site, directory) = (self.site, self.directory);
        match kind {
            ResourceKind::User => {
                Some(user_view(site, directory, slot, directory.users.get(slot)?, self.base))
            }
            ResourceKind::Group => {
                let group = directory.groups.get(slot)?;
                Some(group_view(site, directory, slot, group, self.base, with_members))
            }
        }
    }

    fn projected(&self, entry: Entry, with_members: bool) -> Option<Value> {
        let mut view = self.view(entry, with_members)?;
        if entry.0 == ResourceKind::User || !self.site.shows_groups_whole() {
            self.projection.apply(entry.0, &mut view);
        }
        Some(view)
    }
}
