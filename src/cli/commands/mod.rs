//! The commands, one file each.

pub mod check;
pub mod clean;
pub mod completions;
pub mod defects;
pub mod explain;
pub mod export;
pub mod init;
pub mod list;
pub mod man;
pub mod probe;
pub mod run;
pub mod schema;
pub mod serve;
pub mod snapshots;
