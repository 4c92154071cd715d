//! Every client against an endpoint that answers nonsense: it ends, in notices or a broken exchange, and never panics.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use proptest::prelude::*;
use scimsnap::context::Clock;
use scimsnap::directory::{Directory, Event, Group, Person, PersonState};
use scimsnap::idp::{Client, ClientName, Random, Session, Settings, cannot};
use scimsnap::wire::{Auth, Exchange, HttpClient, Limits, Observer, Target, Wire};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

const STATUSES: [u16; 10] = [200, 200, 200, 201, 204, 400, 404, 409, 500, 501];

const BODIES: [&str; 20] = [
    "",
    "null",
    "[]",
    "\"text\"",
    "<html>502</html>",
    "{\"id\":7}",
    "{\"id\":\"..\"}",
    "{\"id\":\"a/b?c\"}",
    "{\"id\":\"u1\",\"emails\":\"x\",\"name\":[],\"members\":{}}",
    "{\"id\":\"u1\",\"emails\":[null,1,{\"type\":\"work\"}],\"members\":[null,{\"value\":3},{\"value\":\"u2\"}]}",
    "{\"id\":\"u1\",\"active\":\"yes\",\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\":[]}",
    "{\"id\":\"u1\",\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\":{\"manager\":[]}}",
    "{\"totalResults\":-1,\"Resources\":[]}",
    "{\"totalResults\":\"1\",\"Resources\":[{\"id\":\"u1\"}]}",
    "{\"totalResults\":1,\"Resources\":[null]}",
    "{\"totalResults\":1,\"Resources\":[{\"id\":\"\"}]}",
    "{\"totalResults\":99999999999999999999,\"Resources\":[{\"id\":\"u1\"}]}",
    "{\"totalResults\":1,\"Resources\":[{\"id\":\"u1\",\"name\":null}]}",
    "{\"totalResults\":0}",
    "{\"totalResults\":2,\"Resources\":[{\"id\":\"u1\"},{\"id\":\"u1\"}]}",
];

/// Answers from the list, then from its start again.
struct Nonsense(Mutex<(usize, Vec<(usize, usize)>)>);

impl Respond for Nonsense {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        let mut state = self.0.lock().unwrap();
        let (status, body) = state.1[state.0 % state.1.len()];
        state.0 += 1;
        ResponseTemplate::new(STATUSES[status]).set_body_raw(BODIES[body], "application/scim+json")
    }
}

fn directory() -> Directory {
    let person = |key: &str, manager: Option<&str>| Person {
        key: key.to_owned(),
        user_name: format!("{key}@example.com"),
        email: format!("{key}@example.com"),
        given_name: key.to_owned(),
        family_name: String::new(),
        display_name: key.to_owned(),
        profile: BTreeMap::from([("department".to_owned(), "D".to_owned())]),
        manager: manager.map(ToOwned::to_owned),
        incarnation: 0,
        state: PersonState::Active,
        assigned: false,
        tenant: String::new(),
    };
    Directory {
        people: vec![person("ada", Some("bob")), person("bob", None)],
        groups: vec![Group {
            key: "acme".to_owned(),
            display_name: "Acme".to_owned(),
            members: vec!["ada".to_owned()],
            pushed: false,
            tenant: String::new(),
        }],
    }
}

/// A life: everything that can happen happens.
fn events() -> Vec<Event> {
    let (ada, bob, acme) = ("ada".to_owned(), "bob".to_owned(), "acme".to_owned());
    let member = (acme.clone(), bob.clone());
    vec![
        Event::Connect,
        Event::Assign(bob.clone()),
        Event::Assign(ada.clone()),
        Event::Push(acme.clone()),
        Event::AddMember { group: member.0, person: member.1 },
        Event::Update { person: ada.clone(), set: BTreeMap::from([("title".to_owned(), "T".to_owned())]) },
        Event::RenameUser { person: ada.clone(), user_name: "new@example.com".to_owned() },
        Event::RenameGroup { group: acme.clone(), display_name: "New".to_owned() },
        Event::RemoveMember { group: acme.clone(), person: ada.clone() },
        Event::PushNow(acme.clone()),
        Event::Import,
        Event::ForceSync,
        Event::Unassign(ada.clone()),
        Event::Reassign(ada.clone()),
        Event::Suspend(ada.clone()),
        Event::Unsuspend(ada.clone()),
        Event::OnDemand(ada.clone()),
        Event::OnDemandGroup { group: acme.clone(), members: vec![ada.clone(), bob.clone()] },
        Event::DeleteUser(ada.clone()),
        Event::Cycle,
        Event::Restart,
        Event::InitialCycle,
        Event::AllowDeletions,
        Event::Wait(40 * 24 * 3_600),
        Event::Unlink { group: acme, delete: true },
        Event::Unlink { group: "nobody".to_owned(), delete: false },
        Event::Assign("nobody".to_owned()),
        Event::Assign(ada),
    ]
}

/// The paths that were asked for.
#[derive(Debug, Default)]
struct Paths(RefCell<Vec<String>>);

impl Observer for Paths {
    fn saw(&self, exchange: &Arc<Exchange>) {
        self.0.borrow_mut().push(exchange.request.path().to_owned());
    }
}

async fn live(name: ClientName, answers: Vec<(usize, usize)>) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(Nonsense(Mutex::new((0, answers)))).mount(&server).await;
    let target = Target::new(server.uri(), Auth::Open);
    let http = Rc::new(HttpClient::new(Limits::default()));
    let wire = Wire::new(http, target, Limits::default(), Clock::system(), None);
    let paths = Rc::new(Paths::default());
    wire.watch(Rc::clone(&paths) as Rc<dyn Observer>);
    let mut client = Client::new(name, Settings { import_groups: Some(true), ..Settings::default() });
    let mut directory = directory();
    for event in events() {
        if cannot(name, &event).is_some() {
            continue;
        }
        directory.apply(&event);
        let session = Session { directory: &directory, wire: &wire, random: &Random::seeded("hostile") };
        // A broken exchange ends a step, and the next one goes on.
        let _ = client.perform(&[event], &session).await;
    }
    for (_, id) in client.links().people().chain(client.links().groups()) {
        assert!(!matches!(id, "" | "." | ".."), "{name} linked `{id}`");
    }
    for path in paths.0.borrow().iter() {
        let known = ["/Users", "/Groups", "/ServiceProviderConfig"];
        assert!(known.iter().any(|start| path.starts_with(start)), "{name}: {path}");
        assert!(path.matches('/').count() <= 2, "{name}: {path}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn nonsense_ends_in_notices(
        name in 0..ClientName::ALL.len(),
        answers in proptest::collection::vec((0..STATUSES.len(), 0..BODIES.len()), 1..12),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let life = live(ClientName::ALL[name], answers);
            assert!(tokio::time::timeout(Duration::from_secs(30), life).await.is_ok());
        });
    }
}
