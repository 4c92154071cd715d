//! Files whose size, kind and place nobody vouches for: reads them bounded, writes them whole, and walks folders without
//! leaving them.
//!
//! May use nothing else here.

pub(crate) mod atomic;
pub mod input;
pub mod output;
pub mod walk;

pub use output::Output;
