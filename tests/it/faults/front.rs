//! The proxy with a fault in it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use serde_json::Value;

use super::{Act, Ask};
use crate::support::{Close, Keeping};

/// The endpoint behind.
#[derive(Debug, Clone)]
pub(crate) struct Upstream {
    pub(crate) origin: String,
    /// The path of the SCIM base URL.
    pub(crate) base: String,
    pub(crate) token: String,
}

/// What a fault keeps between requests.
#[derive(Debug)]
pub(crate) struct State {
    pub(super) upstream: Upstream,
    pub(super) acts: Vec<Act>,
    pub(super) notes: Mutex<BTreeMap<(usize, String), Value>>,
    pub(super) fired: Vec<AtomicUsize>,
    pub(super) calls: AtomicUsize,
    pub(super) began: Instant,
    writes: Mutex<()>,
}

/// A proxy in front of an endpoint. Its threads end with the process.
#[derive(Debug)]
pub(crate) struct Front {
    /// The SCIM base URL that leads through it.
    pub(crate) url: String,
    state: Arc<State>,
}

impl Front {
    /// With these faults in it, the first one in front.
    pub(crate) fn new(upstream: &Upstream, acts: &[Act]) -> Self {
        let state = Arc::new(State {
            upstream: upstream.clone(),
            acts: acts.to_vec(),
            notes: Mutex::default(),
            fired: acts.iter().map(|_| AtomicUsize::new(0)).collect(),
            calls: AtomicUsize::new(0),
            began: Instant::now(),
            writes: Mutex::default(),
        });
        let its = Arc::clone(&state);
        let server = Keeping::new(Close::Never, move |call| {
            its.calls.fetch_add(1, Ordering::SeqCst);
            // What a fault does in several steps, no other write sees half of.
            let _turn = call.writes().then(|| its.writes.lock().unwrap_or_else(PoisonError::into_inner));
            Ask::new(&its, call).answer()
        });
        Self { url: format!("http://{}{}", server.authority, upstream.base), state }
    }

    /// How often each of the faults did something wrong.
    pub(crate) fn fired(&self) -> Vec<usize> {
        self.state.fired.iter().map(|times| times.load(Ordering::SeqCst)).collect()
    }
}
