//! Pages: by index (RFC 7644 §3.4.2.4), and by cursor (RFC 9865) where the knob has that.

use std::borrow::Cow;

use jiff::Timestamp;

use super::find::{Entry, Found};
use crate::reference::site::{Directory, Site};
use crate::scim::error::{ScimError, ScimType};
use crate::scim::kind::ResourceKind;
use crate::scim::list::cursor::{Cursor, Pagination, PaginationMethod};
use crate::scim::list::query::ListQuery;

/// How long a cursor is good, in seconds.
const CURSOR_TIMEOUT: u32 = 3600;

/// How a site pages.
pub(crate) fn pagination(site: &Site) -> Pagination {
    Pagination {
        cursor: site.knobs.page_cursor,
        index: true,
        default_method: Some(PaginationMethod::Index),
        default_page_size: Some(site.knobs.page_default.min(site.knobs.page_max)),
        max_page_size: Some(site.knobs.page_max),
        cursor_timeout: Some(CURSOR_TIMEOUT),
    }
}

/// The page by index that a query asks for.
pub(crate) fn by_index<'a>(
    site: &Site,
    query: &ListQuery,
    found: &'a Found,
    directory: &Directory,
    kinds: &[ResourceKind],
) -> Cow<'a, [Entry]> {
    let count = query.count.unwrap_or(site.knobs.page_default).min(site.knobs.page_max);
    let at = &site.defects.at.listing;
    let mut start = query.start_index.saturating_sub(1);
    if at.start_ignored {
        start = 0;
    }
    if at.zero_based && query.count.is_some() {
        start = query.start_index;
    }
    if at.last_page_repeated {
        let total = found.len(directory, kinds);
        start = if start < total { start } else { total.saturating_sub(count) };
    }
    found.page(directory, kinds, start, count)
}

/// The page by cursor that a query asks for, and the cursor of the next one.
///
/// Where the list is not sorted a cursor names the resource that comes next, so that nothing is told twice or left out
/// when others come and go; where it is sorted, how many came before.
pub(crate) fn by_cursor(
    site: &Site,
    query: &ListQuery,
    found: &Found,
    directory: &Directory,
    kinds: &[ResourceKind],
    now: Timestamp,
) -> Result<(Vec<Entry>, Option<String>), ScimError> {
    let pagination = pagination(site);
    let count = pagination.page_size(query)?.unwrap_or(site.knobs.page_max);
    let kind = kinds.first().copied().unwrap_or(ResourceKind::User);
    let reached = pagination.position(kind, query, now)?;
    let position = reached.map(|cursor| Position::read(&cursor.position)).transpose()?;
    let is_sorted = site.knobs.sort && query.sort_by.is_some();
    let mut page = match position {
        None => found.page(directory, kinds, 0, count + 1).into_owned(),
        Some(Position::Behind(start)) => found.page(directory, kinds, start, count + 1).into_owned(),
        Some(Position::At(entry)) => found.from(directory, kinds, entry, count + 1),
    };
    let next = (page.len() > count).then(|| page.pop()).flatten().map(|entry| {
        let position = match position {
            _ if !is_sorted => Position::At(entry),
            Some(Position::Behind(start)) => Position::Behind(start + count),
            _ => Position::Behind(count),
        };
        Cursor { position: position.write(), issued: now }.encode(kind, query)
    });
    Ok((page, next))
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Position {
    /// Behind so many.
    Behind(usize),
    /// At this one, or at the first behind it.
    At(Entry),
}

impl Position {
    fn write(self) -> String {
        match self {
            Self::Behind(start) => start.to_string(),
            Self::At((ResourceKind::User, slot)) => format!("u{slot}"),
            Self::At((ResourceKind::Group, slot)) => format!("g{slot}"),
        }
    }

    fn read(text: &str) -> Result<Self, ScimError> {
        let at = |kind, slot: &str| slot.parse().ok().map(|slot| Self::At((kind, slot)));
        let read = match (text.strip_prefix('u'), text.strip_prefix('g')) {
            (Some(slot), _) => at(ResourceKind::User, slot),
            (_, Some(slot)) => at(ResourceKind::Group, slot),
            _ => text.parse().ok().map(Self::Behind),
        };
        read.ok_or_else(|| {
            ScimError::bad_request(ScimType::InvalidCursor, "this cursor does not belong to this endpoint")
        })
    }
}
