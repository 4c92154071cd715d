//! Connections that break, on plain sockets: a write that may have taken leaves the provider in doubt, and what it does
//! next is its own.

#![expect(clippy::disallowed_methods, reason = "a server that keeps silent sleeps on a thread of its own")]

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use scimsnap::context::Clock;
use scimsnap::directory::{Directory, Event, Person, PersonState};
use scimsnap::idp::{Client, ClientName, Family, Random, Session, Settings};
use scimsnap::wire::{Auth, HttpClient, Limits, Target, Wire};

const TIMEOUT: Duration = Duration::from_millis(400);

/// How an answer fails to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Break {
    /// The connection is closed before a byte of the answer.
    Closed,
    /// The connection is closed in the middle of the answer.
    Half,
    /// What comes is no HTTP.
    Garbage,
    /// Nothing comes for longer than anybody waits.
    Silence,
}

const BREAKS: [Break; 4] = [Break::Closed, Break::Half, Break::Garbage, Break::Silence];

const USER: &str = r#"{"id":"u-1","userName":"ada@example.com","active":true}"#;
const FOUND: &str =
    r#"{"totalResults":1,"Resources":[{"id":"u-1","userName":"ada@example.com","active":true}]}"#;
const NOBODY: &str = r#"{"totalResults":0,"Resources":[]}"#;
const CONFIG: &str = r#"{"patch":{"supported":true},"filter":{"supported":true}}"#;

/// What the endpoint knows, and what it does next.
#[derive(Debug, Default)]
struct State {
    /// Method and path of each request.
    lines: Vec<String>,
    /// The user of whoever was created.
    created: bool,
    /// Requests that break, by the start of their lines: each once, or all where it says so.
    breaks: Vec<(&'static str, Break)>,
    forever: bool,
}

/// An endpoint with one user, `u-1`, on a plain socket.
struct Endpoint {
    origin: String,
    state: Arc<Mutex<State>>,
}

impl Endpoint {
    fn new(breaks: &[(&'static str, Break)], forever: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let state = State { breaks: breaks.to_vec(), forever, ..State::default() };
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                std::thread::spawn(move || serve(&mut stream, &state));
            }
        });
        Self { origin, state }
    }

    /// The requests since the last call.
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.state.lock().unwrap().lines)
    }

    fn heal(&self) {
        self.state.lock().unwrap().breaks.clear();
    }
}

/// Answers one request, or breaks. No connection is kept, whose end could be taken for one that nobody saw.
fn serve(stream: &mut TcpStream, state: &Mutex<State>) {
    let Some(line) = read(stream) else { return };
    let (answer, broken) = state.lock().unwrap().answer(&line);
    let length = answer.1.len();
    let text = format!(
        "HTTP/1.1 {} X\r\nContent-Type: application/scim+json\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{}",
        answer.0, answer.1
    );
    let bytes = match broken {
        None => text.as_bytes(),
        Some(Break::Closed) => b"",
        Some(Break::Half) => &text.as_bytes()[..text.len() - length.min(3)],
        Some(Break::Garbage) => b"\x16\x03\x01 no HTTP at all\r\n\r\n",
        Some(Break::Silence) => {
            std::thread::sleep(TIMEOUT * 2);
            b""
        }
    };
    let _ = stream.write_all(bytes);
}

impl State {
    fn answer(&mut self, line: &str) -> ((u16, &'static str), Option<Break>) {
        let short = line.split(['?', ' ']).take(2).collect::<Vec<_>>().join(" ");
        let place = self.breaks.iter().position(|(start, _)| line.starts_with(start));
        let broken = match place {
            Some(place) if self.forever => Some(self.breaks[place].1),
            Some(place) => Some(self.breaks.remove(place).1),
            None => None,
        };
        let answer = match short.split_once(' ').unwrap() {
            ("GET", "/ServiceProviderConfig") => (200, CONFIG),
            ("GET", "/Users") if self.created && line.contains("ada") => (200, FOUND),
            ("GET", "/Users") => (200, NOBODY),
            ("POST", "/Users") if self.created => (409, r#"{"detail":"taken"}"#),
            ("POST", "/Users") => {
                self.created = true;
                (201, USER)
            }
            ("DELETE", "/Users/u-1") if self.created => {
                self.created = false;
                (204, "")
            }
            (_, "/Users/u-1") if self.created => (200, USER),
            _ => (404, r#"{"detail":"nobody"}"#),
        };
        self.lines.push(short);
        (answer, broken)
    }
}

/// The first line of a request, whose body was read too.
fn read(stream: &mut TcpStream) -> Option<String> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("Content-Length: "))
        .map_or(0, |length| length.parse().unwrap());
    stream.read_exact(&mut vec![0; length]).ok()?;
    Some(head.lines().next().unwrap().to_owned())
}

/// A client at an endpoint, with one person in its directory.
struct Play {
    client: Client,
    wire: Wire,
    directory: Directory,
    random: Random,
}

impl Play {
    fn new(name: ClientName, origin: &str) -> Self {
        let limits = Limits { timeout: TIMEOUT, ..Limits::default() };
        let http = Rc::new(HttpClient::new(limits));
        let target = Target::new(origin, Auth::Open);
        let ada = Person {
            key: "ada".to_owned(),
            user_name: "ada@example.com".to_owned(),
            email: "ada@example.com".to_owned(),
            given_name: "Ada".to_owned(),
            family_name: "Byron".to_owned(),
            display_name: "Ada Byron".to_owned(),
            profile: BTreeMap::new(),
            manager: None,
            incarnation: 0,
            state: PersonState::Active,
            assigned: false,
            tenant: String::new(),
        };
        Self {
            client: Client::new(name, Settings::default()),
            wire: Wire::new(http, target, limits, Clock::system(), None),
            directory: Directory { people: vec![ada], groups: Vec::new() },
            random: Random::seeded("broken"),
        }
    }

    /// Has an event happen; gives back what the administrator is told.
    fn happens(&mut self, event: Event) -> Vec<String> {
        self.directory.apply(&event);
        let session = Session { directory: &self.directory, wire: &self.wire, random: &self.random };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(self.client.perform(&[event], &session)).unwrap();
        self.client.take_notices().into_iter().map(|notice| notice.message).collect()
    }

    fn linked(&self) -> Option<&str> {
        self.client.links().person("ada")
    }
}

/// The clients of providers; any other one sends nothing by itself.
fn providers() -> impl Iterator<Item = ClientName> {
    ClientName::ALL.into_iter().filter(|name| name.family().is_provider())
}

fn assign() -> Event {
    Event::Assign("ada".to_owned())
}

/// What a provider does by itself later on, or what its administrator does about a task.
fn later(name: ClientName) -> Event {
    match name.family() {
        Family::Entra | Family::Google | Family::Authentik => Event::Cycle,
        _ => assign(),
    }
}

/// The requests that follow a creation whose answer was lost, up to the link.
fn second_try(name: ClientName) -> &'static [&'static str] {
    match name {
        ClientName::OktaOin => &["GET /Users", "PATCH /Users/u-1", "PUT /Users/u-1"],
        ClientName::OktaOinUserpatch => &["GET /Users", "PATCH /Users/u-1", "PATCH /Users/u-1"],
        ClientName::Entra | ClientName::EntraScim2 => &["GET /Users", "GET /Users", "PATCH /Users/u-1"],
        // Without a lookup first, the conflict tells.
        ClientName::Authentik => &["POST /Users", "GET /Users"],
        ClientName::Keycloak | ClientName::Auth0 => &["POST /Users"],
        _ => &["GET /Users", "PUT /Users/u-1"],
    }
}

#[test]
fn a_creation_whose_answer_is_lost_is_found_the_next_time_by_all_but_two() {
    for how in BREAKS {
        for name in providers() {
            let what = format!("{name} {how:?}");
            let endpoint = Endpoint::new(&[("POST /Users", how)], false);
            let mut play = Play::new(name, &endpoint.origin);
            let told = play.happens(assign());
            assert_eq!(told.len(), 1, "{what}: {told:?}");
            assert_eq!(play.linked(), None, "{what}");
            let posts = endpoint.take().iter().filter(|line| *line == "POST /Users").count();
            // The same request again meets its own work.
            assert_eq!(posts, if name == ClientName::Keycloak { 2 } else { 1 }, "{what}");

            let told = play.happens(later(name));
            assert_eq!(endpoint.take(), second_try(name), "{what}: {told:?}");
            if matches!(name, ClientName::Keycloak | ClientName::Auth0) {
                assert!(told[0].contains("taken"), "{told:?}");
                assert_eq!(play.linked(), None, "{what}");
            } else {
                assert_eq!((play.linked(), told), (Some("u-1"), Vec::new()), "{what}");
            }
        }
    }
}

#[test]
fn the_provider_says_what_became_of_the_answer() {
    for (how, name, words) in [
        (Break::Silence, ClientName::Entra, "Timeout: no complete response within"),
        (Break::Closed, ClientName::Entra, "WebExceptionProtocolError: the connection broke"),
        (Break::Half, ClientName::EntraScim2, "WebExceptionProtocolError: the connection broke"),
        (
            Break::Silence,
            ClientName::OktaAiw,
            "Automatic provisioning of user ada@example.com failed: Error while creating user Ada Byron: no complete response within",
        ),
        (Break::Garbage, ClientName::Google, "Creating a user failed: the connection broke"),
    ] {
        let endpoint = Endpoint::new(&[("POST /Users", how)], false);
        let told = Play::new(name, &endpoint.origin).happens(assign());
        assert!(told[0].contains(words), "{name} {how:?}: {told:?}");
    }
}

/// Entra's retries come by themselves, with the next cycle and then 80 minutes later, and the match finds what was
/// created.
#[test]
fn entra_tries_again_at_intervals_that_grow() {
    for name in [ClientName::Entra, ClientName::EntraScim2] {
        // The probe of the next cycle is answered, its match query is not.
        let endpoint = Endpoint::new(&[("POST /Users", Break::Silence)], false);
        let mut play = Play::new(name, &endpoint.origin);
        play.happens(assign());
        let lost = ("GET /Users?filter=userName+eq+%22ada", Break::Closed);
        endpoint.state.lock().unwrap().breaks.push(lost);
        endpoint.take();
        play.happens(Event::Wait(60));
        assert_eq!(endpoint.take(), ["GET /Users"; 2]);
        play.happens(Event::Wait(38 * 60));
        assert_eq!(endpoint.take(), [""; 0]);
        play.happens(Event::Wait(2 * 60));
        assert_eq!(endpoint.take(), second_try(name));
        assert_eq!(play.linked(), Some("u-1"));
    }
}

/// A change that may have taken is read back and compared: it is sent again only where it did not take.
#[test]
fn entra_compares_before_it_sends_a_lost_change_again() {
    let endpoint = Endpoint::new(&[], false);
    let mut play = Play::new(ClientName::Entra, &endpoint.origin);
    play.happens(assign());
    endpoint.state.lock().unwrap().breaks.push(("PATCH /Users", Break::Closed));
    let told = play.happens(Event::Suspend("ada".to_owned()));
    assert!(told[0].starts_with("WebExceptionProtocolError"), "{told:?}");
    endpoint.take();
    // This endpoint shows her active still.
    play.happens(Event::Wait(41 * 60));
    assert_eq!(endpoint.take(), ["GET /Users", "GET /Users/u-1", "PATCH /Users/u-1"]);
    play.happens(Event::Wait(24 * 60 * 60));
    assert_eq!(endpoint.take(), [""; 0], "it is done");
}

/// An endpoint that is down at the probe stops the job: 6, 12, 24 hours, then daily, for 28 days.
#[test]
fn an_endpoint_that_is_down_brings_entras_job_into_quarantine_and_one_that_is_back_ends_it() {
    let hours = 60 * 60;
    let endpoint = Endpoint::new(&[("GET ", Break::Closed)], true);
    let mut play = Play::new(ClientName::Entra, &endpoint.origin);
    let told = play.happens(Event::Cycle);
    assert!(told[0].starts_with("WebExceptionProtocolError"), "{told:?}");
    assert!(
        told[1].contains("quarantine (EncounteredQuarantineException) and tries again in 6 h"),
        "{told:?}"
    );
    assert_eq!(play.happens(assign()), [""; 0], "nothing is sent");
    endpoint.take();
    play.happens(Event::Wait(5 * hours));
    assert_eq!(endpoint.take(), [""; 0]);
    play.happens(Event::Wait(38 * hours));
    assert_eq!(endpoint.take(), ["GET /Users"; 3], "after 6, 18 and 42 hours");
    endpoint.heal();
    assert_eq!(play.happens(Event::Wait(24 * hours)), [""; 0]);
    assert_eq!(endpoint.take(), ["GET /Users", "GET /Users", "POST /Users"]);
    assert_eq!(play.linked(), Some("u-1"));
}

#[test]
fn an_endpoint_that_stays_down_has_entras_job_disabled_after_28_days() {
    // Nobody listens there any more.
    let gone = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", gone.local_addr().unwrap());
    drop(gone);
    let mut play = Play::new(ClientName::EntraScim2, &origin);
    play.happens(Event::Cycle);
    let told = play.happens(Event::Wait(40 * 24 * 60 * 60));
    assert!(told.last().unwrap().contains("disabled after 28 days"), "{told:?}");
    assert_eq!(play.happens(Event::Wait(40 * 24 * 60 * 60)), [""; 0], "nothing is tried any more");
}

/// Nobody listens: each provider tells, links nobody, and goes on with the next event.
#[test]
fn a_refused_connection_is_told_and_leads_to_no_link() {
    for name in providers() {
        let gone = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", gone.local_addr().unwrap());
        drop(gone);
        let mut play = Play::new(name, &origin);
        for event in [assign(), later(name)] {
            let told = play.happens(event);
            assert!(told.iter().any(|told| told.contains("cannot connect")), "{name}: {told:?}");
            assert_eq!(play.linked(), None, "{name}");
        }
    }
}

/// Ten attempts in all, and then no more.
#[test]
fn keycloak_sends_a_request_ten_times() {
    let endpoint = Endpoint::new(&[], true);
    let mut play = Play::new(ClientName::Keycloak, &endpoint.origin);
    play.happens(assign());
    assert_eq!(endpoint.take(), ["POST /Users"]);
    endpoint.state.lock().unwrap().breaks.push(("PUT /Users", Break::Closed));
    let told = play.happens(Event::Suspend("ada".to_owned()));
    assert_eq!(endpoint.take(), ["PUT /Users/u-1"; 10]);
    assert_eq!(told.len(), 1, "{told:?}");
}

/// authentik forgets the mapping before it deletes: what took is gone, and what did not stays behind for good.
#[test]
fn a_deletion_that_is_lost_is_never_tried_again_by_authentik() {
    let endpoint = Endpoint::new(&[], false);
    let mut play = Play::new(ClientName::Authentik, &endpoint.origin);
    play.happens(assign());
    endpoint.state.lock().unwrap().breaks.push(("DELETE /Users", Break::Closed));
    play.happens(Event::Unassign("ada".to_owned()));
    assert_eq!(play.linked(), None);
    endpoint.take();
    play.happens(Event::Cycle);
    assert_eq!(endpoint.take(), [""; 0]);
}

/// A deletion that took and was not answered is asked for again, and a 404 is as good as a success.
#[test]
fn entra_deletes_once_more_and_takes_not_found_for_done() {
    let endpoint = Endpoint::new(&[], false);
    let mut play = Play::new(ClientName::Entra, &endpoint.origin);
    play.happens(assign());
    play.happens(Event::DeleteUser("ada".to_owned()));
    endpoint.state.lock().unwrap().breaks.push(("DELETE /Users", Break::Garbage));
    endpoint.state.lock().unwrap().breaks.push(("DELETE /Users", Break::Closed));
    endpoint.take();
    play.happens(Event::Wait(31 * 24 * 60 * 60));
    let deletions = endpoint.take().into_iter().filter(|line| line.starts_with("DELETE")).count();
    assert_eq!(deletions, 3, "two that broke, and one that was answered 404");
    assert_eq!(play.linked(), None);
}
