//! Courses of requests and answers, and what may be written to after them.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::wire::{
    Answer, Created, Exchange, Ledger, Method, NotNew, Purpose, Register, Request, Response, Surface,
};

/// A pair on a foreign target.
struct Course {
    ownership: Ownership,
    register: Arc<Register>,
    sent: usize,
    _folder: tempfile::TempDir,
}

impl Course {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (run, ledger) = Ledger::create(
            folder.path(),
            "http://a",
            ["k3f92".to_owned()],
            &crate::wire::Redactor::default(),
        )
        .unwrap();
        let register = Arc::new(Register::new(ledger, &run));
        let ownership = Ownership::new(Some(Arc::clone(&register))).of_pair("k3f92x07");
        Self { ownership, register, sent: 0, _folder: folder }
    }

    /// A run in which a read has confirmed the answer to a creation.
    fn trusting() -> Self {
        let course = Self::new();
        for _ in 0..16 {
            course.register.confirm(true);
        }
        course
    }

    fn answer(&mut self, request: Request, status: u16, body: &Value) -> Exchange {
        self.sent += 1;
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = Answer::Response(Response::new(status, Vec::new(), body));
        let mut exchange =
            Exchange { number: self.sent, request, answer, took: Duration::ZERO, overlaps: false };
        self.ownership.note(&mut exchange, self.sent);
        exchange
    }

    fn post(&mut self, status: u16, body: &Value) -> Option<NotNew> {
        let request = Request::new(Method::Post, "/Users").body(json!({"userName": "k3f92x07.ada"}));
        assert!(matches!(self.ownership.permit(&request), Permit::Now));
        self.answer(request, status, body).response().unwrap().not_new.clone()
    }

    fn read(&mut self, id: &str, status: u16, body: &Value) {
        self.answer(Request::new(Method::Get, format!("/Users/{id}")), status, body);
    }

    fn delete(&mut self, id: &str, status: u16) {
        self.answer(Request::new(Method::Delete, format!("/Users/{id}")), status, &Value::Null);
    }

    /// Whether a write to a user is sent at once, after a read, or never.
    fn write(&self, id: &str) -> &'static str {
        self.word(&Request::new(Method::Patch, format!("/Users/{id}")).body(json!({})))
    }

    /// The same for the deletion in the end.
    fn clean_up(&self, id: &str) -> &'static str {
        self.word(&Request::new(Method::Delete, format!("/Users/{id}")).purpose(Purpose::Cleanup))
    }

    fn word(&self, request: &Request) -> &'static str {
        match self.ownership.permit(request) {
            Permit::Now => "now",
            Permit::AfterReading(..) => "after reading",
            Permit::AfterLookingFor(..) => "after looking",
            Permit::Never(_) => "never",
        }
    }
}

fn ours(id: &str) -> Value {
    json!({"id": id, "userName": "K3F92X07.Ada"})
}

fn theirs(id: &str) -> Value {
    json!({"id": id, "userName": "eve"})
}

fn not_found() -> Value {
    json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "404"})
}

#[test]
fn who_was_created_is_read_once_before_they_become_a_member() {
    let add = |id: &str| {
        let body = json!({"displayName": "k3f92x07-Acme", "members": [{"value": id}]});
        Request::new(Method::Post, "/Groups").body(body)
    };
    let mut course = Course::new();
    assert_eq!(course.post(201, &ours("1")), None);
    assert_eq!(course.word(&add("1")), "after reading");
    course.read("1", 200, &ours("1"));
    assert_eq!(course.word(&add("1")), "now");
    // The answer to the creation lied.
    assert_eq!(course.post(201, &ours("2")), None);
    course.read("2", 200, &theirs("2"));
    assert_eq!(course.word(&add("2")), "never");
    // Nobody is there who could be hurt.
    let mut course = Course::new();
    assert_eq!(course.post(201, &ours("3")), None);
    course.read("3", 404, &not_found());
    assert_eq!(course.word(&add("3")), "now");
    assert_eq!(course.word(&add("unknown")), "now");
    let mut course = Course::trusting();
    assert_eq!(course.post(201, &ours("4")), None);
    assert_eq!(course.word(&add("4")), "now", "the answers to creations are true here");
}

#[test]
fn what_was_created_is_read_once_before_it_is_written_to() {
    let mut course = Course::new();
    assert_eq!(course.post(201, &ours("1")), None);
    assert_eq!(course.write("1"), "after reading");
    course.read("1", 200, &ours("1"));
    assert_eq!(course.write("1"), "now");
    let mut course = Course::trusting();
    assert_eq!(course.post(201, &ours("2")), None);
    assert_eq!(course.write("2"), "now", "the answers to creations are true here");
}

#[test]
fn a_creation_that_is_answered_with_somebody_else_proves_nothing() {
    let mut course = Course::trusting();
    assert!(matches!(course.post(201, &theirs("7")), Some(NotNew::OtherName { .. })));
    assert_eq!(course.write("7"), "never");
    // The endpoint has lost its credit.
    course.post(201, &ours("8"));
    assert_eq!(course.write("8"), "after reading");
}

#[test]
fn an_id_that_was_seen_under_another_name_is_never_ours() {
    let mut course = Course::trusting();
    let list = json!({"totalResults": 1, "Resources": [theirs("7")]});
    course.answer(Request::new(Method::Get, "/Users?filter=x"), 200, &list);
    assert!(matches!(course.post(201, &ours("7")), Some(NotNew::ShownBefore { .. })));
    course.read("7", 200, &ours("7"));
    assert_eq!(course.write("7"), "never");
    assert!(course.ownership.created().is_empty());
}

#[test]
fn an_id_that_moves_to_somebody_else_is_lost() {
    let mut course = Course::trusting();
    course.post(201, &ours("1"));
    course.read("1", 200, &theirs("9"));
    assert_eq!((course.write("1"), course.write("9")), ("never", "never"));
}

#[test]
fn a_deletion_ends_ownership_and_a_read_that_shows_the_token_begins_it_anew() {
    let mut course = Course::trusting();
    course.post(201, &ours("1"));
    course.delete("1", 204);
    assert_eq!((course.write("1"), course.clean_up("1")), ("after reading", "after reading"));
    course.read("1", 200, &ours("1"));
    assert_eq!(course.clean_up("1"), "now");
    course.delete("1", 204);
    course.read("1", 200, &theirs("1"));
    assert_eq!(course.clean_up("1"), "never");
}

#[test]
fn what_was_deleted_may_be_deleted_again_where_nobody_is() {
    let mut course = Course::trusting();
    course.post(201, &ours("1"));
    course.delete("1", 204);
    assert_eq!(course.write("1"), "after reading");
    course.read("1", 404, &not_found());
    assert_eq!(course.write("1"), "now");
    course.delete("1", 404);
    assert_eq!(course.write("1"), "after reading");
    course.read("1", 404, &json!("<html>"));
    assert_eq!(course.write("1"), "after reading", "a web page is no word about a user");
}

#[test]
fn the_last_deletion_wants_a_read_after_the_last_write() {
    let mut course = Course::trusting();
    course.post(201, &ours("1"));
    assert_eq!(course.clean_up("1"), "after reading");
    course.read("1", 200, &ours("1"));
    assert_eq!(course.clean_up("1"), "now");
    course.answer(Request::new(Method::Patch, "/Users/1").body(json!({})), 200, &ours("1"));
    assert_eq!(course.clean_up("1"), "after reading", "the answer to a write may be what was sent");
}

#[test]
fn what_was_found_by_a_lookup_is_ours_by_its_name() {
    let mut course = Course::new();
    let list = json!({"totalResults": 3, "Resources": [ours("1"), theirs("2"), {"id": "3"}]});
    course.answer(Request::new(Method::Get, "/Users?filter=x"), 200, &list);
    let words = [course.write("1"), course.write("2"), course.write("3")];
    assert_eq!(
        words,
        ["after reading", "never", "after reading"],
        "a list may show a stranger under our name"
    );
    course.read("1", 200, &ours("1"));
    assert_eq!(course.write("1"), "now");
    assert_eq!(course.ownership.created(), [(Created::User, "1".to_owned())]);
    let other = json!({"id": "4", "userName": "k3f92x08.bob"});
    course.read("4", 200, &other);
    assert_eq!(course.write("4"), "after reading", "another pair's is neither ours nor a stranger's");
    course.post(201, &ours("4"));
    assert_eq!(course.write("4"), "after reading");
}

#[test]
fn an_id_without_a_name_is_read_before_it_is_written_to() {
    let mut course = Course::trusting();
    course.post(201, &json!({"id": "1"}));
    assert_eq!(course.write("1"), "after reading");
    let request = Request::new(Method::Patch, "/Users/1");
    assert!(!course.ownership.trusts_unread(&request, Created::User, "1"));
    course.read("1", 200, &ours("1"));
    assert_eq!(course.write("1"), "now");
}

#[test]
fn nobody_is_moved_who_is_not_ours() {
    let mut course = Course::trusting();
    course.read("7", 200, &theirs("7"));
    let group = Request::new(Method::Post, "/Groups");
    let with =
        |id: &str| group.clone().body(json!({"displayName": "k3f92x07-Acme", "members": [{"value": id}]}));
    assert_eq!(course.word(&with("7")), "never");
    // A scenario may name members who never were.
    assert_eq!(course.word(&with("nobody")), "now");
}

#[test]
fn a_name_without_the_token_is_looked_for_first() {
    let mut course = Course::trusting();
    let request = || Request::new(Method::Post, "/Users").body(json!({"userName": "ada"}));
    assert_eq!(course.word(&request()), "after looking");
    course.ownership.found_vacant(Created::User, "ada").unwrap();
    assert_eq!(course.word(&request()), "now");
    course.answer(request(), 201, &json!({"id": "1", "userName": "Ada"}));
    assert_eq!(course.write("1"), "now");
    let rename = Request::new(Method::Patch, "/Users/1")
        .body(json!({"Operations": [{"op": "replace", "path": "userName", "value": "eve"}]}));
    assert_eq!(course.word(&rename), "after looking");
    let by_address = json!({"userName": "ada2", "emails": [{"value": "k3f92x07.ada@example.com"}]});
    assert_eq!(course.word(&Request::new(Method::Post, "/Users").body(by_address)), "now");
}

#[test]
fn an_id_at_which_nobody_is_may_be_written_to_once() {
    let mut course = Course::trusting();
    assert_eq!(course.write("none"), "after reading");
    course.read("none", 404, &not_found());
    assert_eq!(course.write("none"), "now");
    assert_eq!(course.write("none"), "after reading");
    course.read("none", 404, &json!("<html>"));
    assert_eq!(course.write("none"), "after reading", "a web page is no word about a user");
}

#[test]
fn nothing_is_written_to_that_is_neither_user_nor_group() {
    let course = Course::trusting();
    for (method, target) in [
        (Method::Patch, "/Me"),
        (Method::Delete, "/Users"),
        (Method::Delete, "/Users/"),
        (Method::Delete, "/Users/.."),
        (Method::Put, "/Schemas/x"),
        (Method::Post, "/Devices"),
        (Method::Delete, "/"),
    ] {
        assert_eq!(course.word(&Request::new(method, target)), "never", "{method} {target}");
    }
    assert_eq!(course.ownership.withheld(), 7);
}

#[test]
fn the_products_own_resources_are_proved_alike() {
    let mut course = Course::trusting();
    let rest = |method, target: &str, body: Value| Request::new(method, target).rest().body(body);
    let make = rest(Method::Post, "/organization", json!({"name": "k3f92x07-Acme"}));
    assert_eq!(make.surface, Surface::Rest);
    assert_eq!(course.word(&make), "now");
    let exchange = course.answer(make, 201, &json!({"id": "4", "name": "Globex"}));
    assert!(exchange.response().unwrap().not_new.is_some());
    assert_eq!(course.word(&rest(Method::Delete, "/organization/4", Value::Null)), "never");
    let customers =
        json!({"values": [{"accountId": "a", "emailAddress": "eve@example.com"}], "isLastPage": true});
    course.answer(Request::new(Method::Get, "/servicedesk/1/customer").rest(), 200, &customers);
    let revoke = rest(Method::Put, "/customer/user/a/revoke-portal-only-access", Value::Null);
    assert_eq!(course.word(&revoke), "never");
}

#[test]
fn on_an_endpoint_of_ones_own_everything_may_be_written_to() {
    let ownership = Ownership::new(None);
    assert!(matches!(ownership.permit(&Request::new(Method::Delete, "/Users/..")), Permit::Now));
}
