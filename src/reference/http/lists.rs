//! Lists: filter, page, projection (RFC 7644 §3.4.2; fact sheet "jsm-customer-provisioning" §4.2).

use serde_json::{Value, json};

use super::answer::Answer;
use super::request::{ScimRequest, projection};
use crate::reference::defects::Defect;
use crate::reference::knobs::FilterAttrs;
use crate::reference::provisioning::{group_view, user_view};
use crate::reference::site::{Directory, Site};
use crate::scim::error::{ScimError, ScimType};
use crate::scim::filter::Filter;
use crate::scim::kind::ResourceKind;
use crate::scim::list::{ListQuery, list_response};
use crate::scim::projection::Projection;

/// What a filter leaves.
enum Found {
    /// Everything, so that a page can be cut out without looking at the rest.
    All,
    /// These, oldest first.
    Only(Vec<u32>),
}

/// The list of users.
pub(crate) fn users(site: &Site, request: &ScimRequest) -> Result<Answer, ScimError> {
    let query = request.parameters()?;
    let projection = projection(&query)?;
    let directory = connected(site)?;
    let view = |slot| {
        let user = directory.users.get(slot)?;
        Some(user_view(site, directory, slot, user, &request.base))
    };
    let mut found = found(site, ResourceKind::User, &query, |filter| {
        users_equal(site, directory, filter).unwrap_or_else(|| {
            scan(directory.users.iter().map(|(slot, _)| slot), filter, ResourceKind::User, view)
        })
    })?;
    if site.defects.has(Defect::InactiveHidden) {
        let slots = match found {
            Found::All => directory.users.iter().map(|(slot, _)| slot).collect(),
            Found::Only(slots) => slots,
        };
        found = Found::Only(slots.into_iter().filter(|slot| is_active(directory, *slot)).collect());
    }
    let (start, count) = window(site, &query);
    let (total, page): (usize, Vec<u32>) = match found {
        Found::All => {
            let page = directory.users.skipping(start).take(count).map(|(slot, _)| slot).collect();
            (directory.users.len(), page)
        }
        Found::Only(slots) => cut(&slots, start, count),
    };
    let resources = page.into_iter().filter_map(view).map(|mut view| {
        projection.apply(ResourceKind::User, &mut view);
        view
    });
    Ok(respond(site, &query, total, resources.collect()))
}

/// The list of groups.
pub(crate) fn groups(site: &Site, request: &ScimRequest) -> Result<Answer, ScimError> {
    let query = request.parameters()?;
    let projection = projection(&query)?;
    let directory = connected(site)?;
    let view = |slot, with_members| {
        let group = directory.groups.get(slot)?;
        Some(group_view(site, directory, slot, group, &request.base, with_members))
    };
    let found = found(site, ResourceKind::Group, &query, |filter| {
        groups_equal(site, directory, filter).unwrap_or_else(|| {
            let all = directory.groups.iter().map(|(slot, _)| slot);
            scan(all, filter, ResourceKind::Group, |slot| view(slot, true))
        })
    })?;
    let (start, count) = window(site, &query);
    let (total, page): (usize, Vec<u32>) = match found {
        Found::All => {
            let page = directory.groups.skipping(start).take(count).map(|(slot, _)| slot).collect();
            (directory.groups.len(), page)
        }
        Found::Only(slots) => cut(&slots, start, count),
    };
    let with_members = members_wanted(site, &projection);
    let resources = page.into_iter().filter_map(|slot| view(slot, with_members)).map(|mut view| {
        if !site.defects.has(Defect::ExcludedAttributesIgnored) {
            projection.apply(ResourceKind::Group, &mut view);
        }
        view
    });
    Ok(respond(site, &query, total, resources.collect()))
}

/// Whether members will be in the answer: gathering those of a large group only to drop them would be waste.
pub(crate) fn members_wanted(site: &Site, projection: &Projection) -> bool {
    projection.includes(ResourceKind::Group, "members") || site.defects.has(Defect::ExcludedAttributesIgnored)
}

fn connected(site: &Site) -> Result<&Directory, ScimError> {
    site.directory.as_ref().ok_or_else(|| ScimError::not_found("the directory is gone"))
}

fn found(
    site: &Site,
    kind: ResourceKind,
    query: &ListQuery,
    find: impl FnOnce(&Filter) -> Vec<u32>,
) -> Result<Found, ScimError> {
    let Some(text) = &query.filter else {
        return Ok(Found::All);
    };
    if site.defects.has(Defect::FilterIgnored) {
        return Ok(Found::All);
    }
    let invalid = || {
        let resource = kind.name().to_uppercase();
        ScimError::bad_request(ScimType::InvalidFilter, format!("Resource [{resource}] invalid filter"))
    };
    let filter = Filter::parse(text, &site.leniency()).map_err(|_| invalid())?;
    if site.knobs.filter_attrs == FilterAttrs::Documented && !is_documented(kind, &filter) {
        return Err(invalid());
    }
    let slots = find(&filter);
    if slots.is_empty() && site.defects.has(Defect::MissIs404) {
        return Err(ScimError::not_found("nothing matches the filter"));
    }
    Ok(Found::Only(slots))
}

/// Exactly one `eq` on an attribute that the vendor documents.
fn is_documented(kind: ResourceKind, filter: &Filter) -> bool {
    let names: &[&str] = match kind {
        ResourceKind::User => &["userName", "externalId"],
        ResourceKind::Group => &["displayName"],
    };
    filter.equality().is_some_and(|(path, _)| names.iter().any(|name| path.is(name)))
}

/// The users that an equality on an indexed attribute finds; none if it is not on one.
fn users_equal(site: &Site, directory: &Directory, filter: &Filter) -> Option<Vec<u32>> {
    let (path, value) = filter.equality()?;
    let users = &directory.users;
    if path.is("userName") {
        let key = site.user_key(value);
        if site.defects.has(Defect::PrefixFilter) {
            return Some(users.user_name_starting_with(&key).collect());
        }
        return Some(users.by_user_name(&key).collect());
    }
    if path.is("externalId") {
        return Some(users.by_external_id(value).collect());
    }
    path.is("id").then(|| users.by_id(value).into_iter().collect())
}

/// The groups that an equality on an indexed attribute finds; none if it is not on one.
fn groups_equal(site: &Site, directory: &Directory, filter: &Filter) -> Option<Vec<u32>> {
    let (path, value) = filter.equality()?;
    let groups = &directory.groups;
    if path.is("displayName") {
        let key = site.name_key(value);
        if site.defects.has(Defect::PrefixFilter) {
            return Some(groups.name_starting_with(&key).collect());
        }
        // The index forgives space around a name, which `eq` does not.
        let same = |slot: &u32| {
            groups.get(*slot).is_some_and(|group| filter.matches(ResourceKind::Group, &group.attributes))
        };
        return Some(groups.by_name(&key).filter(same).collect());
    }
    path.is("id").then(|| groups.by_id(value).into_iter().collect())
}

fn scan(
    all: impl Iterator<Item = u32>,
    filter: &Filter,
    kind: ResourceKind,
    view: impl Fn(u32) -> Option<Value>,
) -> Vec<u32> {
    all.filter(|slot| view(*slot).is_some_and(|resource| filter.matches(kind, &resource))).collect()
}

fn is_active(directory: &Directory, slot: u32) -> bool {
    directory.users.get(slot).is_some_and(|user| {
        crate::scim::attribute::get(&user.attributes, "active").and_then(Value::as_bool) != Some(false)
    })
}

/// How many results come before the page, and how many it holds at most.
fn window(site: &Site, query: &ListQuery) -> (usize, usize) {
    let start =
        if site.defects.has(Defect::StartIndexIgnored) { 0 } else { query.start_index.saturating_sub(1) };
    let count = query.count.unwrap_or(site.knobs.page_default);
    (start, count.min(site.knobs.page_max))
}

fn cut(slots: &[u32], start: usize, count: usize) -> (usize, Vec<u32>) {
    let page = slots.iter().skip(start).take(count).copied().collect();
    (slots.len(), page)
}

fn respond(site: &Site, query: &ListQuery, total: usize, resources: Vec<Value>) -> Answer {
    let mut list = list_response(total, query.start_index, resources);
    if site.defects.has(Defect::StringTotalResults)
        && let Some(list) = list.as_object_mut()
    {
        for name in ["totalResults", "startIndex", "itemsPerPage"] {
            if let Some(number) = list.get_mut(name) {
                *number = json!(number.to_string());
            }
        }
    }
    Answer::scim(200, list)
}
