//! Scenario files: format, loading with spans, selection.
//!
//! May use `directory`.
