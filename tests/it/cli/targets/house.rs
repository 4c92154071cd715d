//! Endpoints with ways of their own: house rules, odd ids, thousands of strangers, bodies that are too much.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::cli::reports::valid;
use crate::support::{Call, Folder, Outcome, Proxy, Reply, Scimsnap, Served, send};

fn play(folder: &Folder, served: &Served, url: &str, settings: &str, words: &[&str]) -> Outcome {
    folder.write(
        "scimsnap.toml",
        &format!("[targets.staging]\nurl = \"{url}\"\ntoken_env = \"T\"\n{settings}\n"),
    );
    let words = [&["run", "--target", "staging", "--json", "out.json"], words].concat();
    Scimsnap::new(folder.path(), &words).env("T", &served.token).end()
}

fn passing_on(
    served: &Served,
    change: impl Fn(&Call, &mut Reply) + Send + Sync + 'static,
) -> (Proxy, String) {
    let origin = served.origin.clone();
    let proxy = Proxy::new(move |_, call| {
        let mut reply = send(&origin, call);
        change(call, &mut reply);
        Some(reply)
    });
    let url = format!("{}{}", proxy.origin, served.path());
    (proxy, url)
}

#[test]
fn people_have_the_domain_and_the_attributes_that_are_asked_for() {
    let (served, folder) = (Served::new(&[]), Folder::new());
    let (proxy, url) = passing_on(&served, |_, _| {});
    let settings = "domain = \"staging.app.test\"\nperson_defaults = {title = \"Tester\"}";
    let words = [
        "users/new-user-becomes-customer",
        "users/renamed-user-keeps-her-organization",
        "users/same-name-in-other-case-is-refused",
    ];
    play(&folder, &served, &url, settings, &words).exits(0);
    let calls = proxy.calls();
    let created: Vec<Value> = calls
        .iter()
        .filter(|call| call.method == "POST" && call.target.ends_with("/Users"))
        .map(Call::json)
        .collect();
    assert!(created.len() > 5);
    assert!(
        calls.iter().all(|call| !call.body.contains("example.com") && !call.target.contains("example.com"))
    );
    for user in created.iter().filter(|user| user["externalId"].is_string()) {
        assert_eq!(user["title"], "Tester", "{user}");
    }
}

#[test]
fn what_is_set_at_the_provider_is_heeded() {
    let (served, folder) = (Served::new(&[]), Folder::new());
    let (proxy, url) = passing_on(&served, |_, _| {});
    let lookups = |settings: &str| {
        let before = proxy.calls().len();
        let words = ["users/new-user-becomes-customer", "--idp", "entra"];
        play(&folder, &served, &url, settings, &words);
        let calls = proxy.calls().split_off(before);
        calls.iter().filter(|call| call.target.contains("filter=externalId")).count()
    };
    assert_eq!(lookups(""), 0);
    assert!(lookups("[targets.staging.settings.entra]\nmatch = [\"externalId\"]") > 0);
    let wrong = play(&folder, &served, &url, "[targets.staging.settings.entra]\nmatsch = 1", &[]).exits(2);
    wrong.complains("scimsnap.toml:5:1").complains("matsch");
}

#[test]
fn scenarios_with_more_people_than_allowed_are_skipped() {
    let (served, folder) = (Served::new(&[]), Folder::new());
    let words = ["users/new-user-becomes-customer", "groups/member-removed"];
    play(&folder, &served, &served.scim, "max_people = 1", &words)
        .exits(0)
        .says("but max_people of the target is 1");
    let summary = &valid(&folder)["summary"];
    assert!(summary["skipped"].as_u64() > Some(0) && summary["passed"].as_u64() > Some(0), "{summary}");
}

#[test]
fn a_pinned_alternative_is_the_only_one() {
    let (served, folder) = (Served::new(&[]), Folder::new());
    let words = ["google/active-as-a-string"];
    play(&folder, &served, &served.scim, "", &words).exits(0);
    let shown = valid(&folder)["behaviour"].as_object().unwrap().clone();
    let (behaviour, alternative) = shown.iter().next().unwrap();
    let pin = |name: &str| format!("alternatives = {{{behaviour} = \"{name}\"}}");
    play(&folder, &served, &served.scim, &pin(alternative.as_str().unwrap()), &words).exits(0);
    let others = play(&folder, &served, &served.scim, &pin("nonsense"), &words)
        .exits(2)
        .complains("has no alternative");
    assert!(others.stderr.contains("scimsnap.toml:4:"), "{}", others.stderr);
    play(&folder, &served, &served.scim, "alternatives = {nobody = \"a\"}", &words)
        .exits(2)
        .complains("there is no behaviour");
}

#[test]
fn what_is_given_is_put_in_place_with_less_where_less_is_taken() {
    let (served, folder) = (Served::new(&[]), Folder::new());
    let refused = Arc::new(Mutex::new(0));
    let (origin, count) = (served.origin.clone(), Arc::clone(&refused));
    // A neutral client says who it is; providers are refused nothing.
    let proxy = Proxy::new(move |_, call| {
        let neutral = call.header("user-agent").is_some_and(|agent| agent.starts_with("scimsnap/"));
        if neutral && call.method == "POST" && call.body.contains("displayName") {
            *count.lock().unwrap() += 1;
            return Some(Reply::new(
                400,
                r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","detail":"unknown attribute: displayName"}"#,
            ));
        }
        Some(send(&origin, call))
    });
    let url = format!("{}{}", proxy.origin, served.path());
    let words = ["users/user-of-another-client-is-linked", "--idp", "okta-oin"];
    let outcome = play(&folder, &served, &url, "", &words);
    outcome.says("refused a complete user (apparently because of `displayName`)").says("with minimal users");
    assert!(*refused.lock().unwrap() > 0);
    let minimal = proxy
        .calls()
        .into_iter()
        .find(|call| call.method == "POST" && !call.body.contains("displayName"))
        .unwrap();
    assert_eq!(minimal.json().as_object().unwrap().len(), 4, "{}", minimal.body);
    assert!(served.resources("/Users").is_empty());
}

#[test]
fn what_a_provider_sends_is_never_sent_again_with_less_in_it() {
    let (served, folder) = (Served::new(&[]), Folder::new());
    let (proxy, url) = passing_on(&served, |call, reply| {
        if call.method == "POST" && call.target.ends_with("/Users") && call.body.contains("givenName") {
            *reply = Reply::new(
                400,
                r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","detail":"Attribute 'givenName' is not supported"}"#,
            );
        }
    });
    let outcome = play(&folder, &served, &url, "", &["users/new-user-becomes-customer"]).exits(1);
    outcome.says("accepted-payload").says("apparently because of `name.givenName`");
    let calls = proxy.calls();
    let created: Vec<&Call> =
        calls.iter().filter(|call| call.method == "POST" && call.target.ends_with("/Users")).collect();
    assert!(!created.is_empty() && created.iter().all(|call| call.body.contains("givenName")), "{created:?}");
}

/// An id as some endpoints have them: the name itself, with a space, a slash and an `@`.
fn odd(id: &str) -> String {
    format!("ada b/{id}@x")
}

fn odd_encoded(id: &str) -> String {
    format!("ada%20b%2F{id}%40x")
}

#[test]
fn odd_ids_stay_in_their_place() {
    let (served, folder) = (Served::new(&[]), Folder::new());
    let ids = Arc::new(Mutex::new(Vec::<String>::new()));
    let (origin, known) = (served.origin.clone(), Arc::clone(&ids));
    let proxy = Proxy::new(move |_, call| {
        let mut call = call.clone();
        for id in known.lock().unwrap().iter() {
            call.target = call.target.replace(&odd_encoded(id), id);
            call.body = call.body.replace(&odd(id), id);
        }
        let mut reply = send(&origin, &call);
        if reply.status == 201 {
            known.lock().unwrap().push(reply.json()["id"].as_str().unwrap().to_owned());
        }
        for id in known.lock().unwrap().iter() {
            reply.body = reply.body.replace(id, &odd(id));
            for (_, value) in &mut reply.headers {
                *value = value.replace(id, &odd(id));
            }
        }
        Some(reply)
    });
    let url = format!("{}{}", proxy.origin, served.path());
    play(&folder, &served, &url, "", &["users/profile-change-arrives", "groups/member-removed"]).exits(0);
    assert!(ids.lock().unwrap().len() > 5);
    // What was sent names them encoded, and they are gone afterwards.
    assert!(proxy.calls().iter().any(|call| call.method == "DELETE" && call.target.contains("ada%20b%2F")));
    assert!(proxy.calls().iter().all(|call| !call.target.contains(' ')));
    assert!(served.resources("/Users").is_empty() && served.resources("/Groups").is_empty());
}

#[test]
fn nobody_lists_a_tenant_of_thousands() {
    let (served, folder) = (Served::new(&[]), Folder::new());
    let (proxy, url) = passing_on(&served, |call, reply| {
        let lists = call.method == "GET" && reply.status == 200 && !call.target.contains("filter=");
        if lists && (call.target.contains("/Users?") || call.target.contains("/Groups?")) {
            let mut body = reply.json();
            body["totalResults"] = json!(150_000);
            reply.body = body.to_string();
        }
    });
    play(
        &folder,
        &served,
        &url,
        "",
        &["users", "groups/member-removed", "groups/new-group-becomes-organization"],
    );
    let calls = proxy.calls();
    assert!(calls.len() > 200);
    for call in calls.iter().filter(|call| call.method == "GET" && !call.target.contains("filter=")) {
        let path = call.target.rsplit_once("/scim/directory/").map_or("", |(_, path)| path);
        let lists = path.ends_with("/Users")
            || path.ends_with("/Groups")
            || path.contains("/Users?")
            || path.contains("/Groups?");
        let few = ["count=1", "count=2"].iter().any(|count| path.ends_with(count));
        assert!(!lists || few, "{}", call.target);
    }
}
