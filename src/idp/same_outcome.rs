//! The law that lets clients share a snapshot: whoever sends them, the same directory events leave the same customers
//! and organizations, where `Event` says that they do.
//!
//! The endpoint here is a few lines that do what RFC 7644 says to what the clients are known to send.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use wiremock::matchers::any as any_request;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use super::expressible::leaves_the_same;
use super::kit::attribute::{Attribute, object};
use super::kit::people::ada;
use super::{Client, ClientName, Random, Session, Settings, cannot};
use crate::context::Clock;
use crate::directory::{Directory, Event, Group};
use crate::wire::{Auth, HttpClient, Limits, Target, Wire};

/// Users and groups in one table, by path: `/Users/u1`.
#[derive(Default)]
struct Store {
    resources: BTreeMap<String, Value>,
    created: usize,
}

struct Endpoint(Arc<Mutex<Store>>);

impl Respond for Endpoint {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let (status, body) = self.0.lock().unwrap().answer(request);
        ResponseTemplate::new(status).set_body_json(body)
    }
}

impl Store {
    fn answer(&mut self, request: &Request) -> (u16, Value) {
        let path = request.url.path().to_owned();
        let body: Value = serde_json::from_slice(&request.body).unwrap_or(Value::Null);
        let query: BTreeMap<_, _> = request.url.query_pairs().into_owned().collect();
        let exclude = query.contains_key("excludedAttributes");
        let shown = |resource: &Value| {
            let mut resource = resource.clone();
            if exclude {
                object(&mut resource).remove("members");
            }
            resource
        };
        if path == "/ServiceProviderConfig" {
            return (200, json!({"patch": {"supported": true}, "filter": {"supported": true}}));
        }
        match (request.method.as_str(), path.matches('/').count()) {
            ("GET", 1) => {
                let filter = query.get("filter").cloned().unwrap_or_default();
                let found: Vec<_> =
                    self.in_collection(&path, &filter).map(|(_, value)| shown(value)).collect();
                (200, json!({"totalResults": found.len(), "Resources": found}))
            }
            ("POST", 1) => {
                let key = if path == "/Users" { "userName" } else { "displayName" };
                let filter = format!("{key} eq {}", body[key]);
                if self.in_collection(&path, &filter).next().is_some() {
                    return (409, json!({"detail": "taken"}));
                }
                self.created += 1;
                let id = format!("r{}", self.created);
                let mut body = body;
                body["id"] = json!(id);
                self.resources.insert(format!("{path}/{id}"), body.clone());
                (201, body)
            }
            ("DELETE", 2) => match self.resources.remove(&path) {
                Some(_) => (204, Value::Null),
                None => (404, Value::Null),
            },
            (method, 2) => {
                let Some(resource) = self.resources.get_mut(&path) else {
                    return (404, json!({"detail": "no such resource"}));
                };
                match method {
                    "PUT" => {
                        // The id is the endpoint's, whether the body has it or not.
                        let id = resource["id"].take();
                        *resource = body;
                        resource["id"] = id;
                    }
                    "PATCH" => patch(resource, &body),
                    _ => {}
                }
                (200, shown(resource))
            }
            _ => (405, Value::Null),
        }
    }

    fn in_collection<'a>(
        &'a self,
        path: &'a str,
        filter: &'a str,
    ) -> impl Iterator<Item = (&'a String, &'a Value)> {
        self.resources.iter().filter(move |(key, value)| {
            let matches = match filter.split_once(" eq ") {
                Some((name, literal)) => {
                    serde_json::from_str::<Value>(literal).is_ok_and(|literal| value[name] == literal)
                }
                None => true,
            };
            key.starts_with(&format!("{path}/")) && matches
        })
    }

    /// Customers by login name, organizations by name: what a snapshot shows.
    fn outcome(&self) -> Value {
        let field = |value: &Value, path| Attribute::parse(path).get(value).cloned();
        let customers: Map<String, Value> = self
            .in_collection("/Users", "")
            .map(|(_, user)| {
                let shown = json!({
                    "email": user["emails"][0]["value"],
                    "givenName": field(user, "name.givenName"),
                    "displayName": field(user, "displayName"),
                    "active": field(user, "active"),
                });
                (user["userName"].to_string(), shown)
            })
            .collect();
        let organizations: Map<String, Value> = self
            .in_collection("/Groups", "")
            .map(|(_, group)| {
                let members = group["members"].as_array().into_iter().flatten();
                let mut names: Vec<_> = members
                    .map(|member| {
                        let id = member["value"].as_str().unwrap();
                        self.resources[&format!("/Users/{id}")]["userName"].to_string()
                    })
                    .collect();
                names.sort();
                (group["displayName"].to_string(), json!(names))
            })
            .collect();
        json!({"customers": sorted(customers), "organizations": sorted(organizations)})
    }
}

fn sorted(map: Map<String, Value>) -> Value {
    map.into_iter().collect::<BTreeMap<_, _>>().into_iter().collect()
}

fn patch(resource: &mut Value, body: &Value) {
    for operation in body["Operations"].as_array().unwrap() {
        let op = operation["op"].as_str().unwrap().to_lowercase();
        let value = match &operation["value"] {
            Value::String(word) if word == "True" => json!(true),
            Value::String(word) if word == "False" => json!(false),
            other => other.clone(),
        };
        match operation["path"].as_str() {
            Some(path) if path.starts_with("members") => patch_members(resource, &op, path, &value),
            Some(path) => Attribute::parse(path).set(object(resource), value),
            None => {
                for (path, value) in value.as_object().unwrap() {
                    Attribute::parse(path).set(object(resource), value.clone());
                }
            }
        }
    }
}

fn patch_members(resource: &mut Value, op: &str, path: &str, value: &Value) {
    let given: Vec<String> = match path.strip_prefix("members[value eq \"") {
        Some(rest) => vec![rest.trim_end_matches("\"]").to_owned()],
        None => {
            value.as_array().into_iter().flatten().map(|m| m["value"].as_str().unwrap().to_owned()).collect()
        }
    };
    let mut ids: Vec<String> = resource["members"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|member| member["value"].as_str().unwrap().to_owned())
        .collect();
    match op {
        "remove" => ids.retain(|id| !given.contains(id)),
        "replace" => ids = given,
        _ => {
            ids.retain(|id| !given.contains(id));
            ids.extend(given);
        }
    }
    resource["members"] = ids.into_iter().map(|id| json!({"value": id})).collect();
}

const PEOPLE: [&str; 3] = ["ada", "bob", "cleo"];
const GROUPS: [&str; 2] = ["acme", "beta"];

fn directory() -> Directory {
    Directory {
        people: PEOPLE
            .iter()
            .map(|key| {
                let mut person = ada();
                (*key).clone_into(&mut person.key);
                person.user_name = format!("{key}@example.com");
                person.email.clone_from(&person.user_name);
                person.assigned = false;
                person
            })
            .collect(),
        groups: GROUPS
            .iter()
            .map(|key| Group {
                key: (*key).to_owned(),
                display_name: (*key).to_owned(),
                members: vec!["ada".to_owned()],
                pushed: false,
                tenant: String::new(),
            })
            .collect(),
    }
}

fn event() -> impl Strategy<Value = Event> {
    let person = || (0..PEOPLE.len()).prop_map(|index| PEOPLE[index].to_owned());
    let group = || (0..GROUPS.len()).prop_map(|index| GROUPS[index].to_owned());
    prop_oneof![
        3 => person().prop_map(Event::Assign),
        1 => person().prop_map(Event::Unassign),
        1 => person().prop_map(Event::Reassign),
        2 => group().prop_map(Event::Push),
        2 => (group(), person()).prop_map(|(group, person)| Event::AddMember { group, person }),
        1 => (group(), person()).prop_map(|(group, person)| Event::RemoveMember { group, person }),
        1 => (group(), 0..9).prop_map(|(group, n)| {
            let display_name = format!("{group} \"{n}\"");
            Event::RenameGroup { group, display_name }
        }),
        1 => (person(), "[A-Z][a-z]{2}").prop_map(|(person, name)| {
            let set = [("givenName".to_owned(), name.clone()), ("displayName".to_owned(), name)];
            Event::Update { person, set: set.into_iter().collect() }
        }),
        1 => (person(), 0..9).prop_map(|(person, n)| {
            let user_name = format!("{person}+{n}@example.com");
            Event::RenameUser { person, user_name }
        }),
    ]
}

/// What scenario files may say of one snapshot for all: who is written about is assigned, and so is every member of a
/// group that is pushed. (Okta does not remove whom it has unassigned, and does not find whom it has renamed
/// meanwhile; Entra does both.)
fn is_shared(event: &Event, before: &Directory) -> bool {
    let assigned = |key: &String| before.person(key).is_some_and(|person| person.assigned);
    let pushed = |key: &String| before.group(key).is_some_and(|group| group.pushed);
    match event {
        Event::Push(key) => {
            !pushed(key) && before.group(key).is_some_and(|group| group.members.iter().all(assigned))
        }
        Event::AddMember { group, person } | Event::RemoveMember { group, person } => {
            !pushed(group) || assigned(person)
        }
        Event::Assign(key) => !assigned(key),
        Event::Update { person: key, .. } | Event::RenameUser { person: key, .. } | Event::Unassign(key) => {
            assigned(key)
        }
        _ => true,
    }
}

async fn outcome(name: ClientName, events: &[Event]) -> Value {
    outcome_of(name, directory(), events, false).await
}

/// The events as who belongs to one client would see them: all that it can express and is known to leave alike.
fn shared_by(name: ClientName, events: Vec<Event>) -> Vec<Event> {
    events.into_iter().filter(|event| cannot(name, event).is_none() && leaves_the_same(name, event)).collect()
}

/// What is left after the events; and, where it is asked for, after a client that knows nobody yet has been told of
/// everybody who is assigned and of every group that is pushed.
async fn outcome_of(name: ClientName, mut truth: Directory, events: &[Event], replayed: bool) -> Value {
    let store = Arc::new(Mutex::new(Store::default()));
    let server = MockServer::start().await;
    Mock::given(any_request()).respond_with(Endpoint(Arc::clone(&store))).mount(&server).await;
    let target = Target::new(server.uri(), Auth::Open);
    let http = Rc::new(HttpClient::new(Limits::default()));
    let wire = Wire::new(http, target, Limits::default(), Clock::system(), None);
    let random = Random::seeded("law");
    let mut client = Client::new(name, Settings::default());
    for event in events {
        if cannot(name, event).is_some() || !is_shared(event, &truth) {
            continue;
        }
        truth.apply(event);
        let session = Session { directory: &truth, wire: &wire, random: &random };
        client.perform(std::slice::from_ref(event), &session).await.unwrap();
        assert_eq!(client.take_notices(), [], "{name} {event:?}");
    }
    if replayed {
        let mut client = Client::new(name, Settings::default());
        let people = truth.people.iter().filter(|person| person.assigned);
        let groups = truth.groups.iter().filter(|group| group.pushed);
        let all = people.map(|person| Event::Assign(person.key.clone()));
        let all: Vec<Event> = all.chain(groups.map(|group| Event::Push(group.key.clone()))).collect();
        let session = Session { directory: &truth, wire: &wire, random: &random };
        client.perform(&shared_by(name, all), &session).await.unwrap();
    }
    let store = store.lock().unwrap();
    store.outcome()
}

/// Two tenants of one directory, who have nothing to do with each other: each group has its own person.
fn neighbours() -> Directory {
    let mut directory = directory();
    directory.groups[1].members = vec!["bob".to_owned()];
    directory
}

/// An event of one neighbour alone.
fn event_of(person: &'static str, group: &'static str) -> impl Strategy<Value = Event> {
    let (ada, acme) = (move || person.to_owned(), move || group.to_owned());
    (0..8_usize, 0..9).prop_map(move |(which, n)| match which {
        0 | 1 => Event::Assign(ada()),
        2 => Event::Push(acme()),
        3 => Event::AddMember { group: acme(), person: ada() },
        4 => Event::RemoveMember { group: acme(), person: ada() },
        5 => Event::RenameGroup { group: acme(), display_name: format!("{group} {n}") },
        6 => Event::RenameUser { person: ada(), user_name: format!("{person}+{n}@example.com") },
        _ => {
            let set = [("givenName".to_owned(), format!("G{n}"))];
            Event::Update { person: ada(), set: set.into_iter().collect() }
        }
    })
}

/// Both lists in one, each in its order: whose turn it is says the third.
fn interleaved(one: &[Event], other: &[Event], turns: &[bool]) -> Vec<Event> {
    let (mut one, mut other) = (one.iter(), other.iter());
    let mut all = Vec::new();
    for turn in turns {
        all.extend(if *turn { one.next() } else { other.next() }.cloned());
    }
    all.extend(one.chain(other).cloned());
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_same_events_leave_the_same_outcome(events in proptest::collection::vec(event(), 1..24)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let names = [
            ClientName::OktaOin,
            ClientName::OktaAiw,
            ClientName::OktaOinUserpatch,
            ClientName::Entra,
            ClientName::EntraScim2,
        ];
        let outcomes: Vec<_> = names
            .into_iter()
            .map(|name| runtime.block_on(outcome(name, &events)))
            .collect();
        for (name, other) in names.iter().zip(&outcomes).skip(1) {
            prop_assert_eq!(&outcomes[0], other, "{} leaves something else than {}", name, names[0]);
        }
    }

    /// Who cannot express an event, or is known to leave something else behind for it, leaves the same for the others:
    /// Google sends no groups, Keycloak unassigns nobody, authentik deletes whom it unassigns.
    #[test]
    fn each_leaves_the_same_for_what_it_shares(
        events in proptest::collection::vec(event(), 1..16),
        index in 0..ClientName::ALL.len(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let name = ClientName::ALL[index];
        let shared = shared_by(name, events);
        let own = runtime.block_on(outcome(name, &shared));
        let okta = runtime.block_on(outcome(ClientName::OktaOin, &shared));
        prop_assert_eq!(own, okta, "{}", name);
    }

    /// An initial cycle over again, by a client that has forgotten everybody, changes nothing.
    #[test]
    fn replaying_everything_changes_nothing(
        events in proptest::collection::vec(event(), 1..16),
        index in 0..ClientName::ALL.len(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let name = ClientName::ALL[index];
        // Somebody who is unassigned and stays in a pushed group is back in scope through it, to a client that forgot.
        let leaves = |event: &Event| matches!(event, Event::Unassign(_));
        let shared: Vec<_> = shared_by(name, events).into_iter().filter(|event| !leaves(event)).collect();
        let once = runtime.block_on(outcome_of(name, directory(), &shared, false));
        let twice = runtime.block_on(outcome_of(name, directory(), &shared, true));
        prop_assert_eq!(once, twice, "{}", name);
    }

    /// What has nothing to do with each other may come in any order.
    #[test]
    fn the_order_of_independent_events_does_not_matter(
        one in proptest::collection::vec(event_of("ada", "acme"), 1..10),
        other in proptest::collection::vec(event_of("bob", "beta"), 1..10),
        turns in proptest::collection::vec(any::<bool>(), 0..20),
        index in 0..ClientName::ALL.len(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let name = ClientName::ALL[index];
        let (one, other) = (shared_by(name, one), shared_by(name, other));
        let after = [one.clone(), other.clone()].concat();
        let mixed = interleaved(&one, &other, &turns);
        let after = runtime.block_on(outcome_of(name, neighbours(), &after, false));
        let mixed = runtime.block_on(outcome_of(name, neighbours(), &mixed, false));
        prop_assert_eq!(after, mixed, "{}", name);
    }
}
