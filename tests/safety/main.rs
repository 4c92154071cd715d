//! Nobody else's resource is written to, and nothing is left and forgotten, whatever an endpoint does: real processes,
//! real HTTP on loopback, and tenants that misbehave.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod address;
mod aftermath;
mod answers;
mod cost;
mod endpoint;
mod ids;
mod ledgers;
mod leftovers;
mod process;
mod scene;
mod strangers;
#[path = "../cli/support/mod.rs"]
#[expect(dead_code, unused_imports, reason = "what only other tests need")]
mod support;
mod tenant;
