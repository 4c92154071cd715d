//! What authentik asks an endpoint before anything else, and the modes for endpoints that are special.

use serde_json::Value;

use crate::idp::kit::resource::field;
use crate::idp::settings::Compatibility;
use crate::wire::Exchange;

/// The parts of the configuration that decide something. Any failure means that nothing is supported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Config {
    pub(super) patch: bool,
    pub(super) filter: bool,
    /// How many operations a PATCH holds, taken from the limit of bulk requests; 0 is no limit.
    pub(super) operations: usize,
}

/// Where the configuration is asked for: Salesforce has another spelling.
pub(super) fn target(mode: Option<Compatibility>) -> &'static str {
    match mode {
        Some(Compatibility::Salesforce) => "/ServiceProviderConfigs",
        _ => "/ServiceProviderConfig",
    }
}

impl Config {
    /// Reads it. Slack is taken to have filters, whatever it says.
    pub(super) fn of(exchange: &Exchange, mode: Option<Compatibility>) -> Self {
        let body = exchange.json().filter(|_| exchange.is_success());
        let part = |name: &str| body.and_then(|body| field(body, name));
        let supported =
            |name: &str| part(name).and_then(|part| field(part, "supported")?.as_bool()).unwrap_or(false);
        let operations = part("bulk").and_then(|bulk| field(bulk, "maxOperations")).and_then(Value::as_u64);
        Self {
            patch: supported("patch"),
            filter: supported("filter") || mode == Some(Compatibility::Slack),
            operations: operations.and_then(|most| usize::try_from(most).ok()).unwrap_or(0),
        }
    }

    /// How many of so many operations go into one request.
    pub(super) fn chunk(self, operations: usize) -> usize {
        if self.operations == 0 { operations.max(1) } else { self.operations }
    }
}
