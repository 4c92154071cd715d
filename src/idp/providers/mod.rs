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
pub mod rippling;

use super::row::{ClientRow, FamilyRow, Plays, table};

use auth0::Auth0;
use authentik::Authentik;
use entra::{Dialect, Entra};
use google::Google;
use jumpcloud::Jumpcloud;
use keycloak::Keycloak;
use okta::aiw::OktaAiw;
use okta::oin::OktaOin;
use onelogin::Onelogin;
use pingfederate::Pingfederate;
use rippling::Rippling;

table! {
    /// Okta.
    Okta: FamilyRow {
        sends: &["title", "nickName", "preferredLanguage"],
        cannot: okta::cannot,
        leaves_otherwise: okta::leaves_otherwise,
        ..FamilyRow::new("okta", okta::headers)
    } => {
        /// Okta, an app of the Okta Integration Network: profile by PUT, `active` and groups by PATCH.
        OktaOin: ClientRow {
            name: "okta-oin",
            plays: Plays::ByDefault,
            knowledge: okta::KNOWLEDGE,
            new: |settings| Box::new(OktaOin::new(settings)),
        },
        /// Okta, an app made with the App Integration Wizard: everything by GET and PUT.
        OktaAiw: ClientRow {
            name: "okta-aiw",
            plays: Plays::ByDefault,
            knowledge: okta::KNOWLEDGE,
            new: |settings| Box::new(OktaAiw::new(settings)),
        },
        /// Okta, an app of the Okta Integration Network that patches profiles too: what it sends is inferred.
        OktaOinUserpatch: ClientRow {
            name: "okta-oin-userpatch",
            plays: Plays::ByName,
            knowledge: okta::oin_userpatch::KNOWLEDGE,
            new: |settings| Box::new(okta::oin_userpatch::app(settings)),
        },
    }

    /// Microsoft Entra ID.
    Entra: FamilyRow {
        sends: &["title", "department", "employeeNumber", "preferredLanguage", "nickName", "manager"],
        cannot: entra::cannot,
        ..FamilyRow::new("entra", entra::headers)
    } => {
        /// Entra, the dialect in use without a flag.
        Entra: ClientRow {
            name: "entra",
            plays: Plays::ByDefault,
            knowledge: entra::KNOWLEDGE,
            new: |settings| Box::new(Entra::new(Dialect::Legacy, settings)),
        },
        /// Entra with `aadOptscim062020` in the tenant URL.
        EntraScim2: ClientRow {
            name: "entra-scim2",
            plays: Plays::ByDefault,
            knowledge: entra::KNOWLEDGE,
            new: |settings| Box::new(entra::scim2::job(settings)),
        },
    }

    /// Google Workspace.
    Google: FamilyRow { cannot: google::cannot, ..FamilyRow::new("google", google::headers) } => {
        /// Google Workspace automatic provisioning.
        Google: ClientRow {
            name: "google",
            plays: Plays::ByDefault,
            knowledge: google::KNOWLEDGE,
            new: |settings| Box::new(Google::new(settings)),
        },
    }

    /// authentik.
    Authentik: FamilyRow {
        cannot: authentik::cannot,
        leaves_otherwise: authentik::leaves_otherwise,
        takes_over: false,
        accepts_loss: false,
        ..FamilyRow::new("authentik", authentik::headers)
    } => {
        /// authentik.
        Authentik: ClientRow {
            name: "authentik",
            plays: Plays::WithItsFamily,
            knowledge: authentik::KNOWLEDGE,
            new: |settings| Box::new(Authentik::new(settings)),
        },
    }

    /// Keycloak with a SCIM plugin.
    Keycloak: FamilyRow {
        cannot: keycloak::cannot,
        takes_over: false,
        finds_groups: false,
        ..FamilyRow::new("keycloak", keycloak::headers)
    } => {
        /// Keycloak with a SCIM plugin.
        Keycloak: ClientRow {
            name: "keycloak",
            plays: Plays::WithItsFamily,
            knowledge: keycloak::KNOWLEDGE,
            new: |settings| Box::new(Keycloak::new(settings)),
        },
    }

    /// JumpCloud.
    Jumpcloud: FamilyRow {
        cannot: jumpcloud::cannot,
        leaves_otherwise: jumpcloud::leaves_otherwise,
        ..FamilyRow::new("jumpcloud", Jumpcloud::headers)
    } => {
        /// JumpCloud.
        Jumpcloud: ClientRow {
            name: "jumpcloud",
            plays: Plays::WithItsFamily,
            knowledge: jumpcloud::KNOWLEDGE,
            new: |settings| Box::new(Jumpcloud::new(settings)),
        },
    }

    /// OneLogin.
    Onelogin: FamilyRow {
        cannot: onelogin::cannot,
        leaves_otherwise: onelogin::leaves_otherwise,
        ..FamilyRow::new("onelogin", Onelogin::headers)
    } => {
        /// OneLogin.
        Onelogin: ClientRow {
            name: "onelogin",
            plays: Plays::WithItsFamily,
            knowledge: onelogin::KNOWLEDGE,
            new: |settings| Box::new(Onelogin::new(settings)),
        },
    }

    /// PingFederate and PingOne.
    Pingfederate: FamilyRow::new("pingfederate", Pingfederate::headers) => {
        /// PingFederate and PingOne.
        Pingfederate: ClientRow {
            name: "pingfederate",
            plays: Plays::WithItsFamily,
            knowledge: pingfederate::KNOWLEDGE,
            new: |settings| Box::new(Pingfederate::new(settings)),
        },
    }

    /// Rippling.
    Rippling: FamilyRow { cannot: rippling::cannot, ..FamilyRow::new("rippling", Rippling::headers) } => {
        /// Rippling.
        Rippling: ClientRow {
            name: "rippling",
            plays: Plays::WithItsFamily,
            knowledge: rippling::KNOWLEDGE,
            new: |settings| Box::new(Rippling::new(settings)),
        },
    }

    /// Auth0.
    Auth0: FamilyRow { cannot: auth0::cannot, takes_over: false, ..FamilyRow::new("auth0", auth0::headers) } => {
        /// Auth0, by an event stream.
        Auth0: ClientRow {
            name: "auth0",
            plays: Plays::WithItsFamily,
            knowledge: auth0::KNOWLEDGE,
            new: |settings| Box::new(Auth0::new(settings)),
        },
    }
}
