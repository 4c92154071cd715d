//! The identity providers' clients: what each sends, to the byte, and how each reacts.

mod broken;
mod concurrent;
mod fixtures;
mod hostile;
mod raw_socket;
mod wire;
