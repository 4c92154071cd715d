//! PingFederate (and PingOne, whose settings are the same): look up by login name or mail address, then create or update.
//!
//! Documented: the two attributes of the lookup, that a person who leaves is disabled or deleted, and that groups are
//! matched by name, created, renamed, filled and deleted, and that PATCH of groups is an option since 1.4: the setting
//! `update: put` stands for its being off. Reported: the user agent. Inferred: every verb and body but the
//! lookup's; no capture of them is public.
//!
//! Source: docs/providers/ping.md.

use serde_json::{Value, json};

use crate::directory::Person;
use crate::wire::Request;

use crate::idp::Settings;
use crate::idp::kit::app::{complete, equals, name};
use crate::idp::kit::generic::{Plain, Provider, rfc_members};
use crate::idp::kit::urn;
use crate::idp::row::Knowledge;
use crate::idp::settings::{Deprovision, MatchAttribute};

const USER_AGENT: &str = "Apache-HttpClient/4.5.14";

/// How far its behaviour is known.
pub(in crate::idp) const KNOWLEDGE: Knowledge = Knowledge {
    known: "documented: the two lookups and the settings",
    unknown: "every method and body except those of the lookups",
};

/// What PingFederate sends.
#[derive(Debug)]
pub struct Manner;

/// A connection of PingFederate's.
pub type Pingfederate = Plain<Manner>;

impl Provider for Manner {
    const MEDIA_TYPE: &'static str = "application/scim+json";
    const DEPROVISION: Deprovision = Deprovision::Deactivate;
    const PUTS_GROUPS: bool = true;

    fn headers(request: Request) -> Request {
        request.header("User-Agent", USER_AGENT)
    }

    fn find_user(person: &Person, settings: &Settings) -> String {
        let filter = match settings.matching() {
            [MatchAttribute::Email, ..] => equals("emails", &person.email),
            _ => equals("userName", &settings.mapped("userName", person, &person.user_name)),
        };
        format!("/Users?filter={filter}")
    }

    fn user(person: &Person, id: Option<&str>, settings: &Settings) -> Value {
        let mut body = json!({"schemas": [urn::USER]});
        if let Some(id) = id {
            body["id"] = json!(id);
        }
        body["userName"] = json!(person.user_name);
        body["name"] = name(person);
        body["displayName"] = json!(person.display_name);
        body["emails"] = json!([{"value": person.email, "type": "work", "primary": true}]);
        body["active"] = json!(person.should_be_active());
        complete(body, person, settings)
    }

    fn members(added: &[String], removed: &[String], _settings: &Settings) -> Value {
        rfc_members(added, removed)
    }
}
