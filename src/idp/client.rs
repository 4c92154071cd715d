//! All IdP clients under one roof, and what each of them cannot express.

use crate::directory::Event;

use super::providers::authentik::Authentik;
use super::providers::entra::scim2::EntraScim2;
use super::providers::entra::{Dialect, Entra};
use super::providers::google::Google;
use super::providers::jumpcloud::Jumpcloud;
use super::providers::keycloak::Keycloak;
use super::providers::okta::aiw::OktaAiw;
use super::providers::okta::oin::OktaOin;
use super::providers::okta::oin_userpatch::OktaOinUserpatch;
use super::providers::onelogin::Onelogin;
use super::providers::pingfederate::Pingfederate;
use super::providers::rippling::Rippling;
use super::{Broken, ClientName, Family, Links, Notice, Session, Settings};

/// An IdP client: turns what happens in the directory into the requests that its provider sends.
#[derive(Debug)]
pub enum Client {
    /// Okta, an app of the Okta Integration Network.
    OktaOin(OktaOin),
    /// Okta, an app made with the App Integration Wizard.
    OktaAiw(OktaAiw),
    /// Okta, an app of the Okta Integration Network that patches profiles too.
    OktaOinUserpatch(OktaOinUserpatch),
    /// Entra without a flag.
    Entra(Entra),
    /// Entra with `aadOptscim062020`.
    EntraScim2(EntraScim2),
    /// Google Workspace.
    Google(Google),
    /// authentik.
    Authentik(Authentik),
    /// Keycloak with a SCIM plugin.
    Keycloak(Keycloak),
    /// JumpCloud.
    Jumpcloud(Jumpcloud),
    /// OneLogin.
    Onelogin(Onelogin),
    /// PingFederate and PingOne.
    Pingfederate(Pingfederate),
    /// Rippling.
    Rippling(Rippling),
}

impl Client {
    /// A client that knows nobody yet.
    pub fn new(name: ClientName, settings: Settings) -> Self {
        match name {
            ClientName::OktaOin => Self::OktaOin(OktaOin::new(Settings { update: None, ..settings })),
            ClientName::OktaAiw => Self::OktaAiw(OktaAiw::new(settings)),
            ClientName::OktaOinUserpatch => Self::OktaOinUserpatch(OktaOinUserpatch::new(settings)),
            ClientName::Entra => Self::Entra(Entra::new(Dialect::Legacy, settings)),
            ClientName::EntraScim2 => Self::EntraScim2(EntraScim2::new(settings)),
            ClientName::Google => Self::Google(Google::new(settings)),
            ClientName::Authentik => Self::Authentik(Authentik::new(settings)),
            ClientName::Keycloak => Self::Keycloak(Keycloak::new(settings)),
            ClientName::Jumpcloud => Self::Jumpcloud(Jumpcloud::new(settings)),
            ClientName::Onelogin => Self::Onelogin(Onelogin::new(settings)),
            ClientName::Pingfederate => Self::Pingfederate(Pingfederate::new(settings)),
            ClientName::Rippling => Self::Rippling(Rippling::new(settings)),
        }
    }

    /// Its name.
    pub fn name(&self) -> ClientName {
        match self {
            Self::OktaOin(_) => ClientName::OktaOin,
            Self::OktaAiw(_) => ClientName::OktaAiw,
            Self::OktaOinUserpatch(_) => ClientName::OktaOinUserpatch,
            Self::Entra(_) => ClientName::Entra,
            Self::EntraScim2(_) => ClientName::EntraScim2,
            Self::Google(_) => ClientName::Google,
            Self::Authentik(_) => ClientName::Authentik,
            Self::Keycloak(_) => ClientName::Keycloak,
            Self::Jumpcloud(_) => ClientName::Jumpcloud,
            Self::Onelogin(_) => ClientName::Onelogin,
            Self::Pingfederate(_) => ClientName::Pingfederate,
            Self::Rippling(_) => ClientName::Rippling,
        }
    }

    /// The ids that the endpoint gave. Okta keeps a person's id after the assignment is gone, though it sends nothing
    /// to it any more.
    pub fn links(&self) -> &Links {
        match self {
            Self::OktaOin(app) => &app.okta.links,
            Self::OktaAiw(app) => &app.okta.links,
            Self::OktaOinUserpatch(app) => &app.app.okta.links,
            Self::Entra(job) => &job.links,
            Self::EntraScim2(flagged) => &flagged.job.links,
            Self::Google(app) => &app.links,
            Self::Authentik(client) => &client.app.links,
            Self::Keycloak(client) => &client.app.links,
            Self::Jumpcloud(client) => &client.app.links,
            Self::Onelogin(client) => &client.app.links,
            Self::Pingfederate(client) => &client.app.links,
            Self::Rippling(client) => &client.app.links,
        }
    }

    /// What the administrator would have been told since the last call, oldest first.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        match self {
            Self::OktaOin(app) => app.okta.notices.take(),
            Self::OktaAiw(app) => app.okta.notices.take(),
            Self::OktaOinUserpatch(app) => app.app.okta.notices.take(),
            Self::Entra(job) => job.notices.take(),
            Self::EntraScim2(flagged) => flagged.job.notices.take(),
            Self::Google(app) => app.notices.take(),
            Self::Authentik(client) => client.app.notices.take(),
            Self::Keycloak(client) => client.app.notices.take(),
            Self::Jumpcloud(client) => client.app.notices.take(),
            Self::Onelogin(client) => client.app.notices.take(),
            Self::Pingfederate(client) => client.app.notices.take(),
            Self::Rippling(client) => client.app.notices.take(),
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
            Self::OktaOinUserpatch(app) => app.perform(events, session).await,
            Self::Entra(job) => job.perform(events, session).await,
            Self::EntraScim2(flagged) => flagged.perform(events, session).await,
            Self::Google(app) => app.perform(events, session).await,
            Self::Authentik(client) => client.perform(events, session).await,
            Self::Keycloak(client) => client.perform(events, session).await,
            Self::Jumpcloud(client) => client.perform(events, session).await,
            Self::Onelogin(client) => client.perform(events, session).await,
            Self::Pingfederate(client) => client.perform(events, session).await,
            Self::Rippling(client) => client.perform(events, session).await,
        }
    }
}

/// The headers of a provider's request, with or without a body: what a literal request of a scenario is sent with.
pub fn headers(name: ClientName, body: bool) -> Vec<(String, String)> {
    match name.family() {
        Family::Okta => super::providers::okta::headers(body),
        Family::Entra => super::providers::entra::headers(body),
        Family::Google => super::providers::google::headers(body),
        Family::Authentik => super::providers::authentik::headers(body),
        Family::Keycloak => super::providers::keycloak::headers(body),
        Family::Jumpcloud => Jumpcloud::header_list(body),
        Family::Onelogin => Onelogin::header_list(body),
        Family::Pingfederate => Pingfederate::header_list(body),
        Family::Rippling => Rippling::header_list(body),
    }
}
