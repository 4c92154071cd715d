//! The fixture files themselves: all readable, all marked, all played, and none missing.

use std::collections::{BTreeMap, BTreeSet};

use scimsnap::directory::verb::WithParts;
use scimsnap::directory::{Event, Verb};
use scimsnap::idp::{ClientName, Family, Fixture, cannot};

fn all() -> Vec<(String, Fixture)> {
    Fixture::all()
        .into_iter()
        .map(|(path, fixture)| {
            let fixture = fixture.unwrap_or_else(|error| panic!("{path}: {error}"));
            (path, fixture)
        })
        .collect()
}

/// Every event of the vocabulary, in each form that some client cannot express.
fn vocabulary() -> Vec<Event> {
    let (ada, acme) = (|| "ada".to_owned(), || "acme".to_owned());
    let events = |verb| match verb {
        Verb::Bare(verb) => vec![verb.event()],
        Verb::OfPerson(verb) => vec![verb.event()(ada())],
        Verb::OfGroup(verb) => vec![verb.event()(acme())],
        Verb::WithParts(verb) => match verb {
            WithParts::Update => vec![Event::Update { person: ada(), set: BTreeMap::new() }],
            WithParts::RenameUser => vec![Event::RenameUser { person: ada(), user_name: String::new() }],
            WithParts::AddMember => vec![Event::AddMember { group: acme(), person: ada() }],
            WithParts::RemoveMember => vec![Event::RemoveMember { group: acme(), person: ada() }],
            WithParts::RenameGroup => vec![Event::RenameGroup { group: acme(), display_name: String::new() }],
            WithParts::Unlink => [false, true].map(|delete| Event::Unlink { group: acme(), delete }).into(),
            WithParts::OnDemandGroup => vec![Event::OnDemandGroup { group: acme(), members: vec![ada()] }],
            WithParts::Wait => vec![Event::Wait(0)],
        },
    };
    Verb::all().flat_map(events).collect()
}

/// The event and, where it has two forms, the form.
fn form(event: &Event) -> String {
    match event {
        Event::Unlink { delete, .. } => format!("unlink {delete}"),
        other => other.verb().as_str().to_owned(),
    }
}

#[test]
fn every_file_says_in_its_name_what_is_in_it() {
    let fixtures = all();
    assert!(fixtures.len() > 100, "only {} files", fixtures.len());
    for (path, fixture) in fixtures {
        let (folder, file) = path.split_once('/').unwrap();
        assert_eq!(folder, fixture.provider, "{path}");
        let name = fixture.name();
        let with_client = format!("{name}.{}.json", fixture.clients[0]);
        assert!(
            file == format!("{name}.json") || (fixture.clients.len() == 1 && file == with_client),
            "{path}: {name}"
        );
        for client in &fixture.clients {
            let known = ClientName::ALL.into_iter().find(|name| name.as_str() == client);
            let family = known.map(|name| name.family().as_str());
            assert_eq!(family, Some(folder), "{path}: {client}");
        }
        assert!(!fixture.title.is_empty() && !fixture.act.is_empty(), "{path}");
        let last = fixture.act.last().unwrap();
        assert_eq!(last.verb().as_str(), fixture.event, "{path}");
    }
}

#[test]
fn every_request_has_a_source_and_silence_has_one_too() {
    for (path, fixture) in all() {
        for request in &fixture.requests {
            assert!(!request.source.is_empty(), "{path}");
            assert!(request.target.starts_with('/'), "{path}: {}", request.target);
            let writes = matches!(request.method.as_str(), "POST" | "PUT" | "PATCH");
            assert_eq!(writes, request.body.is_some(), "{path}: {}", request.method);
        }
        if fixture.requests.is_empty() {
            let note = fixture.note.unwrap_or_default();
            let marked = ["documented, ", "captured, ", "source, ", "reported, ", "inferred, "];
            assert!(marked.iter().any(|mark| note.starts_with(mark)), "{path}: why is nothing sent?");
        }
    }
}

/// Files that are added are embedded when the library is next built.
#[test]
fn every_file_is_embedded() {
    let embedded: BTreeSet<String> = all().into_iter().map(|(path, _)| path).collect();
    for family in Family::ALL.into_iter().filter(|family| family.is_provider()) {
        let folder = format!("{}/fixtures/{family}", env!("CARGO_MANIFEST_DIR"));
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(embedded.contains(&format!("{family}/{name}")), "{family}/{name}");
        }
    }
}

/// A client plays every fixture that names it, so a fixture is played where it names a client once and alone.
#[test]
fn no_two_fixtures_of_a_client_have_the_same_name() {
    let mut names = BTreeSet::new();
    for (path, fixture) in all() {
        assert!(!fixture.clients.is_empty(), "{path}");
        for client in &fixture.clients {
            assert!(names.insert((client.clone(), fixture.name())), "{path}: {client}");
        }
    }
}

#[test]
fn every_event_that_a_client_can_express_has_a_fixture_and_no_other_has() {
    let fixtures = all();
    for client in ClientName::ALL {
        let played: BTreeSet<String> = fixtures
            .iter()
            .filter(|(_, fixture)| fixture.clients.iter().any(|name| name == client.as_str()))
            .flat_map(|(_, fixture)| fixture.act.iter().map(form))
            .collect();
        let expressible: BTreeSet<String> =
            vocabulary().iter().filter(|event| cannot(client, event).is_none()).map(form).collect();
        assert_eq!(played, expressible, "{client}");
    }
}
