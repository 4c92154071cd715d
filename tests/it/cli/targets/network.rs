//! The way to a target below HTTP: whom TLS trusts, client certificates, proxies.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::support::{Authority, Call, Folder, Outcome, Proxy, Reply, Scimsnap, Served, Tls, Tunnel, send};

/// The endpoint answers under the name by which it is reached through a proxy.
const NAMED: &[&str] = &["--allow-host", "scim.example.test"];
const ONE: [&str; 4] = ["run", "users/new-user-becomes-customer", "--idp", "entra"];

fn pass_on(served: &Served) -> impl Fn(&Call) -> Reply + Send + Sync + 'static {
    let origin = served.origin.clone();
    move |call| send(&origin, call)
}

fn run(folder: &Folder, url: &str, served: &Served, words: &[&str], env: &[(&str, &str)]) -> Outcome {
    let mut run = Scimsnap::new(folder.path(), &[&ONE, words].concat()).target(url, &served.token);
    for (name, value) in env {
        run = run.env(name, value);
    }
    run.end()
}

#[test]
fn a_certificate_authority_of_ones_own() {
    let (served, folder, authority) = (Served::new(&[]), Folder::new(), Authority::new());
    let tls = Tls::new(&authority, "127.0.0.1", None, pass_on(&served));
    let url = format!("{}{}", tls.origin, served.path());
    folder.write("ca.pem", &authority.pem());
    folder.write("other.pem", &Authority::new().pem());
    run(&folder, &url, &served, &["--ca", "ca.pem"], &[]).exits(0).says("2 passed");
    let refused =
        run(&folder, &url, &served, &[], &[]).exits(4).complains("TLS failed").complains("--ca FILE");
    assert!(!refused.stderr.contains("INSECURE"));
    run(&folder, &url, &served, &["--ca", "other.pem"], &[]).exits(4).complains("TLS failed");
    // A good certificate for somebody else.
    let elsewhere = Tls::new(&authority, "scim.example.test", None, pass_on(&served));
    let url = format!("{}{}", elsewhere.origin, served.path());
    run(&folder, &url, &served, &["--ca", "ca.pem"], &[]).exits(4).complains("TLS failed");
    folder.write("empty.pem", "nothing here");
    run(&folder, &url, &served, &["--ca", "empty.pem"], &[]).exits(2).complains("`empty.pem` cannot be used");
    run(&folder, &url, &served, &["--ca", "no.pem"], &[]).exits(2).complains("`no.pem` cannot be read");
}

#[test]
fn a_certificate_that_is_trusted_itself_needs_no_authority() {
    let (served, folder) = (Served::new(&[]), Folder::new());
    // Such as `openssl req -x509` makes, which may issue others, and one which may not.
    for is_ca in [true, false] {
        let (tls, pem) = Tls::self_signed("127.0.0.1", is_ca, pass_on(&served));
        let url = format!("{}{}", tls.origin, served.path());
        folder.write("leaf.pem", &pem);
        folder.write("other.pem", &Authority::new().pem());
        run(&folder, &url, &served, &["--ca", "leaf.pem"], &[]).exits(0).says("2 passed");
        run(&folder, &url, &served, &["--ca", "other.pem"], &[]).exits(4).complains("TLS failed");
        let (elsewhere, pem) = Tls::self_signed("scim.example.test", is_ca, pass_on(&served));
        let url = format!("{}{}", elsewhere.origin, served.path());
        folder.write("leaf.pem", &pem);
        let refused = run(&folder, &url, &served, &["--ca", "leaf.pem"], &[]).exits(4);
        refused.complains("is for another name");
    }
}

#[test]
fn a_port_that_speaks_no_tls_is_told_from_a_bad_certificate() {
    let (served, folder) = (Served::new(&[]), Folder::new());
    let url = served.scim.replace("http://", "https://");
    let outcome = run(&folder, &url, &served, &[], &[]).exits(4);
    let outcome = outcome.complains("does not speak TLS on this port").complains("http://");
    assert!(!outcome.stderr.contains("--ca"), "{}", outcome.stderr);
}

/// The `Accept` of what Entra created somebody with.
fn accept_of_the_creation(calls: &[Call]) -> Option<String> {
    let is_creation = |call: &&Call| call.method == "POST" && call.target.ends_with("/Users");
    calls.iter().find(is_creation).unwrap().header("accept").map(ToOwned::to_owned)
}

#[test]
fn what_entra_leaves_out_is_left_out_over_tls_too_but_not_through_a_proxy() {
    let (served, folder, authority) = (Served::new(NAMED), Folder::new(), Authority::new());
    let calls = Arc::new(Mutex::new(Vec::new()));
    let (seen, pass_on) = (Arc::clone(&calls), pass_on(&served));
    let tls = Tls::new(&authority, "127.0.0.1", None, move |call| {
        seen.lock().unwrap().push(call.clone());
        pass_on(call)
    });
    folder.write("ca.pem", &authority.pem());
    let url = format!("{}{}", tls.origin, served.path());
    run(&folder, &url, &served, &["--ca", "ca.pem"], &[]).exits(0);
    assert_eq!(accept_of_the_creation(&calls.lock().unwrap()), None);
    // As docs/wire.md has it.
    let proxy = forward(&served);
    let url = format!("http://scim.example.test{}", served.path());
    run(&folder, &url, &served, &["--proxy", &proxy.origin], &[]).exits(0);
    assert_eq!(accept_of_the_creation(&proxy.calls()).as_deref(), Some("*/*"));
}

#[test]
fn insecure_is_shouted_about_every_time() {
    let (served, folder) = (Served::new(&[]), Folder::new());
    let tls = Tls::new(&Authority::new(), "somebody.example", None, pass_on(&served));
    let url = format!("{}{}", tls.origin, served.path());
    for _ in 0..2 {
        run(&folder, &url, &served, &["--insecure"], &[]).exits(0).complains("warning: INSECURE");
    }
    let settings = format!("[targets.staging]\nurl = \"{url}\"\ninsecure = true\ntoken_env = \"T\"\n");
    folder.write("scimsnap.toml", &settings);
    let words = [&ONE[..], &["--target", "staging", "--quiet"]].concat();
    Scimsnap::new(folder.path(), &words)
        .env("T", &served.token)
        .end()
        .exits(0)
        .complains("warning: INSECURE");
}

#[test]
fn a_client_shows_its_certificate() {
    let (served, folder, authority) = (Served::new(&[]), Folder::new(), Authority::new());
    let clients = Authority::new();
    let tls = Tls::new(&authority, "127.0.0.1", Some(&clients), pass_on(&served));
    let url = format!("{}{}", tls.origin, served.path());
    folder.write("ca.pem", &authority.pem());
    let (certificate, key) = clients.issue("client.example");
    folder.write("client.pem", &certificate);
    folder.write("client.key", &key);
    folder.write("both.pem", &format!("{certificate}{key}"));
    let target = |files: &str| {
        format!("[targets.staging]\nurl = \"{url}\"\ntoken_env = \"T\"\nca_file = \"ca.pem\"\n{files}\n")
    };
    let play = |settings: &str| {
        folder.write("scimsnap.toml", settings);
        let words = [&ONE[..], &["--target", "staging"]].concat();
        Scimsnap::new(folder.path(), &words).env("T", &served.token).end()
    };
    play(&target("client_cert_file = \"client.pem\"\nclient_key_file = \"client.key\""))
        .exits(0)
        .says("2 passed");
    play(&target("client_cert_file = \"both.pem\"")).exits(0).says("2 passed");
    play(&target("")).exits(4);
    play(&target("client_cert_file = \"client.pem\"")).exits(2).complains("`client.pem` cannot be used");
    play(&target("client_cert_file = \"client.key\"")).exits(2).complains("`client.key` cannot be used");
}

/// A proxy that is asked for whole URLs, and the URLs.
fn forward(served: &Served) -> Proxy {
    let origin = served.origin.clone();
    Proxy::new(move |_, call| {
        let path = call.target.strip_prefix("http://")?.split_once('/')?.1;
        Some(send(&origin, &Call { target: format!("/{path}"), ..call.clone() }))
    })
}

#[test]
fn a_proxy_takes_http_targets() {
    let (served, folder) = (Served::new(NAMED), Folder::new());
    let proxy = forward(&served);
    // Nobody resolves that name: what comes back came through the proxy.
    let url = format!("http://scim.example.test{}", served.path());
    run(&folder, &url, &served, &["--proxy", &proxy.origin], &[]).exits(0).says("2 passed");
    let calls = proxy.calls();
    assert!(!calls.is_empty() && calls.iter().all(|call| call.target.starts_with(&url)));
    // From the environment, in both cases and without a scheme, with a password that stays a secret.
    let authority = proxy.origin.trim_start_matches("http://");
    let before = calls.len();
    run(&folder, &url, &served, &[], &[("http_proxy", authority)]).exits(0);
    let with_password = format!("http://me:s3cr3t-pr0xy@{authority}");
    let words = ["--json", "out.json"];
    let outcome = run(&folder, &url, &served, &words, &[("HTTP_PROXY", &with_password)]).exits(0);
    let sent = format!("Basic {}", STANDARD.encode("me:s3cr3t-pr0xy"));
    assert_eq!(proxy.calls().last().unwrap().header("proxy-authorization"), Some(sent.as_str()));
    for text in [&outcome.stdout, &outcome.stderr, &folder.read("out.json")] {
        assert!(!text.contains("s3cr3t-pr0xy"), "{text}");
    }
    assert!(proxy.calls().len() > before);
}

#[test]
fn what_the_environment_says_does_not_reach_our_own_machine() {
    let (served, folder) = (Served::new(&[]), Folder::new());
    let proxy = forward(&served);
    let all = [("HTTP_PROXY", proxy.origin.as_str()), ("ALL_PROXY", proxy.origin.as_str())];
    run(&folder, &served.scim, &served, &[], &all).exits(0);
    Scimsnap::new(folder.path(), &ONE).env("HTTP_PROXY", &proxy.origin).end().exits(0);
    assert_eq!(proxy.calls().len(), 0);
    // Whoever names a proxy means it.
    run(&folder, &served.scim, &served, &["--proxy", &proxy.origin], &[]).exits(0);
    let seen = proxy.calls().len();
    assert!(seen > 0);
    // Neither where it is switched off, nor where the host is excepted; then nobody knows the name.
    let url = format!("http://scim.example.test{}", served.path());
    run(&folder, &url, &served, &["--proxy", "none"], &all).exits(4);
    let except = [all[0], ("NO_PROXY", "example.test")];
    run(&folder, &url, &served, &[], &except).exits(4);
    assert_eq!(proxy.calls().len(), seen);
    run(&folder, &url, &served, &["--proxy", "socks://x"], &[]).exits(2).complains("`proxy` cannot be used");
    let wrong = [("HTTPS_PROXY", "ftp://x")];
    run(&folder, &url, &served, &[], &wrong).exits(2).complains("`HTTPS_PROXY` cannot be used");
}

#[test]
fn a_proxy_is_tunnelled_through_for_https() {
    let (served, folder, authority) = (Served::new(NAMED), Folder::new(), Authority::new());
    let tls = Tls::new(&authority, "scim.example.test", None, pass_on(&served));
    let tunnel = Tunnel::to(&tls.authority);
    folder.write("ca.pem", &authority.pem());
    let url = format!("https://scim.example.test{}", served.path());
    let env = [("HTTPS_PROXY", tunnel.origin.as_str())];
    run(&folder, &url, &served, &["--ca", "ca.pem"], &env).exits(0).says("2 passed");
    let heads = tunnel.heads();
    assert!(heads.iter().all(|head| head.starts_with("CONNECT scim.example.test:443 HTTP/1.1")), "{heads:?}");
    // What the proxy sees holds no token.
    assert!(!heads.is_empty() && heads.iter().all(|head| !head.contains(&served.token)));
}
