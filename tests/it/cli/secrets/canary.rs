//! A canary for a token and one for a password: no command lets them out, in any encoding, to any stream or file, though
//! the endpoint says them back in all it answers.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _};
use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use serde_json::{Value, json};

use crate::support::{Call, Folder, Outcome, Proxy, Reply, Scimsnap, Served, send};

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
const COMMANDS: [(&str, &[&[&str]]); 15] = [
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
                "--sarif",
                "out.sarif",
                "--markdown",
                "out.md",
                "--har",
                "out.har",
            ],
        ],
    ),
    (
        "snapshots",
        &[
            &["snapshots", "list"],
            &["snapshots", "diff"],
            &["snapshots", "accept", "own", "--anyway"],
            &["snapshots", "reject"],
        ],
    ),
    ("list", &[&["list"], &["list", "scenarios"]]),
    ("check", &[&["check", "scenarios"]]),
    (
        "known",
        &[&["known", "--write", "--strict", "--from", "out.json", "--settings", "known.toml"], &["known"]],
    ),
    ("repro", &[&["repro"], &["repro", "--from", "out.json"]]),
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
    let each = |show: &dyn Fn(char) -> String| secret.chars().map(show).collect::<String>();
    let between = |what: &str| each(&|c| format!("{c}{what}"));
    let mut forms = vec![secret.to_owned(), json(secret), percent.clone(), hex.to_uppercase(), hex];
    forms.extend([secret.to_uppercase(), secret.to_lowercase(), percent.replace('%', "%25")]);
    forms.extend([
        each(&|c| format!("%{:02x}", u32::from(c))),
        each(&|c| format!("\\u{:04x}", u32::from(c))),
        each(&|c| format!("&#{};", u32::from(c))),
        each(&|c| format!("&#x{:x};", u32::from(c))),
        each(&|c| format!("={:02X}", u32::from(c))),
        each(&|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap().to_string()),
        secret.replace('&', "&amp;").replace('"', "&quot;").replace('/', "&sol;"),
        STANDARD.encode(STANDARD.encode(secret)),
        STANDARD.encode(secret.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()),
    ]);
    for what in [
        "\0",
        "\u{1b}",
        "\u{7}",
        "\u{85}",
        "\u{1b}[31m",
        "\u{200b}",
        "\u{ad}",
        "\u{202e}",
        "\u{feff}",
        "\r\n",
    ] {
        forms.push(between(what));
    }
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
            let quoted = json!(form).to_string();
            for form in [form.trim_end_matches('='), quoted.trim_matches(['"', '='])] {
                assert!(!text.contains(form), "{what} holds `{form}`:\n{text}");
            }
        }
    }
    // What nobody sees may stand between the letters.
    let text: String = text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    for rest in ["h1dden", "phr4se"] {
        let place = text.find(rest).map(|at| &text[at.saturating_sub(80)..at + rest.len()]);
        assert_eq!(place, None, "{what} holds `{rest}`");
    }
}

/// Says the token back in a header of each answer, in discovery, in names that are read; and in errors, where
/// the password is too that was sent.
fn echo(origin: &str, call: &Call) -> Reply {
    let said = forms(TOKEN).join(" ");
    let header: String = said.chars().filter(|c| matches!(c, ' '..='~')).collect();
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
    reply.header("X-Echo", &header).header("ETag", &format!("W/\"{header}\""))
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
            let call = Scimsnap::new(folder.path(), &words).env("T", TOKEN).env("GITHUB_ACTIONS", "true");
            let outcome = call.env("GITHUB_STEP_SUMMARY", folder.path().join("summary.md")).end();
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
    for ending in [
        "out.json",
        "out.xml",
        "out.sarif",
        "out.md",
        "out.har",
        "summary.md",
        "known.toml",
        "scimsnap.toml",
        ".snap",
        "users/profile-change-arrives.yaml",
    ] {
        assert!(files.iter().any(|path| path.ends_with(ending)), "no {ending} in {files:?}");
    }
}

/// Ids that say the token back, each in another form, in front of the ones that the endpoint gave.
#[derive(Default)]
struct Ids(Vec<(String, String)>);

impl Ids {
    /// The text with the endpoint's own ids.
    fn inward(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (shown, own) in &self.0 {
            let quoted = json!(shown).to_string();
            let percent = shown.bytes().fold(String::new(), |mut percent, byte| {
                match char::from(byte) {
                    c if c.is_ascii_alphanumeric() || "-._~".contains(c) => percent.push(c),
                    _ => write!(percent, "%{byte:02X}").unwrap(),
                }
                percent
            });
            text = text.replace(&quoted[1..quoted.len() - 1], own).replace(&percent, own);
        }
        text
    }

    /// The body of an answer with the ids that say the token back.
    fn outward(&mut self, body: &str) -> String {
        let Ok(body) = serde_json::from_str::<Value>(body) else { return body.to_owned() };
        let all = body["Resources"].as_array().cloned().unwrap_or_else(|| vec![body.clone()]);
        for own in all.iter().filter_map(|resource| resource["id"].as_str()) {
            if !self.0.iter().any(|(_, known)| known == own) {
                let forms = forms(TOKEN);
                self.0.push((format!("{}{own}", forms[self.0.len() % forms.len()]), own.to_owned()));
            }
        }
        let mut text = body.to_string();
        for (shown, own) in &self.0 {
            text = text.replace(&format!("\"{own}\""), &json!(shown).to_string());
        }
        text
    }
}

#[test]
fn ids_that_say_the_token_back_are_kept_nowhere_and_what_they_name_is_removed() {
    let folder = Folder::new();
    let served = Served::with_token(TOKEN, &[]);
    let (origin, ids) = (served.origin.clone(), Mutex::new(Ids::default()));
    let proxy = Proxy::new(move |_, call| {
        let mut ids = ids.lock().unwrap();
        let call = Call { target: ids.inward(&call.target), body: ids.inward(&call.body), ..call.clone() };
        let mut reply = send(&origin, &call);
        if call.target.contains("/Users") || call.target.contains("/Groups") {
            reply.body = ids.outward(&reply.body);
        }
        Some(reply)
    });
    let url = format!("{}{}", proxy.origin, served.path());
    let words = ["run", "groups", "--idp", "okta-oin", "--keep", "--json", "out.json", "--junit", "out.xml"];
    let words = [&words[..], &["--har", "out.har", "--sarif", "out.sarif", "--markdown", "out.md"]].concat();
    let outcome = Scimsnap::new(folder.path(), &words).target(&url, TOKEN).end();
    assert_clean("the output of run", &outcome.stdout);
    assert_clean("what run says on stderr", &outcome.stderr);
    assert!(proxy.calls().iter().filter(|call| call.method == "POST").count() > 20);
    for (path, contents) in folder.files() {
        assert_clean(&path.display().to_string(), &String::from_utf8_lossy(&contents));
    }
    let run = outcome.run();
    assert!(folder.read(&format!(".scimsnap/ledger/{run}.ndjson")).contains("intent"));
    let cleaned = Scimsnap::new(folder.path(), &["clean", "--run", &run]).target(&url, TOKEN).end();
    assert_clean("the output of clean", &cleaned.stdout);
    assert_clean("what clean says on stderr", &cleaned.stderr);
    assert!(folder.ledgers().is_empty(), "{}{}", cleaned.stdout, cleaned.stderr);
    assert_eq!(served.resources("Users").len() + served.resources("Groups").len(), 0);
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
