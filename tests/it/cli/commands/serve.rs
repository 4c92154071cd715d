//! `scimsnap serve` as a command: what it says on standard error.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::process::Command;

use serde_json::Value;

use crate::support::{Call, Folder, Scimsnap, send};

#[test]
fn a_busy_port_is_said_to_be_busy() {
    let folder = Folder::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let outcome = Scimsnap::new(folder.path(), &["serve", "--listen", &address]).end().exits(4);
    outcome.complains(&format!("`{address}` is busy")).complains("--listen");
}

#[test]
fn a_key_in_place_of_its_variable_is_not_echoed() {
    let folder = Folder::new();
    let key = "d2f0c1b7e8a94b6f9d3c5a7e1f2b4c6d";
    for words in [
        &["serve", "--listen", "127.0.0.1:0", "--token-env", key][..],
        &["run", "--target", "http://127.0.0.1:9/scim", "--token-env", key],
        &["probe", "http://127.0.0.1:9/scim", "--token-env", key],
        &["init", "http://127.0.0.1:9/scim", "--token-env", key],
    ] {
        let outcome = Scimsnap::new(folder.path(), words).end().exits(2);
        assert!(!outcome.stderr.contains(key) && !outcome.stdout.contains(key), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("name"), "{}", outcome.stderr);
    }
}

/// What is said on standard error about a request.
fn logged(flags: &[&str]) -> String {
    let folder = Folder::new();
    let words = [&["serve", "--listen", "127.0.0.1:0", "--ready-json"], flags].concat();
    let mut child = Scimsnap::new(folder.path(), &words).start();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let (scim, token) = (ready["scim"].as_str().unwrap(), ready["token"].as_str().unwrap());
    let at = scim.find("/scim/").unwrap();
    let call = Call {
        method: "GET".to_owned(),
        target: format!("{}/Users?count=1", &scim[at..]),
        ..Call::default()
    };
    assert_eq!(send(&scim[..at], &call.with_bearer(token)).status, 200);
    assert_eq!(send(&scim[..at], &call).status, 401);
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(child.wait().unwrap().success());
    assert!(!said.contains(token), "{said}");
    said
}

#[test]
fn each_request_is_a_line_unless_it_is_quiet() {
    let said = logged(&[]);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 2, "{said}");
    assert!(lines[0].contains("/Users?count=1 → 200  ") && lines[0].starts_with("GET /scim/"), "{said}");
    assert!(lines[1].contains("/Users?count=1 → 401  "), "{said}");
    assert_eq!(logged(&["--quiet"]), "");
}
