//! No output shows a secret.

mod canary;
mod outputs;
