//! `--markdown` fits a comment, however much is wrong and whatever the endpoint says.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use super::valid;
use crate::support::{Folder, Proxy, Reply, Scimsnap, Served, send};

/// A word of letters for a number.
fn word(number: usize) -> String {
    let letter = |digit: char| char::from(b'g' + u8::try_from(digit.to_digit(10).unwrap()).unwrap());
    number.to_string().chars().map(letter).collect()
}

#[test]
fn it_has_at_most_65_000_characters() {
    let served = Served::new(&[]);
    let (origin, count) = (served.origin.clone(), AtomicUsize::new(0));
    let proxy = Proxy::new(move |_, call| {
        let reply = send(&origin, call);
        if !matches!(call.method.as_str(), "PATCH" | "PUT") {
            return Some(reply);
        }
        // Another reason each time, most of which takes many characters to show.
        let detail = format!("{} {}", word(count.fetch_add(1, Ordering::SeqCst)), "\u{202e}|`".repeat(1_000));
        let body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": "400", "detail": detail, "scimType": "invalidValue",
        });
        Some(Reply::new(400, &body.to_string()))
    });
    let folder = Folder::new();
    let words = ["run", "users", "groups", "--idp", "okta-oin,entra", "--read-lag", "0", "--update", "no"];
    let words = [&words[..], &["--json", "out.json", "--markdown", "out.md"]].concat();
    let url = format!("{}{}", proxy.origin, served.path());
    Scimsnap::new(folder.path(), &words).target(&url, &served.token).end().exits(1);
    let causes = valid(&folder)["causes"].as_array().unwrap().len();
    let page = folder.read("out.md");
    let length = page.chars().count();
    assert!(causes >= 5, "{causes} causes");
    assert!((10_000..=65_000).contains(&length), "{length} characters for {causes} causes");
    assert!(page.contains("### 1. must: ") && page.contains("\\u{202e}"), "{page}");
    assert!(!page.contains('\u{202e}'));
}
