//! Whole exchanges, for a report that holds all of them.

use std::sync::Arc;

use jiff::Timestamp;

use crate::idp::ClientName;
use crate::wire::Exchange;

/// The exchanges of one pair, or of what a run does around its pairs.
#[derive(Debug, Clone)]
pub struct Exchanges {
    /// The scenario's id, or what was done.
    pub of: String,
    /// The client, where one played.
    pub client: Option<ClientName>,
    /// The SCIM base URL.
    pub scim: String,
    /// The base URL of the product's REST API, where there is one.
    pub rest: Option<String>,
    /// The exchanges, in their order.
    pub all: Vec<Told>,
}

/// An exchange with its place in the scenario.
#[derive(Debug, Clone)]
pub struct Told {
    /// The exchange; long bodies are cut.
    pub exchange: Arc<Exchange>,
    /// The step, as the scenario has it: `20: remove-member`.
    pub step: Arc<str>,
    /// When the request began.
    pub started: Timestamp,
}
