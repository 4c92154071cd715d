//! Secrets: no output holds them, in no encoding, whatever the endpoint says back.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use serde_json::json;

use super::support::{Folder, Proxy, Reply, Scimsnap, Served, send};

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
        for form in forms(secret) {
            assert!(!text.contains(&form), "{what} holds `{form}`:\n{text}");
        }
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
    for ending in ["out.json", "out.xml", ".ndjson"] {
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

#[test]
fn a_token_in_the_outcome_is_not_stored() {
    let folder =
        Folder::with_scenario(&WITH_PASSWORD.replace("[okta, entra]", "[entra]").replace("[299]", "[204]"));
    let served = Served::with_token(TOKEN, &[]);
    let origin = served.origin.clone();
    // The endpoint gives the token away as a display name.
    let proxy = Proxy::new(move |_, call| {
        let mut reply = send(&origin, call);
        if call.method == "GET" && call.target.contains("/Users/") {
            let token = json!(TOKEN).to_string();
            reply.body = reply.body.replace("\"Ada Byron\"", &token);
        }
        Some(reply)
    });
    let url = format!("{}{}", proxy.origin, served.path());
    let words = ["run", "scenarios", "--json", "out.json", "--update", "new"];
    let outcome = Scimsnap::new(folder.path(), &words).target(&url, TOKEN).end();
    clean("stdout", &outcome.stdout);
    let pending = folder.read("snapshots/own/one.snap.new");
    clean("the pending file", &pending);
    assert!(pending.contains("***"), "{pending}");
    clean("out.json", &folder.read("out.json"));
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
