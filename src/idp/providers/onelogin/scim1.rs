//! The connector "SCIM Provisioner with SAML (Core Schema)", of SCIM 1.1.
//!
//! Known from the sample servers that OneLogin published: which requests there are, and the form of groups and members.
//! Inferred: the body of a user but for its schema, and headers beyond the media type.
//!
//! Source: docs/providers/onelogin.md#the-core-schema-connector.

use serde_json::{Value, json};

use crate::directory::{Event, Group, Person};
use crate::idp::Settings;
use crate::idp::kit::generic::{Plain, Provider};
use crate::idp::row::{Habits, Knowledge};
use crate::idp::settings::Deprovision;

/// The schema of its template, which the sample servers know.
const CORE_1_1: &str = "urn:scim:schemas:core:1.0";

/// How far its behaviour is known.
pub(in crate::idp) const KNOWLEDGE: Knowledge = Knowledge {
    known: "its sample servers: the requests, and groups in the format of SCIM 1.1, of which the embedded \
        endpoint accepts the name and refuses the members",
    unknown: "the body of a user, which each administrator defines as a template",
};

/// Groups and members are written in the words of SCIM 1.1.
fn leaves_otherwise(event: &Event) -> bool {
    matches!(event, Event::Push(_) | Event::AddMember { .. } | Event::RemoveMember { .. })
}

pub(in crate::idp) const HABITS: Habits =
    Habits { cannot: super::cannot, leaves_otherwise, ..Habits::new(Onelogin1::headers) };

/// What the connector sends.
#[derive(Debug)]
pub struct Manner;

/// An application with this connector.
pub type Onelogin1 = Plain<Manner>;

impl Provider for Manner {
    const MEDIA_TYPE: &'static str = "application/json";
    const DEPROVISION: Deprovision = Deprovision::Deactivate;

    fn user(person: &Person, id: Option<&str>, settings: &Settings) -> Value {
        let mut body = json!({"schemas": [CORE_1_1]});
        if let Some(id) = id {
            body["id"] = json!(id);
        }
        super::user(body, person, settings)
    }

    fn find_group(_name: &str) -> String {
        "/Groups".to_owned()
    }

    fn new_group(group: &Group) -> Value {
        json!({"schemas": [CORE_1_1], "displayName": group.display_name})
    }

    fn members(added: &[String], removed: &[String], _settings: &Settings) -> Value {
        let member = |id: &String, operation: &str| json!({"value": id, "operation": operation});
        let members: Vec<Value> = added
            .iter()
            .map(|id| member(id, "add"))
            .chain(removed.iter().map(|id| member(id, "delete")))
            .collect();
        json!({"schemas": [CORE_1_1], "members": members})
    }
}
