//! Whatever is wrong in a scenario file is pointed at: line, column, and what was probably meant.

use scimsnap::diag::Source;
use scimsnap::run::plan::validate::check;
use scimsnap::scenario::load::load;

const SCENARIO: &str = r#"title: A group is pushed onto an organization of the same name
evidence: {mark: documented, source: "manage group name conflicts"}
idps: [okta, entra]
requires: [groups, product-view]
given:
  knobs: {conflict.setting: sync}
  organizations:
    - {name: Acme, in: product, customers: [bob@example.com]}
people:
  ada: {userName: ada@example.com, givenName: Ada, familyName: Byron}
groups:
  acme: {displayName: Acme, members: [ada]}
steps:
  - connect
  - assign: ada
  - push: acme
  - checkpoint: pushed
  - request:
      only: [entra]
      send: PATCH /Groups/{{ groups.acme.id }}
      json: |
        {
          "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
          "Operations": [{"op": "Remove", "path": "members", "value": [{"value": "{{ people.ada.id }}"}]}]
        }
      expect:
        status: [200, 204]
        body:
          /members: {has: '{"value":"{{ people.ada.id }}"}'}
          /displayName: {equals: "{{ groups.acme.displayName }}"}
      keep: {found: /id}
  - request: {send: "GET /Groups/{{ kept.found }}"}
  - admin: {advance: 30d}
  - checkpoint: removed
"#;

/// What is shown when a piece of the file is replaced by another.
fn shown(piece: &str, by: &str) -> String {
    assert!(SCENARIO.contains(piece), "the scenario has no `{piece}`");
    let source = Source { path: "a.yaml".into(), text: SCENARIO.replacen(piece, by, 1).into() };
    let checked = load("a", &source).and_then(|scenario| check(&scenario));
    checked.err().map_or_else(|| format!("`{by}` was accepted"), |diagnostic| diagnostic.to_string())
}

/// A mistake, where it is pointed at, and words of the message.
const MISTAKES: [(&str, &str, &str, &str); 73] = [
    (
        "requires: [groups, product-view]",
        "requires: [groups, product-view]\nexercises: [lookup-fnds]",
        "a.yaml:5:13",
        "did you mean `lookup-finds`?",
    ),
    (
        "- connect",
        "- lose: {answer: POST Users}",
        "a.yaml:14:20",
        "expected METHOD and collection, such as `POST /Users`",
    ),
    ("- connect", "- intercept: {status: 500}", "a.yaml:14:16", "needs a `request` or an `answer`"),
    (
        "- connect",
        "- intercept: {request: POST /Users, answer: POST /Users, status: 500}",
        "a.yaml:14:47",
        "either the `request` or the `answer`",
    ),
    (
        "- connect",
        "- intercept: {request: post /Users, status: 500}",
        "a.yaml:14:26",
        "expected METHOD and collection",
    ),
    (
        "- connect",
        "- intercept: {request: GET /Schemas, status: 500}",
        "a.yaml:14:26",
        "expected METHOD and collection",
    ),
    ("- connect", "- intercept: {request: GET /Users}", "a.yaml:14:26", "needs a `status`"),
    ("- connect", "- intercept: {answer: GET /Users}", "a.yaml:14:25", "the replacement for the answer"),
    (
        "- connect",
        "- intercept: {answer: GET /Users, status: 99}",
        "a.yaml:14:45",
        "99 is not a final HTTP status",
    ),
    (
        "- connect",
        "- intercept: {request: GET /Users, status: 429, times: 0}",
        "a.yaml:14:58",
        "`times` must be 1 to 1000",
    ),
    ("- connect", "- intercept: {answer: GET /Users, stats: 99}", "a.yaml:14:37", "unknown key `stats`"),
    (
        "- connect",
        "- intercept:\n      answer: GET /Users\n      json: |\n        {\"id\": \"{{ people.eda.id }}\"}",
        "a.yaml:17:27",
        "did you mean `ada`?",
    ),
    (
        "- connect",
        "- intercept: {answer: GET /Users, json: '[1,,2]'}",
        "a.yaml:14:47",
        "the body is not JSON",
    ),
    (
        "status: [200, 204]",
        "status: [200]\n        reference: {status: [201]}",
        "a.yaml:28:29",
        "201 is not one of the expected statuses",
    ),
    (
        "status: [200, 204]",
        "reference: {reference: {status: [200]}}",
        "a.yaml:27:20",
        "cannot contain another `reference`",
    ),
    ("assign: ada", "assign: adda", "a.yaml:15:13", "did you mean `ada`?"),
    ("push: acme", "push: acmee", "a.yaml:16:11", "did you mean `acme`?"),
    ("- connect", "- conect", "a.yaml:14:5", "did you mean `connect`?"),
    ("assign: ada", "asign: ada", "a.yaml:15:5", "did you mean `assign`?"),
    ("- connect", "- connect: ada", "a.yaml:14:5", "takes no object"),
    ("- assign: ada", "- assign", "a.yaml:15:5", "needs an object"),
    ("idps: [okta", "idps: [octa", "a.yaml:3:8", "did you mean `okta`?"),
    ("idps: [okta, entra]", "idps: okta", "a.yaml:3:7", "write a list: `[okta]`"),
    ("requires: [groups, product-view]", "requires: groups", "a.yaml:4:11", "write a list: `[groups]`"),
    ("idps: [okta, entra]", "idps: []", "a.yaml:1:1", "no IdP client plays"),
    ("idps: [okta, entra]", "idps: entra", "a.yaml:3:7", "write a list: `[entra]`"),
    ("idps: [okta, entra]", "idps: [okta, entra, google]", "a.yaml:16:5", "google cannot do this"),
    ("mark: documented", "mark: sure", "a.yaml:2:18", "unknown value `sure`"),
    ("title: A", "titel: A", "a.yaml:1:1", "unknown key `titel`"),
    ("requires: [groups", "requires: [grops", "a.yaml:4:12", "unknown value `grops`"),
    ("conflict.setting: sync", "conflict.setting: sink", "a.yaml:6:29", "sync"),
    ("conflict.setting: sync", "conflict.seting: sync", "a.yaml:6:28", "conflict.setting"),
    ("\"Operations\": [{", "\"Operations\": [,{", "a.yaml:24:26", "the body is not JSON"),
    ("{{ people.ada.id }}", "{{ people.eda.id }}", "a.yaml:24:93", "did you mean `ada`?"),
    ("{{ groups.acme.id }}", "{{ groups.acme }}", "a.yaml:20:27", "does not have the form"),
    ("send: PATCH", "send: PTCH", "a.yaml:20:13", "there is no method `PTCH`"),
    ("send: PATCH", "key: shortend\n      send: PATCH", "a.yaml:20:12", "did you mean `shortened`?"),
    ("send: PATCH", "key: hidden\n      send: PATCH", "a.yaml:20:12", "the forms are `small-letters`, "),
    (
        "send: PATCH",
        "key: extended\n      headers: {authorization: Bearer x}\n      send: PATCH",
        "a.yaml:20:12",
        "write either `key` or the header",
    ),
    ("PATCH /Groups", "PATCH Groups", "a.yaml:20:13", "must start with `/`"),
    ("[200, 204]", "[200, many]", "a.yaml:27:23", "expected a whole number"),
    ("/members: {has", "members: {has", "a.yaml:29:20", "`members` is not a JSON Pointer"),
    ("/members: {has:", "/members: {hass:", "a.yaml:29:22", "unknown value `hass`"),
    ("has: '{\"value\"", "has: '{value\"", "a.yaml:29:29", "the expected value is not JSON"),
    ("\"{{ groups.acme.displayName", "\"{{ groups.acne.displayName", "a.yaml:30:25", "did you mean `acme`?"),
    ("found: /id", "found: id", "a.yaml:31:21", "`id` is not a JSON Pointer"),
    ("kept.found", "kept.fuond", "a.yaml:32:42", "did you mean `found`?"),
    ("advance: 30d", "advance: soon", "a.yaml:33:22", "not a duration"),
    ("advance: 30d", "advance: -30d", "a.yaml:33:22", "`-30d` is in the past"),
    ("- connect", "- wait: -3h", "a.yaml:14:11", "`-3h` is in the past"),
    ("- connect", "- wait: 90m ago", "a.yaml:14:11", "`90m ago` is in the past"),
    ("checkpoint: removed", "checkpoint: pushed", "a.yaml:34:5", "the checkpoint `pushed` appears twice"),
    ("checkpoint: removed", "checkpoint: The End", "a.yaml:34:17", "a to z"),
    ("  - assign: ada\n", "", "a.yaml:15:5", "is not assigned"),
    (
        "groups:\n",
        "  crowd: {count: 1000000, userName: \"p{n}@example.com\", givenName: P}\ngroups:\n",
        "a.yaml:11:18",
        "a file can make 1 to 5000 people, not 1000000",
    ),
    (
        "groups:\n",
        "  crowd: {count: 0, userName: \"p{n}@example.com\", givenName: P}\ngroups:\n",
        "a.yaml:11:18",
        "1 to 5000 people, not 0",
    ),
    (
        "groups:\n",
        "  crowd: {count: -1, userName: \"p{n}@example.com\", givenName: P}\ngroups:\n",
        "a.yaml:11:18",
        "expected a whole number",
    ),
    (
        "groups:\n",
        "  crowd: {count: 3, userName: p@example.com, givenName: P}\ngroups:\n",
        "a.yaml:11:31",
        "makes 3 people of the same userName",
    ),
    (
        "groups:\n",
        "  p: {count: 3, userName: \"p{n}@example.com\", givenName: P}\n  p-2: {userName: b@example.com, givenName: B}\ngroups:\n",
        "a.yaml:11:27",
        "`p` makes a person `p-2`, who is there already",
    ),
    (
        "groups:\n",
        "  bob: {userName: P2@example.com, givenName: B}\n  p: {count: 3, userName: \"p{n}@example.com\", givenName: P}\ngroups:\n",
        "a.yaml:12:27",
        "`p-2` and `bob` have the same userName, `p2@example.com`",
    ),
    (
        "groups:\n  acme: {displayName: Acme, members: [ada",
        "  p: {count: 3, userName: \"p{n}@example.com\", givenName: P}\ngroups:\n  acme: {displayName: Acme, members: [p-4",
        "a.yaml:13:39",
        "`p` makes `p-1` to `p-3`",
    ),
    (
        "groups:\n  acme: {displayName: Acme, members: [ada",
        "  p: {count: 3, userName: \"p{n}@example.com\", givenName: P}\ngroups:\n  acme: {displayName: Acme, members: [p-2..4",
        "a.yaml:13:39",
        "`p-2..4` is not a range of `p`, which makes `p-1..3`",
    ),
    (
        "groups:\n  acme: {displayName: Acme, members: [ada]}\nsteps:\n  - connect",
        "  p: {count: 3, userName: \"p{n}@example.com\", givenName: P}\ngroups:\n  acme: {displayName: Acme, members: [ada]}\nsteps:\n  - rename-user: {person: p, to: x@example.com}",
        "a.yaml:15:27",
        "`p` makes 3 people; name one, such as `p-1`",
    ),
    ("- connect", "- update: {person: ada, set: {addresses.work.street: x}}", "a.yaml:14:56", "no attribute"),
    ("- connect", "- update: {person: ada, set: {tilte: x}}", "a.yaml:14:40", "did you mean `title`?"),
    (
        "givenName: Ada",
        "givenName: Ada, phoneNumbers: {\"wo rk\": \"1\"}",
        "a.yaml:10:76",
        "`wo rk` is not a type",
    ),
    (
        "givenName: Ada",
        "givenName: Ada, extensions: {badge: {no: A7}}",
        "a.yaml:10:77",
        "`badge:no` is not an attribute",
    ),
    (
        "requires: [groups",
        "settings: {rename: by-id}\nrequires: [groups",
        "a.yaml:4:12",
        "has the setting `rename`",
    ),
    (
        "requires: [groups",
        "client-settings: {okta: {external-id: objectId}}\nrequires: [groups",
        "a.yaml:4:26",
        "none of these clients has the setting `external-id`",
    ),
    (
        "requires: [groups",
        "client-settings: {okta-oin: {match: [email]}}\nrequires: [groups",
        "a.yaml:4:30",
        "okta-oin does not have the setting `match`",
    ),
    (
        "requires: [groups",
        "client-settings: {google: {update: put}}\nrequires: [groups",
        "a.yaml:4:28",
        "`google` does not play this scenario",
    ),
    (
        "requires: [groups",
        "client-settings: {entra: {external-idd: objectId}}\nrequires: [groups",
        "a.yaml:4:27",
        "unknown key `external-idd`",
    ),
    ("given:\n", "given:\n  people: [bob]\n", "a.yaml:6:12", "there is no person `bob`"),
];

#[test]
fn every_mistake_is_pointed_at() {
    for (piece, by, place, words) in MISTAKES {
        let shown = shown(piece, by);
        assert!(shown.contains(&format!("--> {place}\n")), "`{by}` is not pointed at {place}:\n{shown}");
        assert!(shown.contains(words), "`{by}` should say `{words}`:\n{shown}");
    }
}

#[test]
fn the_unspoilt_file_is_valid() {
    let source = Source { path: "a.yaml".into(), text: SCENARIO.into() };
    check(&load("a", &source).unwrap()).unwrap();
}

#[test]
fn a_message_reads_as_a_whole() {
    insta::assert_snapshot!(shown("{{ people.ada.id }}", "{{ people.eda.id }}"), @r#"
    error: there is no person `eda`
      --> a.yaml:24:93
       |
    24 |           "Operations": [{"op": "Remove", "path": "members", "value": [{"value": "{{ people.eda.id }}"}]}]
       |                                                                                             ^^^ did you mean `ada`?
    "#);
}
