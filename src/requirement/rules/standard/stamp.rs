//! Times in `meta`, and how exactly they are told.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use crate::scim::filter::instant::instant;
use crate::scim::resource::attribute::get;

/// A time, and the smallest difference that its form can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) at: Timestamp,
    unit: Duration,
}

impl Stamp {
    /// The time under a name in `meta`; nothing where there is none, or nobody can read it.
    pub(super) fn of(resource: &Value, name: &str) -> Option<Self> {
        let text = get(get(resource, "meta")?, name)?.as_str()?;
        let fraction = text.split_once('.').map_or("", |(_, rest)| rest);
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        let digits = u32::try_from(digits.min(9)).unwrap_or_default();
        Some(Self { at: instant(text)?, unit: Duration::from_nanos(10_u64.pow(9 - digits)) })
    }

    /// Whether another time is so much later that a change from then on cannot have the same time, written as exactly.
    pub(super) fn is_well_before(self, other: Timestamp) -> bool {
        other > self.at && other.duration_since(self.at).unsigned_abs() >= 2 * self.unit
    }

    /// Whether two times differ by more than the ways in which they are written, and by at least that much.
    pub(super) fn differs(self, other: Self, least: Duration) -> bool {
        let apart = self.at.duration_since(other.at).unsigned_abs();
        apart >= self.unit.max(other.unit).max(least)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn stamp(text: &str) -> Option<Stamp> {
        Stamp::of(&json!({"meta": {"created": text}}), "created")
    }

    #[test]
    fn times_differ_by_more_than_their_form() {
        for (one, other, differs) in [
            ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.437Z", false),
            ("2026-01-01T00:00:00Z", "2025-12-31T23:59:59.600Z", false),
            ("2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", true),
            ("2026-01-01T00:00:00.001Z", "2026-01-01T00:00:00.002Z", true),
            ("2026-01-01T00:00:00.001Z", "2026-01-01T00:00:00.0014567Z", false),
            ("2026-01-01T01:00:00+01:00", "2026-01-01T00:00:00Z", false),
        ] {
            let (left, right) = (stamp(one).unwrap(), stamp(other).unwrap());
            assert_eq!(left.differs(right, Duration::ZERO), differs, "{one} {other}");
            assert!(!left.differs(right, Duration::from_mins(1)), "{one} {other}");
        }
        assert_eq!(stamp("yesterday"), None);
    }
}
