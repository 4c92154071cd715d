//! `serve --state FILE`: what was provisioned outlives the process, however that ends.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::program;

const KEY: &str = "chosen-for-this-test";

/// A running `serve`, killed when it is dropped.
struct Served {
    process: Child,
    ready: Value,
}

impl Served {
    fn start(state: &Path, flags: &[&str]) -> Self {
        let mut process = Command::new(program())
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

    /// How many users there are.
    fn count(&self) -> usize {
        let (_, list) = self.send("GET", "/Users?count=1", "").unwrap();
        usize::try_from(list["totalResults"].as_u64().unwrap()).unwrap()
    }

    /// The names of all users but the first so many.
    fn names_from(&self, first: usize) -> BTreeSet<String> {
        let (mut names, mut next) = (BTreeSet::new(), first + 1);
        loop {
            let path = format!("/Users?startIndex={next}&count=100&attributes=userName");
            let (_, list) = self.send("GET", &path, "").unwrap();
            let page = list["Resources"].as_array().unwrap();
            if page.is_empty() {
                return names;
            }
            next += page.len();
            names.extend(page.iter().map(|user| user["userName"].as_str().unwrap().to_owned()));
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

/// What is promised: how old a change is at most that a kill takes away.
const BOUND: Duration = Duration::from_millis(500);

/// Users that were created, with the moment at which each was acknowledged.
type Acknowledged = Vec<(String, Instant)>;

/// Creates users with so much text by one connection until it breaks.
fn load(served: &Served, prefix: &str, text: usize) -> Acknowledged {
    let mut acknowledged = Vec::new();
    let base = served.ready["scim"].as_str().unwrap().strip_prefix("http://").unwrap();
    let (authority, path) = base.split_once('/').unwrap();
    let Ok(mut stream) = TcpStream::connect(authority) else { return acknowledged };
    let mut answers = BufReader::new(stream.try_clone().unwrap());
    for number in 0.. {
        let name = format!("{prefix}-{number}@example.com");
        let body = json!({"userName": name, "emails": [{"value": name, "primary": true}], "title": "x".repeat(text)});
        let body = body.to_string();
        let request = format!(
            "POST /{path}/Users HTTP/1.1\r\nHost: {authority}\r\nAuthorization: Bearer {KEY}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        if stream.write_all(request.as_bytes()).is_err() || receive(&mut answers).is_none() {
            break;
        }
        acknowledged.push((name, Instant::now()));
        // A machine of any speed ends up with about as many.
        pause(2);
    }
    acknowledged
}

/// Reads the answer to a creation; none where the connection broke.
fn receive(answers: &mut impl BufRead) -> Option<()> {
    let (mut line, mut length) = (String::new(), 0);
    answers.read_line(&mut line).ok()?;
    assert!(line.starts_with("HTTP/1.1 201 ") || !line.ends_with('\n'), "{line}");
    while line != "\r\n" {
        line.clear();
        answers.read_line(&mut line).ok().filter(|read| *read > 0)?;
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    answers.read_exact(&mut vec![0; length]).ok()
}

/// By how much a sleep of a few milliseconds lasts too long at most, until told to stop: a machine that is so busy keeps
/// everybody waiting.
fn hitches(stop: &AtomicBool) -> Duration {
    let mut longest = Duration::ZERO;
    while !stop.load(Ordering::Relaxed) {
        let begun = Instant::now();
        pause(10);
        longest = longest.max(begun.elapsed().saturating_sub(Duration::from_millis(10)));
    }
    longest
}

#[test]
fn thirty_kills_under_load_take_away_no_change_that_is_older_than_was_promised() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("site.json");
    let flags = ["--token-env", "SCIM_KEY", "--directory", "d", "--seed", "1"];
    let mut served = Served::start(&state, &flags);
    let (mut known, mut judged) = (0, 0);
    for round in 0..30_u64 {
        let stop = AtomicBool::new(false);
        // Now and then so much that the journal gives way to a new state.
        let text = if round % 6 == 5 { 8000 } else { 200 };
        let (acknowledged, killed, hitch) = std::thread::scope(|scope| {
            let loads: Vec<_> = (0..4)
                .map(|each| {
                    let (served, prefix) = (&served, format!("r{round}c{each}"));
                    scope.spawn(move || load(served, &prefix, text))
                })
                .collect();
            let hitch = scope.spawn(|| hitches(&stop));
            // Another moment in every round, from soon after the start to long after the bound.
            pause(100 + round * 379 % 1100);
            let killed = Instant::now();
            Command::new("kill").args(["-KILL", &served.process.id().to_string()]).status().unwrap();
            let acknowledged: Acknowledged =
                loads.into_iter().flat_map(|load| load.join().unwrap()).collect();
            stop.store(true, Ordering::Relaxed);
            (acknowledged, killed, hitch.join().unwrap())
        });
        drop(served);
        let text = std::fs::read_to_string(&state).unwrap();
        assert!(serde_json::from_str::<Value>(&text).is_ok(), "round {round}: the file is not whole");
        served = Served::start(&state, &flags);
        let there = served.names_from(known);
        let promised = BOUND + 4 * hitch;
        let old = acknowledged.iter().filter(|(_, at)| killed.saturating_duration_since(*at) > promised);
        let (mut lost, before) = (Vec::new(), judged);
        for (name, _) in old {
            judged += 1;
            lost.extend((!there.contains(name)).then_some(name));
        }
        assert!(lost.is_empty(), "round {round}: {} of {} are lost; {hitch:?}", lost.len(), judged - before);
        // Of each connection one may be there that it was not told of.
        let told: BTreeSet<&String> = acknowledged.iter().map(|(name, _)| name).collect();
        let untold = there.iter().filter(|name| !told.contains(name)).count();
        assert!(untold <= 4, "round {round}: {untold} came from nowhere");
        known += there.len();
        assert_eq!(served.count(), known, "round {round}");
    }
    assert!(judged > 0, "the machine is too slow to tell");
    assert_eq!(served.names_from(0).len(), known, "nobody is there twice");
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
        let output = Command::new(program())
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
