//! One connection: what it is waiting for, since when, and what it holds.

use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

/// What a connection is waiting for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// The client: it has asked for nothing.
    Idle,
    /// The client: a head has begun.
    Head,
    /// The client: its body is read.
    Body,
    /// Us.
    Work,
    /// The client: it has an answer to read.
    Answer,
}

/// What a connection is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    None,
    /// To end after the request that it is at.
    Finish,
    /// To end now.
    Close,
    /// To end now, and to say that the head took too long.
    TimedOut,
}

/// What is known of a connection.
#[derive(Debug)]
pub(super) struct Connection {
    began: Instant,
    /// The phase in the lowest byte, and above it when it began, in milliseconds since the connection began.
    phase: AtomicU64,
    order: AtomicU8,
    told: Notify,
    /// How long the answer is that waits to be read.
    unread: AtomicUsize,
}

impl Connection {
    pub(super) fn new() -> Self {
        Self {
            began: Instant::now(),
            phase: AtomicU64::new(Phase::Idle as u64),
            order: AtomicU8::new(Order::None as u8),
            told: Notify::new(),
            unread: AtomicUsize::new(0),
        }
    }

    pub(super) fn phase(&self) -> Phase {
        match self.phase.load(Relaxed) & 0xff {
            0 => Phase::Idle,
            1 => Phase::Head,
            2 => Phase::Body,
            3 => Phase::Work,
            _ => Phase::Answer,
        }
    }

    /// For how long the phase has lasted.
    pub(super) fn waiting(&self) -> Duration {
        self.began.elapsed().saturating_sub(Duration::from_millis(self.phase.load(Relaxed) >> 8))
    }

    pub(super) fn enter(&self, phase: Phase) {
        let since = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX >> 8);
        self.phase.store((since << 8) | phase as u64, Relaxed);
    }

    /// How many bytes of an answer are no longer held, or will be from now on.
    pub(super) fn hold(&self, bytes: usize) -> usize {
        self.unread.swap(bytes, Relaxed)
    }

    pub(super) fn order(&self) -> Order {
        match self.order.load(Relaxed) {
            0 => Order::None,
            1 => Order::Finish,
            2 => Order::Close,
            _ => Order::TimedOut,
        }
    }

    pub(super) fn tell(&self, order: Order) {
        self.order.store(order as u8, Relaxed);
        self.told.notify_one();
    }

    /// Waits for the next order.
    pub(super) async fn told(&self) -> Order {
        self.told.notified().await;
        self.order()
    }
}
