//! Floods: an answer that never gets anywhere costs little, and holds up nothing else.

use std::time::{Duration, Instant};

use scimsnap::wire::{Answer, Limits, Method, Request};

use super::server::{Act, Server, block_on};

/// What is said of a request that is answered with a flood, within a time that only a hang exceeds. A timer of the same
/// thread fires meanwhile.
fn drowned(once: &'static str, again: Vec<u8>) -> String {
    let server = Server::new(move |_| Act::Flood(once.as_bytes().to_vec(), again.clone()));
    let wire = server.wire(Limits { timeout: Duration::from_secs(20), ..Limits::default() });
    let started = Instant::now();
    let (exchange, ticked) = block_on(async {
        let tick = async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            started.elapsed()
        };
        tokio::join!(wire.send(Request::new(Method::Get, "/Users")), tick)
    });
    assert!(ticked < Duration::from_secs(10), "the timer fired after {ticked:?}");
    assert!(started.elapsed() < Duration::from_mins(1));
    match &exchange.answer {
        Answer::Failed(error) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn interim_answers_without_end_are_cut_off() {
    for (interim, times) in [
        ("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", 1_000),
        ("HTTP/1.1 100 Continue\r\n\r\n", 1),
        ("HTTP/1.1 102 Processing\r\n\r\n", 50),
    ] {
        let said = drowned("", interim.repeat(times).into_bytes());
        assert!(said.contains("more than 100 interim responses"), "{said}");
    }
}

#[test]
fn a_body_in_crumbs_and_heads_without_end_are_cut_off() {
    let chunked =
        "HTTP/1.1 200 OK\r\nContent-Type: application/scim+json\r\nTransfer-Encoding: chunked\r\n\r\n";
    let limits = ["more than 250000 chunks", "no complete response within 20 s"];
    let said = drowned(chunked, b"1\r\n \r\n".repeat(1_000));
    assert!(limits.iter().any(|limit| said.contains(limit)), "{said}");
    for (once, again) in [
        ("HTTP/1.1 200 OK\r\n", b"X: y\r\n".repeat(100)),
        ("HTTP/1.1 200 OK\r\nX-", b"x".repeat(100)),
        ("", b"\r\n".repeat(100)),
    ] {
        let said = drowned(once, again);
        assert!(said.contains("the connection broke"), "{said}");
    }
}

#[test]
fn a_few_interim_answers_are_no_trouble() {
    let server = Server::new(|_| {
        let interim = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(20);
        Act::Write([interim.as_bytes(), &super::server::answer(200, "{}")].concat())
    });
    let wire = server.wire(Limits::default());
    block_on(async {
        for _ in 0..10 {
            assert_eq!(wire.send(Request::new(Method::Get, "/Users")).await.status(), 200);
        }
    });
}
