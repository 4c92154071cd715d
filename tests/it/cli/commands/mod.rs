//! The smaller commands, one file each.

mod defects;
mod export;
mod init;
mod probe;
mod schema;
