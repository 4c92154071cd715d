//! The fuzz targets with random bytes, and with bytes that look like what they read.

use proptest::prelude::*;

use super::targets;

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

const SETTINGS: &[&str] = &[
    "[targets.staging]\n",
    "[targets.\"a b\"]\n",
    "[[known]]\n",
    "url = \"https://a.example/scim\"\n",
    "token_env = \"T\"\n",
    "token_command = [\"a\", \"b\"]\n",
    "scenario = \"users/*\"\n",
    "reason = \"r\"\n",
    "until = 2026-01-01\n",
    "until = \"2026-13-01\"\n",
    "idps = [\"okta\", \"nobody\"]\n",
    "rest = {url = \"http://a\", user = \"u\"}\n",
    "snapshots = \"../x\"\n",
    "cause = \"a/b\"\n",
    "[",
    "]",
    "= ",
    "\"",
    "\n",
    "ä",
    "\0",
];

const LEDGER: &[&str] = &[
    "{\"run\":{\"id\":\"k0001\",\"target\":\"http://a/scim\"}}\n",
    "{\"run\":{\"id\":\"../x\",\"target\":\"\"}}\n",
    "{\"intent\":{\"kind\":\"user\",\"name\":\"k0001.ada\"}}\n",
    "{\"created\":{\"kind\":\"group\",\"id\":\"1\"}}\n",
    "{\"created\":{\"kind\":\"customer\",\"id\":\"..\"}}\n",
    "{\"deleted\":{\"kind\":\"user\",\"id\":\"1\"}}\n",
    "{\"created\":{\"kind\":\"shoe\",\"id\":1}}\n",
    "{\"created\":{\"kind\":\"us",
    "null\n",
    "[[",
    "\"",
    "\n",
    "\r\n",
    "\0",
];

const REQUEST: &[&str] = &[
    "GET ",
    "POST ",
    "PUT ",
    "PATCH ",
    "DELETE ",
    "OPTIONS ",
    "HEAD ",
    "/scim/directory/d/Users",
    "/scim/directory/d/Groups",
    "/scim/directory/d/v2/Users",
    "/scim/directory/d/Bulk",
    "/scim/directory/d/Schemas",
    "/scim/directory/other/Users",
    "/rest/servicedeskapi/organization",
    "/rest/servicedeskapi/customer",
    "/rest/provisioning/directory",
    "/rest/provisioning/held-groups/accept",
    "/1/user",
    "/..",
    "/%00",
    "/%ff",
    "?filter=userName%20eq%20%22a%22",
    "?startIndex=2&count=-1",
    "?attributes=userName&excludedAttributes=",
    " Host:localhost",
    " Content-Type:application/json",
    " Content-Encoding:gzip",
    " X-ExperimentalApi:opt-in",
    " If-Match:*",
    " Authorization:Bearer",
    "\t{\"userName\":\"a\",\"emails\":[{\"value\":\"a@b.example\"}]}",
    "\t{\"userName\":\"b\",\"active\":\"False\"}",
    "\t{\"displayName\":\"Acme\",\"members\":[{\"value\":\"x\"}]}",
    "\t{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"x\"}]}]}",
    "\t{\"name\":\"Acme\"}",
    "\t{\"email\":\"c@b.example\",\"displayName\":\"C\"}",
    "\t[[[[",
    "\n",
    "\n",
    " ",
];

/// Lines that are requests: each a method, a target, perhaps a header, perhaps a body, out of the pieces.
fn requests() -> impl Strategy<Value = Vec<u8>> {
    let beginning = |with: fn(&str) -> bool| {
        let pieces: Vec<&str> = REQUEST.iter().copied().filter(|piece| with(piece)).collect();
        prop::sample::select(pieces)
    };
    let line = (
        beginning(|piece| piece.len() > 1 && piece.ends_with(' ')),
        beginning(|piece| piece.starts_with("/scim") || piece.starts_with("/rest")),
        prop::option::weighted(0.4, beginning(|piece| piece.starts_with('/') && piece.len() < 8)),
        prop::option::weighted(0.3, beginning(|piece| piece.starts_with('?'))),
        prop::option::weighted(0.3, beginning(|piece| piece.starts_with(' ') && piece.len() > 1)),
        prop::option::weighted(0.7, beginning(|piece| piece.starts_with('\t'))),
    );
    let line = line.prop_map(|(method, target, below, query, header, body)| {
        let rest = [below, query, header, body].map(Option::unwrap_or_default).concat();
        format!("{method}{target}{rest}\n")
    });
    prop::collection::vec(line, 1..8).prop_map(|lines| lines.concat().into_bytes())
}

/// Answers that are HTTP as far as their bodies: a status, headers, an empty line, and something.
fn answers() -> impl Strategy<Value = Vec<u8>> {
    let pieces = |with: fn(&str) -> bool| {
        let pieces: Vec<&str> = ANSWER.iter().copied().filter(|piece| with(piece)).collect();
        prop::sample::select(pieces)
    };
    let header =
        pieces(|piece| !piece.starts_with("HTTP") && piece.contains(": ") && piece.ends_with("\r\n"));
    let answer = (
        pieces(|piece| piece.starts_with("HTTP") && !piece.contains(" 100 ")),
        prop::collection::vec(header, 0..3),
        pieces(|piece| !piece.ends_with('\n') || piece.starts_with("2\r")),
    );
    let answer = answer.prop_map(|(status, headers, body)| format!("{status}{}\r\n{body}", headers.concat()));
    prop::collection::vec(answer, 1..8).prop_map(|answers| answers.join("\n=====\n").into_bytes())
}

const ANSWER: &[&str] = &[
    "HTTP/1.1 429 Too Many\r\nRetry-After: 0\r\n",
    "HTTP/1.1 503 Busy\r\nRetry-After: Thu, 01 Jan 1970 00:00:00 GMT\r\n",
    "HTTP/1.1 200 OK\r\n",
    "HTTP/1.1 201 Created\r\n",
    "HTTP/1.1 204 No Content\r\n",
    "HTTP/1.1 404 Not Found\r\n",
    "HTTP/1.1 409 Conflict\r\n",
    "HTTP/1.1 503 Busy\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n",
    "Content-Type: application/scim+json\r\n",
    "Content-Length: 2\r\n",
    "Content-Length: 18446744073709551616\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Content-Encoding: gzip\r\n",
    "ETag: W/\"1\"\r\n",
    "Location: /..\r\n",
    "\r\n",
    "\r\n",
    "2\r\n{}\r\n0\r\n\r\n",
    "{\"id\":\"u1\",\"userName\":\"ada@example.com\",\"active\":true}",
    "{\"id\":\"..\",\"displayName\":\"Acme\",\"members\":[null]}",
    "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:ListResponse\"],\"totalResults\":1,\"Resources\":[{\"id\":\"u1\"}]}",
    "{\"totalResults\":0,\"Resources\":[]}",
    "{\"totalResults\":-1,\"Resources\":{}}",
    "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],\"status\":\"409\",\"scimType\":\"uniqueness\",\"detail\":\"\\u001b[2J\"}",
    "[[[[[[[[",
    "null",
    "\x1f\u{8b}",
    "\0",
    "\n=====\n",
    "\n=====\n",
    "\n=====\n",
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

    #[test]
    fn settings(bytes in bytes_of(SETTINGS)) {
        targets::settings(&bytes);
    }

    #[test]
    fn ledgers(bytes in bytes_of(LEDGER)) {
        targets::ledger(&bytes);
    }

    #[test]
    fn requests_to_the_endpoint(bytes in prop_oneof![1 => bytes_of(REQUEST), 3 => requests()]) {
        targets::request(&bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn answers_to_clients(client in any::<u8>(), bytes in prop_oneof![1 => bytes_of(ANSWER), 3 => answers()]) {
        targets::answer(&[&[client], bytes.as_slice()].concat());
    }
}
