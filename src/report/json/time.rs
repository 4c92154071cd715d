//! Times in the JSON report.

use std::time::Duration;

/// A time in milliseconds.
pub(super) fn millis(took: Duration) -> f64 {
    // Microseconds are kept: a whole scenario may take less than a millisecond.
    (took.as_secs_f64() * 1_000_000.0).round() / 1_000.0
}
