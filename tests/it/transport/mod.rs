//! Connections that end, answers that are broken or never come, and floods: what the client makes of them, on plain sockets.

#![expect(clippy::disallowed_methods, reason = "a server that hangs sleeps on a thread of its own")]

mod answers;
mod flood;
mod kept;
mod lag;
mod server;
mod silent;
mod waits;
