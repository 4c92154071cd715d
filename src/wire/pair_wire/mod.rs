//! The wire as one (scenario, client) pair sees it. It sends, waits, repeats and records, and lets nothing leave that
//! would change what the run did not create.
//!
//! May use, of `wire`: `access`, `limits`, `message`, `policy`, `safety`, `target`, `transport`.

mod catch_up;
mod permission;
mod recover;
mod repairs;

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::context::Clock;

use super::access::auth::Auth;
use super::access::header::basic;
use super::limits::Limits;
use super::message::exchange::{Answer, Exchange, Response, TransportError};
use super::message::key::Key;
use super::message::marks::Marks;
use super::message::request::{Method, Purpose, Request, Surface};
use super::policy::faults::{Loss, Losses};
use super::policy::ordering::{Turn, Turns};
use super::policy::read_lag::Lag;
use super::policy::retry_after::{Backoff, retry_after};
use super::policy::seat::Seat;
use super::policy::shutdown::Brake;
use super::policy::silence::{LAST_CHANCE, Silence};
use super::policy::waits::{WaitFor, Waits};
use super::safety::ownership::Ownership;
use super::safety::register::Register;
use super::target::Target;
use super::transport::client::HttpClient;
use repairs::Repairs;

/// Somebody who is shown each exchange when it is over, and may keep it.
pub trait Observer: std::fmt::Debug {
    /// An exchange is over.
    fn saw(&self, exchange: &Arc<Exchange>);

    /// A read is over that may be repeated, because the last write was a moment ago. Whoever asks for that says what is in
    /// doubt, and is shown the repetition in its place; `may_lag` says whether it is worth the while for a given doubt.
    fn doubts(&self, exchange: &Arc<Exchange>, may_lag: &dyn Fn(&str) -> bool) -> Option<String> {
        let _ = may_lag;
        self.saw(exchange);
        None
    }
}

/// The wire of one pair.
#[derive(Debug)]
pub struct Wire {
    http: Rc<HttpClient>,
    target: RefCell<Rc<Target>>,
    limits: Limits,
    clock: Clock,
    ownership: Ownership,
    sent: Cell<usize>,
    under_way: Cell<usize>,
    brake: Rc<Brake>,
    waited: Cell<Duration>,
    rate_limited: Cell<bool>,
    observer: RefCell<Option<Rc<dyn Observer>>>,
    turns: Turns,
    in_turn: Cell<bool>,
    lag: Option<Arc<Lag>>,
    /// When the last write was answered that was not refused.
    written: Cell<Option<Instant>>,
    /// Where that shows, and no read has been there yet.
    unread: RefCell<Option<String>>,
    lagged: Cell<Duration>,
    waits: Arc<Waits>,
    /// The status with which the endpoint asked for patience the last time.
    asked: Cell<u16>,
    seat: OnceCell<Seat>,
    losses: Losses,
    marks: Marks,
    /// Held while somebody finds out whose a resource is.
    asking: tokio::sync::Mutex<()>,
    repairs: Repairs,
    silence: Option<Arc<Silence>>,
}

impl Wire {
    /// A wire to a target. With a register, the target is a foreign one: creations are in the ledger before they are used,
    /// and writes to anything else are withheld.
    pub fn new(
        http: Rc<HttpClient>,
        target: Target,
        limits: Limits,
        clock: Clock,
        register: Option<Arc<Register>>,
    ) -> Self {
        let guest = register.is_some();
        Self {
            http,
            target: RefCell::new(Rc::new(target)),
            limits,
            clock,
            ownership: Ownership::new(register),
            sent: Cell::new(0),
            under_way: Cell::new(0),
            brake: Rc::default(),
            waited: Cell::new(Duration::ZERO),
            rate_limited: Cell::new(false),
            observer: RefCell::default(),
            turns: Turns::default(),
            in_turn: Cell::new(false),
            lag: None,
            written: Cell::new(None),
            unread: RefCell::default(),
            lagged: Cell::new(Duration::ZERO),
            waits: Arc::default(),
            asked: Cell::new(429),
            seat: OnceCell::new(),
            losses: Losses::default(),
            marks: Marks::of_guest(guest),
            asking: tokio::sync::Mutex::default(),
            repairs: Repairs::default(),
            silence: None,
        }
    }

    /// A wire of one pair, whose names carry a token of its own.
    #[must_use]
    pub fn with_token(mut self, token: &str) -> Self {
        self.ownership = self.ownership.of_pair(token);
        self.marks.add_part(token);
        self
    }

    /// A wire to an endpoint that may stop answering, which is noticed over all wires to it.
    #[must_use]
    pub fn with_silence(mut self, silence: Arc<Silence>) -> Self {
        self.silence = Some(silence);
        self
    }

    /// What was repaired because the endpoint closed kept connections without a word.
    pub fn repairs(&self) -> &Repairs {
        &self.repairs
    }

    /// What is known of the endpoint's read lag.
    pub(super) fn lag(&self) -> Option<&Lag> {
        self.lag.as_deref()
    }

    /// A wire to an endpoint whose reads may lag behind its writes.
    #[must_use]
    pub fn with_lag(mut self, lag: Arc<Lag>) -> Self {
        self.lag = Some(lag);
        self
    }

    /// What is looked for in answers that are too large to be kept whole. The names and ids of what was created are
    /// there already.
    pub fn marks(&self) -> &Marks {
        &self.marks
    }

    /// Asks that nothing be sent at the same time: which of several comes first is chance, and so is what is answered.
    pub fn send_in_turn(&self) {
        self.in_turn.set(true);
    }

    /// How many requests may be under way of so many that a provider sends at a time.
    pub fn at_a_time(&self, provider: usize) -> usize {
        if self.in_turn.get() { 1 } else { provider }
    }

    /// How long after a write a read still showed what was before, at most; nothing where none did.
    pub fn lagged(&self) -> Option<Duration> {
        Some(self.lagged.get()).filter(|lagged| !lagged.is_zero())
    }

    /// A wire whose waits are known to whoever watches the run.
    #[must_use]
    pub fn with_waits(mut self, waits: Arc<Waits>) -> Self {
        self.waits = waits;
        self
    }

    /// Takes the seat of its pair, which is left to others while reads catch up.
    pub fn sit(&self, seat: Seat) {
        // A pair takes its seat once.
        let _ = self.seat.set(seat);
    }

    /// Where it leads.
    pub fn target(&self) -> Rc<Target> {
        Rc::clone(&self.target.borrow())
    }

    /// Leads somewhere else from now on: another base URL, another token.
    pub fn redirect(&self, target: Target) {
        let passwords = self.target.borrow().passwords.clone();
        *self.target.borrow_mut() = Rc::new(Target { passwords, ..target });
    }

    /// Has something of the provider's requests lost on its way, once.
    pub fn lose(&self, loss: Loss) {
        self.losses.add(loss);
    }

    /// How much was to be lost while nothing like it was sent.
    pub fn not_lost(&self) -> usize {
        self.losses.ahead()
    }

    /// Whether a missing answer may still count as a fault of the network: waiting for missing answers takes no longer
    /// than waiting for rate limits.
    pub fn has_patience(&self) -> bool {
        self.losses.in_vain() < self.limits.max_wait
    }

    /// The number of requests so far.
    pub fn sent(&self) -> usize {
        self.sent.get()
    }

    /// Whether the target's requests are spent.
    pub fn is_spent(&self) -> bool {
        self.target.borrow().pace.as_ref().is_some_and(|pace| pace.is_spent())
    }

    /// How long it has waited for rate limits.
    pub fn waited(&self) -> Duration {
        self.waited.get()
    }

    /// Whether an endpoint's rate limit was given up on.
    pub fn gave_up_waiting(&self) -> bool {
        self.rate_limited.get()
    }

    /// What this pair created, which is all that it may write to on somebody's endpoint.
    pub fn ownership(&self) -> &Ownership {
        &self.ownership
    }

    /// What stops it in good order.
    pub fn brake(&self) -> Rc<Brake> {
        Rc::clone(&self.brake)
    }

    /// Has every exchange from now on seen by somebody.
    pub fn watch(&self, observer: Rc<dyn Observer>) {
        *self.observer.borrow_mut() = Some(observer);
    }

    /// Sends a request. An answer that asks for patience (429, 503 with `Retry-After`) is waited for and the request
    /// repeated, within limits of time and number; so is a read that may lag behind a write. Each attempt is an exchange of its own, and
    /// the last one is returned. Where the scenario asked for the patience, nobody is waited for.
    pub async fn send(&self, request: Request) -> Arc<Exchange> {
        let mut request = request;
        let mut backoff = Backoff::default();
        loop {
            let exchange = self.send_once(request).await;
            let wait = exchange.response().and_then(|response| retry_after(response, self.clock.now()));
            let Some(wait) = wait else { return exchange };
            let goes_on = match exchange.intercepted() {
                Some(_) => self.pause(wait, Duration::ZERO).await,
                None => match backoff.at_least(wait) {
                    Some(wait) => self.sleep(wait).await,
                    None => self.give_up_waiting(),
                },
            };
            if !goes_on {
                return exchange;
            }
            request = exchange.request.clone();
        }
    }

    /// Sends a request once, whatever the answer asks for, because the provider has a schedule of its own. A read that
    /// may lag behind a write is repeated.
    pub async fn send_once(&self, request: Request) -> Arc<Exchange> {
        let mut request = request;
        let mut repetitions = 0;
        loop {
            let (exchange, turn) = self.attempt(request).await;
            let Some(doubt) = self.show(&exchange, turn, repetitions) else { return exchange };
            self.wait_before_repeating(&exchange, &doubt, repetitions).await;
            repetitions += 1;
            request = exchange.request.clone();
        }
    }

    /// Waits before a provider repeats a request. An endpoint that shares our clock sees the provider's own time pass
    /// at once; any other is waited for as long as it asked, and false says that this is more than the limit allows.
    pub async fn pause(&self, own: Duration, asked: Duration) -> bool {
        if !self.ownership.is_guest() {
            self.clock.advance(i64::try_from(own.as_secs()).unwrap_or(i64::MAX));
            return true;
        }
        self.sleep(asked).await
    }

    /// Notes that a rate limit is not waited for any longer.
    fn give_up_waiting(&self) -> bool {
        self.rate_limited.set(true);
        false
    }

    /// Waits for a rate limit, where the limit on waiting allows it.
    async fn sleep(&self, wait: Duration) -> bool {
        let waited = self.waited.get().saturating_add(wait);
        if waited > self.limits.max_wait {
            return self.give_up_waiting();
        }
        self.waited.set(waited);
        let _wait = self.waits.begin(WaitFor::Status(self.asked.get()), wait);
        tokio::time::sleep(wait).await;
        true
    }

    /// The time, as the endpoint's answers are read by it.
    pub fn now(&self) -> jiff::Timestamp {
        self.clock.now()
    }

    async fn attempt(&self, mut request: Request) -> (Arc<Exchange>, Turn<'_>) {
        self.brake.hold(&request).await;
        request.marks = Some(self.marks.clone());
        let number = self.sent.get() + 1;
        self.sent.set(number);
        let turn = self.turns.take(number);
        let company = Company::joined(&self.under_way);
        let started = Instant::now();
        let kept_back = self.losses.take_request(&request);
        // What a scenario loses on its way never leaves.
        let withheld = if kept_back.is_none() { self.leave(&request).await.err() } else { None };
        let answer = if let Some(withheld) = withheld {
            Answer::Withheld(withheld)
        } else if let Some(loss) = kept_back {
            loss.answer(None)
        } else {
            self.target.borrow().passwords.note(&request);
            self.brake.leaves(&request);
            let result = self.deliver_repaired(&request).await;
            self.brake.is_back(&request);
            let answer = result.map_or_else(Answer::Failed, Answer::Response);
            if let Answer::Response(Response { status: status @ (429 | 503), .. }) = &answer {
                self.asked.set(*status);
            }
            if self.listen(&answer, started.elapsed()) {
                Box::pin(self.make_sure()).await;
            }
            answer
        };
        let overlaps = company.is_found || self.sent.get() != number;
        drop(company);
        let mut exchange = Exchange { number, request, answer, took: started.elapsed(), overlaps };
        if exchange.request.method == Method::Post
            && let Some(id) =
                exchange.json().and_then(|body| body.get("id").or(body.get("accountId"))?.as_str())
        {
            self.marks.add(id);
        }
        // What the provider never hears of is the run's to clean up all the same.
        self.ownership.note(&mut exchange, self.sent.get());
        match &exchange.answer {
            Answer::Response(response) if exchange.left() => {
                if let Some(loss) = self.losses.take_answer(&exchange.request, response) {
                    exchange.answer = loss.answer(Some(response.clone()));
                }
            }
            Answer::Failed(_) => self.losses.waited_in_vain(exchange.took),
            _ => {}
        }
        let exchange = Arc::new(exchange);
        self.note_write(&exchange);
        (exchange, turn)
    }

    /// Notes whether the endpoint answered. Says whether somebody should make sure that it is still there.
    fn listen(&self, answer: &Answer, took: Duration) -> bool {
        if matches!(answer, Answer::Response(_)) {
            self.brake.heard();
        }
        self.silence.as_ref().is_some_and(|silence| silence.note(answer, took))
    }

    /// Asks something that anybody can answer.
    async fn make_sure(&self) {
        let question = Request::new(Method::Get, "/ServiceProviderConfig")
            .header("Accept", "application/scim+json")
            .purpose(Purpose::Cleanup)
            .patience(LAST_CHANCE);
        let is_there = self.deliver(&question).await.is_ok();
        if let Some(silence) = &self.silence {
            silence.made_sure(is_there);
        }
    }

    /// Puts the request's address and the credentials together and sends it.
    pub(super) async fn deliver(&self, request: &Request) -> Result<Response, TransportError> {
        let target = self.target();
        let (base, authorization) = match (request.surface, &target.rest) {
            _ if request.key == Key::Absent => (&target.scim, None),
            (Surface::Rest, Some(rest)) => (&rest.base, Some(basic(&rest.user, &rest.token))),
            (Surface::Rest | Surface::Scim, _) => {
                if let Auth::Fetched(source) = &target.auth {
                    return source.send(&self.http, &self.clock, &target.scim, request).await;
                }
                (&target.scim, target.auth.fixed(request.key))
            }
        };
        self.http.execute(base, authorization.as_deref(), request).await
    }
}

/// One of the requests that are under way.
struct Company<'a> {
    under_way: &'a Cell<usize>,
    /// Whether others were, when it began.
    is_found: bool,
}

impl<'a> Company<'a> {
    fn joined(under_way: &'a Cell<usize>) -> Self {
        let others = under_way.replace(under_way.get() + 1);
        Self { under_way, is_found: others > 0 }
    }
}

impl Drop for Company<'_> {
    fn drop(&mut self) {
        self.under_way.set(self.under_way.get() - 1);
    }
}
