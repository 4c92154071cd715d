//! Rippling: flags of each app decide whether groups are patched or replaced.
//!
//! Reported: the flags, the attributes that are typically mapped, and that the connection test reads
//! `/ServiceProviderConfig`. Inferred: all bodies and headers, the lookup, and how somebody who leaves is deactivated; no
//! capture is public. The setting `update: put` stands for the flag *Use PATCH to edit Groups* being off. Not known:
//! what the other flags change on the wire.
//!
//! Source: docs/providers/rippling.md.

use serde_json::{Value, json};

use crate::directory::{Event, Person};

use crate::idp::Settings;
use crate::idp::kit::app::{complete, name};
use crate::idp::kit::generic::{Plain, Provider, rfc_members};
use crate::idp::kit::uncommon::uncommon;
use crate::idp::kit::urn;
use crate::idp::row::Knowledge;
use crate::idp::settings::Deprovision;

/// How far its behaviour is known.
pub(in crate::idp) const KNOWLEDGE: Knowledge = Knowledge {
    known: "reported: the flags, the mapped attributes, the connection test",
    unknown: "every body, and the effect of *Mutually Exclusive Groups*, *Supports Pagination* and *Create & \
        Delete Groups* on the wire: a move from one group to another is played as leaving and joining",
};

/// Why it cannot express an event, where it cannot.
pub(in crate::idp) fn cannot(event: &Event) -> Option<&'static str> {
    match event {
        Event::Connect => None,
        event => uncommon(event),
    }
}

/// What Rippling sends.
#[derive(Debug)]
pub struct Manner;

/// An app at Rippling.
pub type Rippling = Plain<Manner>;

impl Provider for Manner {
    const MEDIA_TYPE: &'static str = "application/scim+json";
    const DEPROVISION: Deprovision = Deprovision::Deactivate;
    const PUTS_GROUPS: bool = true;

    fn test() -> Option<String> {
        Some("/ServiceProviderConfig".to_owned())
    }

    fn user(person: &Person, id: Option<&str>, settings: &Settings) -> Value {
        let mut body = json!({"schemas": [urn::USER]});
        if let Some(id) = id {
            body["id"] = json!(id);
        }
        body["externalId"] = json!(person.external_id_or(|| person.object_id().to_string()));
        body["userName"] = json!(person.user_name);
        body["name"] = name(person);
        body["displayName"] = json!(person.display_name);
        body["emails"] = json!([{"primary": true, "type": "work", "value": person.email}]);
        body["active"] = json!(person.should_be_active());
        complete(body, person, settings)
    }

    fn members(added: &[String], removed: &[String], _settings: &Settings) -> Value {
        rfc_members(added, removed)
    }
}
