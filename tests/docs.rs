//! Pages that are generated from what is there, and checks that the catalogue is whole.
//!
//! `UPDATE_DOCS=1 cargo test --test docs` writes the pages anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use scimsnap::idp::ClientName;
use scimsnap::reference::Defects;
use scimsnap::requirement::{EXPECTATION, catalogue};
use scimsnap::scenario::catalogue::{Entry, bundled};
use scimsnap::scenario::{Action, Capability, Pack, Scenario};

fn scenarios() -> Vec<Scenario> {
    let loaded: Result<Vec<Scenario>, _> = bundled().iter().map(Entry::load).collect();
    assert!(loaded.is_ok(), "{}", loaded.err().map(|error| error.to_string()).unwrap_or_default());
    loaded.unwrap_or_default()
}

/// Holds a page against what it is generated from.
#[expect(clippy::disallowed_methods, reason = "the switch that writes pages anew")]
fn hold(page: &str, text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs").join(page);
    if std::env::var("UPDATE_DOCS").is_ok() {
        assert!(std::fs::write(&path, text).is_ok(), "docs/{page} cannot be written");
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(there == text, "docs/{page} is stale: run `UPDATE_DOCS=1 cargo test --test docs`");
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[test]
fn the_catalogue_page_is_current() {
    let scenarios = scenarios();
    let mut topics: BTreeMap<&str, Vec<&Scenario>> = BTreeMap::new();
    for scenario in &scenarios {
        let topic = scenario.id.split('/').next().unwrap_or_default();
        topics.entry(topic).or_default().push(scenario);
    }
    let runs: usize = scenarios.iter().map(|scenario| scenario.clients.len()).sum();
    let mut text = format!(
        "# The catalogue\n\nGenerated from `scenarios/`: {} scenarios, {runs} runs. `scimsnap run ID` plays one, `scimsnap run TOPIC` all of a topic.\n\
         How sure an expectation is: *documented* by the vendor, *captured* on the wire, *reported* by users, *inferred* by nobody but us.\n",
        scenarios.len()
    );
    for (topic, scenarios) in topics {
        let _ = write!(
            text,
            "\n## {topic}\n\n| scenario | what happens | played by | evidence |\n|---|---|---|---|\n"
        );
        for scenario in scenarios {
            let clients: Vec<&str> = scenario.clients.iter().map(|client| client.as_str()).collect();
            let mut evidence = format!("{}: {}", scenario.evidence.mark.as_str(), scenario.evidence.source);
            if let Some(note) = &scenario.evidence.note {
                let _ = write!(evidence, "; {note}");
            }
            if !scenario.covers.is_empty() {
                let _ = write!(evidence, " ({})", scenario.covers.join(", "));
            }
            let name = scenario.id.strip_prefix(topic).unwrap_or(&scenario.id).trim_start_matches('/');
            let mut title = scenario.title.clone();
            for alternative in &scenario.alternatives {
                let _ = write!(title, "; *{}*: {}", alternative.name, alternative.says);
            }
            let _ = writeln!(
                text,
                "| `{name}` | {} | {} | {} |",
                cell(&title),
                clients.join(", "),
                cell(&evidence)
            );
        }
    }
    hold("catalogue.md", &text);
}

#[test]
fn the_requirements_page_is_current() {
    let mut text = String::from(
        "# Requirements\n\nGenerated from `src/requirement/`. Every exchange of a run is held against these; `scimsnap explain ID` prints one.\n\
         A *must* fails the run. Whom it concerns decides whose readiness suffers: what only the RFC asks for leaves providers ready.\n\
         [sources.md](sources.md) says what the sheets are.\n\n\
         | requirement | level | concerns | what must be true | why | source |\n|---|---|---|---|---|---|\n",
    );
    for requirement in catalogue() {
        let concerns: Vec<&str> = requirement.concerns.iter().map(|concern| concern.as_str()).collect();
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} | {} | {} |",
            requirement.id,
            requirement.level.as_str(),
            concerns.join(", "),
            cell(requirement.text),
            cell(requirement.reasoning),
            cell(requirement.source)
        );
    }
    assert!(catalogue().iter().any(|requirement| requirement.id == EXPECTATION.id));
    hold("requirements.md", &text);
}

#[test]
fn the_defects_page_is_current() {
    let mut text = format!(
        "# Defects\n\nGenerated from `src/reference/defects/`: {} ways in which `scimsnap serve --defect NAME` makes the reference endpoint wrong, each as some real\n\
         endpoint was or as a rule forbids. `scimsnap defects --prove` plays every bundled scenario against each and fails where nobody sees one.\n\
         `owner/repository #number` is a thread on GitHub; [sources.md](sources.md) says what the sheets are.\n",
        Defects::ALL.len()
    );
    let mut topic = "";
    for row in Defects::ALL {
        if topic != row.topic {
            topic = row.topic;
            let _ = write!(
                text,
                "\n## {topic}\n\n| defect | what happens | hurts | shown by | seen at, or rule |\n|---|---|---|---|---|\n"
            );
        }
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | `{}` | {} |",
            row.name,
            cell(row.story),
            row.hurts.join(", "),
            row.shown_by,
            cell(row.source)
        );
    }
    text.push_str("\n## Quirks\n\nMerely awkward, and no reason for a finding; `--defect` takes them too.\n\n| quirk | what happens | source |\n|---|---|---|\n");
    for row in Defects::QUIRKS {
        let _ = writeln!(text, "| `{}` | {} | {} |", row.name, cell(row.story), cell(row.source));
    }
    hold("defects.md", &text);
}

#[test]
fn every_scenario_says_on_what_it_rests() {
    for scenario in scenarios() {
        assert!(!scenario.title.trim().is_empty(), "{} has no title", scenario.id);
        assert!(!scenario.evidence.source.trim().is_empty(), "{} names no source", scenario.id);
    }
}

#[test]
fn every_event_and_every_client_is_used() {
    let mut used: BTreeSet<(ClientName, &'static str)> = BTreeSet::new();
    for scenario in scenarios() {
        for step in &scenario.steps {
            let Action::Events(events) = &step.action else { continue };
            for client in scenario.clients.iter().copied().filter(|client| step.is_for(*client)) {
                used.extend(events.iter().map(|event| (client, event.verb())));
            }
        }
    }
    let verbs = [
        "connect",
        "assign",
        "update",
        "rename-user",
        "suspend",
        "unsuspend",
        "unassign",
        "reassign",
        "delete-user",
        "push",
        "add-member",
        "remove-member",
        "rename-group",
        "unlink",
        "push-now",
        "import",
        "force-sync",
        "cycle",
        "restart",
        "initial-cycle",
        "allow-deletions",
        "on-demand",
        "wait",
    ];
    let unused: Vec<&str> =
        verbs.into_iter().filter(|verb| !used.iter().any(|(_, other)| other == verb)).collect();
    assert!(unused.is_empty(), "no scenario uses {}", unused.join(", "));
    for client in ClientName::ALL {
        assert!(used.iter().any(|(other, _)| *other == client), "no scenario is played by {client}");
    }
}

#[test]
fn each_pack_holds_the_ones_before_it_and_ready_needs_no_more_than_scim() {
    let scenarios = scenarios();
    let of = |pack: Pack| scenarios.iter().filter(move |scenario| pack.holds(scenario.pack));
    let counts = [Pack::Smoke, Pack::Ready, Pack::Full].map(|pack| of(pack).count());
    assert!((3..=10).contains(&counts[0]), "a handful is smoke, not {}", counts[0]);
    assert!((30..=60).contains(&counts[1]), "about forty are ready, not {}", counts[1]);
    assert_eq!(counts[2], scenarios.len());
    let smoked: BTreeSet<ClientName> =
        of(Pack::Smoke).flat_map(|scenario| scenario.clients.iter().copied()).collect();
    let expected: BTreeSet<ClientName> =
        ClientName::ALL.into_iter().filter(|client| client.is_played_by_default()).collect();
    assert_eq!(smoked, expected, "somebody plays no smoke scenario");
    for scenario in of(Pack::Ready) {
        let needs = scenario.needs();
        let plain = [Capability::Groups, Capability::Filter, Capability::Delete];
        assert!(
            needs.iter().all(|need| plain.contains(need)),
            "{} is part of {}, and needs {needs:?}",
            scenario.id,
            scenario.pack
        );
    }
}
