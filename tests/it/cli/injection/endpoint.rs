//! An endpoint that puts payloads into everything that it can say.

use std::io::Write as _;
use std::net::TcpListener;

use serde_json::{Value, json};

use super::oracle::{files_are_harmless, holds, is_harmless, streams_are_harmless};
use super::payloads::batches;
use crate::support::{Call, Folder, Outcome, Proxy, Reply, Scimsnap, Served, send};

const SCENARIO: &str = "\
title: A user and a group
evidence: {mark: inferred, source: a test}
idps: [okta, google]
people:
  ada: {userName: ada@example.com, givenName: Ada, familyName: Byron}
groups:
  acme: {displayName: Acme, members: [ada]}
steps:
  - assign: ada
  - only: [okta]
    push: acme
  - checkpoint: pushed
";

/// How an endpoint says something.
type Speak = fn(&str, &Call, &mut Reply);

/// Appends the payload to the strings of an answer that have one of these names.
fn append(value: &mut Value, names: &[&str], payload: &str) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| append(item, names, payload)),
        Value::Object(members) => {
            for (name, item) in members {
                match item {
                    Value::String(text) if names.contains(&name.as_str()) => text.push_str(payload),
                    _ => append(item, names, payload),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn append_to(names: &[&str], payload: &str, reply: &mut Reply) {
    let mut body = reply.json();
    if !body.is_null() && reply.status < 300 {
        append(&mut body, names, payload);
        reply.body = body.to_string();
    }
}

fn names(payload: &str, _: &Call, reply: &mut Reply) {
    let names =
        ["userName", "displayName", "givenName", "familyName", "formatted", "externalId", "value", "display"];
    append_to(&names, payload, reply);
}

fn ids(payload: &str, _: &Call, reply: &mut Reply) {
    append_to(&["id"], payload, reply);
}

fn meta(payload: &str, _: &Call, reply: &mut Reply) {
    append_to(&["location", "version", "resourceType", "created", "lastModified"], payload, reply);
}

fn is_page(call: &Call) -> bool {
    ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas"].iter().any(|page| call.target.contains(page))
}

fn discovery(payload: &str, call: &Call, reply: &mut Reply) {
    if is_page(call) {
        let names =
            ["name", "description", "type", "id", "schema", "endpoint", "documentationUri", "specUri"];
        append_to(&names, payload, reply);
    }
}

fn errors(payload: &str, call: &Call, reply: &mut Reply) {
    if call.writes() && call.method != "DELETE" {
        let body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error", payload],
            "status": format!("400{payload}"), "scimType": payload, "detail": payload,
        });
        *reply = Reply::new(400, &body.to_string());
    }
}

fn schemas(payload: &str, _: &Call, reply: &mut Reply) {
    let mut body = reply.json();
    if body.is_object() {
        body["schemas"] = json!([payload]);
        body[payload] = json!({payload: payload});
        body["active"] = json!(payload);
        body["totalResults"] = json!(payload);
        reply.body = body.to_string();
    }
}

fn web_pages(payload: &str, call: &Call, reply: &mut Reply) {
    if call.writes() {
        *reply = Reply::new(500, &format!("<html>{payload}</html>")).header("Content-Type", "text/html");
    }
}

fn broken_json(payload: &str, call: &Call, reply: &mut Reply) {
    if call.writes() {
        reply.body = format!("{{\"id\": \"1\", {payload}");
    }
}

/// What of a payload a header can have.
fn in_header(payload: &str) -> String {
    payload.chars().filter(|character| *character == '\t' || !character.is_ascii_control()).collect()
}

fn headers(payload: &str, _: &Call, reply: &mut Reply) {
    let value = in_header(payload);
    let mut changed = reply.clone();
    for name in
        ["Location", "ETag", "Retry-After", "WWW-Authenticate", "Link", "Deprecation", "X-Request-Id", "Date"]
    {
        changed = changed.header(name, &value);
    }
    *reply = changed.header("Content-Type", &format!("application/scim+json; {value}"));
}

fn redirects(payload: &str, call: &Call, reply: &mut Reply) {
    if call.writes() {
        *reply = Reply::new(302, payload)
            .header("Location", &format!("http://127.0.0.1:1/{}", in_header(payload)));
    }
}

fn raw_headers(payload: &str, call: &Call, reply: &mut Reply) {
    if call.writes() {
        *reply = Reply::new(200, "{}").header("ETag", payload).header("X\u{1b}[2J", payload);
    }
}

fn refusals(payload: &str, _: &Call, reply: &mut Reply) {
    *reply = Reply::new(401, payload).header("WWW-Authenticate", &in_header(payload));
}

fn no_scim(payload: &str, _: &Call, reply: &mut Reply) {
    *reply = Reply::new(200, payload).header("Content-Type", &in_header(payload));
}

fn product(payload: &str, call: &Call, reply: &mut Reply) {
    if call.target.contains("/rest/") {
        append_to(&["name", "emailAddress", "displayName", "accountId", "key", "id"], payload, reply);
    }
}

fn product_errors(payload: &str, call: &Call, reply: &mut Reply) {
    if call.target.contains("/rest/") {
        let body =
            json!({"errorMessage": payload, "i18nErrorMessage": {"i18nKey": payload}, "errors": [payload]});
        *reply = Reply::new(400, &body.to_string()).header("Content-Type", "application/json");
    }
}

/// A served endpoint whose every answer is changed.
fn speaking(served: &Served, payload: &str, speak: Speak) -> Proxy {
    let (origin, payload) = (served.origin.clone(), payload.to_owned());
    Proxy::new(move |_, call| {
        let mut reply = send(&origin, call);
        speak(&payload, call, &mut reply);
        Some(reply)
    })
}

/// A command against it, in and without colour.
fn ask(folder: &Folder, served: &Served, proxy: &Proxy, words: &[&str], colour: bool) -> Outcome {
    let url = format!("{}{}", proxy.origin, served.path());
    let rest = format!("{}/rest/servicedeskapi", proxy.origin);
    let mut all = words.to_vec();
    if matches!(words[0], "probe" | "init") {
        all.extend([url.as_str(), "--token-env", "SCIM_TOKEN"]);
    } else {
        all.extend(["--target", &url, "--token-env", "SCIM_TOKEN"]);
    }
    all.extend([
        "--rest",
        &rest,
        "--rest-user",
        &served.rest_user,
        "--rest-token-env",
        "REST_TOKEN",
        "--max-wait",
        "0",
    ]);
    let mut call = Scimsnap::new(folder.path(), &all).env("SCIM_TOKEN", &served.token);
    call = call.env("REST_TOKEN", &served.rest_token);
    if colour { call.env("CLICOLOR_FORCE", "1") } else { call }.end()
}

/// Plays against an endpoint that speaks so, looks at every output, and gives what was said where: all of the streams,
/// and all of the reports and snapshots.
fn hear(what: &str, speak: Speak) -> (String, Vec<Value>) {
    let served = Served::new(&[]);
    let (mut said, mut reports) = (String::new(), Vec::new());
    for (number, payload) in batches().iter().enumerate() {
        let proxy = speaking(&served, payload, speak);
        let folder = Folder::with_scenario(SCENARIO);
        let colour = number % 2 == 1;
        let words = [
            "run",
            "scenarios",
            "--idp",
            "okta-oin,google",
            "--transcript",
            "--update",
            "new",
            "--read-lag",
            "0",
        ];
        let outputs = [
            "-v",
            "--json",
            "out.json",
            "--junit",
            "out.xml",
            "--sarif",
            "out.sarif",
            "--markdown",
            "out.md",
            "--har",
            "out.har",
        ];
        let what = format!("{what}, batch {number}");
        let brief =
            ask(&folder, &served, &proxy, &[&words[..7], &["no", "--read-lag", "0"]].concat(), colour);
        streams_are_harmless(&format!("{what}, brief"), &brief, colour);
        let outcome = ask(&folder, &served, &proxy, &[&words[..], &outputs].concat(), colour);
        streams_are_harmless(&what, &outcome, colour);
        files_are_harmless(&what, &folder);
        said += &outcome.stdout;
        said += &outcome.stderr;
        if folder.names("").iter().any(|name| name == "out.json") {
            let report: Value = serde_json::from_str(&folder.read("out.json")).unwrap();
            reports.push(json!({"payload": payload, "report": report}));
        }
        if !folder.names("snapshots").is_empty() {
            for words in [["snapshots", "diff"], ["snapshots", "accept"]] {
                let outcome = Scimsnap::new(folder.path(), &words).end();
                streams_are_harmless(&what, &outcome, false);
            }
            files_are_harmless(&what, &folder);
        }
        // It shows what `probe` shows.
        let written = ask(&folder, &served, &proxy, &["init"], colour);
        streams_are_harmless(&what, &written, colour);
        said += &written.stdout;
    }
    (said, reports)
}

/// Plays, and checks that the payloads were heard at all: their escapes are in what was said.
fn is_heard(what: &str, speak: Speak) -> Vec<Value> {
    let (said, reports) = hear(what, speak);
    for escape in ["\\u{202e}", "\\u{200b}", "\\u{9b}"] {
        assert!(said.contains(escape), "{what}: {escape} is not in\n{said}");
    }
    reports
}

/// Checks that the payloads are in the reports, to the character.
fn is_kept(reports: &[Value]) {
    // What is long is cut: the beginning is there.
    let kept = reports.iter().filter(|one| {
        let start: String = one["payload"].as_str().unwrap().chars().take(8).collect();
        holds(&one["report"], &start)
    });
    assert!(kept.count() * 2 > reports.len(), "{reports:#?}");
}

#[test]
fn names_of_users_and_groups() {
    is_kept(&is_heard("names", names));
}

#[test]
fn ids_and_meta() {
    is_heard("ids", ids);
    is_heard("meta", meta);
}

#[test]
fn details_and_types_of_errors() {
    is_kept(&is_heard("errors", errors));
}

#[test]
fn schemas_members_and_values_of_other_types() {
    is_heard("schemas", schemas);
}

#[test]
fn web_pages_and_broken_json() {
    is_heard("web pages", web_pages);
    is_heard("broken JSON", broken_json);
}

#[test]
fn headers_of_answers() {
    is_heard("headers", headers);
    hear("redirects", redirects);
    hear("raw headers", raw_headers);
}

#[test]
fn refusals_and_pages_that_are_no_scim() {
    hear("refusals", refusals);
    is_heard("no SCIM", no_scim);
}

#[test]
fn discovery_documents() {
    is_heard("discovery", discovery);
}

#[test]
fn the_product() {
    is_heard("product", product);
    is_heard("errors of the product", product_errors);
}

#[test]
fn something_that_is_no_http() {
    for payload in batches() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/scim", listener.local_addr().unwrap());
        let said = payload.clone();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let said = said.clone();
                std::thread::spawn(move || {
                    let _ = Call::receive(&mut stream);
                    let _ = write!(stream, "HTTP/1.1 200 {said}\r\n{said}: {said}\r\n\r\n{said}");
                });
            }
        });
        let folder = Folder::with_scenario(SCENARIO);
        for words in [&["run", "scenarios", "--target", &url, "--max-wait", "0"][..], &["probe", &url]] {
            let outcome = Scimsnap::new(folder.path(), words).end().exits(4);
            streams_are_harmless("no HTTP", &outcome, false);
        }
    }
}

/// What GitHub Actions is told: its commands are ours, one a line, and never more than it shows.
#[test]
fn annotations_the_step_summary_and_entries_for_known_failures() {
    let served = Served::new(&[]);
    for payload in batches() {
        let proxy = speaking(&served, &payload, errors);
        let folder = Folder::with_scenario(SCENARIO);
        let url = format!("{}{}", proxy.origin, served.path());
        let words = ["run", "scenarios", "--idp", "okta-oin,google", "--read-lag", "0", "--json", "out.json"];
        let call = Scimsnap::new(folder.path(), &words).target(&url, &served.token);
        let call = call.env("GITHUB_ACTIONS", "true");
        let outcome = call.env("GITHUB_STEP_SUMMARY", folder.path().join("out.summary.md")).end();
        let is_command = |line: &&str| line.starts_with("::");
        let commands: Vec<&str> = outcome.stderr.lines().filter(is_command).collect();
        assert!(!commands.is_empty() && commands.len() <= 20, "{}", outcome.stderr);
        for command in commands {
            let rest = command.strip_prefix("::error ").or(command.strip_prefix("::warning "));
            let rest = rest.unwrap_or_else(|| panic!("{command}"));
            assert!(rest.starts_with("file=") || rest.starts_with("title=scimsnap::"), "{command}");
            is_harmless("an annotation", rest, false);
        }
        let others: Vec<&str> = outcome.stderr.lines().filter(|line| !is_command(line)).collect();
        is_harmless("stderr", &others.join("\n"), false);
        let names = folder.names("");
        assert!(names.iter().any(|name| name == "out.summary.md"), "{names:?}");
        let written =
            Scimsnap::new(folder.path(), &["known", "--write", "--from", "out.json"]).end().exits(0);
        streams_are_harmless("known", &written, false);
        let settings = folder.read("scimsnap.toml");
        // Headings of tables are ours, and so are comments.
        let is_ours = |line: &&str| !line.starts_with("[[known]]") && !line.starts_with("# ");
        is_harmless("scimsnap.toml", &settings.lines().filter(is_ours).collect::<Vec<_>>().join("\n"), false);
        for comment in settings.lines().filter_map(|line| line.strip_prefix("# ")) {
            is_harmless("a comment", &format!("x {comment}"), false);
        }
        settings.parse::<toml::Table>().unwrap();
        let summary = folder.read("out.summary.md");
        let is_heading = |line: &&str| line.starts_with("## scimsnap") || line.starts_with("### ");
        let lines: Vec<&str> = summary.lines().filter(|line| !is_heading(line)).collect();
        is_harmless("the step summary", &lines.join("\n"), false);
        assert!(summary.chars().count() <= 65_000);
    }
}
