//! scimsnap plays an identity provider against any SCIM 2.0 endpoint and compares the resulting customers and
//! organizations with reviewed snapshots.
//!
//! The way through the house: a [`scenario`] is [`run`] by an [`idp`] client over the [`wire`] against an endpoint
//! (any, or the [`reference`](mod@reference) one); at each checkpoint the [`outcome`] is read and held against its
//! [`snapshot`], every exchange is held against the [`requirement`]s, and [`report`] shows what happened.

pub mod cli;
pub mod context;
pub mod core_dumps;
mod counted;
pub mod diag;
pub mod directory;
pub mod event;
pub mod exit;
pub mod files;
pub mod foreign;
pub mod idp;
mod lock;
pub mod outcome;
pub mod reference;
pub mod report;
pub mod requirement;
pub mod run;
pub mod scenario;
pub mod scim;
pub mod settings;
pub mod snapshot;
pub mod suggest;
pub mod wire;
