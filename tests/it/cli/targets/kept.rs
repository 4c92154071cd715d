//! An endpoint may close a kept connection without saying so (RFC 9112 §9.5): no run judges it otherwise for that.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::{Authority, Call, Close, Folder, Keeping, Reply, Scimsnap, Served, Tunnel, send};

const CLOSES: [Close; 5] =
    [Close::Every(1), Close::Every(50), Close::SecondWithDelay, Close::Reading, Close::Done];

const NOTE: &str = "the endpoint closed a persistent connection without notice";

fn pass_on(served: &Served) -> impl Fn(&Call) -> Reply + Send + Sync + 'static {
    let origin = served.origin.clone();
    move |call| {
        let (_, path) = call
            .target
            .split_once("://")
            .map_or(("", call.target.as_str()), |(_, rest)| rest.split_at(rest.find('/').unwrap()));
        send(&origin, &Call { target: path.to_owned(), ..call.clone() })
    }
}

/// How each pair ended, with what was found, as an endpoint behind `url` is judged.
fn judged(served: &Served, url: &str, words: &[&str]) -> (BTreeMap<String, String>, String) {
    let folder = Folder::new();
    let words = [words, &["--json", "out.json"]].concat();
    let outcome = Scimsnap::new(folder.path(), &words).target(url, &served.token).end().exits(0);
    let report: Value = serde_json::from_str(&folder.read("out.json")).unwrap();
    let pairs = report["scenarios"].as_array().unwrap().iter().map(|pair| {
        let name = format!("{} {}", pair["id"], pair["idp"]);
        (name, format!("{} {} {}", pair["status"], pair["alternative"], pair["findings"]))
    });
    assert!(served.resources("/Users").is_empty() && served.resources("/Groups").is_empty());
    assert!(folder.ledgers().is_empty());
    (pairs.collect(), outcome.stdout)
}

/// Plays a selection at an honest endpoint and at one that closes connections so; the verdict is the same.
fn is_judged_alike(selection: &[&str], close: Close) {
    let served = Served::new(&[]);
    let words = [&["run"], selection].concat();
    let honest = Keeping::new(Close::Never, pass_on(&served));
    let closing = Keeping::new(close, pass_on(&served));
    let url = |keeping: &Keeping| format!("http://{}{}", keeping.authority, served.path());
    let (wanted, said) = judged(&served, &url(&honest), &words);
    assert!(!said.contains(NOTE), "{said}");
    let (got, said) = judged(&served, &url(&closing), &words);
    assert!(wanted.len() > 20, "{wanted:?}");
    assert_eq!(got, wanted, "{close:?}");
    assert!(closing.closed() > 5, "{close:?}: {}", closing.closed());
    // Whether a farewell that is under way meets a request is chance, but for those that are sure to.
    if matches!(close, Close::Reading | Close::Done) {
        assert!(closing.unanswered() > 20);
        assert!(said.contains(NOTE), "{said}");
    }
}

#[test]
fn after_every_answer() {
    is_judged_alike(&["users", "groups", "--idp", "okta", "--idp", "entra"], CLOSES[0]);
}

#[test]
fn after_every_fiftieth_and_after_every_second_a_moment_later() {
    is_judged_alike(&["users", "groups", "--idp", "okta"], CLOSES[1]);
    is_judged_alike(&["users", "--idp", "entra"], CLOSES[2]);
}

#[test]
fn when_the_next_request_was_read_or_even_done() {
    is_judged_alike(&["users", "groups", "--idp", "okta"], CLOSES[3]);
    is_judged_alike(&["users", "groups", "--idp", "entra"], CLOSES[4]);
}

#[test]
fn over_tls_and_through_proxies_too() {
    let (served, folder, authority) =
        (Served::new(&["--allow-host", "scim.example.test"]), Folder::new(), Authority::new());
    folder.write("ca.pem", &authority.pem());
    let ca = folder.path().join("ca.pem").display().to_string();
    for close in CLOSES {
        let words = [
            "run",
            "users/new-user-becomes-customer",
            "users/profile-change-arrives",
            "groups/member-removed",
        ];
        // Straight over TLS.
        let tls = Keeping::tls(close, &authority, "127.0.0.1", pass_on(&served));
        let url = format!("https://{}{}", tls.authority, served.path());
        judged(&served, &url, &[&words[..], &["--ca", &ca]].concat());
        assert!(tls.closed() > 0 || close == Close::Every(50));
        // Through a proxy that is asked for whole URLs.
        let proxy = Keeping::new(close, pass_on(&served));
        let (url, origin) =
            (format!("http://scim.example.test{}", served.path()), format!("http://{}", proxy.authority));
        judged(&served, &url, &[&words[..], &["--proxy", &origin]].concat());
        assert!(proxy.closed() > 0 || close == Close::Every(50));
        // Through a tunnel.
        let tls = Keeping::tls(close, &authority, "scim.example.test", pass_on(&served));
        let tunnel = Tunnel::to(&tls.authority);
        let url = format!("https://scim.example.test{}", served.path());
        judged(&served, &url, &[&words[..], &["--ca", &ca, "--proxy", &tunnel.origin]].concat());
        assert!(tls.closed() > 0 || close == Close::Every(50));
    }
}
