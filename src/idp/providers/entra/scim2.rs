//! Microsoft Entra ID with `aadOptscim062020` in the tenant URL: the same job, with the other PATCH bodies.
//!
//! Source: docs/providers/entra.md#the-two-dialects.

use crate::directory::Event;

use super::{Dialect, Entra};
use crate::idp::{Broken, Session, Settings};

/// A provisioning job with the flag. The flag itself is read by the provider and does not reach the endpoint.
#[derive(Debug)]
pub struct EntraScim2 {
    pub(in crate::idp) job: Entra,
}

impl EntraScim2 {
    /// A job that knows nobody yet.
    pub fn new(settings: Settings) -> Self {
        Self { job: Entra::new(Dialect::Scim2, settings) }
    }

    /// Works through events as one incremental cycle, like [`Entra::perform`].
    pub async fn perform(&mut self, events: &[Event], session: &Session<'_>) -> Result<(), Broken> {
        self.job.perform(events, session).await
    }
}
