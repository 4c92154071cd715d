//! What `run --keep` and `clean` say of what is left.

use super::oracle::streams_are_harmless;
use super::payloads::batches;
use crate::support::{Folder, ONE_USER, Proxy, Reply, Scimsnap, Served, send};

#[test]
fn ids_and_names_of_what_is_left() {
    let served = Served::new(&[]);
    let mut said = String::new();
    for payload in batches() {
        let (origin, shown) = (served.origin.clone(), payload.clone());
        let proxy = Proxy::new(move |_, call| {
            if call.method == "DELETE" {
                return Some(Reply::new(400, &shown));
            }
            let mut reply = send(&origin, call);
            let mut body = reply.json();
            if call.method == "POST" && body["id"].is_string() {
                body["id"] = format!("{}{shown}", body["id"].as_str().unwrap()).into();
                reply.body = body.to_string();
            }
            Some(reply)
        });
        let url = format!("{}{}", proxy.origin, served.path());
        let folder = Folder::with_scenario(ONE_USER);
        let words = ["run", "scenarios", "--idp", "entra", "--read-lag", "0", "--keep"];
        let run = Scimsnap::new(folder.path(), &words).target(&url, &served.token).end();
        streams_are_harmless("--keep", &run, false);
        for ledger in folder.ledgers() {
            let id = ledger.rsplit('/').next().unwrap().strip_suffix(".ndjson").unwrap();
            let clean = Scimsnap::new(folder.path(), &["clean", "--run", id]).target(&url, &served.token);
            let clean = clean.end();
            streams_are_harmless("clean", &clean, false);
            said += &clean.stdout;
        }
        said += &run.stdout;
    }
    assert!(said.contains("\\u{202e}"), "{said}");
}
