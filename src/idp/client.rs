//! What every IdP client does, and a client under its name.

use std::fmt;

use futures_util::future::LocalBoxFuture;

use crate::directory::Event;

use super::notices::Notices;
use super::{Broken, ClientName, Links, Notice, Session, Settings};

/// An IdP client: turns what happens in the directory into the requests that its provider sends.
pub(in crate::idp) trait IdpClient: fmt::Debug {
    /// The ids that the endpoint gave.
    fn links(&self) -> &Links;

    /// What the administrator would have been told.
    fn notices(&mut self) -> &mut Notices;

    /// Sends what the provider sends when these events happen together, until it is quiet.
    async fn perform(&mut self, events: &[Event], session: &Session<'_>) -> Result<(), Broken>;
}

/// Any IdP client: an [`IdpClient`] as an object, which an `async fn` does not allow.
pub(in crate::idp) trait AnyClient: fmt::Debug {
    fn links(&self) -> &Links;

    fn notices(&mut self) -> &mut Notices;

    fn perform<'a>(
        &'a mut self,
        events: &'a [Event],
        session: &'a Session<'a>,
    ) -> LocalBoxFuture<'a, Result<(), Broken>>;
}

impl<C: IdpClient> AnyClient for C {
    fn links(&self) -> &Links {
        IdpClient::links(self)
    }

    fn notices(&mut self) -> &mut Notices {
        IdpClient::notices(self)
    }

    fn perform<'a>(
        &'a mut self,
        events: &'a [Event],
        session: &'a Session<'a>,
    ) -> LocalBoxFuture<'a, Result<(), Broken>> {
        Box::pin(IdpClient::perform(self, events, session))
    }
}

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
    (name.family().row().headers)(body)
}
