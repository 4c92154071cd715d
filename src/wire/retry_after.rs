//! How long an endpoint asks us to wait (RFC 9110 §10.2.3).

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;

use super::exchange::Response;

/// The wait that a 429 or 503 asks for: seconds or a date. A 429 without one waits a second; a 503 without one is an
/// answer like any other.
pub fn retry_after(response: &Response, now: Timestamp) -> Option<Duration> {
    if !matches!(response.status, 429 | 503) {
        return None;
    }
    match response.header("retry-after").map(str::trim) {
        Some(value) => Some(parse(value, now).unwrap_or(Duration::from_secs(1))),
        None if response.status == 429 => Some(Duration::from_secs(1)),
        None => None,
    }
}

fn parse(value: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let until = rfc2822::parse(value).ok()?.timestamp();
    let seconds = until.duration_since(now).as_secs();
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(status: u16, header: Option<&str>) -> Option<u64> {
        let now: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
        let headers = header.map(|value| ("Retry-After".to_owned(), value.to_owned())).into_iter().collect();
        retry_after(&Response::new(status, headers, String::new()), now).map(|wait| wait.as_secs())
    }

    #[test]
    fn seconds_dates_and_nonsense() {
        assert_eq!(wait(429, Some("7")), Some(7));
        assert_eq!(wait(429, Some("Sat, 21 Nov 2026 10:00:30 GMT")), Some(30));
        assert_eq!(wait(503, Some("Sat, 21 Nov 2026 09:00:00 GMT")), Some(0));
        assert_eq!(wait(429, Some("soon")), Some(1));
        assert_eq!(wait(429, None), Some(1));
        assert_eq!(wait(503, None), None);
        assert_eq!(wait(500, Some("7")), None);
    }
}
