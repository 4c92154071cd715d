//! Rate limits, and reads that lag.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{Folder, Proxy, Reply, Scimsnap, Served, send};

const NEW_USER: &str = "users/new-user-becomes-customer";

/// An endpoint whose first creation is answered 429.
pub(crate) fn busy(served: &Served, retry_after: &'static str) -> (Proxy, String) {
    let (origin, first) = (served.origin.clone(), AtomicBool::new(true));
    let proxy = Proxy::new(move |_, call| {
        if call.method == "POST" && first.swap(false, Ordering::SeqCst) {
            return Some(Reply::new(429, r#"{"status":"429"}"#).header("Retry-After", retry_after));
        }
        Some(send(&origin, call))
    });
    let url = format!("{}{}", proxy.origin, served.path());
    (proxy, url)
}

#[test]
fn a_rate_limit_is_waited_for() {
    let (folder, served) = (Folder::new(), Served::new(&[]));
    let (proxy, url) = busy(&served, "1");
    let started = Instant::now();
    let run = Scimsnap::new(folder.path(), &["run", NEW_USER, "--idp", "okta-oin"]);
    run.target(&url, &served.token).end().exits(0).says("waited 1.0 s at the endpoint's request");
    assert!(started.elapsed() >= Duration::from_secs(1));
    assert_eq!(proxy.calls().iter().filter(|call| call.method == "POST").count(), 2);
    assert!(served.resources("/Users").is_empty());
}

#[test]
fn more_patience_than_allowed_is_4() {
    let (folder, served) = (Folder::new(), Served::new(&[]));
    let (_proxy, url) = busy(&served, "3600");
    let started = Instant::now();
    let words = ["run", NEW_USER, "--idp", "okta-oin", "--max-wait", "0", "--json", "out.json"];
    let run = Scimsnap::new(folder.path(), &words);
    let outcome = run.target(&url, &served.token).end().exits(4).says("rate-limited");
    assert!(!outcome.stdout.contains("disagree"), "{}", outcome.stdout);
    assert!(started.elapsed() < Duration::from_secs(30));
    let report: serde_json::Value = serde_json::from_str(&folder.read("out.json")).unwrap();
    assert_eq!(report["scenarios"][0]["status"], "errored");
    assert!(report["scenarios"][0]["error"].as_str().unwrap().starts_with("rate-limited"));
    assert!(folder.names("snapshots").is_empty());
}

#[tokio::test]
async fn an_endpoint_that_is_busy_from_the_start_is_4() {
    let folder = Folder::new();
    let server = MockServer::start().await;
    let busy = ResponseTemplate::new(429).insert_header("Retry-After", "1");
    Mock::given(method("GET")).and(path("/Users")).respond_with(busy).mount(&server).await;
    let words = ["run", NEW_USER, "--idp", "okta-oin", "--max-wait", "0"];
    let outcome = Scimsnap::new(folder.path(), &words).target(&server.uri(), "token").end().exits(4);
    outcome.complains("429");
    assert!(folder.besides_work().is_empty());
}

/// An endpoint that answers reads for a while after each write as it did before it.
pub(crate) fn lagging(served: &Served, lag: Duration) -> (Proxy, String) {
    let origin = served.origin.clone();
    let state = Mutex::new((None::<Instant>, BTreeMap::<String, Reply>::new()));
    let proxy = Proxy::new(move |_, call| {
        let lags = state.lock().unwrap().0.is_some_and(|written| written.elapsed() < lag);
        if call.writes() {
            let reply = send(&origin, call);
            state.lock().unwrap().0 = Some(Instant::now());
            return Some(reply);
        }
        if !lags {
            let reply = send(&origin, call);
            state.lock().unwrap().1.insert(call.target.clone(), reply.clone());
            return Some(reply);
        }
        let known = state.lock().unwrap().1.get(&call.target).cloned();
        let is_list =
            call.target.contains('?') || call.target.ends_with("/Users") || call.target.ends_with("/Groups");
        Some(known.unwrap_or_else(|| {
            if is_list {
            Reply::new(
                200,
                r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"startIndex":1,"itemsPerPage":0,"Resources":[]}"#,
            )
            } else {
            Reply::new(
                404,
                r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"404","detail":"not there yet"}"#,
            )
            }
        }))
    });
    let url = format!("{}{}", proxy.origin, served.path());
    (proxy, url)
}

const SOME: [&str; 4] = [
    NEW_USER,
    "users/leaver-is-deactivated",
    "groups/member-removed",
    "groups/new-group-becomes-organization",
];

#[test]
fn reads_that_lag_behind_writes_are_repeated_and_noted() {
    let (folder, served) = (Folder::new(), Served::new(&[]));
    let (_proxy, url) = lagging(&served, Duration::from_millis(300));
    let words = [&["run", "--jobs", "1", "--json", "out.json"][..], &SOME].concat();
    let outcome = Scimsnap::new(folder.path(), &words).target(&url, &served.token).end().exits(0);
    outcome.says("reads lagged writes by up to 0.");
    let report: serde_json::Value = serde_json::from_str(&folder.read("out.json")).unwrap();
    for pair in report["scenarios"].as_array().unwrap() {
        assert_eq!(pair["findings"].as_array().map(Vec::len), Some(0), "{pair}");
    }
    assert!(served.resources("/Users").is_empty());
}

#[test]
fn without_time_for_it_lag_is_a_failure() {
    let (folder, served) = (Folder::new(), Served::new(&[]));
    let (_proxy, url) = lagging(&served, Duration::from_millis(300));
    let words = ["run", NEW_USER, "--idp", "okta-oin", "--read-lag", "0"];
    Scimsnap::new(folder.path(), &words).target(&url, &served.token).end().exits(1).says("lookup-finds");
}
