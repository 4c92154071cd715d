//! What is fuzzed, one function each: any bytes are read or refused, and what is read holds what is promised of it.
//!
//! `cargo test` calls these with random bytes (`random_bytes.rs`), cargo-fuzz with bytes of its own (`fuzz/`).

use std::path::Path as File;

use scimsnap::diag::Source;
use scimsnap::scim::{BodyReader, Filter, Leniency, PatchRequest, Path, ResourceKind};
use scimsnap::settings::Settings;
use scimsnap::wire::safety::ledger;
use serde_json::json;

mod answers;
mod requests;

pub use answers::answer;
pub use requests::request;

/// A filter that is read is written as text that means the same, and can be evaluated.
pub fn filter(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for leniency in [Leniency::all(), Leniency::none()] {
        match Filter::parse(text, &leniency) {
            Ok(filter) => {
                assert_eq!(Filter::parse(&filter.to_string(), &leniency).as_ref(), Ok(&filter), "{text:?}");
                let user =
                    json!({"userName": text, "emails": [{"value": text, "type": "work"}], "active": true});
                let negated = Filter::Not(Box::new(filter.clone()));
                let matches = filter.matches(ResourceKind::User, &user);
                assert_ne!(negated.matches(ResourceKind::User, &user), matches, "{text:?}");
            }
            Err(error) => assert!(text.get(error.span.clone()).is_some(), "{text:?}: {error:?}"),
        }
    }
}

/// A path that is read is written as text that means the same.
pub fn path(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for leniency in [Leniency::all(), Leniency::none()] {
        match Path::parse(text, &leniency) {
            Ok(path) => assert_eq!(Path::parse(&path.to_string(), &leniency).as_ref(), Ok(&path), "{text:?}"),
            Err(error) => assert!(text.get(error.span.clone()).is_some(), "{text:?}: {error:?}"),
        }
    }
}

/// A PATCH that is refused changes nothing, and one that is applied says whether it has.
pub fn patch(bytes: &[u8]) {
    let Ok(body) = BodyReader { duplicate_names: true, ..BodyReader::default() }.read(bytes) else { return };
    let resources = [
        (
            ResourceKind::User,
            json!({"userName": "a", "emails": [{"value": "a", "type": "work"}], "name": {"givenName": "A"}}),
        ),
        (ResourceKind::Group, json!({"displayName": "g", "members": [{"value": "1"}, {"value": "2"}]})),
    ];
    for leniency in [Leniency::all(), Leniency::none()] {
        let Ok(request) = PatchRequest::parse(&body, &leniency) else { continue };
        for (kind, before) in &resources {
            let mut after = before.clone();
            match request.apply(*kind, &mut after, &leniency) {
                Ok(changed) => assert_eq!(changed, after != *before, "{body}"),
                Err(_) => assert_eq!(after, *before, "{body}"),
            }
        }
    }
}

/// A scenario is read, or the message points into the file.
pub fn scenario(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let source = Source { path: "fuzz.yaml".into(), text: text.into() };
    let _ = scimsnap::scenario::load::load("fuzz", &source);
}

/// A snapshot that is read is written as text that reads the same.
pub fn snap(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(outcomes) = scimsnap::snapshot::file::parse("fuzz.snap", text) {
        let again = format!("---\nsource: fuzz\n---\n{}\n", scimsnap::snapshot::file::contents(&outcomes));
        assert_eq!(scimsnap::snapshot::file::parse("fuzz.snap", &again).ok(), Some(outcomes), "{text:?}");
    }
}

/// Settings are read, or the message points into the file.
pub fn settings(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let source = Source { path: "scimsnap.toml".into(), text: text.into() };
    if let Err(error) = Settings::read(&source, File::new("")) {
        assert!(error.to_string().contains("scimsnap.toml"), "{error}");
    }
}

/// Of a ledger everything is read that can be, and what is read is written as lines that read the same.
pub fn ledger(bytes: &[u8]) {
    let entries = ledger::parse(bytes);
    let lines = entries.iter().filter_map(|entry| serde_json::to_string(entry).ok());
    let text: String = lines.map(|line| line + "\n").collect();
    assert_eq!(ledger::parse(text.as_bytes()), entries);
    // A line that was cut off takes nothing of the others away.
    let cut = [text.as_bytes(), b"{\"created\":{\"kind\":\"us"].concat();
    assert_eq!(ledger::parse(&cut), entries);
}
