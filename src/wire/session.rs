//! The wire as one (scenario, client) pair sees it: sends, waits, records, and keeps its hands off what it did not
//! create.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use percent_encoding::percent_decode_str;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::context::Clock;

use super::auth::{Auth, basic};
use super::brake::Brake;
use super::client::HttpClient;
use super::exchange::{Answer, Exchange, Lost, Response, TransportError};
use super::lag::Lag;
use super::ledger::{Created, Entry, Ledger};
use super::loss::{Loss, Losses};
use super::request::{Method, Purpose, Request, Surface};
use super::retry_after::retry_after;
use super::target::{Limits, Target};
use super::turns::{Turn, Turns};

/// Somebody who is shown each exchange when it is over, and may keep it.
pub trait Observer: std::fmt::Debug {
    /// An exchange is over.
    fn saw(&self, exchange: &Arc<Exchange>);

    /// A read is over that may be repeated, because the last write was a moment ago. Whoever asks for that is shown the
    /// repetition in its place.
    fn doubts(&self, exchange: &Arc<Exchange>) -> bool {
        self.saw(exchange);
        false
    }
}

/// The wire of one pair.
#[derive(Debug)]
pub struct Wire {
    http: Rc<HttpClient>,
    target: RefCell<Rc<Target>>,
    limits: Limits,
    clock: Clock,
    ledger: Option<Arc<Ledger>>,
    created: RefCell<Vec<(Created, String)>>,
    intended: RefCell<Vec<(Created, String)>>,
    sent: Cell<usize>,
    removed: Cell<usize>,
    brake: Rc<Brake>,
    waited: Cell<Duration>,
    rate_limited: Cell<bool>,
    observer: RefCell<Option<Rc<dyn Observer>>>,
    turns: Turns,
    in_turn: Cell<bool>,
    lag: Option<Arc<Lag>>,
    /// When the last write was answered.
    written: Cell<Option<Instant>>,
    lagged: Cell<Duration>,
    losses: Losses,
}

impl Wire {
    /// A wire to a target. With a ledger, the target is somebody's: creations are written down before they are used,
    /// and writes to anything else are withheld.
    pub fn new(
        http: Rc<HttpClient>,
        target: Target,
        limits: Limits,
        clock: Clock,
        ledger: Option<Arc<Ledger>>,
    ) -> Self {
        Self {
            http,
            target: RefCell::new(Rc::new(target)),
            limits,
            clock,
            ledger,
            created: RefCell::default(),
            intended: RefCell::default(),
            sent: Cell::new(0),
            removed: Cell::new(0),
            brake: Rc::default(),
            waited: Cell::new(Duration::ZERO),
            rate_limited: Cell::new(false),
            observer: RefCell::default(),
            turns: Turns::default(),
            in_turn: Cell::new(false),
            lag: None,
            written: Cell::new(None),
            lagged: Cell::new(Duration::ZERO),
            losses: Losses::default(),
        }
    }

    /// A wire to an endpoint whose reads may lag behind its writes.
    #[must_use]
    pub fn with_lag(mut self, lag: Arc<Lag>) -> Self {
        self.lag = Some(lag);
        self
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

    /// Waits a little for reads to catch up with the last write. Says no where they had their time.
    pub async fn wait_for_reads(&self, repetition: u32) -> bool {
        let Some(left) = self.time_to_catch_up() else { return false };
        tokio::time::sleep(Lag::pause(repetition).min(left)).await;
        true
    }

    /// Notes how it ended that reads were repeated.
    pub fn note_repetitions(&self, repetitions: u32, caught_up: bool) {
        let (Some(lag), Some(written)) = (&self.lag, self.written.get()) else { return };
        match (repetitions, caught_up) {
            (0, _) => {}
            (_, true) => {
                let after = written.elapsed();
                self.lagged.set(self.lagged.get().max(after));
                lag.caught_up(after);
            }
            (_, false) => lag.waited_in_vain(),
        }
    }

    /// How much longer reads may show what was before the last write.
    fn time_to_catch_up(&self) -> Option<Duration> {
        let left = self.lag.as_ref()?.patience().checked_sub(self.written.get()?.elapsed())?;
        Some(left).filter(|left| !left.is_zero())
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

    /// Whether an answer that never came may be taken for bad weather still: answers that are waited for in vain take
    /// no longer than a run waits for rate limits.
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

    /// How much of what it created is gone again.
    pub fn removed(&self) -> usize {
        self.removed.get()
    }

    /// What stops it in good order.
    pub fn brake(&self) -> Rc<Brake> {
        Rc::clone(&self.brake)
    }

    /// What this pair created and nobody saw gone, oldest first. An endpoint's word that a resource is deleted is not
    /// taken for it: cleaning up reads back.
    pub fn created(&self) -> Vec<(Created, String)> {
        self.created.borrow().clone()
    }

    /// The names of creations whose answer never came, or had no id in it.
    pub fn unanswered(&self) -> Vec<(Created, String)> {
        self.intended.borrow().clone()
    }

    /// Has every exchange from now on seen by somebody.
    pub fn watch(&self, observer: Rc<dyn Observer>) {
        *self.observer.borrow_mut() = Some(observer);
    }

    /// Sends a request. An answer that asks for patience (429, 503 with `Retry-After`) is waited for and the request
    /// repeated, within the limit; so is a read that may lag behind a write. Each attempt is an exchange of its own, and
    /// the last one is returned.
    pub async fn send(&self, request: Request) -> Arc<Exchange> {
        let mut request = request;
        loop {
            let exchange = self.send_once(request).await;
            let wait = exchange.response().and_then(|response| retry_after(response, self.clock.now()));
            let Some(wait) = wait else { return exchange };
            if !self.sleep(wait).await {
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
            if !self.show(&exchange, turn) {
                self.note_repetitions(repetitions, self.time_to_catch_up().is_some());
                return exchange;
            }
            repetitions += 1;
            self.wait_for_reads(repetitions - 1).await;
            request = exchange.request.clone();
        }
    }

    /// Waits before a provider repeats a request. An endpoint that shares our clock sees the provider's own time pass
    /// at once; any other is waited for as long as it asked, and false says that this is more than the limit allows.
    pub async fn pause(&self, own: Duration, asked: Duration) -> bool {
        if self.ledger.is_none() {
            self.clock.advance(i64::try_from(own.as_secs()).unwrap_or(i64::MAX));
            return true;
        }
        self.sleep(asked).await
    }

    /// Waits for a rate limit, where the limit on waiting allows it.
    async fn sleep(&self, wait: Duration) -> bool {
        if self.waited.get() + wait > self.limits.max_wait {
            self.rate_limited.set(true);
            return false;
        }
        self.waited.set(self.waited.get() + wait);
        tokio::time::sleep(wait).await;
        true
    }

    /// The time, as the endpoint's answers are read by it.
    pub fn now(&self) -> jiff::Timestamp {
        self.clock.now()
    }

    async fn attempt(&self, request: Request) -> (Arc<Exchange>, Turn<'_>) {
        self.brake.hold(&request).await;
        let number = self.sent.get() + 1;
        self.sent.set(number);
        let turn = self.turns.take(number);
        let started = Instant::now();
        let creation = creation(&request);
        let pace = self.target.borrow().pace.clone();
        let never_leaves = self.losses.take_request(&request);
        let spent = match &pace {
            Some(pace) if !never_leaves => pace.turn(&request).await.err(),
            _ => None,
        };
        let answer = if let Some(reason) = spent {
            Answer::Withheld(reason)
        } else if let Err(reason) = self.permit(&request, creation.as_ref()) {
            Answer::Withheld(reason)
        } else if never_leaves {
            Answer::Failed(TransportError::Lost(Lost::Request))
        } else {
            self.target.borrow().passwords.note(&request);
            self.brake.leaves(&request);
            let result = self.deliver(&request).await;
            self.brake.is_back(&request);
            result.map_or_else(Answer::Failed, Answer::Response)
        };
        let mut exchange = Exchange { number, request, answer, took: started.elapsed() };
        // What the provider never hears of is the run's to clean up all the same.
        self.note_result(&exchange, creation);
        match &exchange.answer {
            Answer::Response(response) if self.losses.take_answer(&exchange.request, response) => {
                exchange.answer = Answer::Failed(TransportError::Lost(Lost::Answer));
            }
            Answer::Failed(_) => self.losses.waited_in_vain(exchange.took),
            _ => {}
        }
        let exchange = Arc::new(exchange);
        if exchange.request.method.writes() {
            self.written.set(Some(Instant::now()));
        }
        (exchange, turn)
    }

    /// Shows an exchange to whoever watches. Says whether it is to be repeated.
    fn show(&self, exchange: &Arc<Exchange>, turn: Turn<'_>) -> bool {
        let observer = self.observer.borrow();
        let Some(observer) = &*observer else { return false };
        let may_lag = !exchange.request.method.writes() && exchange.request.purpose != Purpose::Cleanup;
        if may_lag && self.time_to_catch_up().is_some() {
            return observer.doubts(exchange);
        }
        for over in turn.ends(exchange) {
            observer.saw(&over);
        }
        false
    }

    /// Puts the request's address and the credentials together and sends it.
    async fn deliver(&self, request: &Request) -> Result<Response, TransportError> {
        let target = self.target();
        let (base, authorization) = match (request.surface, &target.rest) {
            _ if request.anonymous => (&target.scim, None),
            (Surface::Rest, Some(rest)) => (&rest.base, Some(basic(&rest.user, &rest.token))),
            (Surface::Rest | Surface::Scim, _) => {
                if let Auth::Fetched(source) = &target.auth {
                    return source.send(&self.http, &self.clock, &target.scim, request).await;
                }
                (&target.scim, target.auth.fixed())
            }
        };
        self.http.execute(base, authorization.as_deref(), request).await
    }

    /// Nothing is written to what the run did not create: a lookup that answers with a stranger (an endpoint that
    /// ignores filters answers with its whole tenant) must not lead to a write.
    fn permit(&self, request: &Request, creation: Option<&(Created, String)>) -> Result<(), String> {
        let Some(ledger) = &self.ledger else { return Ok(()) };
        match (request.method, scim_resource(request)) {
            (Method::Put | Method::Patch | Method::Delete, Some((kind, id))) => {
                let owned = self.created.borrow().iter().any(|(k, i)| *k == kind && *i == id);
                if owned {
                    Ok(())
                } else {
                    Err(format!(
                        "{} {} would write to something that this run did not create",
                        request.method, request.target
                    ))
                }
            }
            (Method::Post, _) => match creation {
                Some((kind, name)) => {
                    self.intended.borrow_mut().push((*kind, name.clone()));
                    ledger
                        .write(&Entry::Intent { kind: *kind, name: name.clone() })
                        .map_err(|error| format!("the ledger cannot be written: {error}"))
                }
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    fn note_result(&self, exchange: &Exchange, creation: Option<(Created, String)>) {
        let refused = exchange.response().is_some_and(|response| (400..500).contains(&response.status));
        if let Some((kind, name)) = creation {
            let id =
                exchange.json().and_then(|body| created_id(kind, body)).filter(|_| exchange.is_success());
            if refused || id.is_some() {
                self.answered(kind, &name);
            }
            if let Some(id) = id {
                self.remember(kind, id);
            }
        }
    }

    fn answered(&self, kind: Created, name: &str) {
        let mut intended = self.intended.borrow_mut();
        if let Some(place) = intended.iter().position(|(k, n)| *k == kind && n == name) {
            intended.remove(place);
        }
    }

    fn remember(&self, kind: Created, id: String) {
        let known = self.created.borrow().iter().any(|(k, i)| *k == kind && *i == id);
        if known {
            return;
        }
        if let Some(ledger) = &self.ledger {
            // The id is also found by the intended name, should the disk fail just now.
            let _ = ledger.write(&Entry::Created { kind, id: id.clone() });
        }
        self.created.borrow_mut().push((kind, id));
    }

    /// Notes something as created by this run, so that it may be removed.
    pub fn adopt(&self, kind: Created, id: String) {
        self.remember(kind, id);
    }

    /// Notes a name that an earlier run was about to create when it ended.
    pub fn adopt_intent(&self, kind: Created, name: String) {
        self.intended.borrow_mut().push((kind, name));
    }

    /// Notes that a creation whose answer was lost has been looked up.
    pub fn settle(&self, kind: Created, name: &str) {
        self.answered(kind, name);
    }

    /// Notes that something is gone.
    pub fn forget(&self, kind: Created, id: &str) {
        let before = self.created.borrow().len();
        self.created.borrow_mut().retain(|(k, i)| !(*k == kind && i == id));
        self.removed.set(self.removed.get() + before - self.created.borrow().len());
        if let Some(ledger) = &self.ledger {
            let _ = ledger.write(&Entry::Deleted { kind, id: id.to_owned() });
        }
    }
}

/// The SCIM resource that a target names: `/Users/{id}`, `/Groups/{id}`.
fn scim_resource(request: &Request) -> Option<(Created, String)> {
    if request.surface != Surface::Scim {
        return None;
    }
    let mut segments = request.path().trim_start_matches('/').splitn(2, '/');
    let kind = match segments.next()? {
        "Users" => Created::User,
        "Groups" => Created::Group,
        _ => return None,
    };
    let id = segments.next().filter(|id| !id.is_empty())?;
    Some((kind, percent_decode_str(id).decode_utf8_lossy().into_owned()))
}

/// What a POST creates, and under which name.
fn creation(request: &Request) -> Option<(Created, String)> {
    if request.method != Method::Post {
        return None;
    }
    let (kind, key) = match (request.surface, request.path()) {
        (Surface::Scim, "/Users") => (Created::User, "userName"),
        (Surface::Scim, "/Groups") => (Created::Group, "displayName"),
        (Surface::Rest, "/organization") => (Created::Organization, "name"),
        (Surface::Rest, "/customer") => (Created::Customer, "email"),
        _ => return None,
    };
    // One value is wanted, so that the others are passed over unread.
    let body = request.body.as_deref().unwrap_or_default();
    let body: BTreeMap<Cow<'_, str>, &RawValue> = serde_json::from_str(body).ok()?;
    let name = body.get(key).and_then(|name| serde_json::from_str(name.get()).ok()).unwrap_or_default();
    Some((kind, name))
}

fn created_id(kind: Created, body: &Value) -> Option<String> {
    let key = if kind == Created::Customer { "accountId" } else { "id" };
    match body.get(key)? {
        Value::String(id) if !id.is_empty() => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}
