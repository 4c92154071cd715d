//! A line for each request that was answered, for whoever wants to read along. Nothing waits for the reader.

use std::sync::mpsc::SyncSender;
use std::time::{Duration, Instant};

use axum::http::request::Parts;

/// A request that was answered. The target is what the client sent.
#[derive(Debug, Clone)]
pub struct Logged {
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The status of the answer.
    pub status: u16,
    /// How long the answer took.
    pub took: Duration,
}

/// A request that is being answered.
pub(crate) struct Entry {
    log: SyncSender<Logged>,
    method: String,
    target: String,
    begun: Instant,
}

impl Entry {
    /// Notes a request, where somebody reads along.
    pub(crate) fn begin(log: Option<&SyncSender<Logged>>, parts: &Parts) -> Option<Self> {
        Some(Self {
            log: log?.clone(),
            method: parts.method.to_string(),
            target: parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
            begun: Instant::now(),
        })
    }

    /// Tells how it was answered. A line that there is no room for is left out.
    pub(crate) fn end(self, status: u16) {
        let Self { log, method, target, begun } = self;
        let _ = log.try_send(Logged { method, target, status, took: begun.elapsed() });
    }
}
