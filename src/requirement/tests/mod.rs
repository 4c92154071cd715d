//! Whole sequences of exchanges, and what is said about them.

mod obedient;
mod peers;
pub(crate) mod story;
mod two_columns;
