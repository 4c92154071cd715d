//! A client under its name, whichever provider it plays.

use crate::directory::Event;

use super::idp_client::AnyClient;
use super::{Broken, ClientName, Links, Notice, Session, Settings};

/// An IdP client under its name.
#[derive(Debug)]
pub struct Client {
    name: ClientName,
    client: Box<dyn AnyClient>,
}

impl Client {
    /// A client that knows nobody yet.
    pub fn new(name: ClientName, settings: Settings) -> Self {
        Self { name, client: (name.row().new)(settings) }
    }

    /// Its name.
    pub fn name(&self) -> ClientName {
        self.name
    }

    /// The ids that the endpoint gave. Okta keeps a person's id after the assignment is gone, though it sends nothing
    /// to it any more.
    pub fn links(&self) -> &Links {
        self.client.links()
    }

    /// Links a person who was provisioned before the scenario begins.
    pub fn adopt(&mut self, person: &str, id: &str) {
        self.client.links_mut().link_person(person, id);
    }

    /// What the administrator would have been told since the last call, oldest first.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        self.client.notices().take()
    }

    /// Sends what the provider sends when these events happen together, until it is quiet. The session's directory is
    /// as it is after them.
    ///
    /// Refusals are not errors: they change what is linked and become notices.
    ///
    /// # Errors
    ///
    /// [`Broken`] where an exchange got no whole answer or was withheld; what had been planned after it is not sent.
    pub async fn perform(&mut self, events: &[Event], session: &Session<'_>) -> Result<(), Broken> {
        self.client.perform(events, session).await
    }
}

/// The headers of a provider's request, with or without a body: what a literal request of a scenario is sent with.
pub fn headers(name: ClientName, body: bool) -> Vec<(String, String)> {
    (name.habits().headers)(body)
}
