//! `init` writes every way in that its flags name, never a secret, and what it writes gets in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::support::{Authority, Folder, Outcome, Proxy, Reply, Scimsnap, Served, Tls, guarded, send};

const SECRET: &str = "s3cret-0f-the-test";

fn call(folder: &Folder, words: &[&str]) -> Outcome {
    Scimsnap::new(folder.path(), words).env("S", SECRET).end()
}

/// Writes the file with these flags, looks again by its name, and plays.
fn init_and_go(folder: &Folder, url: &str, flags: &[&str], settings: &str) -> String {
    call(folder, &[&["init", url, "--settings", settings], flags].concat()).exits(0).says("wrote `");
    let text = folder.read(settings);
    assert!(!text.contains(SECRET), "{text}");
    call(folder, &["probe", "staging", "--settings", settings]).exits(0).says("capabilities");
    let one = ["run", "users/new-user-becomes-customer", "--idp", "entra", "--target", "staging"];
    call(folder, &[&one[..], &["--settings", settings]].concat()).exits(0).says("passed");
    text
}

#[test]
fn basic_and_a_whole_header() {
    let served = Served::new(&[]);
    let basic = format!("Basic {}", STANDARD.encode(format!("scim \"user\":{SECRET}")));
    let rows: [(&[&str], &str); 4] = [
        (&["--basic-user", "scim \"user\"", "--basic-password-env", "S"], &basic),
        (&["--basic-user", "scim \"user\"", "--basic-password-file", "secret"], &basic),
        (&["--authorization-env", "S"], SECRET),
        (&["--authorization-file", "secret"], SECRET),
    ];
    for (flags, header) in rows {
        let wanted = header.to_owned();
        let (_proxy, url) =
            guarded(&served, move |_, call| call.header("authorization") == Some(wanted.as_str()));
        let folder = Folder::new();
        folder.write("secret", SECRET);
        init_and_go(&folder, &url, flags, "scimsnap.toml");
    }
}

#[test]
fn oauth_client_credentials() {
    for place in ["basic", "body"] {
        let served = Served::new(&[]);
        let tokens = Proxy::new(move |_, call| {
            let basic = format!("Basic {}", STANDARD.encode(format!("app:{SECRET}")));
            let is_in_header = call.header("authorization") == Some(basic.as_str());
            let is_in_body = call.body.contains(SECRET);
            let good = if place == "basic" { is_in_header && !is_in_body } else { is_in_body };
            if !good || !call.body.contains("scope=provision") {
                return Some(Reply::new(401, r#"{"error":"invalid_client"}"#));
            }
            Some(Reply::new(200, &json!({"access_token": "at", "expires_in": 300}).to_string()))
        });
        let (_proxy, url) = guarded(&served, |_, call| call.header("authorization") == Some("Bearer at"));
        let folder = Folder::new();
        let flags = ["--oauth-token-url", &tokens.origin, "--oauth-client-id", "app"];
        let more =
            ["--oauth-client-secret-env", "S", "--oauth-scope", "provision", "--oauth-client-auth", place];
        let text = init_and_go(&folder, &url, &[&flags[..], &more].concat(), "scimsnap.toml");
        assert!(
            text.contains("client_secret_env = \"S\"") && text.contains("scope = \"provision\""),
            "{text}"
        );
    }
}

#[test]
fn mutual_tls_from_a_folder_of_its_own() {
    let (served, folder, authority) = (Served::new(&[]), Folder::new(), Authority::new());
    let (clients, origin) = (Authority::new(), served.origin.clone());
    let tls = Tls::new(&authority, "127.0.0.1", Some(&clients), move |call| send(&origin, call));
    folder.write("ca.pem", &authority.pem());
    let (certificate, key) = clients.issue("client.example");
    folder.write("keys/client.pem", &certificate);
    folder.write("keys/client.key", &key);
    folder.write("token", &served.token);
    std::fs::create_dir_all(folder.path().join("conf/scim")).unwrap();
    let url = format!("{}{}", tls.origin, served.path());
    let flags = ["--token-file", "token", "--ca", "ca.pem"];
    let more = ["--client-cert", "keys/client.pem", "--client-key", "keys/client.key"];
    // What is named from here is found from where the file is.
    let text = init_and_go(&folder, &url, &[&flags[..], &more].concat(), "conf/scim/staging.toml");
    assert!(text.contains("client_key_file = \"../../keys/client.key\""), "{text}");
}

#[test]
fn flags_that_do_not_go_together_write_nothing() {
    let folder = Folder::new();
    for (flags, said) in [
        (&["--basic-user", "ada"][..], "--basic-password"),
        (&["--basic-password-env", "S"], "--basic-user"),
        (&["--basic-user", "ada", "--basic-password-env", "S", "--token-env", "S"], "cannot be used with"),
        (&["--oauth-token-url", "http://127.0.0.1:1"], "--oauth-client-id"),
        (&["--oauth-scope", "x"], "--oauth-token-url"),
        (&["--client-key", "k"], "--client-cert"),
        (&["--basic-user", "ada", "--basic-password-env", "UNSET"], "`UNSET` is not set"),
        (&["--client-cert", "no.pem"], "`no.pem` cannot be read"),
    ] {
        call(&folder, &[&["init", "http://127.0.0.1:1/scim"], flags].concat()).exits(2).complains(said);
        assert!(folder.files().is_empty(), "{flags:?}");
    }
    call(&folder, &["init", "127.0.0.1/scim"]).exits(2).complains("is not an http(s) URL");
}
