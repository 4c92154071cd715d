//! Every client against an endpoint that answers as the fixtures say: the whole sequence of requests, to the header.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;
use std::sync::Mutex;

use scimsnap::context::Clock;
use scimsnap::directory::{Directory, Group, Person, PersonState};
use scimsnap::idp::fixture::Reply;
use scimsnap::idp::{Client, ClientName, Fixture, Random, Session, cannot};
use scimsnap::wire::{Auth, HttpClient, Limits, Secret, Target, Wire};
use serde_json::Value;
use uuid::Uuid;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// Headers that belong to the connection or are checked once for all.
const EVERYWHERE: [&str; 3] = ["host", "content-length", "authorization"];

/// The people and the group of all fixtures (`fixtures/README.md`).
fn cast() -> Directory {
    let person = |key: &str, given: &str, family: &str| Person {
        key: key.to_owned(),
        user_name: format!("{key}@example.com"),
        email: format!("{key}@example.com"),
        given_name: given.to_owned(),
        family_name: family.to_owned(),
        display_name: format!("{given} {family}"),
        profile: BTreeMap::new(),
        manager: None,
        incarnation: 0,
        state: PersonState::Active,
        assigned: false,
        tenant: String::new(),
    };
    Directory {
        people: vec![person("ada", "Ada", "Byron"), person("bob", "Bob", "Hale")],
        groups: vec![Group {
            key: "acme".to_owned(),
            display_name: "Acme Support".to_owned(),
            members: vec!["ada".to_owned()],
            pushed: false,
            tenant: String::new(),
        }],
    }
}

/// Fills the placeholders that stand for something known.
fn fill(text: &str, directory: &Directory) -> String {
    let mut text = text
        .replace("{{ada.id}}", "23a35c27-23d3-4c03-b4c5-6443c09e7173")
        .replace("{{bob.id}}", "89bb1940-b905-4575-9e7f-6f887cfb368e")
        .replace("{{acme.id}}", "abf4dd94-a4c0-4f67-89c9-76b03340cb9b");
    for person in &directory.people {
        text = text.replace(&format!("{{{{{}.okta}}}}", person.key), &person.okta_id());
        let object_id = person.object_id().to_string();
        text = text.replace(&format!("{{{{{}.objectId}}}}", person.key), &object_id);
        let hex = person.object_id().simple().to_string();
        text = text.replace(&format!("{{{{{}.hex}}}}", person.key), &hex);
        text = text.replace(&format!("{{{{{}.hex24}}}}", person.key), &hex[..24]);
    }
    for group in &directory.groups {
        let object_id = group.object_id().to_string();
        text = text.replace(&format!("{{{{{}.objectId}}}}", group.key), &object_id);
    }
    text
}

fn fill_json(value: &Value, directory: &Directory) -> Value {
    serde_json::from_str(&fill(&value.to_string(), directory)).unwrap()
}

/// Answers in turn, whatever is asked; what is asked is compared afterwards.
struct Script(Mutex<VecDeque<(u16, Option<Value>)>>);

impl Respond for Script {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        match self.0.lock().unwrap().pop_front() {
            Some((status, Some(body))) => ResponseTemplate::new(status)
                .set_body_raw(body.to_string(), "application/scim+json; charset=utf-8"),
            Some((status, None)) => ResponseTemplate::new(status),
            None => ResponseTemplate::new(500).set_body_string("nothing more was expected"),
        }
    }
}

/// Plays one fixture and compares what was sent.
async fn play(
    fixture: &Fixture,
    client: &mut Client,
    directory: &mut Directory,
    server: &MockServer,
    wire: &Wire,
) {
    for event in &fixture.act {
        assert_eq!(cannot(client.name(), event), None, "{}", event.verb().as_str());
        directory.apply(event);
    }
    server.reset().await;
    let answers = fixture
        .requests
        .iter()
        .map(|request| &request.answer)
        .map(|Reply { status, body }| (*status, body.as_ref().map(|body| fill_json(body, directory))))
        .collect();
    Mock::given(any()).respond_with(Script(Mutex::new(answers))).mount(server).await;

    let session = Session { directory, wire, random: &Random::seeded("fixtures") };
    client.perform(&fixture.act, &session).await.unwrap();

    let what = format!("{} {}", client.name(), fixture.name());
    let sent = server.received_requests().await.unwrap();
    let listing: Vec<_> = sent
        .iter()
        .map(|request| {
            format!("{} {} {}", request.method, request.url, String::from_utf8_lossy(&request.body))
        })
        .collect();
    assert_eq!(sent.len(), fixture.requests.len(), "{what}: sent {listing:#?}");
    for (sent, expected) in sent.iter().zip(&fixture.requests) {
        let what = format!("{what}: {} {}", expected.method, expected.target);
        assert_eq!(sent.method.as_str(), expected.method, "{what}");
        compare_target(sent, &fill(&expected.target, directory), &what);
        compare_headers(sent, &expected.headers, &expected.absent, &what);
        let expected_body = expected.body.as_ref().map(|body| fill_json(body, directory));
        compare_body(&sent.body, expected_body, expected.key_order, &what);
    }
    let notices = client.take_notices();
    assert_eq!(notices.len(), fixture.notices.len(), "{what}: {notices:?}");
    for (notice, part) in notices.iter().zip(&fixture.notices) {
        assert!(notice.message.contains(part.as_str()), "{what}: {notice:?}");
    }
}

fn compare_target(sent: &Request, expected: &str, what: &str) {
    let query = sent.url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let target = format!("{}{query}", sent.url.path());
    let Some((before, after)) = expected.split_once("{{guid}}") else {
        assert_eq!(target, format!("/scim{expected}"), "{what}");
        return;
    };
    let guid = target.strip_prefix(&format!("/scim{before}")).and_then(|rest| rest.strip_suffix(after));
    assert!(guid.is_some_and(|guid| Uuid::parse_str(guid).is_ok()), "{what}: {target}");
}

/// Exactly the headers of the fixture. Where nobody knows of an `Accept`, any type is accepted (`docs/wire.md`).
fn compare_headers(sent: &Request, present: &BTreeMap<String, String>, absent: &[String], what: &str) {
    let mut left: BTreeSet<String> = sent
        .headers
        .keys()
        .map(|name| name.as_str().to_owned())
        .filter(|name| !EVERYWHERE.contains(&name.as_str()))
        .collect();
    for (name, value) in present {
        let found = sent.headers.get(name).and_then(|value| value.to_str().ok());
        assert_eq!(found, Some(value.as_str()), "{what}: {name}");
        left.remove(&name.to_ascii_lowercase());
    }
    if !present.contains_key("Accept") && !absent.iter().any(|name| name == "Accept") {
        assert_eq!(sent.headers.get("accept").unwrap(), "*/*", "{what}: Accept");
        left.remove("accept");
    }
    for name in absent {
        assert!(!sent.headers.contains_key(name), "{what}: {name}");
    }
    assert_eq!(left, BTreeSet::new(), "{what}: headers that nobody sends");
    let authorization = sent.headers.get("authorization").unwrap();
    assert_eq!(authorization, "Bearer t0ken", "{what}");
}

fn compare_body(sent: &[u8], expected: Option<Value>, key_order: bool, what: &str) {
    let Some(mut expected) = expected else {
        assert!(sent.is_empty(), "{what}: a body");
        return;
    };
    let sent: Value = serde_json::from_slice(sent).unwrap();
    if expected.get("password").is_some_and(|password| password == "{{password}}") {
        assert!(sent["password"].as_str().is_some_and(|password| password.len() >= 8), "{what}: password");
        expected["password"] = sent["password"].clone();
    }
    assert_eq!(sent, expected, "{what}");
    if key_order {
        assert_eq!(sent.to_string(), expected.to_string(), "{what}: order of keys");
    }
}

fn fixtures_of(client: ClientName) -> Vec<Fixture> {
    Fixture::all()
        .into_iter()
        .map(|(path, fixture)| fixture.unwrap_or_else(|error| panic!("{path}: {error}")))
        .filter(|fixture| fixture.clients.iter().any(|name| name == client.as_str()))
        .collect()
}

async fn play_all(name: ClientName) {
    let fixtures = fixtures_of(name);
    let server = MockServer::start().await;
    for fixture in &fixtures {
        let target = Target::new(format!("{}/scim", server.uri()), Auth::Bearer(Secret::new("t0ken")));
        let http = Rc::new(HttpClient::new(Limits::default()));
        let wire = Wire::new(http, target, Limits::default(), Clock::system(), None);
        let mut client = Client::new(name, fixture.settings.clone());
        let mut directory = cast();
        for given in &fixture.given {
            let given = fixtures
                .iter()
                .find(|other| other.name() == *given)
                .unwrap_or_else(|| panic!("{name} {}: no fixture {given}", fixture.name()));
            play(given, &mut client, &mut directory, &server, &wire).await;
        }
        play(fixture, &mut client, &mut directory, &server, &wire).await;
    }
}

#[tokio::test]
async fn every_client_sends_what_the_fixtures_say() {
    for name in ClientName::ALL {
        play_all(name).await;
    }
}
