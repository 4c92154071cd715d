//! `--har`: every exchange of the run, as a browser's network panel reads it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::valid;
use crate::support::{Folder, ONE_USER, Proxy, Reply, Scimsnap, Served, send};

/// The archive, which has what HAR 1.2 asks for.
fn archive(folder: &Folder) -> Value {
    let archive: Value = serde_json::from_str(&folder.read("out.har")).unwrap();
    let schema: Value = serde_json::from_str(include_str!("har.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        schema.iter_errors(&archive).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let log = &archive["log"];
    let pages: BTreeSet<&str> =
        log["pages"].as_array().unwrap().iter().map(|page| page["id"].as_str().unwrap()).collect();
    for entry in log["entries"].as_array().unwrap() {
        assert!(pages.contains(entry["pageref"].as_str().unwrap()), "{entry}");
    }
    archive
}

/// The titles of the pages, each with its entries.
fn by_page(archive: &Value) -> BTreeMap<&str, Vec<&Value>> {
    let mut all = BTreeMap::new();
    for page in archive["log"]["pages"].as_array().unwrap() {
        let entries = archive["log"]["entries"].as_array().unwrap().iter();
        let entries = entries.filter(|entry| entry["pageref"] == page["id"]).collect();
        all.insert(page["title"].as_str().unwrap(), entries);
    }
    all
}

#[test]
fn it_has_every_exchange_of_runs_that_pass_and_of_runs_that_fail() {
    let served = Served::new(&["--defect", "remove-one-removes-all"]);
    let folder = Folder::new();
    let words = ["run", "groups/member-removed", "users/new-user-becomes-customer", "--update", "no"];
    let words = [&words[..], &["--read-lag", "0", "--har", "out.har", "--json", "out.json"]].concat();
    served.run(folder.path(), &words).exits(1);
    let (archive, report) = (archive(&folder), valid(&folder));
    let pages = by_page(&archive);
    for pair in report["scenarios"].as_array().unwrap() {
        let title = format!("{} [{}] · ", pair["id"].as_str().unwrap(), pair["idp"].as_str().unwrap());
        let mut seen: Vec<(u64, &str, u64)> = pages
            .iter()
            .filter(|(page, _)| page.starts_with(&title))
            .flat_map(|(_, entries)| entries)
            .map(|entry| {
                let (request, response) = (&entry["request"], &entry["response"]);
                assert!(request["url"].as_str().unwrap().starts_with(&served.scim), "{request}");
                let number = entry["_number"].as_u64().unwrap();
                (number, request["method"].as_str().unwrap(), response["status"].as_u64().unwrap())
            })
            .collect();
        seen.sort_unstable();
        let exchanges = pair["exchanges"].as_array().unwrap().iter().enumerate();
        let all: Vec<(u64, &str, u64)> = exchanges
            .map(|(index, exchange)| {
                let number = index as u64 + 1;
                (number, exchange["method"].as_str().unwrap(), exchange["status"].as_u64().unwrap())
            })
            .collect();
        assert_eq!(seen, all, "{title}");
    }
    // A step is a page, with its line; so is what the run does by itself.
    assert!(pages.contains_key("groups/member-removed [entra] · clean-up"), "{:?}", pages.keys());
    let step = pages.keys().find(|title| title.starts_with("groups/member-removed [entra] · 19: ")).unwrap();
    assert!(pages[step].iter().any(|entry| entry["request"]["method"] == "PATCH"), "{step}");
    assert!(pages["preflight · preparation"].len() >= 2);
    let created = archive["log"]["entries"].as_array().unwrap().iter();
    let mut created = created.filter(|entry| entry["response"]["status"] == 201);
    let created = created.next().unwrap();
    assert!(created["request"]["postData"]["text"].as_str().unwrap().starts_with('{'));
    assert!(created["response"]["content"]["text"].as_str().unwrap().contains("\"id\""));
    let mime_type = created["request"]["postData"]["mimeType"].as_str().unwrap();
    assert!(mime_type.starts_with("application/scim+json"), "{mime_type}");
}

#[test]
fn a_query_is_taken_apart_and_a_missing_response_is_an_error() {
    let served = Served::new(&[]);
    let origin = served.origin.clone();
    let proxy = Proxy::new(move |_, call| (call.method != "POST").then(|| send(&origin, call)));
    let folder = Folder::with_scenario(ONE_USER);
    let url = format!("{}{}", proxy.origin, served.path());
    let words = ["run", "scenarios", "--idp", "okta-oin", "--har", "out.har", "--update", "no"];
    Scimsnap::new(folder.path(), &words).target(&url, &served.token).end();
    let archive = archive(&folder);
    let entries = archive["log"]["entries"].as_array().unwrap();
    let failed = entries.iter().find(|entry| entry["request"]["method"] == "POST").unwrap();
    assert_eq!(failed["response"]["status"], 0);
    assert!(failed["response"]["_error"].as_str().unwrap().contains("connection"), "{failed}");
    let lookup =
        entries.iter().find(|entry| entry["request"]["url"].as_str().unwrap().contains("filter=")).unwrap();
    let query = lookup["request"]["queryString"].as_array().unwrap();
    let filter = query.iter().find(|pair| pair["name"] == "filter").unwrap();
    assert!(filter["value"].as_str().unwrap().starts_with("userName eq \""), "{filter}");
}

#[test]
fn long_bodies_are_cut_and_an_archive_of_a_hostile_endpoint_stays_small() {
    let served = Served::new(&[]);
    let origin = served.origin.clone();
    let proxy = Proxy::new(move |_, call| {
        let mut reply: Reply = send(&origin, call);
        if call.method == "GET" && call.target.contains("/Users/") {
            let mut body = reply.json();
            body["note"] = Value::from("x".repeat(1024 * 1024));
            reply.body = body.to_string();
        }
        Some(reply)
    });
    let folder = Folder::new();
    let url = format!("{}{}", proxy.origin, served.path());
    let words = ["run", "users", "--idp", "okta-oin", "--har", "out.har", "--update", "no"];
    Scimsnap::new(folder.path(), &words).target(&url, &served.token).end();
    let archive = archive(&folder);
    let entries = archive["log"]["entries"].as_array().unwrap();
    let lengths = entries.iter().map(|entry| entry["response"]["content"]["text"].as_str().unwrap().len());
    assert!(lengths.clone().max().unwrap() > 32 * 1024, "nothing long was there");
    assert!(lengths.max().unwrap() < 66 * 1024);
}

#[test]
fn the_embedded_endpoint_and_the_product_have_addresses_of_their_own() {
    let folder = Folder::new();
    let words = ["run", "conflicts/group-takes-over-organization", "--har", "out.har"];
    Scimsnap::new(folder.path(), &words).end().exits(0);
    let archive = archive(&folder);
    let urls: Vec<&str> = archive["log"]["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["request"]["url"].as_str().unwrap())
        .collect();
    assert!(urls.iter().any(|url| url.contains("/scim/directory/")), "{urls:?}");
    assert!(urls.iter().any(|url| url.contains("/rest/servicedeskapi/")), "{urls:?}");
    assert!(urls.iter().all(|url| url.starts_with("http://127.0.0.1:")), "{urls:?}");
}
