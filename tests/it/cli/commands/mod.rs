//! The smaller commands, one file each.

mod clean;
mod defects;
mod explain;
mod export;
mod init;
mod known;
mod list;
mod probe;
mod schema;
mod serve;
