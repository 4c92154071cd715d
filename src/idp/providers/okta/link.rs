//! Linking somebody who is there already: what it takes for the link to hold.
//!
//! Source: docs/providers/okta.md#assign-an-existing-user, docs/providers/okta.md#active-in-the-answer.

use serde_json::{Value, json};

use crate::directory::Person;
use crate::idp::kit::resource::field;
use crate::idp::{Broken, Session};
use crate::wire::Exchange;

use super::request::patch;
use super::state::{Okta, Written, user_target};

/// How somebody who is found becomes active.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Activation {
    /// By a PATCH before the profile, whatever the lookup says (documented, and reported of the system log).
    First,
    /// Together with the profile (captured).
    WithProfile,
}

impl Okta {
    /// Links a person to the user found by the lookup, activates that user and pushes the profile. The link holds only if
    /// the profile push succeeds (reported; Okta's staff call it intended).
    pub(crate) async fn link(
        &mut self,
        person: &Person,
        (id, found): (&str, &Value),
        activation: Activation,
        session: &Session<'_>,
    ) -> Result<(), Broken> {
        self.link_user(&person.key, id.to_owned());
        if activation == Activation::First {
            let request = patch(user_target(id), set_active(true));
            if let Written::Accepted(exchange) = self.write_user(request, person, session).await?
                && self.heed_active(person, &exchange)
            {
                return Ok(());
            }
        }
        match self.put_profile(person, id, found, Some(true), session).await? {
            Written::Nothing => {}
            Written::Accepted(exchange) => {
                self.heed_active(person, &exchange);
            }
            Written::Refused => self.links.unlink_person(&person.key),
        }
        Ok(())
    }

    /// Whether an answer shows somebody who was to become active as anything else. Then the assignment fails, and is
    /// tried again as time passes. That an answer without `active` is taken as it is is inferred.
    pub(super) fn heed_active(&mut self, person: &Person, exchange: &Exchange) -> bool {
        let shown = exchange.json().and_then(|body| field(body, "active"));
        let is_delayed = shown.is_some_and(|active| *active != Value::Bool(true));
        if is_delayed {
            let message = format!(
                "Automatic provisioning of user {} failed: delay in reactivating remote User",
                person.user_name
            );
            self.notices.add(exchange, message);
            self.note_unassigned(&person.key);
            self.delayed.insert(person.key.clone());
        }
        is_delayed
    }
}

/// `active` without a path, as a real boolean.
pub(crate) fn set_active(active: bool) -> Value {
    json!([{"op": "replace", "value": {"active": active}}])
}
