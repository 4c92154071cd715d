//! The binary as its users meet it: real processes, real HTTP on loopback, folders of their own.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod access;
mod against;
mod defects;
mod exit_codes;
mod foreign;
mod insta_interop;
mod interrupt;
mod jobs;
mod known;
mod ledger;
mod network;
mod patience;
mod reports;
mod schema;
mod secrets;
mod snapshots;
mod suites;
mod support;
mod transcript;
