//! Microsoft Entra ID with `aadOptscim062020` in the tenant URL: the same job, with the other PATCH bodies.
//!
//! Source: docs/providers/entra.md#the-two-dialects.

use super::{Dialect, Entra};
use crate::idp::Settings;

/// A job that knows nobody yet. The flag itself is read by the provider and does not reach the endpoint.
pub(in crate::idp) fn job(settings: Settings) -> Entra {
    Entra::new(Dialect::Scim2, settings)
}
