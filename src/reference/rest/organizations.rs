//! `/organization`: manual organizations are made, filled and deleted here; synced ones are read here.

use axum::http::Method;
use serde_json::Value;

use super::accounts::{organization as view, slot as slot_of, user};
use super::envelope::{page, page_of};
use super::request::{RestRequest, error, method_not_allowed};
use crate::reference::http::answer::Answer;
use crate::reference::knobs::ManualEdit;
use crate::reference::site::Site;

/// The longest name that the API documents (docs/jira-service-management.md#organizations).
const NAME_LIMIT: usize = 200;

/// All organizations, or those of one account; and creation, which answers the existing organization where there is one.
pub(crate) fn collection(site: &mut Site, request: &RestRequest) -> Answer {
    match request.method {
        Method::GET => list(site, request),
        Method::POST => create(site, request),
        _ => method_not_allowed("GET, POST"),
    }
}

/// One organization.
pub(crate) fn one(site: &mut Site, id: &str, request: &RestRequest) -> Answer {
    let Some(slot) = find(site, id) else {
        return unknown();
    };
    match request.method {
        Method::GET => answer(site, slot, 200, request),
        Method::DELETE => refuse_edit(site, slot).unwrap_or_else(|| {
            site.remove_organization(slot);
            Answer::empty(204)
        }),
        _ => method_not_allowed("GET, DELETE"),
    }
}

/// The members of an organization, ordered by account id.
pub(crate) fn members(site: &mut Site, id: &str, request: &RestRequest) -> Answer {
    let Some(slot) = find(site, id) else {
        return unknown();
    };
    match request.method {
        Method::GET => list_members(site, slot, request),
        Method::POST | Method::DELETE => change_members(site, slot, request),
        _ => method_not_allowed("GET, POST, DELETE"),
    }
}

/// The organization with an id.
pub(crate) fn find(site: &Site, id: &str) -> Option<u32> {
    let slot = slot_of(id.parse().ok()?)?;
    site.organizations.get(slot).map(|_| slot)
}

/// 404
pub(crate) fn unknown() -> Answer {
    error(404, "Organization does not exist.")
}

fn list(site: &Site, request: &RestRequest) -> Answer {
    let slots: Vec<u32> = match request.parameter("accountId") {
        None => site.organizations.iter().map(|(slot, _)| slot).collect(),
        Some(account) => match site.customers.by_account(account) {
            Some(customer) => site.belonging.containers_of(customer).collect(),
            None => return error(404, "User does not exist."),
        },
    };
    page(request, &slots, |slot| Some(view(*slot, site.organizations.get(*slot)?, request)))
}

fn create(site: &mut Site, request: &RestRequest) -> Answer {
    let name = request.text("name").unwrap_or_default().to_owned();
    if name.trim().is_empty() {
        return error(400, "Organization name is required.");
    }
    if name.chars().count() > NAME_LIMIT {
        return error(400, "Organization name must not exceed 200 characters.");
    }
    let slot =
        site.organization_named(&name).unwrap_or_else(|| site.add_organization(&name, None, request.now));
    answer(site, slot, 201, request)
}

fn answer(site: &Site, slot: u32, status: u16, request: &RestRequest) -> Answer {
    site.organizations
        .get(slot)
        .map_or_else(unknown, |organization| Answer::json(status, view(slot, organization, request)))
}

fn list_members(site: &Site, slot: u32, request: &RestRequest) -> Answer {
    // Slots grow with account ids, so the order of the index is the documented one.
    let value = |customer: &u32| Some(user(site.customers.get(*customer)?, request));
    if !site.belonging.has_copies() {
        return page_of(request, site.belonging.count(slot), |start, limit| {
            site.belonging.page(slot, start, limit).iter().filter_map(value).collect()
        });
    }
    let members: Vec<u32> = site
        .belonging
        .members_of(slot)
        .flat_map(|customer| {
            let copies = 1 + site.belonging.extra_copies(slot, customer) as usize;
            std::iter::repeat_n(customer, copies)
        })
        .collect();
    page(request, &members, value)
}

fn change_members(site: &mut Site, slot: u32, request: &RestRequest) -> Answer {
    if let Some(refused) = refuse_edit(site, slot) {
        return refused;
    }
    let Some(accounts) = request.body.get("accountIds").and_then(Value::as_array) else {
        return error(400, "accountIds is required.");
    };
    let customers: Option<Vec<u32>> =
        accounts.iter().map(|account| site.customers.by_account(account.as_str()?)).collect();
    let Some(customers) = customers else {
        return error(400, "One or more users do not exist.");
    };
    for customer in customers {
        if request.method == Method::POST {
            site.belonging.add(slot, customer);
        } else {
            site.belonging.remove(slot, customer);
        }
    }
    Answer::empty(204)
}

/// 403 for a synced organization, where people may not change what a directory provisions.
fn refuse_edit(site: &Site, slot: u32) -> Option<Answer> {
    let synced = site.organizations.get(slot)?.scim_managed;
    (synced && site.knobs.manual_edit_of_synced_org == ManualEdit::Forbid).then(|| {
        error(403, "This organization is synced from an identity provider and can only be changed there.")
    })
}
