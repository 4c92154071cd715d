//! Hostile and broken answers, byte for byte from a plain socket: each ends in a finding, in bounded time and memory, and
//! no token goes anywhere else.

use std::io::{Read as _, Write};
use std::net::{TcpListener, TcpStream};
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use scimsnap::context::Clock;
use scimsnap::idp::ClientName;
use scimsnap::outcome::{Reader, Scope};
use scimsnap::requirement::Checker;
use scimsnap::wire::{
    Answer, Auth, Exchange, HttpClient, Instead, Limits, Loss, Lost, Method, Request, Secret, Target, Wire,
};

use crate::support::is_alone;

/// A server that answers each request on a connection by writing what it likes; it hangs up when that returns false.
struct Server {
    origin: String,
    requests: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
}

impl Server {
    fn new(answer: impl Fn(usize, &mut TcpStream) -> bool + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let (requests, connections) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicUsize::new(0)));
        let (seen, opened, answer) = (Arc::clone(&requests), Arc::clone(&connections), Arc::new(answer));
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                opened.fetch_add(1, Ordering::SeqCst);
                let (seen, answer) = (Arc::clone(&seen), Arc::clone(&answer));
                std::thread::spawn(move || {
                    while let Some(head) = head(&mut stream) {
                        let number = {
                            let mut seen = seen.lock().unwrap();
                            seen.push(head);
                            seen.len()
                        };
                        if !answer(number, &mut stream) {
                            return;
                        }
                    }
                });
            }
        });
        Self { origin, requests, connections }
    }

    fn wire(&self, limits: Limits) -> Wire {
        let target = Target::new(&self.origin, Auth::Bearer(Secret::new("the-token")));
        Wire::new(Rc::new(HttpClient::new(limits)), target, limits, Clock::system(), None)
    }
}

/// The head of a request without a body; nothing where the connection was closed.
fn head(stream: &mut TcpStream) -> Option<String> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    Some(String::from_utf8_lossy(&head).into_owned())
}

/// Writes, and has the server hang up.
fn write_last(stream: &mut TcpStream, bytes: &[u8]) -> bool {
    write(stream, bytes);
    false
}

fn limits() -> Limits {
    Limits { timeout: Duration::from_secs(2), ..Limits::default() }
}

const LOOKUP: &str = "/Users?filter=userName+eq+%22ada%40example.com%22";

/// What comes of one lookup, and what is said of it.
fn look_up(server: &Server, limits: Limits) -> (Arc<Exchange>, Vec<String>) {
    let wire = server.wire(limits);
    let exchange = block_on(wire.send(Request::new(Method::Get, LOOKUP)));
    let found = Checker::new(ClientName::Entra).observe(&exchange);
    let said = found.into_iter().map(|found| format!("{}: {}", found.requirement.id, found.message));
    (exchange, said.collect())
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn whole(body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/scim+json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

fn write(stream: &mut TcpStream, bytes: &[u8]) -> bool {
    stream.write_all(bytes).is_ok()
}

/// The most memory that this process ever held, in MiB, where the system says.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB").trim();
    line.trim_end_matches(" kB").trim().parse::<u64>().unwrap() / 1024
}

const LIST: &str =
    r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"Resources":[]}"#;

#[test]
fn an_answer_without_end_ends_in_a_finding_and_little_memory() {
    if !is_alone("transport::answers::an_answer_without_end_ends_in_a_finding_and_little_memory") {
        return;
    }
    let server = Server::new(|_, stream| {
        let start =
            b"HTTP/1.1 200 OK\r\nContent-Type: application/scim+json\r\nTransfer-Encoding: chunked\r\n\r\n";
        let chunk = [b"10000\r\n".as_slice(), &vec![b' '; 0x10000], b"\r\n"].concat();
        let _ = write(stream, start) && std::iter::repeat_n((), 1_000_000).all(|()| write(stream, &chunk));
        false
    });
    let (_, said) = look_up(&server, Limits { timeout: Duration::from_mins(1), ..Limits::default() });
    assert_eq!(said, ["whole-answer: GET got no response: the response is larger than 64 MiB"]);
    assert!(peak_memory() < 100, "{} MiB", peak_memory());
}

#[test]
fn an_answer_that_drips_ends_in_time() {
    let server = Server::new(|_, stream| {
        write(
            stream,
            b"HTTP/1.1 200 OK\r\nContent-Type: application/scim+json\r\nContent-Length: 100000\r\n\r\n{",
        ) && std::iter::repeat_n((), 600).all(|()| {
            std::thread::sleep(Duration::from_millis(100));
            write(stream, b" ")
        })
    });
    let started = Instant::now();
    let (_, said) = look_up(&server, limits());
    assert_eq!(said, ["whole-answer: GET got no response: no complete response within 2 s"]);
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[test]
fn what_breaks_off_is_no_http_or_has_too_large_headers_is_a_finding() {
    let huge = format!("HTTP/1.1 200 OK\r\nX-Huge: {}\r\n\r\n", "h".repeat(4 * 1024 * 1024)).into_bytes();
    for bytes in [
        b"HTTP/1.1 200 OK\r\nContent-Type: application/scim+json\r\nContent-Length: 500\r\n\r\n{\"schemas\":[".to_vec(),
        b"\x16\x03\x01garbage that is no HTTP at all\r\n\r\n".to_vec(),
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\n{\"a\":1}".to_vec(),
        Vec::new(),
        huge,
    ] {
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
        let server = Server::new(move |_, stream| write_last(stream, &bytes));
        let (_, said) = look_up(&server, limits());
        assert_eq!(said.len(), 1, "{shown}: {said:?}");
        assert!(said[0].starts_with("whole-answer: GET got no response: the connection broke"), "{shown}: {said:?}");
    }
}

#[test]
fn json_that_is_two_hundred_thousand_levels_deep_is_no_json() {
    let body = whole(&format!("{}{}", "[".repeat(200_000), "]".repeat(200_000)));
    let server = Server::new(move |_, stream| write(stream, &body));
    let (exchange, said) = look_up(&server, limits());
    assert!(exchange.json().is_none());
    assert_eq!(said, ["list-envelope: the response to a query is not JSON (status 200)"]);
}

#[test]
fn a_redirect_is_not_followed_and_takes_no_token_elsewhere() {
    let elsewhere = Server::new(|_, stream| write(stream, &whole(LIST)));
    let answer = format!(
        "HTTP/1.1 307 Temporary Redirect\r\nLocation: {}{LOOKUP}\r\nContent-Length: 0\r\n\r\n",
        elsewhere.origin
    );
    let server = Server::new(move |_, stream| write(stream, answer.as_bytes()));
    let (exchange, said) = look_up(&server, limits());
    assert_eq!(exchange.status(), 307);
    assert_eq!(said, ["accepted-payload: the lookup in /Users by `userName eq …` failed with 307"]);
    assert!(server.requests.lock().unwrap()[0].contains("the-token"));
    assert_eq!(elsewhere.connections.load(Ordering::SeqCst), 0);
}

#[test]
fn totals_that_lie_end_the_reading() {
    let page = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":1000000000,"Resources":[{"id":"1"}]}"#;
    let server = Server::new(move |_, stream| write(stream, &whole(page)));
    let wire = server.wire(limits());
    let raw = block_on(Reader::new(&wire).read(&Scope::Site)).unwrap();
    assert_eq!((raw.users.len(), raw.groups.len()), (1, 1));
    assert!(wire.sent() <= 4, "{}", wire.sent());
}

#[test]
fn a_connection_that_the_peer_closed_is_replaced() {
    let server = Server::new(|_, stream| write_last(stream, &whole(LIST)));
    let wire = server.wire(limits());
    block_on(async {
        for _ in 0..5 {
            assert_eq!(wire.send(Request::new(Method::Get, LOOKUP)).await.status(), 200);
            // The peer's farewell arrives.
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    });
    assert_eq!(server.connections.load(Ordering::SeqCst), 5);
    assert_eq!(server.requests.lock().unwrap().len(), 5);
}

#[test]
fn connections_belong_to_a_host_and_are_shared_by_all_that_goes_there() {
    let servers = [(); 2].map(|()| Server::new(|_, stream| write(stream, &whole(LIST))));
    let wire = servers[0].wire(limits());
    block_on(async {
        for server in servers.iter().cycle().take(6) {
            wire.redirect(Target::new(format!("{}/scim", server.origin), Auth::Bearer(Secret::new("t"))));
            assert_eq!(wire.send(Request::new(Method::Get, LOOKUP)).await.status(), 200);
        }
    });
    for server in &servers {
        assert_eq!(server.connections.load(Ordering::SeqCst), 1);
        let host = format!("\r\nHost: {}\r\n", server.origin.trim_start_matches("http://"));
        let heads = server.requests.lock().unwrap();
        assert!(heads.len() == 3 && heads.iter().all(|head| head.contains(&host)), "{heads:?}");
    }
}

#[test]
fn a_connection_that_was_given_up_on_is_not_used_again() {
    // The first answer comes when nobody waits for it any more.
    let server = Server::new(|number, stream| {
        if number == 1 {
            std::thread::sleep(Duration::from_millis(400));
            return write(stream, &whole(r#"{"late":true}"#));
        }
        write(stream, &whole(LIST))
    });
    let wire = server.wire(Limits { timeout: Duration::from_millis(200), ..Limits::default() });
    block_on(async {
        let given_up = wire.send(Request::new(Method::Get, LOOKUP)).await;
        assert!(given_up.response().is_none());
        tokio::time::sleep(Duration::from_millis(400)).await;
        let next = wire.send(Request::new(Method::Get, LOOKUP)).await;
        assert_eq!(next.response().unwrap().body, LIST);
    });
    assert_eq!(server.connections.load(Ordering::SeqCst), 2);
}

fn encoded(coding: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/scim+json\r\nContent-Encoding: {coding}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// What comes of one lookup by a client that asks for compression, as Okta does.
fn look_up_compressed(answer: Vec<u8>) -> Arc<Exchange> {
    let server = Server::new(move |_, stream| write(stream, &answer));
    let wire = server.wire(Limits { max_body: 1024 * 1024, ..limits() });
    block_on(wire.send(Request::new(Method::Get, LOOKUP).header("Accept-Encoding", "gzip,deflate")))
}

#[test]
fn a_compressed_answer_is_read_where_it_was_asked_for() {
    let exchange = look_up_compressed(encoded("gzip", &gzip(LIST.as_bytes())));
    assert_eq!(exchange.response().unwrap().body, LIST);
    assert_eq!(exchange.response().unwrap().header("content-encoding"), None);
    // Whoever did not ask for it cannot read it.
    let server = Server::new(move |_, stream| write(stream, &encoded("gzip", &gzip(LIST.as_bytes()))));
    let (exchange, _) = look_up(&server, limits());
    assert!(exchange.json().is_none());
    assert_eq!(exchange.response().unwrap().header("content-encoding"), Some("gzip"));
}

#[test]
fn a_compressed_answer_that_is_broken_or_a_bomb_is_told_as_what_it_is() {
    let said = |answer| match &look_up_compressed(answer).answer {
        Answer::Failed(error) => error.to_string(),
        other => panic!("{other:?}"),
    };
    assert!(said(encoded("gzip", LIST.as_bytes())).contains("its body is not gzip"));
    let bomb = gzip(&vec![b' '; 2 * 1024 * 1024]);
    assert_eq!(said(encoded("gzip", &bomb)), "the response is larger than 1 MiB");
}

#[test]
fn a_connection_is_kept_where_the_peer_keeps_it() {
    let server = Server::new(|_, stream| write(stream, &whole(LIST)));
    let wire = server.wire(limits());
    block_on(async {
        for _ in 0..5 {
            assert_eq!(wire.send(Request::new(Method::Get, LOOKUP)).await.status(), 200);
        }
    });
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
}

#[test]
fn a_503_that_asks_for_patience_is_waited_for() {
    let server = Server::new(|number, stream| match number {
        1 => write(stream, b"HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"),
        2 => write(stream, b"HTTP/1.1 429 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n"),
        _ => write(stream, &whole(LIST)),
    });
    let (exchange, said) = look_up(&server, limits());
    assert_eq!((exchange.status(), exchange.number), (200, 3));
    assert_eq!(said, [""; 0]);
}

/// What somebody in between answers to the next request of that method to `/Users`.
fn intercepted(lost: Lost, method: Method, status: u16, headers: &[(&str, &str)]) -> Loss {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let instead = Instead { status: Some(status), headers, body: Some("<html>".to_owned()) };
    Loss { lost, method, collection: "/Users".to_owned(), instead: Some(instead) }
}

#[test]
fn what_is_intercepted_as_a_request_never_arrives_and_nobody_waits() {
    let server = Server::new(|_, stream| write(stream, &whole(LIST)));
    let wire = server.wire(limits());
    for header in ["3600", "Fri, 31 Dec 9999 23:59:59 GMT"] {
        wire.lose(intercepted(Lost::Request, Method::Get, 429, &[("Retry-After", header)]));
    }
    wire.lose(intercepted(Lost::Request, Method::Get, 429, &[]));
    let started = Instant::now();
    let exchange = block_on(wire.send(Request::new(Method::Get, LOOKUP)));
    assert!(started.elapsed() < Duration::from_secs(2));
    assert_eq!((exchange.number, exchange.status(), exchange.intercepted()), (4, 200, None));
    assert_eq!(server.requests.lock().unwrap().len(), 1);
    assert_eq!((wire.not_lost(), wire.gave_up_waiting()), (0, false));
}

#[test]
fn what_is_intercepted_as_an_answer_has_arrived() {
    let server = Server::new(|_, stream| write(stream, &whole(LIST)));
    let wire = server.wire(limits());
    wire.lose(intercepted(Lost::Answer, Method::Get, 502, &[("Content-Type", "text/html")]));
    let exchange = block_on(wire.send(Request::new(Method::Get, LOOKUP)));
    assert_eq!((exchange.number, exchange.status(), exchange.intercepted()), (1, 502, Some(Lost::Answer)));
    assert_eq!(exchange.response().unwrap().body, "<html>");
    assert_eq!(server.requests.lock().unwrap().len(), 1);
    assert!(Checker::new(ClientName::Entra).observe(&exchange).is_empty());
}
