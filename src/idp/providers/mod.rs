//! The providers, one file or folder each, and the table that names them: a new one is a file and a row. A provider's file
//! reads like its own code: which requests it sends for each event, and how it reacts to the answers.
//!
//! The order of the rows is the order of reports.
//!
//! May use, of `idp`: `idp_client`, `kit`, `links`, `notices`, `row`, `session`, `settings`.

pub mod auth0;
pub mod authentik;
pub mod entra;
pub mod google;
pub mod jumpcloud;
pub mod keycloak;
pub mod okta;
pub mod onelogin;
pub mod pingfederate;
pub mod rfc;
pub mod rippling;

use super::row::{ClientRow, FamilyRow, Habits, Plays, StandsFor, table};

use auth0::Auth0;
use authentik::Authentik;
use entra::{Dialect, Entra};
use google::Google;
use jumpcloud::Jumpcloud;
use keycloak::Keycloak;
use okta::aiw::OktaAiw;
use okta::oin::OktaOin;
use onelogin::scim1::Onelogin1;
use onelogin::scim2::Onelogin;
use pingfederate::Pingfederate;
use rfc::Rfc;
use rippling::Rippling;

table! {
    /// Okta.
    Okta: "okta", Habits {
        sends: &["title", "nickName", "preferredLanguage", "department", "externalId"],
        cannot: okta::cannot,
        leaves_otherwise: okta::leaves_otherwise,
        ..Habits::new(okta::headers)
    } => {
        /// Okta, an app of the Okta Integration Network: profile by PUT, `active` and groups by PATCH.
        OktaOin: ClientRow {
            name: "okta-oin",
            plays: Plays::ByDefault,
            knowledge: okta::KNOWLEDGE,
            new: |settings| Box::new(OktaOin::new(settings)),
            habits: None,
        },
        /// Okta, an app made with the App Integration Wizard: everything by GET and PUT.
        OktaAiw: ClientRow {
            name: "okta-aiw",
            plays: Plays::ByDefault,
            knowledge: okta::KNOWLEDGE,
            new: |settings| Box::new(OktaAiw::new(settings)),
            habits: None,
        },
        /// Okta, an app of the Okta Integration Network that patches profiles too: what it sends is inferred.
        OktaOinUserpatch: ClientRow {
            name: "okta-oin-userpatch",
            plays: Plays::ByName,
            knowledge: okta::oin_userpatch::KNOWLEDGE,
            new: |settings| Box::new(okta::oin_userpatch::app(settings)),
            habits: None,
        },
    }

    /// Microsoft Entra ID.
    Entra: "entra", Habits {
        sends: &[
            "title", "department", "employeeNumber", "preferredLanguage", "nickName", "manager", "addresses",
            "phoneNumbers", "externalId",
        ],
        cannot: entra::cannot,
        ..Habits::new(entra::headers)
    } => {
        /// Entra, the dialect in use without a flag.
        Entra: ClientRow {
            name: "entra",
            plays: Plays::ByDefault,
            knowledge: entra::KNOWLEDGE,
            new: |settings| Box::new(Entra::new(Dialect::Legacy, settings)),
            habits: None,
        },
        /// Entra with `aadOptscim062020` in the tenant URL.
        EntraScim2: ClientRow {
            name: "entra-scim2",
            plays: Plays::ByDefault,
            knowledge: entra::KNOWLEDGE,
            new: |settings| Box::new(entra::scim2::job(settings)),
            habits: None,
        },
    }

    /// Google Workspace.
    Google: "google", Habits { cannot: google::cannot, ..Habits::new(google::headers) } => {
        /// Google Workspace automatic provisioning.
        Google: ClientRow {
            name: "google",
            plays: Plays::ByDefault,
            knowledge: google::KNOWLEDGE,
            new: |settings| Box::new(Google::new(settings)),
            habits: None,
        },
    }

    /// authentik.
    Authentik: "authentik", Habits {
        cannot: authentik::cannot,
        leaves_otherwise: authentik::leaves_otherwise,
        takes_over: false,
        accepts_loss: false,
        ..Habits::new(authentik::headers)
    } => {
        /// authentik.
        Authentik: ClientRow {
            name: "authentik",
            plays: Plays::WithItsFamily,
            knowledge: authentik::KNOWLEDGE,
            new: |settings| Box::new(Authentik::new(settings)),
            habits: None,
        },
    }

    /// Keycloak with a SCIM plugin.
    Keycloak: "keycloak", Habits {
        cannot: keycloak::cannot,
        takes_over: false,
        finds_groups: false,
        ..Habits::new(keycloak::headers)
    } => {
        /// Keycloak with a SCIM plugin.
        Keycloak: ClientRow {
            name: "keycloak",
            plays: Plays::WithItsFamily,
            knowledge: keycloak::KNOWLEDGE,
            new: |settings| Box::new(Keycloak::new(settings)),
            habits: None,
        },
    }

    /// JumpCloud.
    Jumpcloud: "jumpcloud", Habits {
        sends: &["title", "department", "locale", "preferredLanguage", "addresses", "phoneNumbers", "externalId"],
        cannot: jumpcloud::cannot,
        leaves_otherwise: jumpcloud::leaves_otherwise,
        ..Habits::new(Jumpcloud::headers)
    } => {
        /// JumpCloud.
        Jumpcloud: ClientRow {
            name: "jumpcloud",
            plays: Plays::WithItsFamily,
            knowledge: jumpcloud::KNOWLEDGE,
            new: |settings| Box::new(Jumpcloud::new(settings)),
            habits: None,
        },
    }

    /// OneLogin.
    Onelogin: "onelogin", onelogin::scim2::HABITS => {
        /// OneLogin, the connectors for SCIM 2.0.
        Onelogin: ClientRow {
            name: "onelogin",
            plays: Plays::WithItsFamily,
            knowledge: onelogin::scim2::KNOWLEDGE,
            new: |settings| Box::new(Onelogin::new(settings)),
            habits: None,
        },
        /// OneLogin, the connector for SCIM 1.1.
        Onelogin1: ClientRow {
            name: "onelogin-1",
            plays: Plays::ByName,
            knowledge: onelogin::scim1::KNOWLEDGE,
            new: |settings| Box::new(Onelogin1::new(settings)),
            habits: Some(onelogin::scim1::HABITS),
        },
    }

    /// PingFederate and PingOne.
    Pingfederate: "pingfederate", Habits::new(Pingfederate::headers) => {
        /// PingFederate and PingOne.
        Pingfederate: ClientRow {
            name: "pingfederate",
            plays: Plays::WithItsFamily,
            knowledge: pingfederate::KNOWLEDGE,
            new: |settings| Box::new(Pingfederate::new(settings)),
            habits: None,
        },
    }

    /// Rippling.
    Rippling: "rippling", Habits { cannot: rippling::cannot, ..Habits::new(Rippling::headers) } => {
        /// Rippling.
        Rippling: ClientRow {
            name: "rippling",
            plays: Plays::WithItsFamily,
            knowledge: rippling::KNOWLEDGE,
            new: |settings| Box::new(Rippling::new(settings)),
            habits: None,
        },
    }

    /// Auth0.
    Auth0: "auth0", Habits { cannot: auth0::cannot, takes_over: false, ..Habits::new(auth0::headers) } => {
        /// Auth0, by an event stream.
        Auth0: ClientRow {
            name: "auth0",
            plays: Plays::WithItsFamily,
            knowledge: auth0::KNOWLEDGE,
            new: |settings| Box::new(Auth0::new(settings)),
            habits: None,
        },
    }

    /// No provider: what the RFCs ask for beyond what providers need.
    Rfc: "rfc", Habits {
        cannot: |_| Some(rfc::NO_EVENTS),
        stands_for: StandsFor::Standard,
        ..Habits::new(rfc::headers)
    } => {
        /// A client that sends literal requests only.
        Rfc: ClientRow {
            name: "rfc",
            plays: Plays::WithItsFamily,
            knowledge: rfc::KNOWLEDGE,
            new: |_| Box::new(Rfc::default()),
            habits: None,
        },
    }
}
