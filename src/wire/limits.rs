//! Limits on the cost of requests and their responses.

use std::time::Duration;

/// Bounds on what one request may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// For one request, from connecting to the last byte. Okta closes its socket after 60 s.
    pub timeout: Duration,
    /// The largest body that is read, decoded.
    pub max_body: usize,
    /// How much of a large body is kept as JSON, about, in bytes of memory.
    pub max_json: usize,
    /// How long waiting for rate limits may take in all, before the pair is given up; and waiting for answers that never
    /// come.
    pub max_wait: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_mins(1),
            max_body: 64 * 1024 * 1024,
            max_json: MOST_JSON,
            max_wait: Duration::from_mins(2),
        }
    }
}

/// What one answer may hold in memory, and what all answers together may that come at a time.
const MOST_JSON: usize = 3 * 1024 * 1024;
const MOST_JSON_OF_ALL: usize = 24 * 1024 * 1024;

impl Limits {
    /// The same for so many pairs that are played at a time.
    #[must_use]
    pub fn shared_by(self, jobs: usize) -> Self {
        let share = MOST_JSON_OF_ALL / jobs.max(1);
        Self { max_json: share.clamp(MOST_JSON / 8, MOST_JSON), ..self }
    }

    /// The same for an endpoint of our own, which is trusted to be no larger than its scenario.
    #[must_use]
    pub fn of_our_own(self) -> Self {
        Self { max_json: usize::MAX / 4, ..self }
    }
}
