//! The fuzz targets with random bytes, and with bytes that look like what they read.

#[expect(unreachable_pub, reason = "cargo-fuzz has them in a crate of their own")]
mod targets;

use proptest::prelude::*;

/// Any bytes, or pieces that belong to the language in any order.
fn bytes_of(pieces: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        1 => prop::collection::vec(any::<u8>(), 0..64),
        1 => any::<String>().prop_map(String::into_bytes),
        6 => prop::collection::vec(prop::sample::select(pieces), 0..14).prop_map(|pieces| pieces.concat().into_bytes()),
    ]
}

const FILTER: &[&str] = &[
    "userName",
    "emails",
    "active",
    "id",
    "urn:ietf:params:scim:schemas:core:2.0:User:",
    ".value",
    " ",
    " eq ",
    " co ",
    " gt ",
    " pr",
    " and ",
    " or ",
    "not ",
    "(",
    ")",
    "[",
    "]",
    "\"a\"",
    "\"work\"",
    "true",
    "null",
    "1.5",
    "\"",
    "\\",
    "ä",
    "\0",
];

const PATCH: &[&str] = &[
    "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":[",
    "{\"op\":\"add\"",
    "{\"op\":\"replace\"",
    "{\"op\":\"remove\"",
    ",\"path\":\"members\"",
    ",\"path\":\"emails[type eq \\\"work\\\"].value\"",
    ",\"path\":\"name\"",
    ",\"path\":\"userName\"",
    ",\"value\":[{\"value\":\"1\"}]",
    ",\"value\":\"x\"",
    ",\"value\":{\"active\":false}",
    ",\"value\":null",
    "}",
    "]}",
    ",",
];

const SCENARIO: &[&str] = &[
    "title: t\n",
    "idps: [okta, entra]\n",
    "requires: [groups]\n",
    "people:\n  ada: {userName: ada@example.com}\n",
    "groups:\n  acme: {displayName: Acme, members: [ada]}\n",
    "steps:\n",
    "  - assign: ada\n",
    "  - push: acme\n",
    "  - checkpoint: done\n",
    "evidence: {mark: documented, source: s}\n",
    "given:\n",
    "  knobs: {a: b}\n",
    "  - request:\n",
    "      send: GET /Users\n",
    "      json: |\n        {}\n",
    "\t",
    "&a ",
    "*a",
    "- ",
    ": ",
    "{{ people.ada.id }}",
    "ä",
    "\0",
];

const SNAP: &[&str] = &[
    "---\n",
    "source: x\n",
    "---\r\n",
    "{",
    "}",
    "\"done\": ",
    "{\"customers\": [], \"organizations\": []}",
    "\"customers\": ",
    "[",
    "]",
    ",",
    "{\"userName\": \"a\"}",
    "{\"name\": \"A\", \"source\": \"synced\", \"members\": [\"a\"]}",
    "null",
    "\n",
    "\0",
];

proptest! {
    #[test]
    fn filters(bytes in bytes_of(FILTER)) {
        targets::filter(&bytes);
    }

    #[test]
    fn paths(bytes in bytes_of(FILTER)) {
        targets::path(&bytes);
    }

    #[test]
    fn patches(bytes in bytes_of(PATCH)) {
        targets::patch(&bytes);
    }

    #[test]
    fn scenarios(bytes in bytes_of(SCENARIO)) {
        targets::scenario(&bytes);
    }

    #[test]
    fn snapshots(bytes in bytes_of(SNAP)) {
        targets::snap(&bytes);
    }
}
