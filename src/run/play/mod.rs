//! Plays one scenario as one client: stage, steps, reading, cleaning up.

pub mod admin;
pub mod cleanup;
pub mod directory_state;
pub mod expect;
pub(crate) mod intercept;
pub mod literal;
pub mod played;
pub mod player;
pub mod recorder;
pub mod setup;
pub mod transcript;
