//! Reads that lag behind writes, or look as if they did.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use scimsnap::wire::{Exchange, Lag, Ledger, Limits, Method, Observer, Redactor, Register, Request, Wire};

use super::server::{Act, Server, answer, block_on};

const BUDGET: Duration = Duration::from_millis(600);

/// How many writes an endpoint has to show at once before it is waited for less.
const AT_ONCE: usize = 20;

/// The most reads that fit into a short wait: the pauses between them are 20, 40 and 80 ms, and what is left of 150.
const FEW: usize = 5;

/// Somebody who takes an old name for a lag, as long as it may be one.
#[derive(Debug)]
struct Doubtful(&'static str);

impl Observer for Doubtful {
    fn saw(&self, _: &Arc<Exchange>) {}

    fn doubts(&self, exchange: &Arc<Exchange>, may_lag: &dyn Fn(&str) -> bool) -> Option<String> {
        let is_old = exchange.json().is_some_and(|body| body["userName"] == "old");
        (is_old && may_lag(self.0)).then(|| self.0.to_owned())
    }
}

/// An endpoint that shows the old name in so many reads after each write, and how many it has shown it in so far.
struct Endpoint {
    server: Server,
    old_reads: Arc<AtomicUsize>,
    lag: Arc<Lag>,
}

impl Endpoint {
    fn new() -> Self {
        let old_reads = Arc::new(AtomicUsize::new(0));
        let left = Arc::clone(&old_reads);
        let server = Server::new(move |call| {
            let is_old = call.method() == "GET"
                && left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
            let name = if is_old { "old" } else { "new" };
            Act::Write(answer(200, &format!(r#"{{"id":"1","userName":"{name}"}}"#)))
        });
        Self { server, old_reads, lag: Arc::new(Lag::new(BUDGET)) }
    }

    fn wire(&self, doubt: &'static str) -> Wire {
        let wire = self.server.wire(Limits::default()).with_lag(Arc::clone(&self.lag));
        wire.watch(std::rc::Rc::new(Doubtful(doubt)));
        wire
    }

    /// Writes and reads. Says how many reads were sent, and how long after the write the last one was over.
    async fn write_and_read(&self, wire: &Wire, old_reads: usize) -> (usize, Duration) {
        self.old_reads.store(old_reads, Ordering::SeqCst);
        wire.send(Request::new(Method::Patch, "/Users/1").body("{}")).await;
        let (sent, written) = (wire.sent(), Instant::now());
        wire.send(Request::new(Method::Get, "/Users/1")).await;
        (wire.sent() - sent, written.elapsed())
    }

    async fn be_prompt(&self, wire: &Wire) {
        for _ in 0..AT_ONCE {
            assert_eq!(self.write_and_read(wire, 0).await.0, 1);
        }
    }
}

const NEVER: usize = usize::MAX;

#[test]
fn a_prompt_endpoint_is_waited_for_shortly_once_it_was_waited_for_in_full() {
    let endpoint = Endpoint::new();
    let wire = endpoint.wire("okta-oin read-back/name");
    block_on(async {
        endpoint.be_prompt(&wire).await;
        let (_, first) = endpoint.write_and_read(&wire, NEVER).await;
        assert!(
            first >= BUDGET,
            "however prompt it is, the first doubt has all the time there is: {first:?}"
        );
        for _ in 0..3 {
            let (reads, _) = endpoint.write_and_read(&wire, NEVER).await;
            assert!((2..=FEW).contains(&reads), "{reads} reads");
        }
        let other = endpoint.wire("entra read-back/name");
        let (_, other) = endpoint.write_and_read(&other, NEVER).await;
        assert!(other >= BUDGET, "another doubt has its own first time: {other:?}");
    });
    assert!(wire.lagged().is_none());
}

#[test]
fn one_lag_restores_the_whole_budget_for_all_pairs() {
    let endpoint = Endpoint::new();
    let (wire, other) = (endpoint.wire("doubt"), endpoint.wire("doubt"));
    block_on(async {
        endpoint.be_prompt(&wire).await;
        endpoint.write_and_read(&wire, NEVER).await;
        let (reads, _) = endpoint.write_and_read(&other, NEVER).await;
        assert!(reads <= FEW, "what one pair learned, all know: {reads} reads");
        assert_eq!(endpoint.write_and_read(&wire, 1).await.0, 2, "it caught up");
        assert!(wire.lagged().is_some());
        for wire in [&wire, &other] {
            endpoint.be_prompt(wire).await;
            let (_, after) = endpoint.write_and_read(wire, NEVER).await;
            assert!(after >= BUDGET, "{after:?}");
        }
    });
}

#[test]
fn an_endpoint_that_was_prompt_too_seldom_has_its_time_each_time() {
    let endpoint = Endpoint::new();
    let wire = endpoint.wire("doubt");
    block_on(async {
        for _ in 0..3 {
            let (_, after) = endpoint.write_and_read(&wire, NEVER).await;
            assert!(after >= BUDGET, "{after:?}");
        }
    });
}

#[test]
fn a_write_where_nobody_is_leaves_once() {
    let gone = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"404"}"#;
    let server = Server::new(move |_| Act::Write(answer(404, gone)));
    let folder = tempfile::tempdir().unwrap();
    let ids = ["k0001".to_owned()];
    let (run, ledger) = Ledger::create(folder.path(), &server.origin, ids, &Redactor::default()).unwrap();
    let wire = server.wire_of(Limits::default(), Some(Arc::new(Register::new(ledger, &run))));
    let patch = Request::new(Method::Patch, "/Users/7").body("{}");
    let sent = block_on(async { tokio::time::timeout(Duration::from_mins(1), wire.send(patch)).await });
    assert_eq!(sent.expect("it comes to an end").status(), 404);
    let story: Vec<String> = server.story().into_iter().map(|(method, _)| method).collect();
    assert_eq!(story, ["GET", "PATCH"], "whose it is, and then the write");
}
