//! The environment of an IdP client, and its notices for the administrator.

use std::sync::Arc;

use crate::directory::Directory;
use crate::wire::{Answer, Exchange, Request, TransportError, Wire, Withheld};

use super::kit::random::Random;

/// What a client is given for one step: the directory as it is after the step's events, and a wire to the endpoint.
#[derive(Debug)]
pub struct Session<'a> {
    /// The truth.
    pub directory: &'a Directory,
    /// The way to the endpoint.
    pub wire: &'a Wire,
    /// GUIDs and passwords.
    pub random: &'a Random,
}

impl Session<'_> {
    /// Sends a request. That no whole answer came is an answer too: what it leads to is the provider's business. A
    /// request that was withheld ends the client's work on the step, and so does an endpoint that has kept the run
    /// waiting for too long.
    pub async fn send(&self, request: Request) -> Result<Arc<Exchange>, Broken> {
        self.weathered(self.wire.send(request).await)
    }

    /// Sends a request once: a provider with a schedule of its own decides what a rate limit leads to.
    pub async fn send_once(&self, request: Request) -> Result<Arc<Exchange>, Broken> {
        self.weathered(self.wire.send_once(request).await)
    }

    fn weathered(&self, exchange: Arc<Exchange>) -> Result<Arc<Exchange>, Broken> {
        match &exchange.answer {
            // A provider goes on, too, where a request is withheld for other people's sake.
            Answer::Response(_) | Answer::Withheld(Withheld::NotOurs(_)) => Ok(exchange),
            Answer::Failed(TransportError::NoToken(_)) | Answer::Withheld(_) => Err(Broken(exchange)),
            Answer::Failed(_) if self.wire.has_patience() => Ok(exchange),
            Answer::Failed(_) => Err(Broken(exchange)),
        }
    }
}

/// The request was withheld, or the endpoint gave no whole answer for so long that nothing more is tried.
#[derive(Debug, Clone)]
pub struct Broken(pub Arc<Exchange>);

/// What the administrator would see at the provider: a task, an entry in the provisioning log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The provider's words, filled in.
    pub message: String,
    /// The exchange that led to it.
    pub exchange: usize,
}
