//! Somebody else's endpoint: what is theirs stays as it is, and what is ours is gone afterwards.

use std::sync::Arc;

use serde_json::json;

use crate::support::{Call, Folder, Proxy, Reply, Scimsnap, Served, send};

/// A served endpoint behind a proxy that sees every call; `answer` may answer in its place.
fn behind_proxy(
    served: Served,
    answer: impl Fn(&Call) -> Option<Reply> + Send + Sync + 'static,
) -> (Proxy, String, Arc<Served>) {
    let served = Arc::new(served);
    let origin = served.origin.clone();
    let proxy = Proxy::new(move |_, call| answer(call).or_else(|| Some(send(&origin, call))));
    let url = format!("{}{}", proxy.origin, served.path());
    (proxy, url, served)
}

#[test]
fn over_scim_alone_all_pass_and_nothing_is_left() {
    let folder = Folder::new();
    let served = Served::new(&[]);
    served.populate(50, 3);
    let before = served.everything();
    assert_eq!(before["users"].as_array().map(Vec::len), Some(50));
    let words = ["run", "users", "groups", "entra", "okta", "--json", "out.json", "--junit", "out.xml"];
    let outcome = served.run(folder.path(), &words).exits(0);
    assert!(outcome.stdout.contains("passed") && !outcome.stdout.contains("failed"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("needs product-view"), "{}", outcome.stdout);
    assert_eq!(served.everything(), before);
    assert!(folder.ledgers().is_empty());
    for text in [&outcome.stdout, &outcome.stderr, &folder.read("out.json"), &folder.read("out.xml")] {
        assert!(!text.to_lowercase().contains("outsider"), "somebody else's data is in\n{text}");
    }
}

#[test]
fn with_the_product_view_all_pass_and_nothing_is_left() {
    let folder = Folder::new();
    let served = Served::new(&[]);
    served.populate(50, 3);
    let before = served.everything();
    let words = ["run", "conflicts", "users", "groups", "lifecycle", "--json", "out.json"];
    let outcome = Scimsnap::new(folder.path(), &words).with_rest(&served).end().exits(0);
    assert!(outcome.stdout.contains("needs settings"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("needs settings, clock"), "{}", outcome.stdout);
    // The product cannot delete customers who were made by hand, and that is said.
    assert!(outcome.stdout.contains("access is revoked"), "{}", outcome.stdout);
    assert!(!outcome.stdout.contains("scimsnap clean"), "{}", outcome.stdout);
    assert_eq!(served.everything(), before);
    assert!(folder.ledgers().is_empty());
    for text in [&outcome.stdout, &outcome.stderr, &folder.read("out.json")] {
        assert!(!text.to_lowercase().contains("outsider"), "somebody else's data is in\n{text}");
    }
}

#[test]
fn every_name_carries_the_runs_token() {
    let folder = Folder::new();
    // Okta's suite asks for more than this product gives.
    folder.write("scimsnap.toml", include_str!("../../../known/jsm-customers.toml"));
    let (proxy, url, served) = behind_proxy(Served::new(&[]), |_| None);
    let run = Scimsnap::new(folder.path(), &["run", "--pack", "full"]).target(&url, &served.token);
    let run = run.end().exits(0).run();
    let mut created = 0;
    for call in proxy.calls().iter().filter(|call| call.method == "POST") {
        let body = call.json();
        for key in ["userName", "displayName"] {
            if let Some(name) = body[key].as_str()
                && (key == "userName" || call.target.ends_with("/Groups"))
            {
                created += 1;
                // A name that begins with a digit has the same digit before the token.
                let name = name.trim_start().trim_start_matches(|c: char| c.is_ascii_digit());
                assert!(name.starts_with(&run), "{} {name}", call.target);
            }
        }
        for email in body["emails"].as_array().into_iter().flatten() {
            let email = email["value"].as_str().unwrap_or_default();
            assert!(email.starts_with(&run), "{} {email}", call.target);
        }
    }
    assert!(created > 200, "{created}");
}

#[test]
fn kept_things_stay_and_clean_removes_them() {
    let folder = Folder::new();
    let served = Served::new(&[]);
    let words = ["run", "groups/new-group-becomes-organization", "--idp", "entra", "--keep"];
    let outcome = served.run(folder.path(), &words).exits(0);
    let clean =
        format!("scimsnap clean --run {} --target {} --token-env SCIM_TOKEN", outcome.run(), served.scim);
    let outcome = outcome.says("kept at the endpoint").says("\n  group ").says("\n  user ").says(&clean);
    assert!(!served.resources("/Users").is_empty() && !served.resources("/Groups").is_empty());
    assert_eq!(folder.ledgers().len(), 1);
    let words = ["clean", "--run", &outcome.run()];
    served.run(folder.path(), &words).exits(0).says("removed, 0 left");
    assert!(served.resources("/Users").is_empty() && served.resources("/Groups").is_empty());
    assert!(folder.ledgers().is_empty());
    served.run(folder.path(), &words).exits(2).complains("there is nothing to clean up here");
}

#[test]
fn clean_wants_the_runs_own_target() {
    let folder = Folder::new();
    let (served, other) = (Served::new(&[]), Served::new(&[]));
    let outcome = served.run(folder.path(), &["run", "users/new-user-becomes-customer", "--keep"]).exits(0);
    let words = ["clean", "--run", &outcome.run()];
    other.run(folder.path(), &words).exits(2).complains("pass the target of the run");
    Scimsnap::new(folder.path(), &words).end().exits(2).complains("--target");
    let runs = other.run(folder.path(), &["clean", "--run", "nobody"]).exits(2);
    runs.complains(&outcome.run());
    assert_eq!(folder.ledgers().len(), 1);
}

#[test]
fn an_endpoint_that_ignores_filters_keeps_what_is_its_own() {
    let folder = Folder::new();
    let outsider = |served: &Served| {
        served.populate(3, 2);
        served.everything()
    };
    let served = Served::new(&["--defect", "filter-ignored"]);
    let before = outsider(&served);
    let (proxy, url, served) = behind_proxy(served, |_| None);
    let run = Scimsnap::new(folder.path(), &["run", "users", "groups"]).target(&url, &served.token);
    let outcome = run.end().exits(1);
    let theirs: Vec<&str> = ["users", "groups"]
        .into_iter()
        .flat_map(|kind| before[kind].as_array().into_iter().flatten())
        .filter_map(|resource| resource["id"].as_str())
        .collect();
    assert_eq!(theirs.len(), 5);
    let written = ["PUT", "PATCH", "DELETE"];
    for call in proxy.calls().iter().filter(|call| written.contains(&call.method.as_str())) {
        assert!(!theirs.iter().any(|id| call.target.contains(id)), "{} {}", call.method, call.target);
    }
    assert_eq!(served.everything(), before);
    for text in [&outcome.stdout, &outcome.stderr] {
        assert!(!text.to_lowercase().contains("outsider"), "somebody else's data is in\n{text}");
    }
}

#[test]
fn what_an_endpoint_only_says_to_delete_is_listed() {
    let folder = Folder::new();
    // DELETE is answered 204 and does nothing.
    let (_proxy, url, served) =
        behind_proxy(Served::new(&[]), |call| (call.method == "DELETE").then(|| Reply::new(204, "")));
    let run = Scimsnap::new(folder.path(), &["run", "users/new-user-becomes-customer", "--idp", "okta-oin"]);
    let outcome = run.target(&url, &served.token).end();
    assert!(outcome.stdout.contains("left over at the endpoint"), "{}", outcome.stdout);
    let id = served.resources("/Users")[0]["id"].as_str().unwrap_or_default().to_owned();
    assert!(
        outcome.stdout.contains(&format!("user {id}: DELETE returned 204, but it is still there")),
        "{}",
        outcome.stdout
    );
    assert!(outcome.stdout.contains("scimsnap clean --run"), "{}", outcome.stdout);
    assert_eq!(folder.ledgers().len(), 1);
}

#[test]
fn what_an_endpoint_refuses_to_delete_is_listed_and_can_be_cleaned_later() {
    let folder = Folder::new();
    let (_proxy, url, served) = behind_proxy(Served::new(&[]), |call| {
        (call.method == "DELETE").then(|| Reply::new(403, r#"{"status":"403"}"#))
    });
    let run = Scimsnap::new(
        folder.path(),
        &["run", "users/new-user-becomes-customer", "--idp", "okta-oin", "--json", "out.json"],
    );
    let outcome =
        run.target(&url, &served.token).end().says("DELETE returned 403").says("scimsnap clean --run");
    let report: serde_json::Value = serde_json::from_str(&folder.read("out.json")).unwrap_or_default();
    assert_eq!(report["leftovers"].as_array().map(Vec::len), Some(1), "{report}");
    assert_eq!(served.resources("/Users").len(), 1);
    assert_eq!(folder.ledgers().len(), 1);
    // The proxy refuses still; the ledger stays.
    let clean = ["clean", "--run", &outcome.run()];
    Scimsnap::new(folder.path(), &clean).target(&url, &served.token).end().exits(4).says("0 removed, 1 left");
    // It lets go: the ledger names the proxy's URL, which is the run's target.
    let ledger = folder.ledgers()[0].clone();
    let text = folder.read(&ledger).replace(&url, &served.scim);
    folder.write(&ledger, &text);
    served.run(folder.path(), &clean).exits(0).says("1 removed, 0 left");
    assert_eq!(json!(served.resources("/Users")), json!([]));
    assert!(folder.ledgers().is_empty());
}
