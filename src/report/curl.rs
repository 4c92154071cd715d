//! Shows a request as a curl command that repeats it, with the variable or file for the token that the run was given.

use crate::foreign::{Printable, shell};
use crate::printable;
use crate::wire::{Key, Redactor, Request, Surface};

/// How curl gets in. No secret is in it, only where each is.
#[derive(Debug, Clone)]
pub struct CurlAccess {
    /// What a SCIM request has for credentials.
    pub scim: Credentials,
    /// The base URL of the product's REST API, or a variable that stands for it.
    pub rest: String,
    /// What a request to that API has for credentials.
    pub rest_user: Credentials,
    /// The options for certificates and proxies, each with a space before it.
    pub network: Printable,
}

impl Default for CurlAccess {
    /// For an endpoint that is gone with the run: variables for all of it.
    fn default() -> Self {
        Self {
            scim: Credentials::Bearer(SecretAt::variable("TOKEN")),
            rest: "$REST".to_owned(),
            rest_user: Credentials::Basic("$REST_USER".to_owned(), SecretAt::variable("REST_TOKEN")),
            network: Printable::default(),
        }
    }
}

impl CurlAccess {
    /// What whoever pastes a line has to do first.
    pub(super) fn note(&self) -> Option<&'static str> {
        match &self.scim {
            Credentials::Bearer(SecretAt(None)) => {
                Some("$TOKEN stands for an access token: ask the token endpoint of the settings for one")
            }
            _ => None,
        }
    }
}

/// The credentials of a request.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// None.
    Open,
    /// A bearer token.
    Bearer(SecretAt),
    /// The whole value of the header `Authorization`.
    Raw(SecretAt),
    /// A user, or a variable that stands for one, with a password.
    Basic(String, SecretAt),
}

/// Where a shell finds a secret: what stands for it between double quotes. Nothing where only `$TOKEN` can stand for it.
#[derive(Debug, Clone)]
pub struct SecretAt(Option<Printable>);

impl SecretAt {
    /// An environment variable.
    pub fn variable(name: &str) -> Self {
        Self(Some(if is_name(name) {
            printable!("${}", name)
        } else {
            printable!("$(printenv {})", shell::word(name))
        }))
    }

    /// A file that holds it and nothing else.
    pub fn file(path: &str) -> Self {
        let path = if path.starts_with('-') { format!("./{path}") } else { path.to_owned() };
        Self(Some(printable!("$(cat {})", shell::word(&path))))
    }

    /// What a command prints in a folder.
    pub fn command(words: &[String], folder: &str) -> Self {
        let command = shell::words(words.iter().map(String::as_str));
        Self(Some(match folder {
            "" => printable!("$({})", command),
            folder => printable!("$(cd {} && {})", shell::word(folder), command),
        }))
    }

    /// Somewhere that no shell gets to.
    pub fn elsewhere() -> Self {
        Self(None)
    }

    /// A bearer token in a form, between double quotes.
    fn bearer(&self, key: Key) -> Printable {
        let token = self.shown();
        match key {
            Key::Whole | Key::Absent => printable!("Bearer {}", token),
            Key::SmallLetters => printable!("bearer {}", token),
            Key::OtherScheme => printable!("Token {}", token),
            Key::NoScheme => token,
            Key::Shortened => printable!("Bearer $(printf %s \"{}\" | sed 's/.$//')", token),
            Key::Extended => printable!("Bearer $(printf %sx \"{}\")", token),
        }
    }

    fn shown(&self) -> Printable {
        self.0.clone().unwrap_or_else(|| Printable::ours("$TOKEN"))
    }
}

impl Credentials {
    /// The option for it, with a space before it.
    fn option(&self, key: Key) -> Printable {
        match self {
            Self::Open => Printable::default(),
            Self::Bearer(token) => printable!(" -H \"Authorization: {}\"", token.bearer(key)),
            Self::Raw(value) => printable!(" -H \"Authorization: {}\"", value.shown()),
            Self::Basic(user, password) => {
                if user.strip_prefix('$').is_some_and(is_name) {
                    printable!(" -u \"{}:{}\"", user, password.shown())
                } else {
                    printable!(" -u {}\"{}\"", shell::word(&format!("{user}:")), password.shown())
                }
            }
        }
    }
}

/// The curl line of a request, for a POSIX shell. `base` is the SCIM base URL, or a variable that stands for it.
///
/// Whatever stands in the request, the line is one command, which sends the same.
pub fn curl(request: &Request, base: &str, access: &CurlAccess, redactor: &Redactor) -> Printable {
    let base = match request.surface {
        Surface::Scim => base,
        Surface::Rest => &access.rest,
    };
    let mut line = Printable::default();
    let body = request.body.as_ref().map(|body| redactor.body(body));
    // An argument holds no NUL, and no terminal should get an escape sequence.
    let piped = body.as_ref().filter(|body| !shell::shows_as_it_is(body));
    if let Some(body) = piped {
        line += printable!("{} | ", shell::print(body));
    }
    line += printable!("curl -sS{} -X {} ", access.network, request.method);
    line += url(base, &redactor.text(&request.target));
    line += match request.surface {
        _ if request.key == Key::Absent => Printable::default(),
        Surface::Scim => access.scim.option(request.key),
        Surface::Rest => access.rest_user.option(Key::Whole),
    };
    for (name, value) in &request.headers {
        let skip = ["accept-charset", "accept-encoding", "connection", "user-agent"];
        // An endpoint was never sent such a name, and curl would read a file.
        if name.starts_with('@') {
            continue;
        }
        // curl sends that of its own accord.
        let is_default = name.eq_ignore_ascii_case("accept") && value == "*/*";
        if !is_default && !skip.contains(&name.to_ascii_lowercase().as_str()) {
            // A colon with nothing behind it would take the header out.
            let header = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
            line += printable!(" -H {}", shell::word(&redactor.text(&header)));
        }
    }
    for name in ["Accept", "User-Agent"] {
        // An endpoint may break because it is missing, and curl sends one unless it is told not to.
        if request.header_value(name).is_none() {
            line += printable!(" -H '{}:'", name);
        }
    }
    if body.is_some() && request.header_value("Content-Type").is_none() {
        line += Printable::ours(" -H 'Content-Type:'");
    }
    match &body {
        Some(_) if piped.is_some() => line += Printable::ours(" --data-binary @-"),
        Some(body) => line += printable!(" --data-raw {}", shell::word(body)),
        None => {}
    }
    line.masked(|line| redactor.text(line))
}

/// The URL, with what curl has to be told of it.
fn url(base: &str, target: &str) -> Printable {
    let mut flags = Printable::default();
    if target.contains(['[', ']', '{', '}']) {
        flags += Printable::ours("--globoff ");
    }
    if target.contains("/.") {
        flags += Printable::ours("--path-as-is ");
    }
    let is_variable = base.strip_prefix('$').is_some_and(is_name);
    // Between double quotes a shell looks for these.
    let is_quiet = |text: &str| !text.contains(['"', '$', '`', '\\', '!']) && shell::shows_as_it_is(text);
    if is_quiet(target) && (is_variable || is_quiet(base)) {
        return flags + Printable::verbatim(format!("\"{base}{target}\""));
    }
    let base = if is_variable { printable!("\"{}\"", base) } else { shell::word(base) };
    flags + base + shell::word(target)
}

/// Whether a shell takes it for the name of a variable.
fn is_name(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    text.bytes().next().is_some_and(is_letter)
        && text.bytes().all(|byte| is_letter(byte) || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Method, Secret};

    #[test]
    fn a_shell_reads_it_as_it_was_sent() {
        let mut redactor = Redactor::default();
        redactor.add(&Secret::new("canary"));
        let request = Request::new(Method::Patch, "/Users/1?a=b%22")
            .header("User-Agent", "Okta SCIM Client 1.0.0")
            .header("Accept", "application/scim+json")
            .header("Content-Type", "application/scim+json")
            .body(r#"{"userName":"o'hara","token":"canary"}"#);
        assert_eq!(
            curl(&request, "https://a.example/scim", &CurlAccess::default(), &redactor).as_str(),
            r#"curl -sS -X PATCH "https://a.example/scim/Users/1?a=b%22" -H "Authorization: Bearer $TOKEN" -H 'Accept: application/scim+json' -H 'Content-Type: application/scim+json' --data-raw "{\"userName\":\"o'hara\",\"token\":\"***\"}""#
        );
    }

    #[test]
    fn the_credentials_are_where_the_run_found_them() {
        let line = |access: CurlAccess, request: Request| {
            let request = request.header("Accept", "*/*").header("User-Agent", "x/1");
            curl(&request, "$BASE", &access, &Redactor::default()).as_str().to_owned()
        };
        let scim = |scim| CurlAccess { scim, ..CurlAccess::default() };
        let user = || Request::new(Method::Get, "/Users/1");
        let get = r#"curl -sS -X GET "$BASE/Users/1""#;
        for (credentials, option) in [
            (Credentials::Open, ""),
            (
                Credentials::Bearer(SecretAt::variable("SCIM_TOKEN")),
                r#" -H "Authorization: Bearer $SCIM_TOKEN""#,
            ),
            (
                Credentials::Bearer(SecretAt::variable("a-b")),
                r#" -H "Authorization: Bearer $(printenv a-b)""#,
            ),
            (
                Credentials::Bearer(SecretAt::file("my token")),
                r#" -H "Authorization: Bearer $(cat 'my token')""#,
            ),
            (Credentials::Bearer(SecretAt::file("-t")), r#" -H "Authorization: Bearer $(cat ./-t)""#),
            (
                Credentials::Bearer(SecretAt::command(&["vault".to_owned(), "a b".to_owned()], "x")),
                r#" -H "Authorization: Bearer $(cd x && vault 'a b')""#,
            ),
            (Credentials::Bearer(SecretAt::elsewhere()), r#" -H "Authorization: Bearer $TOKEN""#),
            (Credentials::Raw(SecretAt::variable("AUTH")), r#" -H "Authorization: $AUTH""#),
            (Credentials::Basic("ada".to_owned(), SecretAt::variable("PW")), r#" -u ada:"$PW""#),
        ] {
            assert_eq!(line(scim(credentials), user()), format!("{get}{option}"));
        }
        let access = CurlAccess {
            rest: "https://acme.example/rest/servicedeskapi".to_owned(),
            rest_user: Credentials::Basic("agent@acme.example".to_owned(), SecretAt::variable("REST_PW")),
            network: Printable::ours(" --cacert ca.pem"),
            ..CurlAccess::default()
        };
        assert_eq!(
            line(access, Request::new(Method::Get, "/organization/1").rest()),
            r#"curl -sS --cacert ca.pem -X GET "https://acme.example/rest/servicedeskapi/organization/1" -u agent@acme.example:"$REST_PW""#
        );
    }

    #[test]
    fn what_was_not_sent_is_not_sent_by_curl_either() {
        let line = |request| {
            curl(&request, "$BASE", &CurlAccess::default(), &Redactor::default()).as_str().to_owned()
        };
        let read = Request::new(Method::Get, "/Users/1");
        let bare = r#"curl -sS -X GET "$BASE/Users/1" -H "Authorization: Bearer $TOKEN""#;
        assert_eq!(line(read.clone()), format!("{bare} -H 'Accept:' -H 'User-Agent:'"));
        let quiet = read.header("Accept", "*/*").header("User-Agent", "x/1");
        assert_eq!(line(quiet.clone()), bare);
        assert_eq!(line(quiet.clone().header("X-Empty", "")), format!("{bare} -H 'X-Empty;'"));
        assert_eq!(line(quiet.body("x")), format!("{bare} -H 'Content-Type:' --data-raw x"));
    }

    #[test]
    fn curl_is_told_what_it_would_read_otherwise() {
        let line = |target| {
            curl(&Request::new(Method::Get, target), "$BASE", &CurlAccess::default(), &Redactor::default())
        };
        assert!(
            line("/Users/../x").as_str().starts_with(r#"curl -sS -X GET --path-as-is "$BASE/Users/../x""#)
        );
        assert!(
            line("/Users?a[b]={c}")
                .as_str()
                .starts_with(r#"curl -sS -X GET --globoff "$BASE/Users?a[b]={c}""#)
        );
    }

    /// What a shell hands to `curl`: its arguments and its input, each with a NUL behind it.
    #[cfg(unix)]
    fn handed(folder: &std::path::Path, line: &Printable) -> Vec<String> {
        use std::process::{Command, Stdio};
        let output = Command::new("/bin/sh")
            .args(["-c", line.as_str()])
            .current_dir(folder)
            .env_clear()
            .envs([("PATH", format!("{}:/usr/bin:/bin", folder.display())), ("TOKEN", "t0ken".to_owned())])
            .env("BASE", "https://a.example/scim")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(output.stderr.is_empty() && output.status.success(), "{line:?}: {output:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        text.strip_suffix('\0').unwrap().split('\0').map(str::to_owned).collect()
    }

    const NASTY: &[&str] = &[
        "'",
        "\"",
        "''",
        "'\"'",
        "' -o /tmp/x '",
        "'; touch broken; '",
        "\"; touch broken; \"",
        "$(touch broken)",
        "`touch broken`",
        "${HOME}",
        "$TOKEN",
        "$TOKEN'$TOKEN",
        "\\",
        "\\'",
        "'\\''",
        "\\\"",
        "!!",
        "!x",
        "'!'",
        "&& touch broken",
        "| touch broken",
        "> broken",
        "< /etc/passwd",
        "; touch broken #",
        "#x",
        "~",
        "*",
        "?",
        "[a-z]*",
        "{a,b}",
        "a b",
        " a",
        "a ",
        "--config x",
        "-o broken",
        "@/etc/passwd",
        "@-",
        "%s%n",
        "%00",
        "\n",
        "a\ntouch broken\n",
        "\r\n",
        "\t",
        "\u{1b}[2J",
        "\u{1b}]0;x\u{7}",
        "\u{9b}31m",
        "\u{202e}x",
        "\u{200b}",
        "é 日本 👍",
        "::error::x",
        "##vso[task.complete]",
        "'\u{1b}'",
        "$'\\x41'",
        "{\"a\":\"o'hara\"}",
        "=",
        "a=b&c=d",
        "\\033",
        "\u{7f}",
    ];

    #[cfg(unix)]
    #[test]
    fn no_payload_breaks_out_of_the_line() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let fake = folder.path().join("curl");
        let script = "#!/bin/sh\nfor word in \"$@\"; do printf '%s\\0' \"$word\"; done\ncat\nprintf '\\0'\n";
        std::fs::write(&fake, script).unwrap();
        std::fs::set_permissions(&fake, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert!(NASTY.len() >= 50);
        for text in NASTY {
            let request = Request::new(Method::Post, format!("/Users?x={text}"))
                .header("Accept", "*/*")
                .header("User-Agent", "x/1")
                .header("Content-Type", text)
                .header("X-Nasty", text)
                .body(*text);
            let line = curl(&request, "$BASE", &CurlAccess::default(), &Redactor::default());
            assert!(line.lines().all(|line| shell::shows_as_it_is(line.as_str())), "{line:?}");
            let mut handed = handed(folder.path(), &line);
            let input = handed.pop().unwrap();
            let words: Vec<&str> = handed.iter().map(String::as_str).collect();
            let place = |word: &str| words.iter().position(|other| *other == word);
            let url = format!("https://a.example/scim/Users?x={text}");
            assert!(place(&url).is_some(), "{words:?}");
            let token = place("Authorization: Bearer t0ken").unwrap();
            assert_eq!(words[token - 1], "-H");
            for header in ["Content-Type", "X-Nasty"] {
                let at = place(&format!("{header}: {text}")).unwrap();
                assert_eq!(words[at - 1], "-H");
            }
            match words[words.len() - 2..] {
                ["--data-raw", body] => assert_eq!((body, input.as_str()), (*text, "")),
                ["--data-binary", "@-"] => assert_eq!(input, *text),
                _ => panic!("{words:?}"),
            }
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "a command was run");
    }
}
