//! Reading lists: the connection test and the lookups by name.

use std::rc::Rc;

use serde_json::Value;

use super::user::external_id;
use crate::directory::{Group, Person};
use crate::idp::kit::resource::{detail, id, list};
use crate::idp::settings::MatchAttribute;
use crate::idp::{Broken, Session};
use crate::wire::Exchange;
use crate::wire::message::encode::{filter_literal, query_percent};

use super::patience::send;
use super::request::get;
use super::state::Okta;

/// The answer to a lookup.
#[derive(Debug)]
pub(crate) enum Lookup {
    /// Nobody there: 200 with an empty list, or 404.
    Miss,
    /// The first resource of the list, with its id. Okta does not ask whether there are more.
    Hit(String, Value),
    /// An error, of which the administrator is told; the work on this event stops.
    Refused,
}

impl Okta {
    /// *Test connector configuration*: a page of two users.
    pub(crate) async fn connect(&mut self, session: &Session<'_>) -> Result<(), Broken> {
        let exchange = send(session, get("/Users?startIndex=1&count=2".to_owned())).await?;
        if matches!(exchange.status(), 401 | 403) {
            self.notices.add(&exchange, format!("Authorization failure: {}", detail(&exchange)));
        } else if self.accepted(&exchange, "Error testing the connector configuration") {
            self.listed(&exchange);
        }
        Ok(())
    }

    /// Looks a person up by the identifier that the administrator set, normally the login name. The filter names
    /// `userName` for an address, too (documented); that `externalId` stands under its own name is inferred.
    pub(crate) async fn find_user(
        &mut self,
        person: &Person,
        session: &Session<'_>,
    ) -> Result<Lookup, Broken> {
        let settings = Rc::clone(&self.settings);
        let (attribute, value) = match settings.matching() {
            [MatchAttribute::Email, ..] => ("userName", person.email.clone()),
            [MatchAttribute::ExternalId, ..] => ("externalId", external_id(person)),
            _ => ("userName", settings.mapped("userName", person, &person.user_name)),
        };
        self.lookup("/Users", attribute, &value, session).await
    }

    /// Looks a group up by its name.
    pub(crate) async fn find_group(
        &mut self,
        group: &Group,
        session: &Session<'_>,
    ) -> Result<Lookup, Broken> {
        self.lookup("/Groups", "displayName", &group.display_name, session).await
    }

    async fn lookup(
        &mut self,
        collection: &str,
        attribute: &str,
        value: &str,
        session: &Session<'_>,
    ) -> Result<Lookup, Broken> {
        let filter = query_percent(&format!("{attribute} eq \"{}\"", filter_literal(value)));
        let target = format!("{collection}?filter={filter}&startIndex=1&count=100");
        let exchange = send(session, get(target)).await?;
        if exchange.status() == 404 {
            return Ok(Lookup::Miss);
        }
        if !self.accepted(&exchange, &format!("Error while looking up {value}")) {
            return Ok(Lookup::Refused);
        }
        let Some(resources) = self.listed(&exchange) else {
            return Ok(Lookup::Refused);
        };
        let Some(first) = resources.first() else {
            return Ok(Lookup::Miss);
        };
        if let Some(id) = id(first) {
            return Ok(Lookup::Hit(id.to_owned(), first.clone()));
        }
        self.notices.add(&exchange, format!("Error while looking up {value}: the resource has no id"));
        Ok(Lookup::Refused)
    }

    /// The resources of a list whose numbers are integers (documented: others are not accepted).
    pub(crate) fn listed<'e>(&mut self, exchange: &'e Exchange) -> Option<&'e [Value]> {
        match exchange.json().and_then(list) {
            Some(list) if !list.odd_total => Some(list.resources),
            Some(_) => {
                self.notices.add(exchange, "Invalid list: `totalResults` is not an integer");
                None
            }
            None => {
                self.notices.add(exchange, format!("Invalid list: {}", detail(exchange)));
                None
            }
        }
    }
}
