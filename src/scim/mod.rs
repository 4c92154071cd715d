//! The protocol's vocabulary: resources, filter, path, PATCH, lists, errors, discovery (RFC 7643, RFC 7644).
//!
//! Pure: no IO, no clock, nothing of the other rooms. Clients and the reference endpoint both use it.
