//! The commands, one file each. A command reads its arguments, calls another room, prints the result, and returns an exit
//! code.
//!
//! May use, of `cli`: `chosen`, `did_you_mean`, `given`, `last_report`, `output`, `selection`, `signals`, `target`, `work`.

pub mod check;
pub mod clean;
pub mod completions;
pub mod defects;
pub mod explain;
pub mod export;
pub mod init;
pub mod known;
pub mod list;
pub mod man;
pub mod probe;
pub mod repro;
pub mod run;
pub mod schema;
pub mod serve;
pub mod snapshots;
