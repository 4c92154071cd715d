//! What every IdP client does: the trait by which a provider's file is found.

use std::fmt;

use futures_util::future::LocalBoxFuture;

use crate::directory::Event;

use super::notices::Notices;
use super::{Broken, Links, Session};

/// An IdP client: turns what happens in the directory into the requests that its provider sends.
pub(in crate::idp) trait IdpClient: fmt::Debug {
    /// The ids that the endpoint gave.
    fn links(&self) -> &Links;

    /// The same, to add people who were provisioned earlier.
    fn links_mut(&mut self) -> &mut Links;

    /// What the administrator would have been told.
    fn notices(&mut self) -> &mut Notices;

    /// Sends what the provider sends when these events happen together, until it is quiet.
    async fn perform(&mut self, events: &[Event], session: &Session<'_>) -> Result<(), Broken>;
}

/// Any IdP client: an [`IdpClient`] as an object, which an `async fn` does not allow.
pub(in crate::idp) trait AnyClient: fmt::Debug {
    fn links(&self) -> &Links;

    fn links_mut(&mut self) -> &mut Links;

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

    fn links_mut(&mut self) -> &mut Links {
        IdpClient::links_mut(self)
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
