//! Pages that are generated from what is there, and checks that the catalogue is whole.
//!
//! `UPDATE_DOCS=1 cargo test --test docs` writes the pages anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use scimsnap::idp::ClientName;
use scimsnap::requirement::{EXPECTATION, catalogue};
use scimsnap::scenario::catalogue::{Entry, bundled};
use scimsnap::scenario::{Action, Scenario};

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
