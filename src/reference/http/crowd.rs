//! All connections: how many there are, which of them has to go, and what they hold together.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{Notify, Semaphore};
use tokio::time::timeout;

use super::connection::{Connection, Order, Phase};
use super::limits::ServeLimits;
use crate::lock::lock;

/// How long a client may read or send before somebody else may be preferred.
const UNDISTURBED: Duration = Duration::from_secs(2);
/// How often it is looked again for somebody who can go.
const AGAIN: Duration = Duration::from_millis(100);

/// The connections of one listener.
#[derive(Debug)]
pub(super) struct Crowd {
    pub(super) limits: ServeLimits,
    connections: Mutex<BTreeMap<usize, Arc<Connection>>>,
    next: AtomicUsize,
    /// Told when a connection has ended.
    left: Notify,
    /// The kibibytes that are free for long bodies.
    pub(super) bodies: Arc<Semaphore>,
    /// The bytes of answers that wait to be read.
    unread: AtomicUsize,
    /// Told when an answer was read, or is not needed.
    read: Notify,
}

/// A connection's place in the crowd, until it is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) connection: Arc<Connection>,
    pub(super) crowd: Arc<Crowd>,
    number: usize,
}

impl Crowd {
    pub(super) fn new(limits: ServeLimits) -> Self {
        Self {
            limits,
            connections: Mutex::default(),
            next: AtomicUsize::new(0),
            left: Notify::new(),
            bodies: Arc::new(Semaphore::new(limits.bodies / 1024)),
            unread: AtomicUsize::new(0),
            read: Notify::new(),
        }
    }

    /// Takes a connection in.
    pub(super) fn seat(self: &Arc<Self>) -> Arc<Seat> {
        let number = self.next.fetch_add(1, Relaxed);
        let connection = Arc::new(Connection::new());
        lock(&self.connections).insert(number, Arc::clone(&connection));
        Arc::new(Seat { connection, crowd: Arc::clone(self), number })
    }

    /// Waits until there is room for one more, and makes it: whoever has been idle longest has to go.
    pub(super) async fn make_room(&self) {
        loop {
            let left = self.left.notified();
            let (all, staying) = {
                let connections = lock(&self.connections);
                let staying = connections.values().filter(|each| each.order() == Order::None).count();
                (connections.len(), staying)
            };
            if all < self.limits.connections {
                return;
            }
            if staying >= self.limits.connections {
                self.send_one_away();
            }
            // Clients that are busy now may be slow in a moment.
            let _ = timeout(AGAIN, left).await;
        }
    }

    /// Ends the connection that has kept us waiting longest for nothing.
    pub(super) fn send_one_away(&self) {
        let waiting = |each: &&Arc<Connection>| match each.phase() {
            _ if each.order() != Order::None => None,
            Phase::Idle | Phase::Head => Some((1, each.waiting())),
            Phase::Body | Phase::Answer => Some((0, each.waiting())).filter(|(_, time)| *time > UNDISTURBED),
            Phase::Work => None,
        };
        let connections = lock(&self.connections);
        let longest = connections.values().filter(|each| waiting(each).is_some()).max_by_key(waiting);
        if let Some(connection) = longest {
            connection.tell(Order::Close);
        }
    }

    /// Ends the connections that have used up their time.
    pub(super) fn sweep(&self) {
        let ServeLimits { idle, head, answer, .. } = self.limits;
        for connection in lock(&self.connections).values().filter(|each| each.order() == Order::None) {
            let (limit, order) = match connection.phase() {
                Phase::Idle => (idle, Order::Close),
                Phase::Head => (head, Order::TimedOut),
                Phase::Answer => (answer, Order::Close),
                // A body has its time-out where it is read, which is answered.
                Phase::Body | Phase::Work => continue,
            };
            if connection.waiting() > limit {
                connection.tell(order);
            }
        }
    }

    /// Tells all to end after the request that they are at, and waits until they have.
    pub(super) async fn disperse(&self) {
        for connection in lock(&self.connections).values().filter(|each| each.order() == Order::None) {
            connection.tell(Order::Finish);
        }
        loop {
            let left = self.left.notified();
            if lock(&self.connections).is_empty() {
                return;
            }
            left.await;
        }
    }

    /// Whether answers may be made: not too much waits to be read.
    pub(super) fn has_room(&self) -> bool {
        self.unread.load(Relaxed) < self.limits.answers
    }

    /// Waits until answers may be made; whether they may. Clients that do not read theirs have to go.
    pub(super) async fn room(&self) -> bool {
        let room = async {
            loop {
                let read = self.read.notified();
                if self.has_room() {
                    return;
                }
                if timeout(AGAIN, read).await.is_err() {
                    self.send_a_slow_reader_away();
                }
            }
        };
        timeout(self.limits.wait, room).await.is_ok()
    }

    fn send_a_slow_reader_away(&self) {
        let connections = lock(&self.connections);
        let slow =
            connections.values().filter(|each| each.order() == Order::None && each.phase() == Phase::Answer);
        if let Some(connection) = slow.max_by_key(|each| each.waiting()) {
            connection.tell(Order::Close);
        }
    }

    fn let_go(&self, bytes: usize) {
        if bytes > 0 {
            self.unread.fetch_sub(bytes, Relaxed);
            self.read.notify_waiters();
        }
    }
}

impl Seat {
    /// Notes that an answer of that length waits to be read.
    pub(super) fn answering(&self, bytes: usize) {
        self.crowd.unread.fetch_add(bytes, Relaxed);
        self.crowd.let_go(self.connection.hold(bytes));
        self.connection.enter(Phase::Answer);
    }

    /// Notes that the answer was sent.
    pub(super) fn answered(&self) {
        self.connection.enter(Phase::Idle);
        self.crowd.let_go(self.connection.hold(0));
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.crowd.let_go(self.connection.hold(0));
        lock(&self.crowd.connections).remove(&self.number);
        self.crowd.left.notify_waiters();
    }
}
