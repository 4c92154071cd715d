//! What only the standards ask for fails a run, and decides nothing about a provider.

use std::collections::BTreeSet;

use super::valid;
use crate::support::{Folder, Scimsnap, Served};

/// The causes, the readiness and the exit code of a run against an endpoint with a defect.
fn run(defect: &str, words: &[&str], exit: i32) -> (BTreeSet<String>, serde_json::Value) {
    let (served, folder) = (Served::new(&["--defect", defect]), Folder::new());
    let words = [&["run", "--read-lag", "0", "--update", "no", "--json", "out.json"], words].concat();
    Scimsnap::new(folder.path(), &words).target(&served.scim, &served.token).end().exits(exit);
    let report = valid(&folder);
    let ids = report["causes"].as_array().unwrap().iter();
    let ids = ids.map(|cause| cause["id"].as_str().unwrap().split('/').next().unwrap().to_owned());
    (ids.collect(), report["readiness"].clone())
}

#[test]
fn an_endpoint_that_breaks_only_the_standard_fails_and_is_ready() {
    let (causes, readiness) = run("resource-type-is-endpoint", &[], 1);
    assert_eq!(causes, BTreeSet::from(["resource-type".to_owned()]));
    for family in ["okta", "entra", "google"] {
        assert_eq!(readiness[family], "ready", "{readiness}");
    }
}

#[test]
fn the_pack_of_the_standard_names_no_provider() {
    let (causes, readiness) = run("attributes-ignored", &["--pack", "rfc"], 1);
    assert!(causes.contains("attributes-heeded"), "{causes:?}");
    assert_eq!(readiness, serde_json::json!({}));
}
