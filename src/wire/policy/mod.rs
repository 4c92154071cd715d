//! When a request may leave, how long and how often it is waited for, and which faults a scenario injects. Each policy is
//! a file and knows nothing of the others.
//!
//! May use, of `wire`: `message`.

pub mod faults;
pub(crate) mod ordering;
pub mod pace;
pub mod read_lag;
pub mod retry_after;
pub mod seat;
pub mod shutdown;
pub mod silence;
pub mod waits;
