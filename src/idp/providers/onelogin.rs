//! OneLogin: whole users PUT, groups listed without a filter, members in the words of SCIM 1.1.
//!
//! Known from the sample servers that OneLogin published: which requests there are, and the form of groups and members.
//! The SCIM 2.0 connector fills a JSON template that each administrator edits, so the body of a user is inferred: the
//! core attributes. Not known: headers beyond the media type, and what tests the connection. Groups are neither renamed
//! nor deleted by any request that has been shown.
//!
//! Source: docs/providers/onelogin.md.

use serde_json::{Value, json};

use crate::directory::{Event, Group, Person};

use crate::idp::Settings;
use crate::idp::kit::app::complete;
use crate::idp::kit::generic::{Plain, Provider};
use crate::idp::kit::uncommon::uncommon;
use crate::idp::kit::urn;
use crate::idp::row::Knowledge;
use crate::idp::settings::Deprovision;

/// The schema that the sample servers know.
const CORE_1_1: &str = "urn:scim:schemas:core:1.0";

/// How far its behaviour is known.
pub(in crate::idp) const KNOWLEDGE: Knowledge = Knowledge {
    known: "its sample servers: the requests, and groups in the format of SCIM 1.1, of which the embedded \
        endpoint accepts the name and refuses the members",
    unknown: "the body of a user, which each administrator defines as a template",
};

/// Why it cannot express an event, where it cannot.
pub(in crate::idp) fn cannot(event: &Event) -> Option<&'static str> {
    match event {
        Event::RenameGroup { .. } | Event::Unlink { delete: true, .. } => {
            Some("no OneLogin request that renames or deletes a group is known")
        }
        event => uncommon(event),
    }
}

/// Groups and members are written in the words of SCIM 1.1.
pub(in crate::idp) fn leaves_otherwise(event: &Event) -> bool {
    matches!(event, Event::Push(_) | Event::AddMember { .. } | Event::RemoveMember { .. })
}

/// What OneLogin sends.
#[derive(Debug)]
pub struct Manner;

/// An application at OneLogin.
pub type Onelogin = Plain<Manner>;

impl Provider for Manner {
    const MEDIA_TYPE: &'static str = "application/json";
    const DEPROVISION: Deprovision = Deprovision::Deactivate;

    fn user(person: &Person, id: Option<&str>, settings: &Settings) -> Value {
        let mut body = json!({"schemas": [urn::USER]});
        if let Some(id) = id {
            body["id"] = json!(id);
        }
        body["userName"] = json!(person.user_name);
        body["name"] = json!({"givenName": person.given_name, "familyName": person.family_name});
        body["displayName"] = json!(person.display_name);
        body["emails"] = json!([{"value": person.email, "type": "work", "primary": true}]);
        body["active"] = json!(person.should_be_active());
        complete(body, person, settings)
    }

    fn find_group(_name: &str) -> String {
        "/Groups".to_owned()
    }

    fn new_group(group: &Group) -> Value {
        json!({"schemas": [CORE_1_1], "displayName": group.display_name})
    }

    fn members(added: &[String], removed: &[String]) -> Value {
        let member = |id: &String, operation: &str| json!({"value": id, "operation": operation});
        let members: Vec<Value> = added
            .iter()
            .map(|id| member(id, "add"))
            .chain(removed.iter().map(|id| member(id, "delete")))
            .collect();
        json!({"schemas": [CORE_1_1], "members": members})
    }
}
