//! JumpCloud: both schemas announced, whole users PUT, members removed by a list of values or by a filter.
//!
//! Reported, as test data of a client library: the bodies of users, and how members are added and removed. Documented: that a
//! lookup comes before a creation, that users are deactivated or deleted, and that groups are created, updated and
//! deleted; and that the connection test creates a user and a group, updates, and deletes both, or deactivates the user
//! who cannot be deleted. Inferred: by what it looks up, all headers, how a group is created and renamed, and that the
//! test's bodies are those of other users and groups.
//!
//! Source: docs/providers/jumpcloud.md.

use serde_json::{Value, json};

use crate::directory::{Event, Person};

use crate::idp::Settings;
use crate::idp::kit::app::{complete, name, patch_op};
use crate::idp::kit::attribute::object;
use crate::idp::kit::generic::{Plain, Provider, rfc_members, values};
use crate::idp::kit::uncommon::uncommon;
use crate::idp::kit::urn;
use crate::idp::row::Knowledge;
use crate::idp::settings::{Deprovision, MemberRemoval};

/// How far its behaviour is known.
pub(in crate::idp) const KNOWLEDGE: Knowledge = Knowledge {
    known: "reported, in the test data of a client library: users, members added and removed; documented: a \
        connection test that creates, updates and deletes a user and a group",
    unknown: "how members are removed (`member-removal` chooses), the filter of its lookup, headers, the creation of groups, and the bodies of the test (those \
        of other users and groups are used)",
};

/// Why it cannot express an event, where it cannot.
pub(in crate::idp) fn cannot(event: &Event) -> Option<&'static str> {
    match event {
        Event::Connect => None,
        event => uncommon(event),
    }
}

/// The connection test makes a user, of whom something may stay.
pub(in crate::idp) fn leaves_otherwise(event: &Event) -> bool {
    matches!(event, Event::Connect)
}

/// What JumpCloud sends.
#[derive(Debug)]
pub struct Manner;

/// An application at JumpCloud.
pub type Jumpcloud = Plain<Manner>;

impl Provider for Manner {
    const MEDIA_TYPE: &'static str = "application/scim+json";
    const DEPROVISION: Deprovision = Deprovision::Deactivate;
    const TESTS_A_LIFE: bool = true;

    /// The sampled order of keys. A PUT names the extension first and has the id.
    fn user(person: &Person, id: Option<&str>, settings: &Settings) -> Value {
        let mut body = match id {
            None => json!({"schemas": [urn::USER, urn::ENTERPRISE]}),
            Some(id) => json!({"schemas": [urn::ENTERPRISE, urn::USER], "id": id}),
        };
        // 24 hexadecimal digits.
        let own = || person.object_id().simple().to_string().chars().take(24).collect();
        body["externalId"] = json!(person.external_id_or(own));
        body["userName"] = json!(person.user_name);
        body["displayName"] = json!(person.display_name);
        body["name"] = name(person);
        body["emails"] = json!([{"primary": true, "type": "work", "value": person.email}]);
        if id.is_some() {
            // Lists that are empty are sent as such, which clears them.
            body["addresses"] = json!([]);
            body["phoneNumbers"] = json!([]);
        }
        body["active"] = json!(person.should_be_active());
        let mut body = complete(body, person, settings);
        // The one address and the one telephone number are primary (sampled).
        for list in ["addresses", "phoneNumbers"] {
            if let Some(Value::Array(elements)) = body.get_mut(list)
                && let Some(first) = elements.first_mut()
            {
                object(first).shift_insert(1, "primary".to_owned(), json!(true));
            }
        }
        body
    }

    /// By a list of values, or by a filter: the reports differ.
    fn members(added: &[String], removed: &[String], settings: &Settings) -> Value {
        if settings.member_removal == Some(MemberRemoval::ByFilter) {
            return rfc_members(added, removed);
        }
        let operation = |op: &str, ids: &[String]| json!({"op": op, "path": "members", "value": values(ids)});
        let mut operations = Vec::new();
        if !removed.is_empty() {
            operations.push(operation("remove", removed));
        }
        if !added.is_empty() {
            operations.push(operation("add", added));
        }
        patch_op(&operations)
    }
}
