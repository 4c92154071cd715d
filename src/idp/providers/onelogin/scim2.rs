//! The connectors "SCIM v2 Core" and "SCIM v2 Enterprise".
//!
//! Captured: the lookup, the targets of PUT and PATCH, the media type of PATCH, an empty user agent, and how the body of
//! a user begins. Inferred from the length of a captured PATCH: how a member is added, one in each PATCH. Inferred: all
//! else. How a member is removed is unknown; a filter is what RFC 7644 has.
//!
//! Source: docs/providers/onelogin.md.

use serde_json::{Value, json};

use crate::directory::Person;
use crate::idp::Settings;
use crate::idp::kit::generic::{Plain, Provider, rfc_members};
use crate::idp::row::{Habits, Knowledge};
use crate::idp::settings::Deprovision;
use crate::wire::Method;
use crate::wire::message::encode::{filter_literal, query_plus};

/// Neither those of SCIM 1.1 nor those of SCIM 2.0.
const SCHEMAS: [&str; 2] = ["urn:scim:schemas:core:2.0", "urn:scim:schemas:extension:enterprise:2.0"];

/// How far its behaviour is known.
pub(in crate::idp) const KNOWLEDGE: Knowledge = Knowledge {
    known: "captured: the lookup, the replacement of users, targets that end in `&` and `?`, one PATCH for each \
        membership",
    unknown: "the removal of members, the deletion of users, and what follows the names in the body of a user, which each \
        administrator defines as a template",
};

pub(in crate::idp) const HABITS: Habits = Habits { cannot: super::cannot, ..Habits::new(Onelogin::headers) };

/// What these connectors send.
#[derive(Debug)]
pub struct Manner;

/// An application with one of these connectors.
pub type Onelogin = Plain<Manner>;

impl Provider for Manner {
    const MEDIA_TYPE: &'static str = "application/scim+json";
    const DEPROVISION: Deprovision = Deprovision::Deactivate;

    /// The query of a request about one resource is there, and empty.
    fn target(method: Method, target: String) -> String {
        match method {
            Method::Put | Method::Patch | Method::Delete => format!("{target}?"),
            Method::Get | Method::Post => target,
        }
    }

    fn find_user(person: &Person, settings: &Settings) -> String {
        let user_name = settings.mapped("userName", person, &person.user_name);
        let filter = query_plus(&format!("userName eq \"{}\"", filter_literal(&user_name)));
        format!("/Users?filter={filter}&")
    }

    /// The id is in the target only.
    fn user(person: &Person, _id: Option<&str>, settings: &Settings) -> Value {
        super::user(json!({"schemas": SCHEMAS}), person, settings)
    }

    fn find_group(_name: &str) -> String {
        "/Groups".to_owned()
    }

    fn members(added: &[String], removed: &[String], _settings: &Settings) -> Value {
        rfc_members(added, removed)
    }

    const MEMBERS_A_PATCH: usize = 1;
}
