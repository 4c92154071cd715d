//! The smaller commands, one file each.

mod defects;
mod export;
mod init;
mod known;
mod probe;
mod schema;
