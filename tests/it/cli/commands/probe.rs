//! `probe` looks and changes nothing; `init` writes what it saw.

use crate::support::{Folder, Proxy, Reply, Scimsnap, Served, send};

#[test]
fn a_probe_shows_what_there_is() {
    let (served, folder) = (Served::new(&[]), Folder::new());
    served.populate(3, 1);
    let before = served.everything();
    let words =
        ["probe", &served.scim, "--token-env", "T", "--rest", &served.rest, "--rest-user", &served.rest_user];
    let words = [&words[..], &["--rest-token-env", "R"]].concat();
    let run = Scimsnap::new(folder.path(), &words).env("T", &served.token).env("R", &served.rest_token);
    let outcome = run.end().exits(0);
    let outcome = outcome
        .says("bearer token: accepted; without credentials: 401")
        .says("200, 3 in total")
        .says("200, 1 in total");
    let outcome = outcome
        .says("patch yes")
        .says("ResourceTypes")
        .says("User, Group")
        .says("product view           200");
    let outcome = outcome.says("capabilities           groups, filter, delete, product-view");
    assert!(!outcome.stdout.contains(&served.token) && !outcome.stdout.to_lowercase().contains("outsider"));
    assert_eq!(served.everything(), before);
    assert!(folder.files().is_empty());
}

#[test]
fn only_gets_are_sent_and_what_is_missing_is_said() {
    let served = Served::new(&["--defect", "filter-ignored"]);
    served.populate(2, 0);
    let origin = served.origin.clone();
    let proxy = Proxy::new(move |_, call| {
        let discovery = ["/ServiceProviderConfig", "/ResourceTypes", "/Schemas", "/Groups"];
        if discovery.iter().any(|page| call.target.contains(page)) {
            return Some(Reply::new(404, "{}"));
        }
        Some(send(&origin, call))
    });
    let folder = Folder::new();
    let url = format!("{}{}", proxy.origin, served.path());
    let words = ["probe", &url, "--token-env", "T"];
    let outcome = Scimsnap::new(folder.path(), &words).env("T", &served.token).end().exits(0);
    let outcome = outcome.says("providers cannot look people up").says("the endpoint has no /Groups");
    outcome.says("ServiceProviderConfig  404").says("capabilities           delete\n");
    assert!(proxy.calls().iter().all(|call| call.method == "GET"));
}

#[test]
fn credentials_are_taken_only_where_that_was_seen() {
    let folder = Folder::new();
    let error = |status: u16| {
        format!(r#"{{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"{status}"}}"#)
    };
    let probe = |proxy: &Proxy| {
        let words = ["probe", &proxy.origin, "--token-env", "T"];
        Scimsnap::new(folder.path(), &words).env("T", "t0ken-t0ken").end().exits(0)
    };
    for status in [500, 501, 400, 418, 502, 503] {
        let body = error(status);
        let outcome = probe(&Proxy::new(move |_, _| Some(Reply::new(status, &body))));
        let outcome =
            outcome.says(&format!("bearer token: unknown, returned {status}; without credentials: {status}"));
        let outcome = outcome.says("cannot tell whether the credentials are accepted");
        assert!(!outcome.stdout.contains(": accepted"), "{}", outcome.stdout);
    }
    // Whoever is let in to be refused for something else was let in.
    let (refused, unknown) = (error(401), error(400));
    let proxy = Proxy::new(move |_, call| {
        Some(match call.header("authorization") {
            Some(_) => Reply::new(400, &unknown),
            None => Reply::new(401, &refused),
        })
    });
    probe(&proxy).says("bearer token: accepted; without credentials: 401");
}

#[test]
fn what_cannot_be_judged_is_4() {
    let (served, folder) = (Served::new(&[]), Folder::new());
    let words = ["probe", &served.scim, "--token-env", "T"];
    Scimsnap::new(folder.path(), &words)
        .env("T", "wr0ng-t0ken")
        .end()
        .exits(4)
        .complains("refuses the credentials");
    Scimsnap::new(folder.path(), &["probe", "http://127.0.0.1:1/scim"])
        .end()
        .exits(4)
        .complains("cannot reach");
    Scimsnap::new(folder.path(), &["probe", "staging"]).end().exits(2).complains("scimsnap.toml");
}

#[test]
fn init_writes_a_file_that_runs_and_never_another() {
    let (served, folder) = (Served::new(&[]), Folder::new());
    let words = ["init", &served.scim, "--name", "my site", "--token-env", "T"];
    let rest = ["--rest", &served.rest, "--rest-user", &served.rest_user, "--rest-token-env", "R"];
    let words = [&words[..], &rest].concat();
    let init =
        || Scimsnap::new(folder.path(), &words).env("T", &served.token).env("R", &served.rest_token).end();
    init().exits(0).says("capabilities").says("wrote `scimsnap.toml`");
    let text = folder.read("scimsnap.toml");
    assert!(!text.contains(&served.token) && !text.contains(&served.rest_token), "{text}");
    let run = ["run", "conflicts/group-takes-over-organization", "--target", "my site"];
    let run = Scimsnap::new(folder.path(), &run).env("T", &served.token).env("R", &served.rest_token);
    run.end().exits(0).says("passed");
    init().exits(2).complains("already exists and was not changed");
    assert_eq!(folder.read("scimsnap.toml"), text);
    // Where the target cannot be looked at, nothing is written.
    let other = Folder::new();
    Scimsnap::new(other.path(), &["init", "http://127.0.0.1:1/scim"]).end().exits(4);
    assert!(other.files().is_empty());
}
