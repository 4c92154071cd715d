//! Entra changes five memberships of a group at a time, and the transcript is in order all the same.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, patch};
use scimsnap::context::Clock;
use scimsnap::directory::{Directory, Event, Group, Person, PersonState};
use scimsnap::idp::{Client, ClientName, Random, Session, Settings};
use scimsnap::wire::{Auth, Exchange, HttpClient, Limits, Method, Observer, Target, Wire};
use tokio::net::TcpListener;
use tokio::sync::Barrier;

const MEMBERS: usize = 10;
const AT_A_TIME: usize = 5;

/// How many changes are under way, and the most that ever were. Each waits until there are as many as Entra sends.
struct Crowd {
    now: AtomicUsize,
    most: AtomicUsize,
    full: Barrier,
}

impl Crowd {
    async fn join(&self) -> StatusCode {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        self.full.wait().await;
        self.now.fetch_sub(1, Ordering::SeqCst);
        StatusCode::NO_CONTENT
    }
}

fn directory() -> Directory {
    let people: Vec<Person> = (0..MEMBERS)
        .map(|n| Person {
            key: format!("p{n}"),
            user_name: format!("p{n}@example.com"),
            email: format!("p{n}@example.com"),
            given_name: "P".to_owned(),
            family_name: n.to_string(),
            display_name: format!("P {n}"),
            profile: BTreeMap::new(),
            manager: None,
            incarnation: 0,
            state: PersonState::Active,
            assigned: false,
            tenant: String::new(),
        })
        .collect();
    let members = people.iter().map(|person| person.key.clone()).collect();
    let group = Group {
        key: "acme".to_owned(),
        display_name: "Acme".to_owned(),
        members,
        pushed: false,
        tenant: String::new(),
    };
    Directory { people, groups: vec![group] }
}

#[derive(Debug, Default)]
struct Transcript(RefCell<Vec<(usize, Option<String>)>>);

impl Observer for Transcript {
    fn saw(&self, exchange: &Arc<Exchange>) {
        let is_member = exchange.request.method == Method::Patch;
        let body = exchange.request.body.as_deref().filter(|_| is_member).map(ToOwned::to_owned);
        self.0.borrow_mut().push((exchange.number, body));
    }
}

#[tokio::test]
async fn five_memberships_at_a_time_and_a_transcript_in_order() {
    let crowd = Arc::new(Crowd {
        now: AtomicUsize::new(0),
        most: AtomicUsize::new(0),
        full: Barrier::new(AT_A_TIME),
    });
    let joining = Arc::clone(&crowd);
    let ids = Arc::new(AtomicUsize::new(0));
    let user = move || {
        let id = ids.fetch_add(1, Ordering::SeqCst);
        async move { (StatusCode::CREATED, format!("{{\"id\":\"u{id}\"}}")) }
    };
    let nobody = || async { "{\"totalResults\":0,\"Resources\":[]}" };
    let group = || async { (StatusCode::CREATED, "{\"id\":\"g\"}") };
    let router = Router::new()
        .route("/Users", get(nobody).post(user))
        .route("/Groups", get(nobody).post(group))
        .route("/Groups/{id}", patch(move || async move { joining.join().await }));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });

    let http = Rc::new(HttpClient::new(Limits::default()));
    let target = Target::new(origin, Auth::Open);
    let wire = Wire::new(http, target, Limits::default(), Clock::system(), None);
    let transcript = Rc::new(Transcript::default());
    wire.watch(Rc::clone(&transcript) as Rc<dyn Observer>);
    let mut directory = directory();
    let mut events: Vec<Event> =
        directory.people.iter().map(|person| Event::Assign(person.key.clone())).collect();
    events.push(Event::Push("acme".to_owned()));
    for event in &events {
        directory.apply(event);
    }
    let random = Random::seeded("concurrent");
    let session = Session { directory: &directory, wire: &wire, random: &random };
    let mut client = Client::new(ClientName::Entra, Settings::default());
    let performed = tokio::time::timeout(Duration::from_mins(1), client.perform(&events, &session)).await;
    assert!(performed.is_ok(), "fewer than {AT_A_TIME} were under way");
    performed.unwrap().unwrap();

    assert_eq!(crowd.most.load(Ordering::SeqCst), AT_A_TIME);
    let transcript = transcript.0.borrow();
    let numbers: Vec<usize> = transcript.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>());
    let members: Vec<&String> = transcript.iter().filter_map(|(_, body)| body.as_ref()).collect();
    assert_eq!(members.len(), MEMBERS);
    for (n, body) in members.iter().enumerate() {
        assert!(body.contains(&format!("\"u{n}\"")), "{n}: {body}");
    }
}
