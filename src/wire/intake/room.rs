//! Bounds on the memory for a body.

/// How much of a body is read and kept.
#[derive(Debug, Clone, Copy)]
pub(in crate::wire) struct Room {
    /// Its bytes, decoded.
    pub(in crate::wire) body: usize,
    /// The bytes of its beginning.
    pub(in crate::wire) head: usize,
    /// The bytes of one string in it.
    pub(in crate::wire) string: usize,
    /// The bytes that its JSON takes in memory, about.
    pub(in crate::wire) json: usize,
}
