//! The settings file, `scimsnap.toml`: targets and known failures, read with spans, so that what is wrong is pointed
//! at before anything is sent.
//!
//! May use `diag`, `context`, `wire` for what a target is, the names of clients, requirements, and of `scenario` the
//! catalogue, packs and the misspelt-name helper. It knows no commands: `cli` turns settings and flags into a run.

mod access;
mod credential;
mod dto;
mod file;
mod known;
mod locator;
mod network;
mod rest;
mod snapshots;
mod target;
mod target_rules;

pub use access::Access;
pub use credential::{CredentialError, Place};
pub use file::{FILE_NAME, Settings, SettingsError};
pub use known::{Known, today};
pub use network::{Network, NetworkError};
pub use rest::Rest;
pub use snapshots::SnapshotsFolder;
pub use target::{ConnectError, TargetSettings};
