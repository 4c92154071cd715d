//! Customers and organizations as the REST API shows them: `UserDTO` and `OrganizationDTO`.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::request::RestRequest;
use crate::reference::store::{Customer, Organization};

/// A customer as a `UserDTO`.
pub(crate) fn user(customer: &Customer, request: &RestRequest) -> Value {
    json!({
        "accountId": customer.account_id,
        "emailAddress": customer.contact.email(),
        "displayName": customer.contact.display_name(),
        "active": customer.active(),
        "timeZone": customer.contact.time_zone().unwrap_or("Etc/UTC"),
        "_links": {
            "jiraRest": format!("{}/user?accountId={}", request.base, customer.account_id),
            "avatarUrls": {},
            "self": format!("{}/user?accountId={}", request.base, customer.account_id),
        },
    })
}

/// An organization as an `OrganizationDTO`; its id is a string, although it is a number in paths.
pub(crate) fn organization(slot: u32, organization: &Organization, request: &RestRequest) -> Value {
    let id = number(slot);
    json!({
        "id": id.to_string(),
        "uuid": organization.uuid,
        "name": organization.name,
        "scimManaged": organization.scim_managed,
        "created": date(organization.created),
        "_links": {"self": format!("{}/organization/{id}", request.base)},
    })
}

/// The id of the organization in a slot.
pub(crate) fn number(slot: u32) -> u64 {
    u64::from(slot) + 1
}

/// The slot of the organization with an id.
pub(crate) fn slot(number: u64) -> Option<u32> {
    u32::try_from(number.checked_sub(1)?).ok()
}

/// A `DateDTO`.
fn date(at: Timestamp) -> Value {
    let local = at.to_zoned(TimeZone::UTC);
    json!({
        "epochMillis": at.as_millisecond(),
        "friendly": local.strftime("%d/%b/%y %I:%M %p").to_string(),
        "iso8601": local.strftime("%Y-%m-%dT%H:%M:%S+0000").to_string(),
        "jira": local.strftime("%Y-%m-%dT%H:%M:%S.%3f+0000").to_string(),
    })
}
