use serde_json::{Value, json};

use crate::idp::ClientName;
use crate::requirement::tests::story::{Story, group, user};
use crate::scim::ResourceKind;
use crate::wire::Method;

use super::{Effects, Fate, Way};

/// The ways that never work, over stories that are told alike.
fn never(tell: impl Fn(&mut Story)) -> Vec<(Way, Fate)> {
    let mut effects = Effects::default();
    for _ in 0..2 {
        let mut story = Story::new(ClientName::Entra);
        tell(&mut story);
        effects.add(story.checker.effects());
    }
    effects.never().map(|(way, fate, _)| (way, fate)).collect()
}

/// A user who is created, changed, and read.
fn changed(operations: &Value, read: &Value) -> impl Fn(&mut Story) {
    move |story| {
        let mut sent = user("", "ada");
        sent["externalId"] = json!("byron");
        sent["name"] = json!({"givenName": "Ada", "familyName": "Byron"});
        story.post("/Users", &sent, 201, &sent_back(&sent));
        story.patch("/Users/1", operations);
        story.get("/Users/1", 200, read);
    }
}

/// What was sent, with an id.
fn sent_back(sent: &Value) -> Value {
    let mut answer = sent.clone();
    answer["id"] = json!("1");
    answer
}

#[test]
fn one_attribute_that_does_not_work_is_not_a_way_that_does_not_work() {
    let both_names = json!([
        {"op": "Replace", "path": "displayName", "value": "Ada King"},
        {"op": "Replace", "path": "name.familyName", "value": "King"},
        {"op": "Replace", "path": "name.givenName", "value": "Augusta"},
    ]);
    let mut read = named("Ada King", "Byron");
    read["name"]["givenName"] = json!("Ada");
    let ways = never(changed(&both_names, &read));
    assert!(ways.iter().all(|(way, _)| way.is_of_attribute()), "{ways:?}");
}

fn named(display: &str, family: &str) -> Value {
    let mut body = user("1", "ada");
    body["displayName"] = json!(display);
    body["name"] = json!({"familyName": family});
    body["externalId"] = json!(if family == "King" { "king" } else { "byron" });
    body
}

const THREE: &str = r#"[{"op": "Replace", "path": "displayName", "value": "Ada King"},
    {"op": "Replace", "path": "name.familyName", "value": "King"},
    {"op": "Replace", "path": "externalId", "value": "king"}]"#;

fn three() -> Value {
    serde_json::from_str(THREE).unwrap()
}

#[test]
fn what_was_there_afterwards_worked() {
    assert_eq!(never(changed(&three(), &named("Ada King", "King"))), []);
}

#[test]
fn an_operation_after_the_first_that_is_never_there_is_what_does_not_work() {
    let ways = never(changed(&three(), &named("Ada King", "Byron")));
    assert!(ways.contains(&(Way::AfterTheFirst, Fate::Ignored)), "{ways:?}");
    for other in [Way::Every(Method::Patch, ResourceKind::User), Way::Capital, Way::Operation("replace")] {
        assert!(ways.iter().all(|(way, _)| *way != other), "{ways:?}");
    }
}

#[test]
fn once_is_not_always() {
    let mut story = Story::new(ClientName::Entra);
    changed(&three(), &named("Ada King", "Byron"))(&mut story);
    let mut effects = Effects::default();
    effects.add(story.checker.effects());
    assert_eq!(effects.never().count(), 0);
}

#[test]
fn a_third_value_says_nothing() {
    let ways = never(changed(&three(), &named("Ada King", "Noel")));
    assert!(ways.iter().all(|(way, _)| *way != Way::AfterTheFirst), "{ways:?}");
}

#[test]
fn what_was_there_before_says_nothing() {
    let same = json!([{"op": "Replace", "value": {"userName": "ada@example.com"}}]);
    assert_eq!(never(changed(&same, &user("1", "ada"))), []);
}

#[test]
fn refusals_count_and_conflicts_do_not() {
    let refused = |status: u16| {
        never(move |story| {
            story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
            story.refuse("/Users/1", &three(), status);
        })
    };
    assert!(refused(400).contains(&(Way::Capital, Fate::Refused)));
    assert_eq!(refused(409), []);
    assert_eq!(refused(404), []);
}

#[test]
fn members_are_followed_in_both_directions() {
    let put = |read: &'static [&'static str]| {
        never(move |story| {
            story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
            story.post("/Users", &user("", "bob"), 201, &user("2", "bob"));
            story.post("/Groups", &group("", "Acme", &["1"]), 201, &group("g", "Acme", &["1"]));
            story.put("/Groups/g", &group("g", "Acme", &["2"]), 200, &group("g", "Acme", &["2"]));
            story.get("/Groups/g", 200, &group("g", "Acme", read));
        })
    };
    assert_eq!(put(&["2"]), []);
    assert!(put(&["1"]).contains(&(Way::By(Method::Put, ResourceKind::Group, "members"), Fate::Ignored)));
    assert_eq!(put(&["1", "2"]), [], "one of the two changes was made");
}
