//! Any answers, from the first byte on, against a provider's client and against every rule.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use scimsnap::context::Clock;
use scimsnap::directory::{Directory, Event, Group, Person, PersonState};
use scimsnap::idp::{Client, ClientName, Random, Session, Settings, cannot};
use scimsnap::requirement::{Checker, Raised};
use scimsnap::wire::{Auth, Exchange, HttpClient, Limits, Observer, Target, Wire};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// What stands between two answers.
pub const BETWEEN: &[u8] = b"\n=====\n";
/// Only what hangs takes longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The first byte chooses the client; then come the answers, one for each request, from the first again when they are used up.
/// The client comes to an end, no id leads out of its path, and whatever a rule finds it says in words.
pub fn answer(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let Some(name) = ClientName::ALL.get(usize::from(*first) % ClientName::ALL.len()) else { return };
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    let ended = runtime.block_on(async { tokio::time::timeout(PATIENCE, live(*name, answers(rest))).await });
    assert!(ended.is_ok(), "{name} does not come to an end");
}

fn answers(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut answers = vec![Vec::new()];
    let mut rest = bytes;
    while let Some((byte, behind)) = rest.split_first() {
        if let Some(behind) = rest.strip_prefix(BETWEEN) {
            answers.push(Vec::new());
            rest = behind;
        } else {
            answers.last_mut().into_iter().for_each(|last| last.push(*byte));
            rest = behind;
        }
    }
    answers
}

/// Answers each connection with the next answer, byte by byte as it is, and closes it.
async fn serve(listener: TcpListener, answers: Vec<Vec<u8>>) {
    for answer in answers.iter().cycle() {
        let Ok((mut stream, _)) = listener.accept().await else { return };
        let mut head = Vec::new();
        while !head.windows(4).any(|end| end == b"\r\n\r\n") {
            if !stream.read_buf(&mut head).await.is_ok_and(|read| read > 0) {
                break;
            }
        }
        let _ = stream.write_all(answer).await;
        let _ = stream.shutdown().await;
    }
}

async fn live(name: ClientName, answers: Vec<Vec<u8>>) {
    let Ok(listener) = TcpListener::bind(("127.0.0.1", 0)).await else { return };
    let Ok(address) = listener.local_addr() else { return };
    tokio::spawn(serve(listener, answers));
    let limits = Limits {
        timeout: Duration::from_secs(2),
        max_body: 1 << 20,
        max_wait: Duration::ZERO,
        ..Limits::default()
    };
    let target = Target::new(format!("http://{address}/scim"), Auth::Open);
    let wire = Wire::new(Rc::new(HttpClient::new(limits)), target, limits, Clock::system(), None);
    let judge = Rc::new(Judge { checker: RefCell::new(Checker::new(name)), paths: RefCell::default() });
    wire.watch(Rc::clone(&judge) as Rc<dyn Observer>);
    let mut client = Client::new(name, Settings::default());
    let mut directory = directory();
    for event in events() {
        if cannot(name, &event).is_some() {
            continue;
        }
        directory.apply(&event);
        let session = Session { directory: &directory, wire: &wire, random: &Random::seeded("fuzz") };
        // A broken exchange ends a step, and the next one goes on.
        let _ = client.perform(&[event], &session).await;
    }
    for (_, id) in client.links().people().chain(client.links().groups()) {
        assert!(!matches!(id, "" | "." | ".."), "{name} linked `{id}`");
    }
    for path in judge.paths.borrow().iter() {
        assert!(path.split('/').all(|segment| !matches!(segment, "." | "..")), "{name}: {path}");
    }
}

#[derive(Debug)]
struct Judge {
    checker: RefCell<Checker>,
    paths: RefCell<Vec<String>>,
}

impl Observer for Judge {
    fn saw(&self, exchange: &Arc<Exchange>) {
        self.paths.borrow_mut().push(exchange.request.path().to_owned());
        for Raised { requirement, message, .. } in self.checker.borrow_mut().observe(exchange) {
            assert!(!message.trim().is_empty(), "{} says nothing", requirement.id);
        }
    }
}

fn events() -> Vec<Event> {
    let (ada, acme) = ("ada".to_owned(), "acme".to_owned());
    vec![
        Event::Connect,
        Event::Assign(ada.clone()),
        Event::Push(acme.clone()),
        Event::Update { person: ada.clone(), set: BTreeMap::from([("title".to_owned(), "T".to_owned())]) },
        Event::RemoveMember { group: acme.clone(), person: ada.clone() },
        Event::Unassign(ada.clone()),
        Event::DeleteUser(ada),
        Event::Cycle,
        Event::Unlink { group: acme, delete: true },
    ]
}

fn directory() -> Directory {
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
    let acme = Group {
        key: "acme".to_owned(),
        display_name: "Acme".to_owned(),
        members: vec!["ada".to_owned()],
        pushed: false,
        tenant: String::new(),
    };
    Directory { people: vec![ada], groups: vec![acme] }
}
