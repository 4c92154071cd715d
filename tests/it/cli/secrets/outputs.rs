//! Secrets: no output holds them, in no encoding, whatever the endpoint says back.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use serde_json::{Value, json};

use crate::support::{Authority, Call, Folder, Proxy, Reply, Scimsnap, Served, Tls, send};

/// Changes under percent-, JSON- and Base64-encoding. Header values cannot hold letters beyond ASCII.
const TOKEN: &str = r#"cAn"ary+T/o&k\en=~{s3cr3t}"#;
const PASSWORD: &str = r"pA\55+w0rd/cAnAry";

const WITH_PASSWORD: &str = r#"title: A password in a literal
evidence: {mark: inferred, source: nowhere}
idps: [okta, entra]
people:
  ada: {userName: ada@example.com, givenName: Ada, familyName: Byron}
steps:
  - assign: ada
  - request:
      send: PATCH /Users/{{ people.ada.id }}
      json: |
        {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"password","value":"pA\\55+w0rd/cAnAry"},{"op":"replace","value":{"password":"pA\\55+w0rd/cAnAry"}}]}
      expect: {status: [299]}
  - checkpoint: changed
"#;

/// A secret as it may turn up.
fn forms(secret: &str) -> Vec<String> {
    let json = |text: &str| {
        let quoted = json!(text).to_string();
        quoted[1..quoted.len() - 1].to_owned()
    };
    let percent: String =
        secret
            .bytes()
            .map(|byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            })
            .collect();
    let mut forms = vec![
        secret.to_owned(),
        json(secret),
        json(&json(secret)),
        json(secret).replace('/', r"\/"),
        percent,
        // What XML makes of it.
        secret.replace('&', "&amp;").replace('"', "&quot;"),
    ];
    for engine in [STANDARD, URL_SAFE] {
        forms.push(engine.encode(secret).trim_end_matches('=').to_owned());
        let header = engine.encode(format!("Bearer {secret}"));
        // The letters that the word before it does not touch.
        forms.push(header[10..header.len() - 4].to_owned());
    }
    // What is left of it in all of them.
    forms.push("s3cr3t".to_owned());
    forms.push("w0rd".to_owned());
    forms
}

#[track_caller]
fn clean(what: &str, text: &str) {
    for secret in [TOKEN, PASSWORD] {
        clean_of(secret, what, text);
    }
}

#[track_caller]
fn clean_of(secret: &str, what: &str, text: &str) {
    for form in forms(secret) {
        assert!(!text.contains(&form), "{what} holds `{form}`:\n{text}");
    }
}

/// Runs against an endpoint that says the credentials and the body back in errors, and looks everywhere.
fn runs_clean(served: &Served, echo: impl Fn(&str, &str) -> Reply + Send + Sync + 'static) {
    let folder = Folder::with_scenario(WITH_PASSWORD);
    let origin = served.origin.clone();
    let proxy = Proxy::new(move |_, call| {
        if call.method == "PATCH" || call.method == "PUT" {
            return Some(echo(call.header("authorization").unwrap_or_default(), &call.body));
        }
        Some(send(&origin, call))
    });
    let url = format!("{}{}", proxy.origin, served.path());
    let words = [
        "run",
        "scenarios",
        "users/profile-change-arrives",
        "--keep",
        "--json",
        "out.json",
        "--junit",
        "out.xml",
        "--har",
        "out.har",
        "--sarif",
        "out.sarif",
        "--markdown",
        "out.md",
    ];
    let outcome = Scimsnap::new(folder.path(), &words).target(&url, TOKEN).end().exits(1);
    assert!(proxy.calls().iter().any(|call| call.body.contains("password") && call.body.contains("w0rd")));
    assert!(
        proxy.calls().iter().any(|call| call.header("authorization") == Some(&format!("Bearer {TOKEN}")))
    );
    clean("stdout", &outcome.stdout);
    clean("stderr", &outcome.stderr);
    assert!(outcome.stdout.contains("***"), "{}", outcome.stdout);
    let mut seen = Vec::new();
    for (path, contents) in folder.files() {
        let path = path.display().to_string();
        if path != "scenarios/own/one.yaml" {
            clean(&path, &String::from_utf8_lossy(&contents));
            seen.push(path);
        }
    }
    for ending in ["out.json", "out.xml", "out.har", "out.sarif", "out.md", ".ndjson"] {
        assert!(seen.iter().any(|path| path.ends_with(ending)), "{seen:?}");
    }
}

#[test]
fn an_error_that_says_everything_back_as_json() {
    let served = Served::with_token(TOKEN, &[]);
    runs_clean(&served, |authorization, body| {
        let detail = format!("{authorization} may not send {body}");
        let body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "400", "detail": detail, "header": authorization, "sent": body});
        Reply::new(400, &body.to_string())
    });
}

#[test]
fn an_error_that_says_everything_back_as_text() {
    let served = Served::with_token(TOKEN, &[]);
    runs_clean(&served, |authorization, body| {
        Reply::new(400, &format!("<p>{authorization} {body}</p>"))
            .header("Content-Type", "text/html")
            .header("X-Echo", authorization)
    });
}

#[test]
fn an_error_that_says_everything_back_encoded() {
    let served = Served::with_token(TOKEN, &[]);
    runs_clean(&served, |authorization, _| {
        let (plain, url) = (STANDARD.encode(authorization), URL_SAFE.encode(authorization));
        let slashes = json!(authorization).to_string().replace('/', r"\/");
        Reply::new(500, &format!(r#"{{"a":"{plain}","b":"{url}","c":{slashes}}}"#))
    });
}

/// An endpoint that gives the token away as a display name.
fn telltale(served: &Served) -> Proxy {
    let origin = served.origin.clone();
    Proxy::new(move |_, call| {
        let mut reply = send(&origin, call);
        if call.method == "GET" && call.target.contains("/Users/") {
            let token = json!(TOKEN).to_string();
            reply.body = reply.body.replace("\"Ada Byron\"", &token);
        }
        Some(reply)
    })
}

#[test]
fn a_token_in_the_outcome_is_not_stored() {
    let folder =
        Folder::with_scenario(&WITH_PASSWORD.replace("[okta, entra]", "[entra]").replace("[299]", "[204]"));
    let served = Served::with_token(TOKEN, &[]);
    let proxy = telltale(&served);
    let url = format!("{}{}", proxy.origin, served.path());
    let words = ["run", "scenarios", "--json", "out.json", "--update", "new"];
    let outcome = Scimsnap::new(folder.path(), &words).target(&url, TOKEN).end();
    clean("stdout", &outcome.stdout);
    let pending = folder.read("snapshots/own/one.snap.new");
    clean("the pending file", &pending);
    assert!(pending.contains("***"), "{pending}");
    clean("out.json", &folder.read("out.json"));
}

/// What the endpoint was once sent as a password, in all its forms, and what each generated one leaves.
fn passwords(calls: &[Call]) -> Vec<String> {
    let bodies = calls.iter().filter(|call| call.writes()).map(|call| call.body.as_str());
    let mut found: Vec<String> = bodies
        .filter_map(|body| body.split_once("\"password\":\"x7!Q"))
        .map(|(_, rest)| format!("x7!Q{}", &rest[..12]))
        .collect();
    if calls.iter().any(|call| call.body.contains("w0rd")) {
        found.push(PASSWORD.to_owned());
    }
    found
}

/// The endpoint says every password back under other names, in answers to whatever is asked later, by anybody.
#[test]
fn a_password_is_masked_under_any_name_and_in_any_later_answer() {
    let served = Served::new(&[]);
    let folder = Folder::with_scenario(&WITH_PASSWORD.replace("[299]", "[204]"));
    let origin = served.origin.clone();
    let sent = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&sent);
    let proxy = Proxy::new(move |_, call| {
        log.lock().unwrap().push(call.clone());
        let mut all = passwords(&log.lock().unwrap());
        // The latest generated ones and, once it was sent, the scenario's own.
        all.drain(..all.len().saturating_sub(3));
        let all: Vec<String> = all.iter().flat_map(|one| forms_of(one)).collect();
        let mut reply = send(&origin, call);
        if let Ok(mut body) = serde_json::from_str::<Value>(&reply.body)
            && !call.target.ends_with("/ServiceProviderConfig")
        {
            if body.get("detail").is_some() {
                body["detail"] = json!(all.join(" "));
            } else if body.get("userName").is_some() {
                body["displayName"] = json!(all.join(" "));
                body["urn:example:User"] = json!({"note": all, "active": {all.join("+"): 1}});
                body["active"] = json!(all.first());
            }
            reply.body = body.to_string();
        }
        Some(reply)
    });
    let url = format!("{}{}", proxy.origin, served.path());
    let some = ["scenarios", "users/new-user-becomes-customer", "users/profile-change-arrives"];
    let words = [&["run"], &some[..], &["--jobs", "1", "--transcript", "--update", "new"]].concat();
    let words = [&words[..], &["--json", "out.json", "--junit", "out.xml"]].concat();
    let outcome = Scimsnap::new(folder.path(), &words).target(&url, &served.token).end().exits(1);
    let all = passwords(&proxy.calls());
    assert!(all.len() > 5 && all.contains(&PASSWORD.to_owned()), "{all:?}");
    assert!(outcome.stdout.matches("***").count() > 10, "{}", outcome.stdout);
    let mut texts =
        vec![("stdout".to_owned(), outcome.stdout.clone()), ("stderr".to_owned(), outcome.stderr.clone())];
    for (path, contents) in folder.files() {
        let path = path.display().to_string();
        if path != "scenarios/own/one.yaml" {
            texts.push((path, String::from_utf8_lossy(&contents).into_owned()));
        }
    }
    for password in all {
        for form in forms_of(&password) {
            for (what, text) in &texts {
                assert!(!text.contains(form.trim_end_matches('=')), "{what} holds `{form}` of {password}");
            }
        }
    }
}

/// A password as it may be said back.
fn forms_of(password: &str) -> Vec<String> {
    let json = |text: &str| json!(text).to_string().trim_matches('"').to_owned();
    let bytes = |show: fn(u8) -> String| password.bytes().map(show).collect::<String>();
    let hex = bytes(|byte| format!("{byte:02x}"));
    let percent = bytes(|byte| match char::from(byte) {
        letter if letter.is_ascii_alphanumeric() => letter.to_string(),
        _ => format!("%{byte:02X}"),
    });
    let mut forms = vec![password.to_owned(), json(password), percent, hex.to_uppercase(), hex];
    for engine in [STANDARD, URL_SAFE] {
        for before in ["", "ada:", "Bearer ", "a longer name:"] {
            forms.push(engine.encode(format!("{before}{password}")));
        }
    }
    forms
}

#[test]
fn the_secrets_of_the_endpoint_that_is_held_against_are_kept() {
    let (served, other) = (Served::new(&[]), Served::with_token(TOKEN, &[]));
    let folder = Folder::new();
    let proxy = telltale(&other);
    let url = format!("{}{}", proxy.origin, other.path());
    let words = ["run", "users/new-user-becomes-customer", "--json", "out.json", "--junit", "out.xml"];
    let words = [&words[..], &["--against", &url, "--against-token-env", "OTHER"]].concat();
    let run = Scimsnap::new(folder.path(), &words).target(&served.scim, &served.token).env("OTHER", TOKEN);
    let outcome = run.end().exits(1).says("***");
    for text in [&outcome.stdout, &outcome.stderr, &folder.read("out.json"), &folder.read("out.xml")] {
        clean("a report", text);
    }
}

#[test]
fn a_product_token_is_kept_too() {
    let folder = Folder::new();
    let served = Served::new(&[]);
    let run = Scimsnap::new(
        folder.path(),
        &["run", "conflicts", "--json", "out.json", "--junit", "out.xml", "--keep"],
    );
    let outcome = run.with_rest(&served).end().exits(0);
    for text in [&outcome.stdout, &outcome.stderr, &folder.read("out.json"), &folder.read("out.xml")] {
        assert!(!text.contains(&served.rest_token) && !text.contains(&served.token));
    }
}

/// An endpoint that takes any credentials and says them back, as they are and encoded, when something is written; what
/// a token endpoint was sent is said back too.
fn echoing(served: &Served, tokens: Option<&Proxy>) -> (Proxy, String) {
    let (origin, token) = (served.origin.clone(), served.token.clone());
    let tokens = tokens.map(Proxy::log);
    let proxy = Proxy::new(move |_, call| {
        let mut said = call.header("authorization").unwrap_or_default().to_owned();
        if call.method == "PATCH" || call.method == "PUT" {
            for call in tokens.as_ref().map(|log| log.lock().unwrap().clone()).unwrap_or_default() {
                for part in [call.header("authorization").unwrap_or_default(), &call.body] {
                    said.push(' ');
                    said.push_str(part);
                }
            }
            let decoded = said.split(' ').filter_map(|word| STANDARD.decode(word).ok());
            let decoded: Vec<String> =
                decoded.map(|text| String::from_utf8_lossy(&text).into_owned()).collect();
            let detail = format!("{said} {decoded:?} {}", STANDARD.encode(&said));
            let body = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "400", "detail": detail});
            return Some(Reply::new(400, &body.to_string()).header("X-Echo", &said));
        }
        Some(send(&origin, &call.with_bearer(&token)))
    });
    let url = format!("{}{}", proxy.origin, served.path());
    (proxy, url)
}

/// Runs against such an endpoint with settings, and looks everywhere for the secret.
fn settings_run_clean(secret: &str, settings: &str, tokens: Option<&Proxy>) {
    let folder = Folder::new();
    let served = Served::new(&[]);
    let (proxy, url) = echoing(&served, tokens);
    folder.write("scimsnap.toml", &format!("[targets.staging]\nurl = \"{url}\"\n{settings}\n"));
    let words = ["run", "users/profile-change-arrives", "--target", "staging", "--keep", "--strict"];
    let words = [&words[..], &["--json", "out.json", "--junit", "out.xml"]].concat();
    let run = Scimsnap::new(folder.path(), &words).env("SECRET", secret).env("PATH", env!("PATH"));
    let outcome = run.end().exits(1);
    // It was used, and it was said back.
    assert!(proxy.calls().iter().any(|call| call.method == "PATCH"), "{settings}");
    assert!(outcome.stdout.contains("***"), "{}", outcome.stdout);
    clean_of(secret, "stdout", &outcome.stdout);
    clean_of(secret, "stderr", &outcome.stderr);
    for (path, contents) in folder.files() {
        clean_of(secret, &path.display().to_string(), &String::from_utf8_lossy(&contents));
    }
}

#[test]
fn every_other_way_in_keeps_its_secret() {
    settings_run_clean(TOKEN, "authorization_env = \"SECRET\"", None);
    settings_run_clean(&format!("SSWS {TOKEN}"), "authorization_env = \"SECRET\"", None);
    settings_run_clean(TOKEN, "basic = {user = \"ada\", password_env = \"SECRET\"}", None);
    settings_run_clean(TOKEN, "token_command = [\"sh\", \"-c\", 'printf \"%s\\n\" \"$SECRET\"']", None);
}

#[test]
fn a_client_secret_and_what_it_fetches_are_kept() {
    for client_auth in ["basic", "body"] {
        let tokens = Proxy::new(|number, _| {
            let body = json!({"access_token": format!("{TOKEN}-{number}"), "expires_in": 31});
            Some(Reply::new(200, &body.to_string()))
        });
        let settings = format!(
            "oauth = {{token_url = \"{}\", client_id = \"app\", client_secret_env = \"SECRET\", client_auth = \"{client_auth}\"}}",
            tokens.origin
        );
        settings_run_clean(r#"cli"nt/s3cr3t+w0rd"#, &settings, Some(&tokens));
        assert!(!tokens.calls().is_empty());
    }
}

#[test]
fn a_clients_key_is_kept() {
    let (served, folder, authority) = (Served::new(&[]), Folder::new(), Authority::new());
    let (certificate, key) = authority.issue("client.example");
    let inside: Vec<&str> = key.lines().filter(|line| !line.starts_with("-----")).collect();
    let inside = inside.concat();
    let origin = served.origin.clone();
    let said = inside.clone();
    let tls = Tls::new(&authority, "127.0.0.1", Some(&authority), move |call| {
        if call.method == "PATCH" || call.method == "PUT" {
            return Reply::new(400, &json!({"detail": said}).to_string());
        }
        send(&origin, call)
    });
    folder.write("ca.pem", &authority.pem());
    folder.write("client.pem", &certificate);
    folder.write("client.key", &key);
    let url = format!("{}{}", tls.origin, served.path());
    folder.write(
        "scimsnap.toml",
        &format!(
            "[targets.staging]\nurl = \"{url}\"\ntoken_env = \"T\"\nca_file = \"ca.pem\"\nclient_cert_file = \"client.pem\"\nclient_key_file = \"client.key\"\n"
        ),
    );
    let words = ["run", "users/profile-change-arrives", "--target", "staging", "--json", "out.json"];
    let outcome = Scimsnap::new(folder.path(), &words).env("T", &served.token).end().exits(1);
    assert!(outcome.stdout.contains("***"), "{}", outcome.stdout);
    for text in [&outcome.stdout, &outcome.stderr, &folder.read("out.json")] {
        assert!(
            inside.as_bytes().chunks(20).all(|part| !text.contains(&String::from_utf8_lossy(part)[..])),
            "{text}"
        );
    }
}

/// A command that fails may repeat the token that it has fetched.
#[test]
fn what_a_command_complains_of_is_kept_and_harmless() {
    let folder = Folder::new();
    let served = Served::new(&[]);
    let script = "echo \"$SECRET\"; printf 'refused: %s \\033[2J\\n' \"$SECRET\" >&2; exit 1";
    let settings = format!(
        "[targets.staging]\nurl = \"{}\"\ntoken_command = [\"sh\", \"-c\", {}]\n",
        served.scim,
        json!(script)
    );
    folder.write("scimsnap.toml", &settings);
    for words in [&["run", "users", "--target", "staging"][..], &["probe", "staging"]] {
        let run = Scimsnap::new(folder.path(), words).env("SECRET", TOKEN).env("PATH", env!("PATH"));
        let outcome = run.end().exits(4).complains("refused: ***");
        assert!(!outcome.stderr.contains("\u{1b}[2J"), "{:?}", outcome.stderr);
        clean("stderr", &outcome.stderr);
        clean("stdout", &outcome.stdout);
    }
}

#[test]
fn a_proxys_password_is_not_written_to_the_settings() {
    let folder = Folder::new();
    let words = ["init", "http://127.0.0.1:9/scim", "--proxy", "http://ada:hunter22-canary@127.0.0.1:9"];
    let outcome = Scimsnap::new(folder.path(), &words).end().exits(2).complains("HTTPS_PROXY");
    assert!(!outcome.stderr.contains("hunter22") && folder.files().is_empty(), "{}", outcome.stderr);
}

/// A token of 300 KB is masked like a short one, and nobody waits for it.
#[test]
fn a_long_token_is_kept() {
    let token: String =
        (0..300_000_u32).filter_map(|n| char::from_digit((n.wrapping_mul(n) >> 7) % 36, 36)).collect();
    let folder = Folder::new();
    folder.write("token", &token);
    let said = token.clone();
    let proxy = Proxy::new(move |_, _| Some(Reply::new(500, &json!({"detail": said}).to_string())));
    let words =
        ["run", "users/new-user-becomes-customer", "--target", &proxy.origin, "--token-file", "token"];
    let words = [&words[..], &["--json", "out.json", "--idp", "okta-oin"]].concat();
    let outcome = Scimsnap::new(folder.path(), &words).end();
    for text in [&outcome.stdout, &outcome.stderr, &folder.read("out.json")] {
        assert!(!text.contains(&token[..40]) && !text.contains(&token[1_000..1_040]));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn no_memory_is_dumped() {
    use std::io::{BufRead as _, BufReader};
    let folder = Folder::new();
    let mut child =
        Scimsnap::new(folder.path(), &["serve", "--listen", "127.0.0.1:0", "--ready-json"]).start();
    let mut said = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().collect::<Vec<_>>()[4..6], ["0", "0"], "{core}");
}
