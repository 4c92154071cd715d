//! A canary for a token and one for a password: no command lets them out, in any encoding, to any stream or file, though
//! the endpoint says them back in all it answers.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use serde_json::{Value, json};

use super::support::{Call, Folder, Outcome, Proxy, Reply, Scimsnap, Served, send};

/// Changes under percent- and JSON-encoding.
const TOKEN: &str = r#"cAn"ary+T/o&k\en=~{h1dden}"#;
const PASSWORD: &str = r"pA\55+phr4se/cAnAry";
const USER: &str = "ada";

const SCENARIO: &str = r#"title: A password in a literal
evidence: {mark: inferred, source: nowhere}
idps: [okta, entra]
people:
  ada: {userName: ada@example.com, givenName: Ada, familyName: Byron}
steps:
  - assign: ada
  - request:
      send: PATCH /Users/{{ people.ada.id }}
      json: |
        {"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"password","value":"pA\\55+phr4se/cAnAry"}]}
      expect: {status: [299]}
  - checkpoint: changed
"#;

/// Every command with the calls that show it, in an order in which each has something to do. `URL` is the endpoint's,
/// `RUN` the run that left something there. What stops by itself only: `serve` has a test of its own.
const COMMANDS: [(&str, &[&[&str]]); 13] = [
    (
        "run",
        &[
            &["run", "scenarios", "--target", "URL", "--token-env", "T", "--plan"],
            &["run", "users", "--target", "URL", "--token-env", "T", "--max-requests", "3"],
            &[
                "run",
                "scenarios",
                "users/profile-change-arrives",
                "--target",
                "URL",
                "--token-env",
                "T",
                "--against",
                "URL",
                "--against-token-env",
                "T",
            ],
            &[
                "run",
                "scenarios",
                "users/profile-change-arrives",
                "--target",
                "URL",
                "--token-env",
                "T",
                "--keep",
                "--transcript",
                "--update",
                "new",
                "--json",
                "out.json",
                "--junit",
                "out.xml",
            ],
        ],
    ),
    (
        "snapshots",
        &[
            &["snapshots", "list"],
            &["snapshots", "diff"],
            &["snapshots", "accept", "own"],
            &["snapshots", "reject"],
        ],
    ),
    ("list", &[&["list"], &["list", "scenarios"]]),
    ("check", &[&["check", "scenarios"]]),
    ("explain", &[&["explain"], &["explain", "error-body"]]),
    ("defects", &[&["defects"]]),
    ("clean", &[&["clean", "--run", "RUN", "--target", "URL", "--token-env", "T"]]),
    ("probe", &[&["probe", "URL", "--token-env", "T"]]),
    ("init", &[&["init", "URL", "--token-env", "T"]]),
    ("export", &[&["export", "users", "--to", "exported"]]),
    ("schema", &[&["schema"]]),
    ("completions", &[&["completions", "bash"]]),
    ("man", &[&["man"]]),
];

/// A secret as it may turn up.
fn forms(secret: &str) -> Vec<String> {
    let json = |text: &str| {
        let quoted = json!(text).to_string();
        quoted[1..quoted.len() - 1].to_owned()
    };
    let percent = secret.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02X}").unwrap();
        }
        text
    });
    let hex = secret.bytes().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    let mut forms = vec![secret.to_owned(), json(secret), percent, hex.to_uppercase(), hex];
    for engine in [STANDARD, URL_SAFE] {
        forms.push(engine.encode(secret));
        forms.push(engine.encode(format!("{USER}:{secret}")));
        forms.push(engine.encode(format!("Bearer {secret}")));
    }
    forms
}

/// What is looked for: the forms, and what is left of the secrets where half of one is masked.
fn assert_clean(what: &str, text: &str) {
    for secret in [TOKEN, PASSWORD] {
        for form in forms(secret) {
            assert!(!text.contains(form.trim_end_matches('=')), "{what} holds `{form}`:\n{text}");
        }
    }
    for rest in ["h1dden", "phr4se"] {
        assert!(!text.contains(rest), "{what} holds `{rest}`:\n{text}");
    }
}

/// Says the token back in a header of each answer, in discovery, in names that are read; and in errors, where
/// the password is too that was sent.
fn echo(origin: &str, call: &Call) -> Reply {
    let said = forms(TOKEN).join(" ");
    let header: String = said.chars().filter(char::is_ascii).collect();
    if matches!(call.method.as_str(), "PATCH" | "PUT") {
        let password = if call.body.contains("phr4se") { forms(PASSWORD).join(" ") } else { String::new() };
        let body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": "400",
            "detail": format!("{said} {password} {}", call.body),
            "authorization": call.header("authorization"),
        });
        return Reply::new(400, &body.to_string()).header("X-Echo", &header);
    }
    let mut reply = send(origin, call);
    if let Ok(mut body) = serde_json::from_str::<Value>(&reply.body) {
        if call.target.ends_with("/ServiceProviderConfig") {
            body["documentationUri"] = json!(said);
            body["authenticationSchemes"] =
                json!([{"type": "oauthbearertoken", "name": said, "description": said}]);
        } else if call.method == "GET" && call.target.contains("/Users/") && body.get("displayName").is_some()
        {
            body["displayName"] = json!(said);
        }
        reply.body = body.to_string();
    }
    reply.header("X-Echo", &header)
}

/// The commands that the help lists.
fn commands() -> BTreeSet<String> {
    let folder = Folder::new();
    let help = Scimsnap::new(folder.path(), &["--help"]).end().exits(0).stdout;
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let list = list.split("\n\n").next().unwrap().lines();
    let names = list.filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' ')));
    names.filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn every_command_is_in_the_table() {
    let table: BTreeSet<String> = COMMANDS
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .chain(["serve", "help"].map(str::to_owned))
        .collect();
    assert_eq!(commands(), table, "a new command has to be shown to keep secrets");
}

#[test]
fn no_command_lets_a_secret_out() {
    let folder = Folder::with_scenario(SCENARIO);
    let served = Served::with_token(TOKEN, &[]);
    let origin = served.origin.clone();
    let proxy = Proxy::new(move |_, call| Some(echo(&origin, call)));
    let url = format!("{}{}", proxy.origin, served.path());
    let mut run = String::new();
    for (name, calls) in COMMANDS {
        for words in calls {
            let words: Vec<&str> = words
                .iter()
                .map(|word| match *word {
                    "URL" => url.as_str(),
                    "RUN" => run.as_str(),
                    word => word,
                })
                .collect();
            let outcome = Scimsnap::new(folder.path(), &words).env("T", TOKEN).end();
            let Outcome { code, stdout, stderr } = &outcome;
            assert!(![2, 3, 70].contains(code), "{words:?} ended with {code}:\n{stdout}\n{stderr}");
            assert_clean(&format!("the output of {words:?}"), stdout);
            assert_clean(&format!("what {words:?} says on stderr"), stderr);
            if words.contains(&"--keep") {
                assert!(stdout.contains("***"), "nothing was there to be masked:\n{stdout}");
                run = outcome.run();
            }
        }
        for (path, contents) in folder.files() {
            let path = path.display().to_string();
            if path != "scenarios/own/one.yaml" {
                assert_clean(&format!("{path}, after `{name}`,"), &String::from_utf8_lossy(&contents));
            }
        }
    }
    // The endpoint saw both, and each kind of file was there.
    assert!(proxy.calls().iter().any(|call| call.body.contains("phr4se")));
    assert!(
        proxy.calls().iter().any(|call| call.header("authorization") == Some(&format!("Bearer {TOKEN}")))
    );
    let files: Vec<String> = folder.files().into_keys().map(|path| path.display().to_string()).collect();
    for ending in ["out.json", "out.xml", "scimsnap.toml", ".snap", "users/profile-change-arrives.yaml"] {
        assert!(files.iter().any(|path| path.ends_with(ending)), "no {ending} in {files:?}");
    }
}

#[test]
fn a_served_endpoint_shows_its_key_when_it_is_ready_and_nowhere_else() {
    let folder = Folder::new();
    for (flags, shown) in [(&["--ready-json"][..], true), (&[][..], false)] {
        let words =
            [&["serve", "--listen", "127.0.0.1:0", "--token-env", "T", "--state", "state.json"], flags]
                .concat();
        let mut child = Scimsnap::new(folder.path(), &words).env("T", TOKEN).start();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut said = String::new();
        stdout.read_line(&mut said).unwrap();
        child.kill().unwrap();
        stdout.read_to_string(&mut said).unwrap();
        let outcome = Outcome::from(child.wait_with_output().unwrap());
        if shown {
            let ready: Value = serde_json::from_str(&said).unwrap();
            assert_eq!(ready["token"], TOKEN);
        } else {
            assert!(!said.is_empty());
            assert_clean("the output of serve", &said);
        }
        assert_clean("what serve says on stderr", &outcome.stderr);
    }
}
