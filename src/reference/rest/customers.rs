//! `/customer`: customers made by hand, and their portal access.

use axum::http::Method;

use super::accounts::user;
use super::request::{RestRequest, error, method_not_allowed};
use crate::reference::http::answer::Answer;
use crate::reference::site::Site;

/// Makes a customer. An address that is taken is a 400, or a 409 with `strictConflictStatusCode`.
pub(crate) fn create(site: &mut Site, request: &RestRequest) -> Answer {
    if request.method != Method::POST {
        return method_not_allowed("POST");
    }
    let email = request.text("email").unwrap_or_default().trim().to_owned();
    if email.split_once('@').is_none_or(|(local, domain)| local.is_empty() || domain.is_empty()) {
        return error(400, "The email address is not valid.");
    }
    if site.customers.by_email(&email).next().is_some() {
        let strict = request.parameters.get("strictConflictStatusCode").is_some_and(|value| value != "false");
        let status = if strict { 409 } else { 400 };
        return error(status, "An account already exists for this email address.");
    }
    let name = ["displayName", "fullName"]
        .into_iter()
        .filter_map(|name| request.text(name))
        .find(|name| !name.trim().is_empty())
        .unwrap_or(&email)
        .to_owned();
    let slot = site.add_customer(&email, &name);
    site.customers.get(slot).map_or_else(unknown, |customer| Answer::json(201, user(customer, request)))
}

/// Takes a customer's portal access away; all references to the customer stay.
pub(crate) fn revoke(site: &mut Site, account: &str, request: &RestRequest) -> Answer {
    if request.method != Method::PUT {
        return method_not_allowed("PUT");
    }
    let slot = site.customers.by_account(account);
    let Some(customer) = slot.and_then(|slot| site.customers.get_mut(slot)) else {
        return unknown();
    };
    customer.revoked = true;
    Answer::empty(204)
}

fn unknown() -> Answer {
    error(404, "User does not exist.")
}
