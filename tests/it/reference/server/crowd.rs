//! Clients that take what others need: connections, time, memory. Whoever comes after them is served.

use std::time::Duration;

use scimsnap::reference::{ServeLimits, ServeOptions};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::reference::endpoint::{Endpoint, user_body};

/// Only what hangs takes longer.
const PATIENCE: Duration = Duration::from_mins(1);
const SOON: Duration = Duration::from_millis(300);

async fn limited(limits: ServeLimits) -> Endpoint {
    Endpoint::served_as(ServeOptions { limits, ..ServeOptions::default() }).await
}

async fn connect(endpoint: &Endpoint, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(endpoint.address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    stream
}

/// Everything that comes until the other side ends the connection, in whatever way.
async fn rest(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    let read = timeout(PATIENCE, stream.read_to_end(&mut bytes)).await;
    assert!(read.is_ok(), "the connection is still open");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The head of a request with the API key, as far as the content type.
fn head(endpoint: &Endpoint, method: &str, path: &str) -> String {
    format!(
        "{method} {}{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n",
        endpoint.access.scim_path, endpoint.access.token
    )
}

/// A user of about so many bytes.
fn long_user(name: &str, length: usize) -> String {
    let mut user = user_body(name);
    user["title"] = json!("x".repeat(length));
    user.to_string()
}

async fn is_served(endpoint: &Endpoint) {
    let answer = timeout(PATIENCE, endpoint.get("/Users?count=1")).await;
    answer.expect("a new client is answered").expect(200);
}

#[tokio::test]
async fn hundreds_of_connections_leave_room_for_one_more() {
    let endpoint = limited(ServeLimits { connections: 32, ..ServeLimits::default() }).await;
    let part = head(&endpoint, "GET", "/Users");
    let mut crowd = Vec::new();
    for number in 0..300 {
        // Some say nothing, some drip a head, some have been answered and stay.
        let text = match number % 3 {
            0 => "",
            1 => part.as_str(),
            _ => &format!("{part}\r\n"),
        };
        crowd.push(connect(&endpoint, text).await);
        if number % 50 == 0 {
            is_served(&endpoint).await;
        }
    }
    is_served(&endpoint).await;
    // Of those who were there first nobody is left.
    for stream in crowd.drain(..200) {
        rest(stream).await;
    }
    is_served(&endpoint).await;
}

#[tokio::test]
async fn a_connection_that_is_used_outlives_those_that_are_not() {
    let endpoint = limited(ServeLimits { connections: 16, ..ServeLimits::default() }).await;
    let request = format!("{}\r\n", head(&endpoint, "GET", "/ServiceProviderConfig"));
    let mut used = connect(&endpoint, "").await;
    let mut idle = Vec::new();
    for _ in 0..100 {
        idle.push(connect(&endpoint, "").await);
        used.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"}") {
            let read = timeout(PATIENCE, used.read_buf(&mut answer)).await.unwrap().unwrap();
            assert_ne!(read, 0, "the connection that is in use was closed");
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test]
async fn a_head_that_does_not_end_is_408_and_the_connection_ends() {
    let endpoint = limited(ServeLimits { head: SOON, ..ServeLimits::default() }).await;
    let text = rest(connect(&endpoint, "GET /scim HTTP/1.1\r\nHost: loc").await).await;
    assert!(text.starts_with("HTTP/1.1 408 "), "{text}");
    // Nor does it help to send a byte now and then.
    let mut stream = connect(&endpoint, "GET /scim HTTP/1.1\r\nX: ").await;
    let dripped = async {
        while stream.write_all(b"x").await.is_ok() {
            tokio::time::sleep(SOON / 6).await;
        }
    };
    timeout(PATIENCE, dripped).await.expect("the connection ends");
    // After an answer the next head has its time too.
    let mut stream = connect(&endpoint, &format!("{}\r\n", head(&endpoint, "GET", "/Users"))).await;
    let mut answer = Vec::new();
    while !answer.ends_with(b"}") {
        assert_ne!(timeout(PATIENCE, stream.read_buf(&mut answer)).await.unwrap().unwrap(), 0);
    }
    stream.write_all(b"GET /").await.unwrap();
    let text = rest(stream).await;
    assert!(text.starts_with("HTTP/1.1 408 "), "{text}");
}

#[tokio::test]
async fn a_connection_without_requests_ends() {
    let endpoint = limited(ServeLimits { idle: SOON, ..ServeLimits::default() }).await;
    assert_eq!(rest(connect(&endpoint, "").await).await, "");
    let request = format!("{}\r\n", head(&endpoint, "GET", "/Users"));
    let text = rest(connect(&endpoint, &request).await).await;
    assert!(text.starts_with("HTTP/1.1 200 "), "{text}");
}

#[tokio::test]
async fn a_body_that_does_not_end_is_408_and_the_connection_ends() {
    let endpoint = limited(ServeLimits { body: SOON, ..ServeLimits::default() }).await;
    let part = head(&endpoint, "POST", "/Users");
    for (framing, body) in [("Content-Length: 1000", "{"), ("Transfer-Encoding: chunked", "1\r\n{\r\n")] {
        let text = rest(connect(&endpoint, &format!("{part}{framing}\r\n\r\n{body}")).await).await;
        assert!(text.starts_with("HTTP/1.1 408 "), "{text}");
        assert!(text.contains("connection: close"), "{text}");
        assert!(text.contains("did not arrive within 0.3 seconds"), "{text}");
    }
    assert_eq!(endpoint.outcome().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_body_over_the_limit_is_413_and_the_connection_ends() {
    let endpoint = Endpoint::start().await;
    let part = head(&endpoint, "POST", "/Users");
    let body = " ".repeat(5 * 1024 * 1024);
    let chunked = format!("Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    for sent in [format!("Content-Length: {}\r\n\r\n{body}", body.len()), chunked] {
        let text = rest(connect(&endpoint, &format!("{part}{sent}")).await).await;
        assert!(text.starts_with("HTTP/1.1 413 ") && text.contains("connection: close"), "{text}");
    }
}

#[tokio::test]
async fn floods_of_headers_and_trailers_end() {
    let endpoint = Endpoint::start().await;
    let part = head(&endpoint, "POST", "/Users");
    let lines = "X-Flood: y\r\n".repeat(20_000);
    let text = rest(connect_some(&endpoint, &format!("{part}{lines}\r\n")).await).await;
    assert!(text.is_empty() || text.starts_with("HTTP/1.1 431 "), "{text}");
    let long = format!("X-Flood: {}\r\n", "y".repeat(200_000));
    let text = rest(connect_some(&endpoint, &format!("{part}{long}\r\n")).await).await;
    assert!(text.is_empty() || text.starts_with("HTTP/1.1 431 "), "{text}");
    let chunked = format!("{part}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n{lines}\r\n");
    let text = rest(connect_some(&endpoint, &chunked).await).await;
    assert!(!text.starts_with("HTTP/1.1 2"), "{text}");
    is_served(&endpoint).await;
}

/// As [`connect`], where the other side may end the connection before everything was sent.
async fn connect_some(endpoint: &Endpoint, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(endpoint.address).await.unwrap();
    let _ = stream.write_all(text.as_bytes()).await;
    stream
}

#[tokio::test]
async fn whoever_asks_before_sending_is_told_to_go_on() {
    let endpoint = Endpoint::start().await;
    let body = user_body("ada").to_string();
    let part = head(&endpoint, "POST", "/Users");
    let asked =
        format!("{part}Expect: 100-continue\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
    let mut stream = connect(&endpoint, &asked).await;
    let mut told = [0; 12];
    timeout(PATIENCE, stream.read_exact(&mut told)).await.unwrap().unwrap();
    assert_eq!(&told, b"HTTP/1.1 100");
    stream.write_all(body.as_bytes()).await.unwrap();
    assert!(rest(stream).await.contains("HTTP/1.1 201 "));
}

#[tokio::test]
async fn whoever_does_not_read_the_answers_is_left() {
    let limits = ServeLimits { answer: Duration::from_secs(1), ..ServeLimits::default() };
    let endpoint = limited(limits).await;
    for number in 0..20 {
        let user = serde_json::from_str(&long_user(&format!("user{number}"), 100_000)).unwrap();
        endpoint.post("/Users", user).await.expect(201);
    }
    let asked = 60;
    let requests = format!("{}\r\n", head(&endpoint, "GET", "/Users?count=100")).repeat(asked);
    let slow = connect(&endpoint, &requests).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    is_served(&endpoint).await;
    let text = rest(slow).await;
    assert!(text.matches("HTTP/1.1 200 OK").count() < asked, "all was sent to somebody who did not read");
}

#[tokio::test]
async fn answers_that_nobody_reads_do_not_pile_up() {
    let limits = ServeLimits { answers: 4 * 1024 * 1024, ..ServeLimits::default() };
    let endpoint = limited(limits).await;
    for number in 0..10 {
        let user = serde_json::from_str(&long_user(&format!("user{number}"), 200_000)).unwrap();
        endpoint.post("/Users", user).await.expect(201);
    }
    let requests = format!("{}\r\n", head(&endpoint, "GET", "/Users?count=100")).repeat(30);
    let mut slow = Vec::new();
    for _ in 0..20 {
        slow.push(connect(&endpoint, &requests).await);
    }
    // The others are served by and by, for those who do not read have to go.
    is_served(&endpoint).await;
    is_served(&endpoint).await;
}

#[tokio::test]
async fn long_bodies_that_stall_do_not_keep_others_from_writing() {
    let limits = ServeLimits {
        bodies: 4 * 1024 * 1024,
        body: Duration::from_secs(3),
        wait: PATIENCE,
        ..ServeLimits::default()
    };
    let endpoint = limited(limits).await;
    let part = head(&endpoint, "POST", "/Users");
    let mut stalled = Vec::new();
    for _ in 0..20 {
        let begun = format!("{part}Content-Length: 4000000\r\n\r\n{}", " ".repeat(100_000));
        stalled.push(connect(&endpoint, &begun).await);
    }
    // A short one needs no room.
    timeout(PATIENCE, endpoint.user("ada")).await.expect("a short body is read");
    // A long one has it when the first ones have used up their time.
    let long = serde_json::from_str(&long_user("bob", 1_000_000)).unwrap();
    timeout(PATIENCE, endpoint.post("/Users", long)).await.expect("a long body is read").expect(201);
    let mut timed_out = 0;
    for stream in stalled {
        timed_out += usize::from(rest(stream).await.starts_with("HTTP/1.1 408 "));
    }
    assert!(timed_out >= 1);
}

#[tokio::test]
async fn a_stop_lets_requests_end_and_closes_what_is_idle() {
    use scimsnap::context::Clock;
    use scimsnap::reference::{Reference, SiteOptions, serve_with};
    let reference = Reference::new(Clock::system());
    let access = reference.create_site(SiteOptions::default());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let served = tokio::spawn(serve_with(listener, reference, ServeOptions::default(), async {
        let _ = stopped.await;
    }));
    let idle = TcpStream::connect(address).await.unwrap();
    let mut busy = TcpStream::connect(address).await.unwrap();
    let body = user_body("ada").to_string();
    let head = format!(
        "POST {}/Users HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n",
        access.scim_path,
        access.token,
        body.len()
    );
    busy.write_all(head.as_bytes()).await.unwrap();
    // The endpoint has begun with the request when it asks for the body.
    timeout(PATIENCE, busy.read_exact(&mut [0; 12])).await.unwrap().unwrap();
    stop.send(()).unwrap();
    assert_eq!(rest(idle).await, "");
    busy.write_all(body.as_bytes()).await.unwrap();
    assert!(rest(busy).await.contains("HTTP/1.1 201 "));
    timeout(PATIENCE, served).await.expect("it ends").unwrap().unwrap();
}
