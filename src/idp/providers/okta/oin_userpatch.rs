//! Okta, an app of the Okta Integration Network with *Support PATCH for User*: profiles by PATCH too.
//!
//! That the tick-box exists is documented; what the PATCH holds is inferred: the changed attributes, without a path, after
//! the GET that every profile push begins with.
//!
//! Source: docs/providers/okta.md.

use super::Okta;
use super::oin::OktaOin;
use crate::idp::Settings;
use crate::idp::row::Knowledge;
use crate::idp::settings::UserUpdate;

/// How far its behaviour is known.
pub(in crate::idp) const KNOWLEDGE: Knowledge = Knowledge {
    known: "documented: profiles can be patched",
    unknown: "the content of that PATCH: the changed attributes, without a path",
};

/// An app that knows nobody yet.
pub(in crate::idp) fn app(settings: Settings) -> OktaOin {
    OktaOin { okta: Okta::new(Settings { update: Some(UserUpdate::Patch), ..settings }) }
}
