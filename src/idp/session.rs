//! What an IdP client is given to work with, and what it may say in the end.

use std::sync::Arc;

use crate::directory::Directory;
use crate::wire::{Answer, Exchange, Request, Wire};

use super::random::Random;

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
    /// Sends a request. No whole response, or one that was withheld, ends the client's work on the step.
    pub async fn send(&self, request: Request) -> Result<Arc<Exchange>, Broken> {
        whole(self.wire.send(request).await)
    }

    /// Sends a request once: a provider with a schedule of its own decides what a rate limit leads to.
    pub async fn send_once(&self, request: Request) -> Result<Arc<Exchange>, Broken> {
        whole(self.wire.send_once(request).await)
    }
}

fn whole(exchange: Arc<Exchange>) -> Result<Arc<Exchange>, Broken> {
    match &exchange.answer {
        Answer::Response(_) => Ok(exchange),
        Answer::Failed(_) | Answer::Withheld(_) => Err(Broken(exchange)),
    }
}

/// The endpoint gave no whole answer, or the request was withheld.
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
