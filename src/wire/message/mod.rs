//! Requests and answers as data: what is sent to the byte, and what came back. Nothing here sends anything.
//!
//! May use, of `wire`: nothing else.

pub mod body;
pub mod created;
pub mod encode;
pub mod exchange;
pub mod key;
pub mod left_out;
pub mod marks;
pub mod request;
