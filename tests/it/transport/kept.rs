//! A kept connection may be closed without a word (RFC 9112 §9.5).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use scimsnap::idp::ClientName;
use scimsnap::requirement::Checker;
use scimsnap::wire::{Answer, Exchange, Limits, Loss, Lost, Method, Repair, Request, TransportError, Wire};

use super::server::{Act, Call, NOBODY, Server, answer, block_on};

const LIST: &str = "/Users?startIndex=1&count=1";

fn get() -> Request {
    Request::new(Method::Get, LIST)
}

fn post(name: &str) -> Request {
    let schema = "urn:ietf:params:scim:schemas:core:2.0:User";
    Request::new(Method::Post, "/Users").body(format!(r#"{{"schemas":["{schema}"],"userName":"{name}"}}"#))
}

fn patch() -> Request {
    Request::new(Method::Patch, "/Users/1")
        .body(r#"{"Operations":[{"op":"replace","path":"active","value":true}]}"#)
}

fn found(exchange: &Arc<Exchange>) -> Vec<&'static str> {
    Checker::new(ClientName::OktaOin).observe(exchange).iter().map(|found| found.requirement.id).collect()
}

/// A server that reads the second request on its first connection and closes the connection; `otherwise` it answers.
fn closing_once(otherwise: impl Fn(&Call) -> Vec<u8> + Send + Sync + 'static) -> Server {
    Server::new(move |call| match (call.connection, call.place) {
        (1, 2) => Act::Last(Vec::new()),
        _ => Act::Write(otherwise(call)),
    })
}

/// Sends a request on a connection that was used before.
async fn second(wire: &Wire, request: Request) -> Arc<Exchange> {
    assert_eq!(wire.send(get()).await.status(), 200);
    wire.send(request).await
}

#[test]
fn what_does_the_same_twice_is_sent_again_on_a_fresh_connection() {
    for method in [Method::Get, Method::Put, Method::Delete] {
        let server = closing_once(|_| answer(200, NOBODY));
        let wire = server.wire(Limits::default());
        let exchange = block_on(second(&wire, Request::new(method, "/Users/1").body("{}")));
        assert_eq!((exchange.status(), exchange.repair()), (200, Some(Repair::Repeated)), "{method}");
        let story: Vec<(String, usize)> = server.story();
        let name = method.to_string();
        assert_eq!(story, [("GET".to_owned(), 1), (name.clone(), 1), (name, 2)]);
        assert!(wire.repairs().note().unwrap().ends_with("1 request was sent again"));
    }
}

#[test]
fn what_a_repeated_deletion_does_not_find_is_no_finding() {
    // The second attempt finds nothing, be it because of the first.
    let server =
        closing_once(
            |call| if call.method() == "DELETE" { answer(404, "gone") } else { answer(200, NOBODY) },
        );
    let wire = server.wire(Limits::default());
    let exchange = block_on(second(&wire, Request::new(Method::Delete, "/Users/1")));
    assert_eq!(exchange.status(), 404);
    assert!(exchange.is_doubtful());
    assert_eq!(found(&exchange), [""; 0]);
    // The same answer to the only attempt is one.
    let only = block_on(wire.send(Request::new(Method::Delete, "/Users/1")));
    assert!(!only.is_doubtful());
    assert_ne!(found(&only), [""; 0]);
}

/// What stands at an endpoint that closes the connection on which the first creation comes.
fn creating(takes_effect: bool, can_look_up: bool) -> Server {
    let (created, closed) = (AtomicBool::new(false), AtomicBool::new(false));
    let user = r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"7","userName":"ada@example.com","meta":{"location":"http://127.0.0.1/Users/7"}}"#;
    Server::new(move |call| match call.method() {
        "POST" if !closed.swap(true, Ordering::SeqCst) => {
            created.store(takes_effect, Ordering::SeqCst);
            Act::Last(Vec::new())
        }
        "POST" => Act::Write(if created.swap(true, Ordering::SeqCst) {
            answer(409, "{}")
        } else {
            answer(201, user)
        }),
        "GET" if call.target() == LIST => Act::Write(answer(200, NOBODY)),
        "GET" if !can_look_up => Act::Write(answer(400, "{}")),
        _ if created.load(Ordering::SeqCst) => {
            Act::Write(answer(200, &format!(r#"{{"totalResults":1,"Resources":[{user}]}}"#)))
        }
        _ => Act::Write(answer(200, NOBODY)),
    })
}

fn posts(server: &Server) -> usize {
    server.calls().iter().filter(|call| call.method() == "POST").count()
}

#[test]
fn a_creation_that_took_effect_is_found_and_not_sent_again() {
    let server = creating(true, true);
    let wire = server.wire(Limits::default());
    let exchange = block_on(second(&wire, post("ada@example.com")));
    assert_eq!((exchange.status(), exchange.repair()), (201, Some(Repair::Recovered)));
    assert_eq!(exchange.json().unwrap()["id"], "7");
    assert_eq!(exchange.response().unwrap().header("location"), Some("http://127.0.0.1/Users/7"));
    assert_eq!(posts(&server), 1);
    let lookup = &server.calls()[2];
    assert_eq!(lookup.target(), "/Users?filter=userName%20eq%20%22ada%40example.com%22");
    assert_eq!(found(&exchange), [""; 0]);
    assert_eq!(wire.ownership().created().len(), 1, "it is there to be removed");
}

#[test]
fn a_creation_that_did_not_take_effect_is_sent_again_once() {
    let server = creating(false, true);
    let wire = server.wire(Limits::default());
    let exchange = block_on(second(&wire, post("ada@example.com")));
    assert_eq!((exchange.status(), exchange.repair()), (201, Some(Repair::Repeated)));
    assert_eq!(posts(&server), 2);
}

#[test]
fn a_creation_of_which_nobody_can_say_is_not_sent_again_and_no_finding() {
    for takes_effect in [true, false] {
        let server = creating(takes_effect, false);
        let wire = server.wire(Limits::default());
        let exchange = block_on(second(&wire, post("ada@example.com")));
        assert!(matches!(exchange.answer, Answer::Failed(TransportError::ClosedSilently)), "{exchange:?}");
        assert_eq!(posts(&server), 1);
        assert_eq!(found(&exchange), [""; 0]);
    }
    // What cannot be looked up at all.
    let server = closing_once(|_| answer(200, NOBODY));
    let wire = server.wire(Limits::default());
    let bulk = Request::new(Method::Post, "/Bulk").body(r#"{"Operations":[]}"#);
    let exchange = block_on(second(&wire, bulk));
    assert!(matches!(exchange.answer, Answer::Failed(TransportError::ClosedSilently)));
    assert_eq!(posts(&server), 1);
}

#[test]
fn somebody_who_was_there_before_is_not_taken_for_what_was_created() {
    // The name is taken, by what this run created before: the creation is refused, whether it is sent once or twice.
    let user = r#"{"id":"7","userName":"ada@example.com"}"#;
    let first = AtomicBool::new(true);
    let server = Server::new(move |call| match (call.method(), call.connection, call.place) {
        ("POST", 1, 1) => Act::Write(answer(201, user)),
        ("POST", ..) if first.swap(false, Ordering::SeqCst) => Act::Last(Vec::new()),
        ("POST", ..) => Act::Write(answer(409, "{}")),
        _ => Act::Write(answer(200, &format!(r#"{{"totalResults":1,"Resources":[{user}]}}"#))),
    });
    let wire = server.wire(Limits::default());
    block_on(async {
        assert_eq!(wire.send(post("ada@example.com")).await.status(), 201);
        let second = wire.send(post("ADA@example.com")).await;
        assert_eq!((second.status(), second.repair()), (409, Some(Repair::Repeated)));
    });
}

#[test]
fn a_patch_is_sent_again_and_that_is_said() {
    let server = closing_once(|_| answer(200, NOBODY));
    let wire = server.wire(Limits::default());
    let exchange = block_on(second(&wire, patch()));
    assert_eq!((exchange.status(), exchange.repair()), (200, Some(Repair::Repeated)));
    assert!(wire.repairs().note().unwrap().contains("1 PATCH may have"));
}

#[test]
fn after_the_first_such_close_changes_use_fresh_connections() {
    let server = closing_once(|_| answer(200, NOBODY));
    let wire = server.wire(Limits::default());
    block_on(async {
        second(&wire, get()).await;
        for request in [patch(), post("ada"), patch(), get(), get()] {
            assert_eq!(wire.send(request).await.status(), 200);
        }
    });
    let story: Vec<usize> = server.story().into_iter().skip(3).map(|(_, connection)| connection).collect();
    assert_eq!(story, [3, 4, 5, 5, 5], "each change has its own; reads take what is kept");
}

#[test]
fn changes_use_kept_connections_until_then_unless_they_were_idle_for_long() {
    let server = Server::new(|_| Act::Write(answer(200, NOBODY)));
    let wire = server.wire(Limits::default());
    block_on(async {
        for request in [get(), patch(), post("ada"), patch()] {
            wire.send(request).await;
        }
        tokio::time::sleep(Duration::from_millis(1_200)).await;
        wire.send(get()).await;
        tokio::time::sleep(Duration::from_millis(1_200)).await;
        wire.send(patch()).await;
    });
    let story: Vec<usize> = server.story().into_iter().map(|(_, connection)| connection).collect();
    assert_eq!(story, [1, 1, 1, 1, 1, 2]);
}

#[test]
fn a_farewell_that_has_arrived_is_seen_before_a_change_is_sent() {
    let server = Server::new(|_| Act::Last(answer(200, NOBODY)));
    let wire = server.wire(Limits::default());
    block_on(async {
        wire.send(get()).await;
        #[expect(clippy::disallowed_methods, reason = "nothing of this thread runs meanwhile")]
        std::thread::sleep(Duration::from_millis(100));
        let exchange = wire.send(post("ada")).await;
        assert_eq!((exchange.status(), exchange.repair()), (200, None));
    });
    assert_eq!(posts(&server), 1);
}

#[test]
fn an_answer_that_breaks_off_and_a_fresh_connection_without_one_are_findings_still() {
    let head =
        b"HTTP/1.1 200 OK\r\nContent-Type: application/scim+json\r\nContent-Length: 500\r\n\r\n{".to_vec();
    for cut in [head.len(), 40, 1] {
        let part = head[..cut].to_vec();
        let server = Server::new(move |call| match call.place {
            1 => Act::Write(answer(200, NOBODY)),
            _ => Act::Last(part.clone()),
        });
        let exchange = block_on(second(&server.wire(Limits::default()), get()));
        assert!(matches!(exchange.answer, Answer::Failed(TransportError::Broken(_))), "{exchange:?}");
        assert_eq!(found(&exchange), ["whole-answer"], "after {cut} bytes");
    }
    let server = Server::new(|_| Act::Last(Vec::new()));
    let exchange = block_on(server.wire(Limits::default()).send(get()));
    assert_eq!(found(&exchange), ["whole-answer"]);
    assert_eq!(server.calls().len(), 1);
}

#[test]
fn what_is_lost_because_the_scenario_says_so_stays_lost() {
    let loss = |lost, method| Loss { lost, method, collection: "/Users".to_owned(), instead: None };
    let server = creating(true, true);
    let wire = server.wire(Limits::default());
    wire.lose(loss(Lost::Answer, Method::Post));
    let exchange = block_on(second(&wire, post("ada@example.com")));
    assert!(matches!(exchange.answer, Answer::Failed(TransportError::Lost(Lost::Answer))), "{exchange:?}");
    let server = Server::new(|_| Act::Write(answer(200, NOBODY)));
    let wire = server.wire(Limits::default());
    wire.lose(loss(Lost::Request, Method::Put));
    let exchange = block_on(second(&wire, Request::new(Method::Put, "/Users/1").body("{}")));
    assert!(matches!(exchange.answer, Answer::Failed(TransportError::Lost(Lost::Request))));
    assert_eq!(server.calls().len(), 1);
}

#[test]
fn a_token_is_fetched_again_where_the_connection_to_its_server_was_closed() {
    use scimsnap::context::Clock;
    use scimsnap::wire::{
        Auth, ClientAuth, ClientCredentials, HttpClient, Origin, Secret, Target, TokenSource,
    };
    let count = AtomicUsize::new(0);
    // Each token is good for one request; the second fetch meets a connection that is closed once it is read.
    let server = Server::new(move |call| match (call.method(), call.target()) {
        ("POST", "/token") if count.fetch_add(1, Ordering::SeqCst) == 1 => Act::Last(Vec::new()),
        ("POST", "/token") => Act::Write(answer(200, r#"{"access_token":"at","expires_in":-5}"#)),
        _ => Act::Write(answer(if call.head.contains("Bearer at") { 200 } else { 401 }, NOBODY)),
    });
    let credentials = ClientCredentials {
        token_url: format!("{}/token", server.origin),
        client_id: "app".to_owned(),
        client_secret: Secret::new("s3cret"),
        scope: None,
        params: Vec::new(),
        client_auth: ClientAuth::Basic,
    };
    let target = || {
        Auth::Fetched(Arc::new(TokenSource::new(Origin::OAuth(ClientCredentials {
            client_secret: Secret::new("s3cret"),
            params: Vec::new(),
            scope: None,
            token_url: credentials.token_url.clone(),
            client_id: credentials.client_id.clone(),
            client_auth: ClientAuth::Basic,
        }))))
    };
    let limits = Limits::default();
    let http = std::rc::Rc::new(HttpClient::new(limits));
    block_on(async {
        for _ in 0..2 {
            let target = Target::new(&server.origin, target());
            let wire = Wire::new(std::rc::Rc::clone(&http), target, limits, Clock::system(), None);
            assert_eq!(wire.send(get()).await.status(), 200);
        }
    });
    assert_eq!(server.calls().iter().filter(|call| call.target() == "/token").count(), 3);
}
