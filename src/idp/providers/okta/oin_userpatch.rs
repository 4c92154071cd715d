//! Okta, an app of the Okta Integration Network with *Support PATCH for User*: profiles by PATCH too.
//!
//! That the tick-box exists is documented; what the PATCH holds is inferred: the changed attributes, without a path, after
//! the GET that every profile push begins with.
//!
//! Source: docs/providers/okta.md.

use crate::directory::Event;

use super::oin::OktaOin;
use crate::idp::settings::UserUpdate;
use crate::idp::{Broken, Session, Settings};

/// The app.
#[derive(Debug)]
pub struct OktaOinUserpatch {
    pub(in crate::idp) app: OktaOin,
}

impl OktaOinUserpatch {
    /// An app that knows nobody yet.
    pub fn new(settings: Settings) -> Self {
        Self { app: OktaOin::new(Settings { update: Some(UserUpdate::Patch), ..settings }) }
    }

    /// Works through events like [`OktaOin::perform`].
    pub async fn perform(&mut self, events: &[Event], session: &Session<'_>) -> Result<(), Broken> {
        self.app.perform(events, session).await
    }
}
