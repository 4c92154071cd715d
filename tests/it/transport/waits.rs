//! Waits that an endpoint asks for, to the end of time and not at all.

use std::time::{Duration, Instant};

use scimsnap::wire::{Limits, Method, Request};

use super::server::{Act, NOBODY, Server, answer, answer_with, block_on};

fn limits(max_wait: u64) -> Limits {
    Limits { max_wait: Duration::from_secs(max_wait), ..Limits::default() }
}

#[test]
fn a_rate_limit_without_a_wait_does_not_spin() {
    for header in
        ["Retry-After: 0\r\n", "Retry-After: Thu, 01 Jan 1970 00:00:00 GMT\r\n", "Retry-After:\r\n", ""]
    {
        for status in [429, 503] {
            let server = Server::new(move |_| Act::Write(answer_with(status, header, "{}")));
            let wire = server.wire(limits(1));
            let exchange = block_on(wire.send(Request::new(Method::Get, "/Users")));
            assert_eq!(exchange.status(), status);
            let sent = server.calls().len();
            assert!(sent <= 5, "{header:?}: {sent} requests");
            assert!(wire.waited() <= Duration::from_secs(1));
            let asks = status == 429 || !header.is_empty();
            assert_eq!(wire.gave_up_waiting(), asks, "{header:?}");
        }
    }
}

#[test]
fn a_wait_without_end_is_not_begun() {
    for value in [
        "18446744073709551615",
        "18446744073709551616",
        "9223372036854775807",
        "99999999999999999999999999999999",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ] {
        let header = format!("Retry-After: {value}\r\n");
        let server = Server::new(move |_| Act::Write(answer_with(429, &header, "{}")));
        let wire = server.wire(limits(120));
        block_on(async {
            for _ in 0..2 {
                wire.send(Request::new(Method::Get, "/Users")).await;
            }
        });
        assert!(wire.gave_up_waiting());
        assert_eq!((server.calls().len(), wire.waited()), (2, Duration::ZERO), "{value}");
    }
}

#[test]
fn a_date_is_read_against_the_answers_own_date() {
    // A clock that is years off, and asks for a second.
    for (date, until) in [
        ("Sat, 01 Jan 2000 00:00:00 GMT", "Sat, 01 Jan 2000 00:00:01 GMT"),
        ("Sunday, 06-Nov-94 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:38 GMT"),
        ("Sun Nov  6 08:49:37 2044", "Sun Nov  6 08:49:38 2044"),
    ] {
        let headers = format!("Date: {date}\r\nRetry-After: {until}\r\n");
        let server = Server::new(move |call| match call.place {
            1 => Act::Write(answer_with(503, &headers, "{}")),
            _ => Act::Write(answer(200, NOBODY)),
        });
        let wire = server.wire(limits(120));
        let started = Instant::now();
        let exchange = block_on(wire.send(Request::new(Method::Get, "/Users")));
        assert_eq!((exchange.status(), wire.waited()), (200, Duration::from_secs(1)), "{until}");
        assert!(started.elapsed() >= Duration::from_secs(1));
    }
}
