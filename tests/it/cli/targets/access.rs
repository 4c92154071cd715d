//! The ways into a target that a settings file knows.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::support::{self, Call, Folder, Proxy, Reply, Scimsnap, Served};

const ONE: [&str; 5] = ["run", "users/new-user-becomes-customer", "--target", "staging", "--quiet"];

/// An endpoint that lets in whoever's `Authorization` is as `good` says.
fn guarded(served: &Served, good: impl Fn(usize, &str) -> bool + Send + Sync + 'static) -> (Proxy, String) {
    support::guarded(served, move |number, call| {
        good(number, call.header("authorization").unwrap_or_default())
    })
}

fn folder(url: &str, rest: &str) -> Folder {
    let folder = Folder::new();
    folder.write(
        "scimsnap.toml",
        &format!("[targets.staging]\nurl = \"{url}\"\nidps = [\"okta-oin\", \"entra\"]\n{rest}\n"),
    );
    folder
}

fn authorizations(calls: &[Call]) -> Vec<String> {
    let mut values: Vec<String> =
        calls.iter().map(|call| call.header("authorization").unwrap_or_default().to_owned()).collect();
    values.dedup();
    values
}

#[test]
fn basic_and_a_raw_header() {
    let served = Served::new(&[]);
    let basic = format!("Basic {}", STANDARD.encode("scim user:pass:wörd"));
    let ways = [
        ("[targets.staging.basic]\nuser = \"scim user\"\npassword_env = \"P\"", "pass:wörd", basic.as_str()),
        ("authorization_env = \"P\"", "SSWS 00abc", "SSWS 00abc"),
        ("token_env = \"P\"", "t0ken", "Bearer t0ken"),
    ];
    for (settings, secret, header) in ways {
        let wanted = header.to_owned();
        let (proxy, url) = guarded(&served, move |_, value| value == wanted);
        let folder = folder(&url, settings);
        let run = Scimsnap::new(folder.path(), &ONE).env("P", secret).end();
        // The target's own choice of providers: two of three families.
        run.exits(0).says("3 runs in");
        assert_eq!(authorizations(&proxy.calls()), [header], "{settings}");
    }
    let folder = folder(&served.scim, "token_file = \"token\"");
    folder.write("token", &served.token);
    Scimsnap::new(folder.path(), &ONE).end().exits(0);
}

#[test]
fn a_command_is_run_once_and_again_after_a_401() {
    let served = Served::new(&[]);
    // The first token is good for five requests.
    let (proxy, url) = guarded(&served, |number, value| match value {
        "Bearer token-1" => number <= 5,
        value => value == "Bearer token-2",
    });
    let script = "echo x >> count; echo token-$(wc -l < count | tr -d ' ')";
    let folder = folder(&url, &format!("token_command = [\"sh\", \"-c\", \"{script}\"]"));
    Scimsnap::new(folder.path(), &ONE).env("PATH", env!("PATH")).end().exits(0).says("3 passed");
    assert_eq!(folder.read("count").lines().count(), 2);
    assert!(proxy.calls().len() > 10);
    let values = authorizations(&proxy.calls());
    assert!(
        values.contains(&"Bearer token-1".to_owned()) && values.ends_with(&["Bearer token-2".to_owned()])
    );
}

#[test]
fn a_token_that_was_never_good_is_not_fetched_again() {
    let served = Served::new(&[]);
    let (proxy, url) = guarded(&served, |_, _| false);
    let folder = folder(&url, "token_command = [\"sh\", \"-c\", \"echo x >> count; echo t0ken-canary\"]");
    let outcome = Scimsnap::new(folder.path(), &ONE).env("PATH", env!("PATH")).end().exits(4);
    assert!(!outcome.complains("refuses the credentials").stderr.contains("canary"));
    assert_eq!((folder.read("count").lines().count(), proxy.calls().len()), (1, 1));
}

#[test]
fn a_command_that_fails_sends_nothing() {
    let served = Served::new(&[]);
    let (proxy, url) = guarded(&served, |_, _| true);
    for (command, complaint) in [
        ("[\"sh\", \"-c\", \"echo locked >&2; exit 3\"]", "locked"),
        ("[\"sh\", \"-c\", \":\"]", "printed nothing"),
        ("[\"sh\", \"-c\", \"echo a; echo b\"]", "a token is a single line"),
        ("[\"no-such-program\"]", "`no-such-program` cannot be started"),
    ] {
        let folder = folder(&url, &format!("token_command = {command}"));
        let outcome = Scimsnap::new(folder.path(), &ONE).env("PATH", env!("PATH")).end().exits(4);
        outcome.complains(complaint).complains("nothing was sent");
        assert!(folder.ledgers().is_empty());
    }
    assert_eq!(proxy.calls().len(), 0);
}

const OAUTH: &str = "[targets.staging.oauth]\ntoken_url = \"TOKENS/token\"\nclient_id = \"an app\"\nclient_secret_env = \"S\"\nscope = \"scim.read scim.write\"\nparams = {audience = \"https://app.example/\"}\n";

#[test]
fn an_oauth_token_is_fetched_once_and_again_after_a_401() {
    let served = Served::new(&[]);
    let (proxy, url) = guarded(&served, |number, value| match value {
        "Bearer at-1" => number <= 5,
        value => value == "Bearer at-2",
    });
    let tokens = Proxy::new(|number, _| {
        let body = format!(r#"{{"access_token":"at-{number}","token_type":"bearer","expires_in":3600}}"#);
        Some(Reply::new(200, &body))
    });
    for (client_auth, basic) in [("", true), ("client_auth = \"body\"", false)] {
        let before = tokens.calls().len();
        let folder = folder(&url, &(OAUTH.replace("TOKENS", &tokens.origin) + client_auth));
        let run = Scimsnap::new(folder.path(), &ONE).env("S", "s3cret/+ ü").end();
        if before == 0 {
            run.exits(0).says("3 passed");
            assert_eq!(tokens.calls().len(), 2);
            assert_eq!(authorizations(&proxy.calls())[0], "Bearer at-1");
        }
        let call = &tokens.calls()[before];
        assert_eq!((call.method.as_str(), call.target.as_str()), ("POST", "/token"));
        assert_eq!(call.header("content-type"), Some("application/x-www-form-urlencoded"));
        let form =
            "grant_type=client_credentials&scope=scim.read+scim.write&audience=https%3A%2F%2Fapp.example%2F";
        // Both halves are form-encoded before they are joined (RFC 6749 §2.3.1).
        let header = format!("Basic {}", STANDARD.encode("an+app:s3cret%2F%2B+%C3%BC"));
        if basic {
            assert_eq!((call.body.as_str(), call.header("authorization")), (form, Some(header.as_str())));
        } else {
            let form = format!("{form}&client_id=an+app&client_secret=s3cret%2F%2B+%C3%BC");
            assert_eq!((call.body.as_str(), call.header("authorization")), (form.as_str(), None));
        }
    }
}

#[test]
fn a_token_endpoint_that_refuses_is_said_to() {
    let served = Served::new(&[]);
    let (proxy, url) = guarded(&served, |_, _| true);
    for (status, body, complaint) in [
        (400, r#"{"error":"invalid_client"}"#, "returned 400 with invalid_client"),
        (400, r#"{"error":"c4nary is wrong"}"#, "returned 400 with no error code"),
        (200, r#"{"token_type":"bearer"}"#, "no `access_token`"),
        (200, r#"{"access_token":"c4nary","token_type":"mac"}"#, "did not issue a bearer token"),
        (200, "<html>", "no `access_token`"),
    ] {
        let tokens = Proxy::new(move |_, _| Some(Reply::new(status, body)));
        let folder = folder(&url, &OAUTH.replace("TOKENS", &tokens.origin));
        let outcome = Scimsnap::new(folder.path(), &ONE).env("S", "c4nary").end().exits(4);
        assert!(!outcome.complains(complaint).stderr.contains("c4nary"));
    }
    assert_eq!(proxy.calls().len(), 0);
}

#[test]
fn a_flag_goes_before_the_file() {
    let served = Served::new(&[]);
    let folder = folder(&served.scim, "token_env = \"NOT_SET\"");
    Scimsnap::new(folder.path(), &ONE).end().exits(2).complains("`NOT_SET` is not set");
    let words = [&ONE[..], &["--token-env", "T", "--idp", "google"]].concat();
    Scimsnap::new(folder.path(), &words).env("T", &served.token).end().exits(0).says("1 run in");
}

#[test]
fn a_jira_site_is_stage_and_reader() {
    let served = Served::new(&[]);
    let rest = format!(
        "token_env = \"T\"\n[targets.staging.rest]\nsite = \"{}\"\nuser = \"{}\"\ntoken_env = \"R\"",
        served.origin, served.rest_user
    );
    let folder = folder(&served.scim, &rest);
    let words = ["run", "conflicts/group-takes-over-organization", "--target", "staging"];
    let run = Scimsnap::new(folder.path(), &words).env("T", &served.token).env("R", &served.rest_token);
    run.end().exits(0).says("3 passed");
}

#[test]
fn what_is_wrong_with_a_target_is_pointed_at() {
    let cases = [
        (
            "token_env = \"A\"\ntoken_file = \"b\"",
            "scimsnap.toml:5:14",
            "already comes from an environment variable",
        ),
        (
            "token_env = \"A\"\ntoken_command = [\"b\"]",
            "scimsnap.toml:5:17",
            "already has another kind of authentication",
        ),
        ("token_command = []", "scimsnap.toml:4:17", "the command is empty"),
        ("basic = {user = \"a\"}", "scimsnap.toml:4:9", "the password is missing"),
        ("basic = {user = \"a\", password = \"b\"}", "scimsnap.toml:4:", "unknown key `password`"),
        ("token = \"abc\"", "scimsnap.toml:4:1", "unknown key `token`"),
        ("rest = {user = \"a\", token_env = \"B\"}", "scimsnap.toml:4:8", "write either `site` or `url`"),
        ("rate = 0", "scimsnap.toml:4:8", "`rate` must be a number"),
        ("client_key_file = \"k\"", "scimsnap.toml:4:19", "a client key needs a client certificate"),
        ("pack = \"some\"", "scimsnap.toml:4:8", "unknown value `some`"),
        (
            "oauth = {token_url = \"x\", client_id = \"a\", client_secret_env = \"B\"}",
            "scimsnap.toml:4:22",
            "is not an http",
        ),
        ("oauth = {token_url = \"http://x\", client_id = \"a\"}", "scimsnap.toml:4:9", "secret is missing"),
    ];
    for (rest, place, complaint) in cases {
        let folder = folder("http://127.0.0.1:9/scim", rest);
        let outcome = Scimsnap::new(folder.path(), &ONE).end().exits(2);
        outcome.complains(place).complains(complaint).complains("^");
    }
}
