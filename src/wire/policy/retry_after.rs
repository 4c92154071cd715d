//! How long an endpoint asks us to wait (RFC 9110 §10.2.3), and how long and how often it is waited for.

use std::time::{Duration, UNIX_EPOCH};

use jiff::Timestamp;
use jiff::fmt::rfc2822;

use crate::wire::message::exchange::Response;

/// The wait where an answer asks for patience and does not say for how much.
const UNSAID: Duration = Duration::from_secs(1);

/// The least wait before the first repetition; before each further one it is twice as long.
const LEAST: Duration = Duration::from_millis(100);
/// The longest wait that nobody asked for.
const MOST: Duration = Duration::from_secs(30);
/// How often one request is repeated.
const REPETITIONS: u32 = 30;

/// The wait that a 429 or 503 asks for: seconds or a date, which is read against the answer's own `Date` where it has one. A
/// 429 without one waits a second; a 503 without one is an answer like any other.
pub fn retry_after(response: &Response, now: Timestamp) -> Option<Duration> {
    if !matches!(response.status, 429 | 503) {
        return None;
    }
    match response.header("retry-after").map(str::trim) {
        Some(value) => {
            let now = response.header("date").and_then(|date| http_date(date.trim())).unwrap_or(now);
            Some(parse(value, now).unwrap_or(UNSAID))
        }
        None if response.status == 429 => Some(UNSAID),
        None => None,
    }
}

/// A whole number of seconds. One that no integer can hold is longer than anybody waits.
pub(crate) fn seconds(value: &str) -> Option<Duration> {
    let value = value.trim();
    let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| Duration::from_secs(value.parse().unwrap_or(u64::MAX)))
}

fn parse(value: &str, now: Timestamp) -> Option<Duration> {
    seconds(value).or_else(|| {
        let wait = http_date(value)?.duration_since(now);
        Some(Duration::try_from(wait).unwrap_or(Duration::ZERO))
    })
}

/// A date in one of the three forms that HTTP has (RFC 9110 §5.6.7), or as mails have it.
fn http_date(value: &str) -> Option<Timestamp> {
    let date = httpdate::parse_http_date(value).ok().and_then(|date| {
        let since = date.duration_since(UNIX_EPOCH).ok()?;
        // The last days of the year 9999 are beyond what a timestamp holds.
        Some(Timestamp::from_second(i64::try_from(since.as_secs()).ok()?).unwrap_or(Timestamp::MAX))
    });
    date.or_else(|| Some(rfc2822::parse(value).ok()?.timestamp()))
}

/// The waits for one request: never none at all, and not without end.
#[derive(Debug, Default)]
pub struct Backoff {
    repetitions: u32,
}

impl Backoff {
    /// How long to wait before the next repetition where so long is asked for; nothing where there were enough.
    pub fn at_least(&mut self, asked: Duration) -> Option<Duration> {
        if self.repetitions == REPETITIONS {
            return None;
        }
        let least = LEAST.saturating_mul(2_u32.saturating_pow(self.repetitions)).min(MOST);
        self.repetitions += 1;
        Some(asked.max(least))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(status: u16, headers: &[(&str, &str)]) -> Option<u64> {
        let now: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        retry_after(&Response::new(status, headers, String::new()), now).map(|wait| wait.as_secs())
    }

    fn asked(value: &str) -> Option<u64> {
        wait(429, &[("Retry-After", value)])
    }

    #[test]
    fn seconds_dates_and_nonsense() {
        assert_eq!(asked("7"), Some(7));
        assert_eq!(asked(" 0 "), Some(0));
        for date in [
            "Sat, 21 Nov 2026 10:00:30 GMT",
            "Saturday, 21-Nov-26 10:00:30 GMT",
            "Sat Nov 21 10:00:30 2026",
            "Sat, 21 Nov 2026 11:00:30 +0100",
        ] {
            assert_eq!(asked(date), Some(30), "{date}");
        }
        for nonsense in ["soon", "-5", "1.5", "", "Sat, 99 Nov 2026 10:00:30 GMT"] {
            assert_eq!(asked(nonsense), Some(1), "{nonsense}");
        }
        assert_eq!(wait(429, &[]), Some(1));
        assert_eq!(wait(503, &[]), None);
        assert_eq!(wait(500, &[("Retry-After", "7")]), None);
    }

    #[test]
    fn what_is_past_or_endless_is_a_wait_like_any_other() {
        assert_eq!(wait(503, &[("Retry-After", "Sat, 21 Nov 2026 09:00:00 GMT")]), Some(0));
        assert_eq!(asked("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(asked("18446744073709551615"), Some(u64::MAX));
        assert_eq!(asked("18446744073709551616"), Some(u64::MAX));
        assert_eq!(asked(&"9".repeat(400)), Some(u64::MAX));
        assert!(asked("Fri, 31 Dec 9999 23:59:59 GMT") > Some(7_000 * 365 * 86_400));
    }

    #[test]
    fn a_date_is_read_by_the_clock_of_whoever_wrote_it() {
        let retry_after = ("Retry-After", "Sat, 21 Nov 2026 08:00:05 GMT");
        for date in
            ["Sat, 21 Nov 2026 08:00:00 GMT", "Saturday, 21-Nov-26 08:00:00 GMT", "Sat Nov 21 08:00:00 2026"]
        {
            assert_eq!(wait(429, &[retry_after, ("Date", date)]), Some(5), "{date}");
        }
        assert_eq!(wait(429, &[retry_after, ("Date", "today")]), Some(0), "ours, where theirs says nothing");
    }

    #[test]
    fn waits_grow_where_nothing_is_asked_for_and_come_to_an_end() {
        let mut backoff = Backoff::default();
        let waits: Vec<Duration> = std::iter::from_fn(|| backoff.at_least(Duration::ZERO)).collect();
        assert_eq!(waits.len(), usize::try_from(REPETITIONS).unwrap());
        let first: Vec<u128> = waits.iter().take(5).map(Duration::as_millis).collect();
        assert_eq!(first, [100, 200, 400, 800, 1600]);
        assert!(waits.is_sorted() && waits.last() == Some(&MOST));
        assert_eq!(Backoff::default().at_least(Duration::MAX), Some(Duration::MAX));
    }
}
