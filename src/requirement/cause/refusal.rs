//! Tells refusals apart by what the endpoint says of them.

use crate::requirement::exchange::reason::reason;
use crate::scim::resource::attribute::get;
use crate::wire::{Exchange, Method};

/// A request that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The status.
    pub status: u16,
    /// The method of the request.
    pub method: Method,
    /// The first segment of its path.
    pub collection: String,
    /// The reason in lower case, without what differs from one request to the next; nothing where it fits anything.
    pub reason: Option<String>,
}

impl Refusal {
    /// How an exchange was refused, where it was.
    pub(super) fn of(exchange: &Exchange) -> Option<Self> {
        let status = exchange.status();
        if status < 400 {
            return None;
        }
        let reason = exchange.json().and_then(|body| get(body, "detail")?.as_str()).and_then(reason);
        let collection = exchange.request.path().split('/').nth(1).unwrap_or_default().to_owned();
        Some(Self { status, method: exchange.request.method, collection, reason })
    }
}
