//! All integration tests that a plain `cargo test` runs, in one binary: a module for each topic.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod app;
mod cli;
mod docs;
mod examples;
mod faults;
mod fuzz;
mod idp;
mod reference;
mod rooms;
mod safety;
mod scenario;
mod support;
mod transport;
