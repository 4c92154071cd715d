//! `/servicedesk`: the site's one service project, its organizations and its customers.

use axum::http::Method;
use serde_json::{Value, json};

use super::accounts::{organization as view, slot as slot_of, user};
use super::envelope::page;
use super::request::{RestRequest, error, method_not_allowed};
use crate::reference::handle::SERVICE_DESK;
use crate::reference::http::answer::Answer;
use crate::reference::site::Site;

/// The service projects: one.
pub(crate) fn all(site: &Site, request: &RestRequest) -> Answer {
    if request.method != Method::GET {
        return method_not_allowed("GET");
    }
    page(request, &[()], |()| Some(desk(site, request)))
}

/// One service project.
pub(crate) fn one(site: &Site, id: &str, request: &RestRequest) -> Answer {
    if request.method != Method::GET {
        return method_not_allowed("GET");
    }
    if !exists(id) {
        return unknown();
    }
    Answer::json(200, desk(site, request))
}

/// The organizations that were added to the service project; adding and removing are idempotent.
pub(crate) fn organizations(site: &mut Site, id: &str, request: &RestRequest) -> Answer {
    if !exists(id) {
        return unknown();
    }
    if request.method == Method::GET {
        let slots: Vec<u32> = site
            .organizations
            .iter()
            .filter(|(_, organization)| organization.in_service_desk)
            .map(|(slot, _)| slot)
            .collect();
        return page(request, &slots, |slot| Some(view(*slot, site.organizations.get(*slot)?, request)));
    }
    if request.method != Method::POST && request.method != Method::DELETE {
        return method_not_allowed("GET, POST, DELETE");
    }
    let organization =
        organization_id(&request.body).and_then(slot_of).and_then(|slot| site.organizations.get_mut(slot));
    let Some(organization) = organization else {
        return error(404, "Organization does not exist.");
    };
    organization.in_service_desk = request.method == Method::POST;
    Answer::empty(204)
}

/// The customers of the service project; all of the site are. Experimental, so a caller opts in.
pub(crate) fn customers(site: &Site, id: &str, request: &RestRequest) -> Answer {
    if request.method != Method::GET {
        return method_not_allowed("GET");
    }
    if !request.experimental {
        return error(412, "This API is experimental. Experimental APIs are opted in to by a header.");
    }
    if !exists(id) {
        return unknown();
    }
    let wanted = request.parameter("query").unwrap_or_default().to_lowercase();
    let slots: Vec<u32> = site
        .customers
        .iter()
        .filter(|(_, customer)| {
            wanted.is_empty()
                || customer.contact.email().to_lowercase().contains(&wanted)
                || customer.contact.display_name().to_lowercase().contains(&wanted)
        })
        .map(|(slot, _)| slot)
        .collect();
    page(request, &slots, |slot| Some(user(site.customers.get(*slot)?, request)))
}

fn exists(id: &str) -> bool {
    id == SERVICE_DESK.to_string()
}

fn unknown() -> Answer {
    error(404, "Service Desk does not exist.")
}

fn desk(site: &Site, request: &RestRequest) -> Value {
    json!({
        "id": SERVICE_DESK.to_string(),
        "projectId": "10000",
        "projectName": site.name,
        "projectKey": "SD",
        "_links": {"self": format!("{}/servicedesk/{SERVICE_DESK}", request.base)},
    })
}

/// A number, or the same as a string.
fn organization_id(body: &Value) -> Option<u64> {
    let id = body.get("organizationId")?;
    id.as_u64().or_else(|| id.as_str()?.parse().ok())
}
