//! The binary as its users meet it: real processes, real HTTP on loopback, folders of their own.

mod commands;
mod injection;
mod inputs;
mod reports;
mod repro;
mod run;
mod secrets;
mod snapshots;
mod targets;
