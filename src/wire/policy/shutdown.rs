//! Graceful shutdown of a wire: creations in progress finish, and nothing new is sent.

use std::cell::Cell;
use std::time::{Duration, Instant};

use crate::wire::message::request::{Method, Purpose, Request};

/// The brake of a wire.
#[derive(Debug, Default)]
pub struct Brake {
    pressed: Cell<bool>,
    creating: Cell<usize>,
    /// When the last answer came.
    heard: Cell<Option<Instant>>,
}

impl Brake {
    /// From now on only what cleans up is sent; any other request waits for ever.
    pub fn press(&self) {
        self.pressed.set(true);
    }

    /// Whether a request that may create something is on its way.
    pub fn is_creating(&self) -> bool {
        self.creating.get() > 0
    }

    /// Waits until no answer has come for so long.
    pub async fn until_silent(&self, patience: Duration) {
        let begun = Instant::now();
        loop {
            let last = self.heard.get().map_or(begun, |heard| heard.max(begun));
            let left = patience.saturating_sub(last.elapsed());
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left).await;
        }
    }

    /// Notes that an answer came.
    pub(in crate::wire) fn heard(&self) {
        self.heard.set(Some(Instant::now()));
    }

    /// Waits for ever where the brake is pressed.
    pub(in crate::wire) async fn hold(&self, request: &Request) {
        if self.pressed.get() && request.purpose != Purpose::Cleanup {
            std::future::pending::<()>().await;
        }
    }

    /// Notes that a request leaves.
    pub(in crate::wire) fn leaves(&self, request: &Request) {
        self.creating.set(self.creating.get() + usize::from(request.method == Method::Post));
    }

    /// Notes that its answer is here.
    pub(in crate::wire) fn is_back(&self, request: &Request) {
        self.creating.set(self.creating.get() - usize::from(request.method == Method::Post));
    }
}
