//! The providers' own time: cycles, delays, retries. It is virtual, so that a month passes at once; a client counts it in
//! seconds since it was connected.

/// A minute.
pub(crate) const MINUTE: i64 = 60;
/// An hour.
pub(crate) const HOUR: i64 = 60 * MINUTE;
/// A day.
pub(crate) const DAY: i64 = 24 * HOUR;
