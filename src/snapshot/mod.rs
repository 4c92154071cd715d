//! Reviewed outcomes: `.snap` files, comparison, difference, accepting.
//!
//! May use `outcome`.
