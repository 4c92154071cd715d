//! `/rest/provisioning`: what an administrator sees and does about a site's connection in the product's user interface, for
//! which the vendor documents no API: the directory and its key, the groups that wait for review, who reaches the portal.
//!
//! It is called as the REST API is, by basic authentication of the site's administrator.

use axum::body::Body;
use axum::http::Method;
use axum::http::request::Parts;
use serde_json::{Value, json};

use super::{RestRequest, authenticated, error, method_not_allowed};
use crate::reference::admin::AdminError;
use crate::reference::http::answer::Answer;
use crate::reference::site::Site;
use crate::reference::{HeldGroup, Reference, SiteAccess, SiteId};

/// Answers a call; `rest` is the path below `/rest/provisioning`.
pub(crate) async fn answer(
    reference: &Reference,
    site: Option<&str>,
    rest: &[&str],
    parts: &Parts,
    content: Body,
) -> Answer {
    match authenticated(reference, site, "/rest/provisioning", parts, content).await {
        Ok((site, request)) => route(reference, &site, rest, &request).for_method(&request.method),
        Err(refused) => refused,
    }
}

fn route(reference: &Reference, site: &SiteId, rest: &[&str], request: &RestRequest) -> Answer {
    match rest {
        ["directory"] => directory(reference, site, request),
        ["directory", "key"] => key(reference, site, request),
        ["held-groups"] if request.method == Method::GET => {
            let held: Vec<Value> = reference.held_groups(site).iter().map(held_group).collect();
            Answer::json(200, json!({"heldGroups": held}))
        }
        ["held-groups", "accept"] if request.method == Method::POST => {
            Answer::json(200, json!({"accepted": reference.accept_all_groups(site)}))
        }
        ["held-groups", id, "accept"] if request.method == Method::POST => {
            reference.accept_group(site, id).map_or_else(|error| refusal(&error), |()| Answer::empty(204))
        }
        ["held-groups", "accept"] | ["held-groups", _, "accept"] => method_not_allowed("POST"),
        ["portal"] if request.method == Method::GET => {
            reference.on_site(site, |site| Answer::json(200, portal(site))).unwrap_or_else(gone)
        }
        ["held-groups" | "portal"] => method_not_allowed("GET"),
        _ => error(404, "No such resource."),
    }
}

/// The connection: read, made, ended.
fn directory(reference: &Reference, site: &SiteId, request: &RestRequest) -> Answer {
    match request.method {
        Method::GET => match reference.connection(site) {
            Some(connection) => Answer::json(
                200,
                json!({
                    "directoryId": connection.directory,
                    "keyExpires": connection.key_expires.to_string(),
                    "users": connection.users,
                    "groups": connection.groups,
                }),
            ),
            None => error(404, "No directory is connected."),
        },
        Method::POST => match reference.connect(site, request.text("directoryId")) {
            Ok(access) => connected(reference, site, &access),
            Err(refused) => refusal(&refused),
        },
        Method::DELETE => {
            reference.disconnect(site);
            Answer::empty(204)
        }
        _ => method_not_allowed("GET, POST, DELETE"),
    }
}

fn connected(reference: &Reference, site: &SiteId, access: &SiteAccess) -> Answer {
    let expires = reference.connection(site).map(|connection| connection.key_expires.to_string());
    let id = access.scim_path.rsplit('/').next();
    Answer::json(
        201,
        json!({"directoryId": id, "scimPath": access.scim_path, "key": access.token, "keyExpires": expires}),
    )
}

/// A new key, which is shown once.
fn key(reference: &Reference, site: &SiteId, request: &RestRequest) -> Answer {
    if request.method != Method::POST {
        return method_not_allowed("POST");
    }
    let key = reference.regenerate_key(site);
    match reference.connection(site) {
        Some(connection) => {
            Answer::json(201, json!({"key": key, "keyExpires": connection.key_expires.to_string()}))
        }
        None => error(404, "No directory is connected."),
    }
}

fn held_group(group: &HeldGroup) -> Value {
    json!({"id": group.id, "name": group.name, "added": group.added, "removed": group.removed})
}

/// Who reaches the portal of the service project: the active members of the organizations that were added to it
/// (docs/jira-service-management.md#portal-access).
fn portal(site: &Site) -> Value {
    let organizations: Vec<_> =
        site.organizations.iter().filter(|(_, organization)| organization.in_service_desk).collect();
    let customers: std::collections::BTreeSet<&str> = organizations
        .iter()
        .flat_map(|(slot, _)| site.belonging.members_of(*slot))
        .filter_map(|slot| site.customers.get(slot))
        .filter(|customer| customer.active())
        .map(|customer| customer.contact.email())
        .collect();
    let names: Vec<&str> = organizations.iter().map(|(_, organization)| organization.name.as_str()).collect();
    json!({"organizations": names, "customers": customers})
}

fn refusal(refused: &AdminError) -> Answer {
    let status = match refused {
        AdminError::UnknownSite(_) | AdminError::UnknownOrganization(_) | AdminError::NotHeld(_) => 404,
        AdminError::NameTaken(_) | AdminError::Connected => 409,
        AdminError::DirectoryId(_) => 400,
    };
    error(status, &refused.to_string())
}

fn gone() -> Answer {
    error(404, "Site does not exist.")
}
