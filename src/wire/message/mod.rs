//! Requests and answers as texts: what is sent to the byte, and what came back.

pub mod body;
pub mod encode;
pub mod exchange;
pub mod request;
