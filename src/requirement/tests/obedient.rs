//! An endpoint that does what it is told, by the project's own PATCH and PUT, is never blamed, whatever is sent in
//! whatever order; one that forgets to do one thing is found out.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::idp::ClientName;
use crate::scim::patch::PatchRequest;
use crate::scim::resource::put;
use crate::scim::{Leniency, ResourceKind};
use crate::wire::{Method, Purpose};

use super::story::{Story, error, group, list, patch_op, user};

const PEOPLE: [&str; 3] = ["1", "2", "3"];

/// Resources by path.
struct Endpoint {
    story: Story,
    store: BTreeMap<String, Value>,
}

impl Endpoint {
    fn new() -> Self {
        let mut endpoint = Self { story: Story::new(ClientName::OktaOin), store: BTreeMap::new() };
        for id in PEOPLE {
            endpoint.create("/Users", user(id, &format!("p{id}")));
        }
        endpoint.create("/Groups", group("g", "Acme", &["1"]));
        endpoint
    }

    fn create(&mut self, endpoint: &str, body: Value) {
        let id = body["id"].as_str().unwrap().to_owned();
        self.story.post(endpoint, &body, 201, &body);
        self.store.insert(format!("{endpoint}/{id}"), body);
    }

    fn write(&mut self, method: Method, path: &str, sent: &Value, forgetful: bool) {
        let kind = if path.starts_with("/Users") { ResourceKind::User } else { ResourceKind::Group };
        let exchange =
            |status, answer: Option<&Value>| Story::exchange(method, path, Some(sent), status, answer);
        let Some(resource) = self.store.get_mut(path) else {
            self.story.observe(&exchange(404, Some(&error(404))));
            return;
        };
        let lenient = Leniency::all();
        let mut changed = resource.clone();
        let taken = if method == Method::Patch {
            PatchRequest::parse(sent, &lenient)
                .and_then(|request| request.apply(kind, &mut changed, &lenient))
                .is_ok()
        } else {
            put::replace(kind, resource, sent, &lenient).map(|replaced| changed = replaced).is_ok()
        };
        if !taken {
            self.story.observe(&exchange(400, Some(&error(400))));
            return;
        }
        if !forgetful {
            *resource = changed;
        }
        let answer = resource.clone();
        self.story.observe(&exchange(200, Some(&answer)));
    }

    fn read(&mut self, path: &str) {
        match self.store.get(path).cloned() {
            Some(resource) => self.story.get(path, 200, &resource),
            None => self.story.get(path, 404, &error(404)),
        }
    }

    fn look_up(&mut self, name: &str) {
        let found: Vec<Value> = self
            .store
            .values()
            .filter(|resource| {
                resource["userName"].as_str().is_some_and(|each| each.eq_ignore_ascii_case(name))
            })
            .cloned()
            .collect();
        let target = format!("/Users?filter=userName+eq+%22{}%22", name.replace('@', "%40"));
        self.story.get(&target, 200, &list(&found));
    }

    fn delete(&mut self, path: &str) {
        let there = self.store.remove(path).is_some();
        self.story.delete(path, if there { 204 } else { 404 });
    }
}

#[derive(Debug, Clone)]
enum Act {
    Patch(String, Value),
    Put(String, Value),
    Read(String),
    LookUp(String),
    Delete(String),
}

fn person() -> impl Strategy<Value = String> {
    prop::sample::select(&PEOPLE[..]).prop_map(str::to_owned)
}

fn operation_on_user() -> impl Strategy<Value = Value> {
    let text = prop::sample::select(&["Ada", "ada", " Ada", ""][..]);
    prop_oneof![
        any::<bool>().prop_map(|on| json!({"op": "replace", "value": {"active": on}})),
        prop::sample::select(&["True", "False"][..])
            .prop_map(|on| json!({"op": "Replace", "path": "active", "value": on})),
        text.clone().prop_map(|text| json!({"op": "Add", "path": "displayName", "value": text})),
        text.clone()
            .prop_map(|text| json!({"op": "replace", "value": {"name.givenName": text, "externalId": text}})),
        text.clone().prop_map(|text| json!({"op": "replace", "path": "name", "value": {"familyName": text}})),
        text.prop_map(
            |text| json!({"op": "Replace", "path": "emails[type eq \"work\"].value", "value": text})
        ),
        Just(json!({"op": "add", "path": "emails", "value": [{"type": "home", "value": "h@example.com"}]})),
        Just(json!({"op": "Remove", "path": "displayName"})),
        Just(json!({"op": "remove", "path": "emails[type eq \"work\"]"})),
        Just(json!({"op": "replace", "path": "id", "value": "other"})),
    ]
}

fn operation_on_group() -> impl Strategy<Value = Value> {
    prop_oneof![
        person()
            .prop_map(|id| json!({"op": "Add", "path": "members", "value": [{"$ref": null, "value": id}]})),
        person().prop_map(|id| json!({"op": "Remove", "path": "members", "value": [{"value": id}]})),
        person().prop_map(|id| json!({"op": "remove", "path": format!("members[value eq \"{id}\"]")})),
        person().prop_map(|id| json!({"op": "replace", "path": "members", "value": [{"value": id}]})),
        person().prop_map(|id| json!({"op": "add", "value": {"members": [{"value": id}]}})),
        Just(json!({"op": "remove", "path": "members"})),
        Just(json!({"op": "replace", "value": {"id": "g", "displayName": "Globex"}})),
        Just(json!({"op": "replace", "value": {"displayName": "Acme", "members": []}})),
        Just(json!({"op": "remove", "path": "members[display eq \"x\"]"})),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    let on_user = prop::collection::vec(operation_on_user(), 1..3);
    let on_group = prop::collection::vec(operation_on_group(), 1..3);
    let members = prop::collection::btree_set(person(), 0..3);
    prop_oneof![
        4 => (person(), on_user).prop_map(|(id, ops)| Act::Patch(format!("/Users/{id}"), json!(ops))),
        4 => on_group.prop_map(|ops| Act::Patch("/Groups/g".to_owned(), json!(ops))),
        1 => (person(), any::<bool>()).prop_map(|(id, whole)| {
            let mut body = user(&id, &format!("q{id}"));
            if !whole {
                body.as_object_mut().unwrap().shift_remove("displayName");
            }
            Act::Put(format!("/Users/{id}"), body)
        }),
        1 => members.prop_map(|ids| {
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            Act::Put("/Groups/g".to_owned(), group("g", "Acme", &ids))
        }),
        2 => person().prop_map(|id| Act::Read(format!("/Users/{id}"))),
        2 => Just(Act::Read("/Groups/g".to_owned())),
        2 => (person(), prop::sample::select(&["p", "q", "P"][..]))
            .prop_map(|(id, letter)| Act::LookUp(format!("{letter}{id}@example.com"))),
        1 => person().prop_map(|id| Act::Delete(format!("/Users/{id}"))),
    ]
}

proptest! {
    #[test]
    fn an_obedient_endpoint_is_never_blamed(acts in prop::collection::vec(act(), 1..25)) {
        let mut endpoint = Endpoint::new();
        // Literals may be refused without that being a breach of its own.
        endpoint.story.purpose = Purpose::Literal;
        for act in &acts {
            match act {
                Act::Patch(path, operations) => {
                    endpoint.write(Method::Patch, path, &patch_op(operations), false);
                }
                Act::Put(path, body) => endpoint.write(Method::Put, path, body, false),
                Act::Read(path) => endpoint.read(path),
                Act::LookUp(name) => endpoint.look_up(name),
                Act::Delete(path) => endpoint.delete(path),
            }
        }
        prop_assert_eq!(endpoint.story.said(), [""; 0]);
    }

    #[test]
    fn a_forgetful_endpoint_is_found_out(id in person(), form in 0..5usize) {
        let operations = [
            (format!("/Users/{id}"), json!([{"op": "replace", "value": {"active": false}}])),
            (format!("/Users/{id}"), json!([{"op": "Replace", "path": "active", "value": "False"}])),
            (format!("/Users/{id}"), json!([{"op": "Replace", "path": "displayName", "value": "Ada King"}])),
            ("/Groups/g".to_owned(), json!([{"op": "remove", "path": "members[value eq \"1\"]"}])),
            ("/Groups/g".to_owned(), json!([{"op": "Add", "path": "members", "value": [{"value": "2"}]}])),
        ];
        let (path, operations) = &operations[form];
        let mut endpoint = Endpoint::new();
        endpoint.write(Method::Patch, path, &patch_op(operations), true);
        endpoint.read(path);
        prop_assert_eq!(endpoint.story.ids().len(), 1, "{:?}", endpoint.story.said());
    }
}
