//! Quarantine: what brings a job there, when it tries again, and when it gives up.
//!
//! Source: docs/providers/entra.md#retries-and-quarantine.

use std::fmt;

use crate::idp::kit::schedule::{DAY, HOUR};

/// Failures below which their proportion is not looked at.
const BASE: usize = 5_000;
/// The percentage of failing objects above which the job is quarantined.
const PROPORTION: usize = 40;
/// Failures that are too many whatever their proportion, references apart.
const FAILURES: usize = 40_000;
/// Failures of every sort that are too many.
const TOTAL: usize = 60_000;
/// After so many seconds the job is disabled.
const PATIENCE: i64 = 28 * DAY;
/// How long after one attempt the next one comes; the last goes on.
const TIMETABLE: [i64; 3] = [6 * HOUR, 12 * HOUR, DAY];

/// Why a job is in quarantine, by the names of the provider's interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    /// Credentials were refused, or the endpoint does not speak SCIM.
    Exception,
    /// Too great a part of the objects fails.
    Proportion,
    /// Too many objects fail.
    Total,
    /// One cycle would disable or delete more than the administrator allows.
    TooManyDeletes,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Exception => "EncounteredQuarantineException",
            Self::Proportion => "EncounteredEscrowProportionThreshold",
            Self::Total => "EncounteredTotalEscrowThreshold",
            Self::TooManyDeletes => "TooManyDeletes",
        })
    }
}

/// A job in quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quarantine {
    pub(crate) reason: Reason,
    since: i64,
    next: Option<i64>,
    attempts: usize,
}

impl Quarantine {
    /// A job that comes into quarantine now.
    pub(crate) fn begins(reason: Reason, now: i64) -> Self {
        let next = (reason != Reason::TooManyDeletes).then_some(now + TIMETABLE[0]);
        Self { reason, since: now, next, attempts: 0 }
    }

    /// When the job tries again; never where it waits for the administrator or was disabled.
    pub(crate) fn next(&self) -> Option<i64> {
        self.next
    }

    /// Notes an attempt that failed: the next one is later, and after 28 days there is none.
    pub(crate) fn failed_again(&mut self, now: i64) {
        self.attempts += 1;
        let interval = TIMETABLE[self.attempts.min(TIMETABLE.len() - 1)];
        self.next = Some(now + interval).filter(|next| next - self.since <= PATIENCE);
    }

    /// What the administrator sees.
    pub(crate) fn message(&self, now: i64) -> String {
        let reason = self.reason;
        match self.next {
            Some(next) => {
                let hours = (next - now) / HOUR;
                format!("The provisioning job is in quarantine ({reason}) and tries again in {hours} h")
            }
            None if reason == Reason::TooManyDeletes => format!(
                "The provisioning job is in quarantine ({reason}): no requests are sent until the deletions are allowed"
            ),
            None => format!("The provisioning job is disabled after 28 days in quarantine ({reason})"),
        }
    }
}

/// Whether so many failures, of them so many of references, among so many objects bring a job into quarantine.
pub(crate) fn too_many(failures: usize, references: usize, objects: usize) -> Option<Reason> {
    let own = failures.saturating_sub(references);
    if failures >= TOTAL || own > FAILURES {
        return Some(Reason::Total);
    }
    (failures >= BASE && own * 100 > objects * PROPORTION).then_some(Reason::Proportion)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_timetable_is_6_12_and_24_hours_and_it_ends_after_28_days() {
        let mut quarantine = Quarantine::begins(Reason::Exception, 1_000);
        let mut hours = Vec::new();
        while let Some(next) = quarantine.next() {
            hours.push((next - 1_000) / HOUR);
            quarantine.failed_again(next);
        }
        assert_eq!(hours[..5], [6, 18, 42, 66, 90]);
        assert!(hours.last().is_some_and(|last| *last <= 28 * 24 && *last > 27 * 24), "{hours:?}");
        assert!(quarantine.message(0).contains("disabled after 28 days"));
    }

    #[test]
    fn proportions_count_from_5000_failures_on_and_references_do_not() {
        assert_eq!(too_many(4_999, 0, 5_000), None);
        assert_eq!(too_many(5_000, 0, 12_500), None);
        assert_eq!(too_many(5_001, 0, 12_500), Some(Reason::Proportion));
        assert_eq!(too_many(6_000, 5_000, 6_000), None);
        assert_eq!(too_many(40_001, 0, 1_000_000), Some(Reason::Total));
        assert_eq!(too_many(59_999, 59_000, 1_000_000), None);
        assert_eq!(too_many(60_000, 60_000, 1_000_000), Some(Reason::Total));
    }

    #[test]
    fn too_many_deletions_wait_for_the_administrator() {
        let quarantine = Quarantine::begins(Reason::TooManyDeletes, 0);
        assert_eq!(quarantine.next(), None);
        assert!(quarantine.message(0).contains("until the deletions are allowed"));
    }
}
