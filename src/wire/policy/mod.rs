//! When a request may leave, how often it is sent, and what a scenario does to it on its way.

pub mod faults;
pub(crate) mod ordering;
pub mod pace;
pub mod read_lag;
pub(crate) mod recover;
pub mod retry_after;
pub mod shutdown;
pub mod silence;
