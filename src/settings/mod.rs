//! The settings file, `scimsnap.toml`: targets and known failures. It is read with positions, so that errors point into
//! it before anything is sent.
//!
//! It knows no commands: `cli` turns settings and flags into a run.
//!
//! May use: `context`, `diag`, `files`, `idp`, `requirement`, `scenario`, `snapshot`, `suggest`, `wire`.

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
pub use credential::{CredentialError, Place, is_name};
pub use file::{FILE_NAME, Settings, SettingsError};
pub use known::{Known, today};
pub use network::{Network, NetworkError};
pub use rest::Rest;
pub use snapshots::SnapshotsFolder;
pub use target::{ConnectError, TargetSettings};
