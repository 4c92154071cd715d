//! Connections that end, answers that never come, and floods: what the client makes of them, on plain sockets.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "a server that hangs sleeps on a thread of its own")]

mod flood;
mod kept;
mod server;
mod silent;
mod waits;
