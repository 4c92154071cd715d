//! Rate limits as Okta meets them: the only failure that it repeats by itself.
//!
//! Source: docs/providers/okta.md#answer-429.

use std::sync::Arc;
use std::time::Duration;

use crate::idp::{Broken, Session};
use crate::wire::policy::retry_after::{Backoff, retry_after, seconds};
use crate::wire::{Exchange, Request, Response};

/// How often a request is sent in all.
const ATTEMPTS: usize = 10;
/// The first wait where `Retry-After` is not a whole number of seconds.
const DEFAULT: Duration = Duration::from_mins(5);

/// Okta's waits for one request.
#[derive(Debug, Default)]
struct Patience {
    attempts: usize,
    last: Option<Duration>,
}

impl Patience {
    /// How long to wait after this answer; nothing where it is final.
    fn after(&mut self, response: &Response) -> Option<Duration> {
        self.attempts += 1;
        if response.status != 429 || self.attempts == ATTEMPTS {
            return None;
        }
        let asked = || response.header("retry-after").and_then(seconds);
        let wait = match self.last {
            Some(last) => last.saturating_mul(2),
            None => asked().unwrap_or(DEFAULT),
        };
        self.last = Some(wait);
        Some(wait)
    }
}

/// Sends a request as Okta does.
pub(crate) async fn send(session: &Session<'_>, request: Request) -> Result<Arc<Exchange>, Broken> {
    let mut patience = Patience::default();
    let (mut backoff, mut doubled) = (Backoff::default(), 1_u32);
    loop {
        let exchange = session.send_once(request.clone()).await?;
        let Some(response) = exchange.response() else { return Ok(exchange) };
        let Some(own) = patience.after(response) else { return Ok(exchange) };
        let asked = if response.intercepted.is_some() {
            Duration::ZERO
        } else {
            // Five minutes that nobody asked for are not waited out in earnest, but each wait is twice the last one.
            let asked = retry_after(response, session.wire.now()).unwrap_or_default();
            let wait = asked.saturating_mul(doubled);
            doubled = doubled.saturating_mul(2);
            backoff.at_least(wait).unwrap_or(wait)
        };
        if !session.wire.pause(own, asked).await {
            return Ok(exchange);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(header: Option<&str>) -> Vec<u64> {
        let headers = header.map(|value| ("Retry-After".to_owned(), value.to_owned())).into_iter().collect();
        let response = Response::new(429, headers, String::new());
        let mut patience = Patience::default();
        std::iter::from_fn(|| patience.after(&response)).map(|wait| wait.as_secs()).collect()
    }

    #[test]
    fn a_whole_number_is_doubled_for_ten_attempts() {
        assert_eq!(waits(Some("7")), [7, 14, 28, 56, 112, 224, 448, 896, 1_792]);
    }

    #[test]
    fn a_number_without_end_is_no_reason_to_fall_over() {
        for header in ["18446744073709551615", "99999999999999999999999", "9223372036854775808"] {
            let waits = waits(Some(header));
            assert!(waits.len() == 9 && waits.is_sorted(), "{header}");
        }
    }

    #[test]
    fn anything_else_is_five_minutes() {
        for header in [None, Some("1.5"), Some("Sat, 21 Nov 2026 10:00:30 GMT"), Some("soon")] {
            assert_eq!(waits(header)[..3], [300, 600, 1_200], "{header:?}");
        }
    }

    #[test]
    fn only_a_rate_limit_is_repeated() {
        for status in [200, 401, 409, 500, 502, 503] {
            let headers = vec![("Retry-After".to_owned(), "7".to_owned())];
            assert_eq!(Patience::default().after(&Response::new(status, headers, String::new())), None);
        }
    }
}
