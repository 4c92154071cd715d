//! The behaviour card says what the endpoint did, and cites the exchange that shows it.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::valid;
use crate::support::{Call, Folder, Proxy, Reply, Scimsnap, Served, send};

/// Runs against an endpoint whose answers are changed, and gives the JSON report and standard output.
fn play(words: &[&str], change: impl Fn(&Call, Reply) -> Reply + Send + Sync + 'static) -> (Value, String) {
    let served = Served::new(&[]);
    let proxy = Proxy::changing(&served, change);
    let url = format!("{}{}", proxy.origin, served.path());
    let folder = Folder::new();
    let words = [&["run"], words, &["--read-lag", "0", "--update", "no", "--json", "out.json"]].concat();
    let outcome = Scimsnap::new(folder.path(), &words).target(&url, &served.token).end();
    (valid(&folder), outcome.stdout)
}

/// What the card shows of a behaviour, with the exchange that it cites.
fn card(report: &Value, behaviour: &str) -> Vec<(String, String, u64)> {
    let lines = report["card"].as_array().unwrap().iter();
    let lines = lines.filter(|line| line["behaviour"] == behaviour);
    lines
        .map(|line| {
            let mut pairs = report["scenarios"].as_array().unwrap().iter();
            let pair = pairs.find(|pair| pair["id"] == line["id"] && pair["idp"] == line["idp"]).unwrap();
            let number = usize::try_from(line["exchange"].as_u64().unwrap()).unwrap();
            let exchange = &pair["exchanges"][number - 1];
            let method = exchange["method"].as_str().unwrap().to_owned();
            (line["shows"].as_str().unwrap().to_owned(), method, exchange["status"].as_u64().unwrap())
        })
        .collect()
}

fn is_string_for_active(call: &Call) -> bool {
    call.method == "PATCH" && (call.body.contains("\"false\"") || call.body.contains("\"true\""))
}

#[test]
fn a_string_for_active_is_taken_refused_or_ignored() {
    const ID: &str = "google/active-as-a-string";
    let error = || {
        let body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "400"});
        Reply::new(400, &body.to_string())
    };
    let (taken, _) = play(&[ID], |_, reply| reply);
    assert_eq!(card(&taken, "active-as-a-string"), [("taken".to_owned(), "PATCH".to_owned(), 200)]);
    let served = Served::new(&[]);
    let refuse = {
        let origin = served.origin.clone();
        Proxy::new(move |_, call| {
            Some(if is_string_for_active(call) { error() } else { send(&origin, call) })
        })
    };
    let ignore = {
        let origin = served.origin.clone();
        Proxy::new(move |_, call| {
            if !is_string_for_active(call) {
                return Some(send(&origin, call));
            }
            // It says that it did, and stays as it is.
            let read = Call { method: "GET".to_owned(), body: String::new(), ..call.clone() };
            Some(send(&origin, &read))
        })
    };
    for (proxy, shows, status) in [(refuse, "refused", 400), (ignore, "ignored", 200)] {
        let folder = Folder::new();
        let words = ["run", ID, "--read-lag", "0", "--update", "no", "--json", "out.json"];
        let url = format!("{}{}", proxy.origin, served.path());
        Scimsnap::new(folder.path(), &words).target(&url, &served.token).end();
        let report = valid(&folder);
        assert_eq!(card(&report, "active-as-a-string"), [(shows.to_owned(), "PATCH".to_owned(), status)]);
        assert_eq!(report["behaviour"]["active-as-a-string"], shows);
    }
}

#[test]
fn a_deletion_is_cited_for_what_it_does_though_something_is_created_afterwards() {
    // Over SCIM alone, whoever is gone and whoever is deactivated look alike.
    let served = Served::new(&[]);
    for word in ["authentik/deleted-and-made-anew", "jumpcloud/connection-test-tidies-up"] {
        let folder = Folder::new();
        let client = word.split('/').next().unwrap();
        let words = ["run", word, "--idp", client, "--read-lag", "0", "--update", "no", "--json", "out.json"];
        Scimsnap::new(folder.path(), &words).with_rest(&served).end().exits(0);
        let card = card(&valid(&folder), "user-deletion");
        assert_eq!(card, [("deactivated".to_owned(), "DELETE".to_owned(), 204)], "{word}");
    }
}

#[test]
fn an_endpoint_that_contradicts_itself_is_told_so() {
    let count = AtomicUsize::new(0);
    // Every second lookup hides whoever is inactive.
    let hides = move |call: &Call, mut reply: Reply| {
        let mut body = reply.json();
        let all = body["Resources"].as_array().cloned().unwrap_or_default();
        let active: Vec<Value> = all.iter().filter(|one| one["active"] != json!(false)).cloned().collect();
        let is_lookup = call.method == "GET" && call.target.contains("filter=") && active.len() < all.len();
        if is_lookup && count.fetch_add(1, Ordering::SeqCst) % 2 == 1 {
            body["totalResults"] = json!(active.len());
            body["Resources"] = json!(active);
            reply.body = body.to_string();
        }
        reply
    };
    let words = ["entra/rehired-in-time", "users/returner-gets-the-same-customer"];
    let (report, said) = play(&[&words[..], &["--idp", "entra", "-v"]].concat(), hides);
    let mut shown: Vec<String> =
        card(&report, "lookup-of-inactive").into_iter().map(|(shows, ..)| shows).collect();
    shown.sort();
    assert_eq!(shown, ["found", "not found"], "{}", report["card"]);
    for line in report["card"].as_array().unwrap() {
        let contradicted = line.get("contradicted_by");
        assert_eq!(contradicted.is_some(), line["behaviour"] == "lookup-of-inactive", "{line}");
    }
    assert!(said.contains("contradicts lookup-of-inactive"), "{said}");
}
