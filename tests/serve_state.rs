//! `serve --state FILE`: what was provisioned outlives the process, however that ends.

#![cfg(test)]
#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

const KEY: &str = "chosen-for-this-test";

/// A running `serve`, killed when it is dropped.
struct Served {
    process: Child,
    ready: Value,
}

impl Served {
    fn start(state: &Path, flags: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_scimsnap"))
            .args(["serve", "--listen", "127.0.0.1:0", "--ready-json", "--state"])
            .arg(state)
            .args(flags)
            .env("SCIM_KEY", KEY)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error} in {line:?}"));
        Self { process, ready }
    }

    /// Status and body of a SCIM request; none if the connection broke.
    fn send(&self, method: &str, path: &str, body: &str) -> Option<(u16, Value)> {
        let base = self.ready["scim"].as_str()?.strip_prefix("http://")?;
        let (authority, prefix) = base.split_once('/')?;
        let mut stream = TcpStream::connect(authority).ok()?;
        let request = format!(
            "{method} /{prefix}{path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\nAuthorization: Bearer {KEY}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some((status, serde_json::from_str(body).unwrap_or_default()))
    }

    /// The status of a request to the REST API with a token.
    fn rest(&self, token: &str) -> u16 {
        let base = self.ready["rest"].as_str().unwrap().strip_prefix("http://").unwrap();
        let (authority, prefix) = base.split_once('/').unwrap();
        let pair = STANDARD.encode(format!("{}:{token}", self.ready["rest_user"].as_str().unwrap()));
        let mut stream = TcpStream::connect(authority).unwrap();
        let request = format!(
            "GET /{prefix}/organization HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\nAuthorization: Basic {pair}\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().parse().unwrap()
    }

    fn create(&self, number: usize) -> Option<(u16, Value)> {
        let address = format!("user{number:04}@example.com");
        let body = json!({"userName": address, "emails": [{"value": address, "primary": true}]});
        self.send("POST", "/Users", &body.to_string())
    }

    /// How many users there are; they have to be the first so many, with nobody missing among them.
    fn users(&self) -> usize {
        let mut numbers = Vec::new();
        loop {
            let path = format!("/Users?startIndex={}", numbers.len() + 1);
            let (status, list) = self.send("GET", &path, "").unwrap();
            assert_eq!(status, 200, "{list}");
            let page = list["Resources"].as_array().unwrap();
            numbers.extend(
                page.iter().map(|user| user["userName"].as_str().unwrap()[4..8].parse::<usize>().unwrap()),
            );
            if page.is_empty() {
                assert_eq!(numbers, (0..numbers.len()).collect::<Vec<_>>());
                return numbers.len();
            }
        }
    }

    fn stop(mut self, signal: &str) -> std::process::ExitStatus {
        Command::new("kill").args([signal, &self.process.id().to_string()]).status().unwrap();
        self.process.wait().unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[expect(clippy::disallowed_methods, reason = "this thread runs no runtime; the process beside it goes on")]
fn pause(milliseconds: u64) {
    std::thread::sleep(Duration::from_millis(milliseconds));
}

#[test]
fn a_killed_endpoint_comes_back_with_an_older_state_or_the_last_one_and_never_a_broken_one() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("site.json");
    let flags = ["--token-env", "SCIM_KEY", "--directory", "d", "--seed", "1"];
    let mut known = 0;
    for round in 0..12 {
        let served = Served::start(&state, &flags);
        let there = served.users();
        assert!(there >= known, "{there} users after {known} were on the disk");
        let mut next = there;
        // Killed at another moment of writing in every round: after so many users, with or without a pause.
        for _ in 0..=(round * 7 % 23) {
            let (status, answer) = served.create(next).unwrap();
            assert_eq!(status, 201, "{answer}");
            next += 1;
        }
        if round % 3 == 0 {
            pause(600);
            known = next;
        } else {
            pause(round * 17 % 130);
            known = there;
        }
        assert_eq!(served.stop("-KILL").code(), None);
    }
    let served = Served::start(&state, &flags);
    assert!(served.users() >= known && known > 0);
}

#[test]
fn what_changed_last_is_written_when_the_endpoint_is_told_to_stop() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("site.json");
    let flags = ["--token-env", "SCIM_KEY", "--directory", "d", "--knob", "conflict.setting=skip"];
    let served = Served::start(&state, &flags);
    assert_eq!(served.ready["token"], KEY);
    served.create(0).unwrap();
    assert_eq!(served.stop("-TERM").code(), Some(0));

    let text = std::fs::read_to_string(&state).unwrap();
    assert!(!text.contains(KEY), "a key is kept as its digest");
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&state).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);

    // The key and the knobs are those of last time; a key is shown once, so nothing is said about it.
    let served = Served::start(&state, &[]);
    assert_eq!(served.ready["token"], Value::Null);
    assert_eq!(served.users(), 1);
    assert_eq!(served.create(0).unwrap().0, 409);
    let written: Value = serde_json::from_str(&std::fs::read_to_string(&state).unwrap()).unwrap();
    assert_eq!(written["sites"][0]["knobs"]["conflict.setting"], "skip");
}

#[test]
fn the_rest_token_is_not_kept_and_another_one_is_shown_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("site.json");
    let flags = ["--token-env", "SCIM_KEY"];
    let mut earlier: Vec<String> = Vec::new();
    for start in 0..3 {
        let served = Served::start(&state, if start == 0 { &flags } else { &[] });
        let token = served.ready["rest_token"].as_str().unwrap().to_owned();
        assert!(token.len() >= 32 && !earlier.contains(&token));
        assert_eq!(served.rest(&token), 200);
        for old in &earlier {
            assert_eq!(served.rest(old), 401, "an earlier token opens nothing");
        }
        if start == 1 {
            assert_eq!(served.create(0).unwrap().0, 201);
        }
        earlier.push(token);
        assert_eq!(served.stop("-TERM").code(), Some(0));
        let text = std::fs::read_to_string(&state).unwrap();
        assert!(earlier.iter().all(|token| !text.contains(token.as_str())), "{text}");
    }
    assert_eq!(Served::start(&state, &[]).users(), 1);
}

#[test]
fn a_state_that_holds_a_rest_token_loses_it() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("site.json");
    let served = Served::start(&state, &["--token-env", "SCIM_KEY"]);
    served.create(0).unwrap();
    served.stop("-TERM");
    let mut old: Value = serde_json::from_str(&std::fs::read_to_string(&state).unwrap()).unwrap();
    old["sites"][0]["rest_token"] = json!("readable-0123456789");
    std::fs::write(&state, old.to_string()).unwrap();

    let served = Served::start(&state, &[]);
    assert_eq!(served.users(), 1);
    let token = served.ready["rest_token"].as_str().unwrap();
    assert_eq!((served.rest(token), served.rest("readable-0123456789")), (200, 401));
    assert!(!std::fs::read_to_string(&state).unwrap().contains("readable-0123456789"));
}

#[test]
fn a_state_that_does_not_fit_stops_the_endpoint_before_it_begins() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("site.json");
    let refused = |flags: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_scimsnap"))
            .args(["serve", "--listen", "127.0.0.1:0", "--ready-json", "--state"])
            .arg(&state)
            .args(flags)
            .output()
            .unwrap();
        assert!(output.stdout.is_empty());
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let served = Served::start(&state, &["--directory", "d"]);
    assert!(refused(&[]).1.contains("another endpoint uses the state file"));
    served.stop("-TERM");
    assert!(refused(&["--profile", "rfc"]).1.contains("profile `jsm-customers`"));
    assert!(refused(&["--directory", "e"]).1.contains("another directory"));
    std::fs::write(&state, "{\"format\": 1, \"si").unwrap();
    let (code, said) = refused(&[]);
    assert_eq!(code, Some(2), "{said}");
    assert_eq!(
        std::fs::read_to_string(&state).unwrap(),
        "{\"format\": 1, \"si",
        "what cannot be read is left alone"
    );
}
