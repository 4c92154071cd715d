//! OneLogin: people are looked up and whole users PUT, groups are listed without a filter. The files here are its
//! connectors: those for SCIM 2.0, and the one for SCIM 1.1.
//!
//! No request has been shown that renames or deletes a group, and nobody knows what tests the connection. The JSON
//! template of a user is the administrator's to edit, so what follows the names is inferred.
//!
//! Source: docs/providers/onelogin.md.
//!
//! May use, of `idp`: `kit`, `row`, `settings`.

pub mod scim1;
pub mod scim2;

use serde_json::{Value, json};

use crate::directory::{Event, Person};
use crate::idp::Settings;
use crate::idp::kit::app::complete;
use crate::idp::kit::uncommon::uncommon;

/// Why it cannot express an event, where it cannot.
pub(in crate::idp) fn cannot(event: &Event) -> Option<&'static str> {
    match event {
        Event::RenameGroup { .. } | Event::Unlink { delete: true, .. } => {
            Some("no OneLogin request that renames or deletes a group is known")
        }
        event => uncommon(event),
    }
}

/// What a template may write after the schemas: the login name, and the family name before the given one.
fn user(mut body: Value, person: &Person, settings: &Settings) -> Value {
    body["userName"] = json!(person.user_name);
    let mut name = json!({});
    if !person.family_name.is_empty() {
        name["familyName"] = json!(person.family_name);
    }
    name["givenName"] = json!(person.given_name);
    body["name"] = name;
    body["displayName"] = json!(person.display_name);
    body["emails"] = json!([{"value": person.email, "type": "work", "primary": true}]);
    body["active"] = json!(person.should_be_active());
    complete(body, person, settings)
}
