//! All IdP clients under one roof, and what each of them cannot express.

use crate::directory::Event;

use super::entra::{Dialect, Entra};
use super::entra_scim2::EntraScim2;
use super::google::Google;
use super::okta_aiw::OktaAiw;
use super::okta_oin::OktaOin;
use super::{Broken, ClientName, Family, Links, Notice, Session, Settings};

/// An IdP client: turns what happens in the directory into the requests that its provider sends.
#[derive(Debug)]
pub enum Client {
    /// Okta, an app of the Okta Integration Network.
    OktaOin(OktaOin),
    /// Okta, an app made with the App Integration Wizard.
    OktaAiw(OktaAiw),
    /// Entra without a flag.
    Entra(Entra),
    /// Entra with `aadOptscim062020`.
    EntraScim2(EntraScim2),
    /// Google Workspace.
    Google(Google),
}

impl Client {
    /// A client that knows nobody yet.
    pub fn new(name: ClientName, settings: Settings) -> Self {
        match name {
            ClientName::OktaOin => Self::OktaOin(OktaOin::new(settings)),
            ClientName::OktaAiw => Self::OktaAiw(OktaAiw::new(settings)),
            ClientName::Entra => Self::Entra(Entra::new(Dialect::Legacy, settings)),
            ClientName::EntraScim2 => Self::EntraScim2(EntraScim2::new(settings)),
            ClientName::Google => Self::Google(Google::new(settings)),
        }
    }

    /// Its name.
    pub fn name(&self) -> ClientName {
        match self {
            Self::OktaOin(_) => ClientName::OktaOin,
            Self::OktaAiw(_) => ClientName::OktaAiw,
            Self::Entra(_) => ClientName::Entra,
            Self::EntraScim2(_) => ClientName::EntraScim2,
            Self::Google(_) => ClientName::Google,
        }
    }

    /// The ids that the endpoint gave. Okta keeps a person's id after the assignment is gone, though it sends nothing
    /// to it any more.
    pub fn links(&self) -> &Links {
        match self {
            Self::OktaOin(app) => &app.okta.links,
            Self::OktaAiw(app) => &app.okta.links,
            Self::Entra(job) => &job.links,
            Self::EntraScim2(flagged) => &flagged.job.links,
            Self::Google(app) => &app.links,
        }
    }

    /// What the administrator would have been told since the last call, oldest first.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        match self {
            Self::OktaOin(app) => app.okta.notices.take(),
            Self::OktaAiw(app) => app.okta.notices.take(),
            Self::Entra(job) => job.notices.take(),
            Self::EntraScim2(flagged) => flagged.job.notices.take(),
            Self::Google(app) => app.notices.take(),
        }
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
        match self {
            Self::OktaOin(app) => app.perform(events, session).await,
            Self::OktaAiw(app) => app.perform(events, session).await,
            Self::Entra(job) => job.perform(events, session).await,
            Self::EntraScim2(flagged) => flagged.perform(events, session).await,
            Self::Google(app) => app.perform(events, session).await,
        }
    }
}

/// The headers of a provider's request, with or without a body: what a literal request of a scenario is sent with.
pub fn headers(name: ClientName, body: bool) -> Vec<(String, String)> {
    match name.family() {
        Family::Okta => super::okta::headers(body),
        Family::Entra => super::entra::headers(body),
        Family::Google => super::google::headers(body),
    }
}

/// Why a client cannot express an event, where it cannot. An event that makes no request (Okta: `suspend`) can be
/// expressed.
pub fn cannot(name: ClientName, event: &Event) -> Option<&'static str> {
    match (name.family(), event) {
        (Family::Okta, Event::Cycle) => Some("Okta acts on each event and has no cycles"),
        (Family::Okta | Family::Google, Event::InitialCycle | Event::AllowDeletions) => {
            Some("initial cycles and held deletions are Entra's")
        }
        (Family::Okta, Event::Restart) => Some("Okta has no provisioning job to restart"),
        (Family::Entra, Event::Unlink { delete: false, .. }) => {
            Some("Entra deletes a group that is no longer assigned and cannot leave it")
        }
        (Family::Entra | Family::Google, Event::PushNow(_)) => Some("pushing a group now is Okta's"),
        (Family::Entra | Family::Google, Event::Import) => Some("importing users is Okta's"),
        (Family::Entra | Family::Google, Event::ForceSync) => Some("forcing a sync is Okta's"),
        (
            Family::Google,
            Event::Push(_)
            | Event::AddMember { .. }
            | Event::RemoveMember { .. }
            | Event::RenameGroup { .. }
            | Event::Unlink { .. },
        ) => Some("Google provisions users only, never groups"),
        (Family::Google, Event::Restart) => Some("Google has no links that a restart would clear"),
        (Family::Okta | Family::Google, Event::OnDemand(_)) => Some("provisioning on demand is Entra's"),
        _ => None,
    }
}
