//! The binary as its users meet it: real processes, real HTTP on loopback, folders of their own.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod access;
mod against;
mod canary;
mod closed_streams;
mod defects;
mod exit_codes;
mod export;
mod foreign;
mod foreign_ways;
mod house;
mod http2;
mod init;
mod injection;
mod input_files;
mod insta_interop;
mod intercept;
mod interrupt;
mod jobs;
mod kept;
mod known;
mod ledger;
mod manners;
mod network;
mod output_files;
mod own_snapshots;
mod patience;
mod probe;
mod reports;
mod schema;
mod secrets;
mod snapshots;
mod suites;
mod support;
mod surroundings;
mod transcript;
mod urns;
