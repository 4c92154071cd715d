//! Pages that are generated from what is there, and checks that the catalogue is whole.
//!
//! `UPDATE_DOCS=1 cargo test --test it docs::` writes the pages anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use scimsnap::directory::Verb;
use scimsnap::idp::{ClientName, Family, Fixture, Knowledge};
use scimsnap::reference::Defects;
use scimsnap::requirement::{ALTERNATIVE, EXPECTATION, OBSERVED, OUTCOME, catalogue};
use scimsnap::run::plan;
use scimsnap::scenario::catalogue::{Entry, bundled};
use scimsnap::scenario::{Action, Capability, Pack, Scenario};

use super::conflicts::{APART, CASES, Cell};
use super::lists::{LISTS, WITHOUT};
use super::topics::{Has, TOPICS};

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
    assert!(there == text, "docs/{page} is stale: run `UPDATE_DOCS=1 cargo test --test it docs::`");
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[test]
fn the_behaviour_card_is_explained() {
    let page = include_str!("../../../docs/targets.md");
    for (behaviour, what) in OBSERVED {
        let row = format!("| `{behaviour}` | {} |", cell(what));
        assert!(page.contains(&row), "docs/targets.md does not say {row}");
    }
}

/// The table of what is known of each client stands in a page that is otherwise written by hand.
#[test]
fn the_table_of_clients_is_current() {
    const HEAD: &str = "| client | what is known | what is not |\n|---|---|---|\n";
    let mut rows: Vec<(Vec<String>, Knowledge)> = Vec::new();
    for client in ClientName::ALL {
        let knowledge = client.knowledge();
        match rows.last_mut() {
            Some((names, last)) if *last == knowledge => names.push(format!("`{client}`")),
            _ => rows.push((vec![format!("`{client}`")], knowledge)),
        }
    }
    let mut table = String::new();
    for (names, knowledge) in rows {
        let (known, unknown) = (cell(knowledge.known), cell(knowledge.unknown));
        let _ = writeln!(table, "| {} | {known} | {unknown} |", names.join(", "));
    }
    let page = include_str!("../../../docs/clients.md");
    let (before, rest) = page.split_once(HEAD).unwrap_or_default();
    let (_, after) = rest.split_once("\n\n").unwrap_or_default();
    hold("clients.md", &format!("{before}{HEAD}{table}\n{after}"));
}

#[test]
fn the_schema_of_reports_knows_every_family() {
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../../schemas/report.schema.json")).unwrap_or_default();
    let providers = Family::ALL.into_iter().filter(|family| family.is_provider());
    let names: Vec<&str> = providers.map(Family::as_str).collect();
    assert_eq!(schema["properties"]["readiness"]["propertyNames"], serde_json::json!({"enum": names}));
}

#[test]
fn every_event_is_explained() {
    let page = include_str!("../../../docs/scenarios.md");
    for verb in Verb::all().map(Verb::as_str) {
        assert!(page.contains(&format!("`{verb}")), "docs/scenarios.md does not explain `{verb}`");
    }
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
        "# The catalogue\n\nGenerated from `scenarios/`: {} scenarios, {runs} runs. `scimsnap run ID` plays one scenario, `scimsnap run TOPIC` all scenarios of a topic.\n\
         The evidence for an expectation: *documented* by the vendor, *captured* on the wire, read in a client's *source*, *reported* by users, or *inferred* by us.\n\
         All [requirements](requirements.md) apply to every exchange of every scenario. The column *exercises* lists those that the checkpoints, expectations\n\
         and alternatives of the scenario test, and those that some [defect](defects.md) demonstrably breaks in it.\n",
        scenarios.len()
    );
    for (topic, scenarios) in topics {
        let _ = write!(
            text,
            "\n## {topic}\n\n| scenario | what happens | played by | exercises | evidence |\n|---|---|---|---|---|\n"
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
            let exercises: Vec<String> = scenario.exercises.iter().map(|(id, _)| format!("`{id}`")).collect();
            let name = scenario.id.strip_prefix(topic).unwrap_or(&scenario.id).trim_start_matches('/');
            let mut title = scenario.title.clone();
            for alternative in &scenario.alternatives {
                let _ = write!(title, "; *{}*: {}", alternative.name, alternative.says);
            }
            let _ = writeln!(
                text,
                "| `{name}` | {} | {} | {} | {} |",
                cell(&title),
                clients.join(", "),
                exercises.join(", "),
                cell(&evidence)
            );
        }
    }
    text.push_str(
        "\n## Group names in conflict\n\nEvery provider that sends groups plays each of these, except where the last column says otherwise; the smaller ones need `--idp NAME`.\n\n\
         | what happens | `conflict.setting: sync` | `conflict.setting: skip` | not played by |\n|---|---|---|---|\n",
    );
    for case in CASES {
        let cell = |cell: &Cell| match cell {
            Cell::Plays(id) => format!("`{id}`"),
            Cell::None(why) => format!("none: {why}"),
        };
        let mut without: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (client, why) in case.without {
            without.entry(why).or_default().push(client.as_str());
        }
        let without: Vec<String> =
            without.iter().map(|(why, clients)| format!("{}: {why}", clients.join(", "))).collect();
        let (sync, skip) = (cell(&case.sync), cell(&case.skip));
        let _ = writeln!(text, "| {} | {sync} | {skip} | {} |", case.name, without.join("; "));
    }
    for (client, why) in APART {
        let _ = writeln!(text, "| all of it | | | {client}: {why} |");
    }
    text.push_str("\n## Topics of the product's documentation\n\n| topic | scenarios |\n|---|---|\n");
    for (topic, has) in TOPICS {
        let what = match has {
            Has::Scenarios(ids) => ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", "),
            Has::None(why) => format!("none: {why}"),
        };
        let _ = writeln!(text, "| {} | {} |", cell(topic), cell(&what));
    }
    text.push_str("\n## Cases that no scenario plays\n\n| name | why |\n|---|---|\n");
    for (name, why) in WITHOUT {
        let _ = writeln!(text, "| {name} | {} |", cell(why));
    }
    hold("catalogue.md", &text);
}

/// Every name of the lists is covered by a scenario or has a reason, and none has both; no scenario names another.
#[test]
fn every_name_of_the_lists_has_a_scenario_or_a_reason() {
    let scenarios = scenarios();
    let covered: BTreeSet<&str> =
        scenarios.iter().flat_map(|scenario| scenario.covers.iter().map(String::as_str)).collect();
    let listed: BTreeSet<&str> = LISTS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    let without: BTreeSet<&str> = WITHOUT.iter().map(|(name, _)| *name).collect();
    let open: Vec<&&str> =
        listed.iter().filter(|name| !covered.contains(**name) && !without.contains(**name)).collect();
    assert!(open.is_empty(), "neither a scenario nor a reason: {open:?}");
    let both: Vec<&&str> = without.iter().filter(|name| covered.contains(**name)).collect();
    assert!(both.is_empty(), "a scenario, and a reason why there is none: {both:?}");
    let unknown: Vec<&&str> =
        covered.iter().chain(&without).filter(|name| !listed.contains(**name)).collect();
    assert!(unknown.is_empty(), "no list has {unknown:?}");
}

#[test]
fn every_topic_of_the_documentation_has_its_scenarios() {
    let scenarios = scenarios();
    for (topic, has) in TOPICS {
        if let Has::Scenarios(ids) = has {
            assert!(!ids.is_empty(), "`{topic}` has neither a scenario nor a reason");
            for id in ids {
                assert!(scenarios.iter().any(|scenario| scenario.id == *id), "`{topic}` names `{id}`");
            }
        }
    }
}

#[test]
fn the_requirements_page_is_current() {
    let mut text = String::from(
        "# Requirements\n\nGenerated from `src/requirement/`. These requirements apply to every exchange of a run; `scimsnap explain ID` prints one.\n\
         A breach of a *must* fails the run. The column *concerns* lists the providers whose readiness it affects: a requirement of the RFC alone affects none.\n\
         [providers](providers/README.md) says what each provider sends, and what the evidence marks mean.\n\n\
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
        "# Defects\n\nGenerated from `src/reference/defects/`: {} deliberate bugs that `scimsnap serve --defect NAME` switches on in the reference endpoint. Each was seen at a real\n\
         endpoint, or breaks a rule. `scimsnap defects --prove` plays every bundled scenario against each defect and fails if no scenario detects it.\n\
         `owner/repository #number` is a thread on GitHub; [providers](providers/README.md) says what each provider sends, and what the evidence marks mean.\n",
        Defects::ALL.len()
    );
    let mut topic = "";
    for row in Defects::ALL {
        if topic != row.topic {
            topic = row.topic;
            let _ = write!(
                text,
                "\n## {topic}\n\n| defect | what happens | affects | detected by | seen at, or broken rule |\n|---|---|---|---|---|\n"
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
    text.push_str("\n## Quirks\n\nUnusual but legal behaviour, and no reason for a finding; `--defect` switches it on as well.\n\n| quirk | what happens | source |\n|---|---|---|\n");
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

/// The requirements that a scenario exercises: those that some deliberate bug is shown to break there, and those that
/// every checkpoint, expectation and alternative is held against.
fn exercised(scenario: &Scenario) -> Vec<&str> {
    let mut ids: Vec<&str> = scenario.exercises.iter().map(|(id, _)| id.as_str()).collect();
    let expects = |action: &Action| match action {
        Action::Request(literal) => literal.expect.status.is_some(),
        Action::AtOnce(literals) => literals.iter().any(|literal| literal.expect.status.is_some()),
        _ => false,
    };
    if scenario.steps.iter().any(|step| expects(&step.action)) {
        ids.push(EXPECTATION.id);
    }
    if !scenario.alternatives.is_empty() {
        ids.push(ALTERNATIVE.id);
    }
    if scenario.clients.iter().any(|client| scenario.checkpoints(*client).next().is_some()) {
        ids.push(OUTCOME.id);
    }
    ids
}

#[test]
fn every_scenario_exercises_a_requirement() {
    let known: BTreeSet<&str> = catalogue().iter().map(|requirement| requirement.id).collect();
    for scenario in scenarios() {
        let exercised = exercised(&scenario);
        assert!(!exercised.is_empty(), "{} exercises no requirement", scenario.id);
        let mut each = BTreeSet::new();
        for id in exercised {
            assert!(known.contains(id), "{}: there is no requirement `{id}`", scenario.id);
            assert!(
                each.insert(id),
                "{} says `{id}`, which goes without saying or is said twice",
                scenario.id
            );
        }
    }
}

#[test]
fn every_event_and_every_client_is_used() {
    let mut used: BTreeSet<(ClientName, &'static str)> = BTreeSet::new();
    for scenario in scenarios() {
        for step in &scenario.steps {
            let Action::Events(events) = &step.action else { continue };
            for client in scenario.clients.iter().copied().filter(|client| step.is_for(*client)) {
                used.extend(events.iter().map(|event| (client, event.verb().as_str())));
            }
        }
    }
    let verbs = Verb::all().map(Verb::as_str);
    let unused: Vec<&str> = verbs.filter(|verb| !used.iter().any(|(_, other)| other == verb)).collect();
    assert!(unused.is_empty(), "no scenario uses {}", unused.join(", "));
    // A fixture is `family/event.situation.client.json`: what a provider sends for an event, so some scenario has that event
    // happen at that provider, and for that client where the file is one client's.
    let mut unused = Vec::new();
    for (path, _) in Fixture::all() {
        let (folder, file) = path.split_once('/').unwrap_or_default();
        let words: Vec<&str> = file.trim_end_matches(".json").split('.').collect();
        let mut clients = ClientName::ALL.into_iter().filter(|client| client.family().as_str() == folder);
        let is_used = clients.any(|client| {
            let named = ClientName::ALL.iter().find(|named| words[1..].contains(&named.as_str()));
            named.is_none_or(|named| *named == client)
                && used.iter().any(|(user, verb)| *user == client && *verb == words[0])
        });
        if !is_used {
            unused.push(path);
        }
    }
    assert!(unused.is_empty(), "no scenario has what happens in these fixtures: {unused:#?}");
    for client in ClientName::ALL.into_iter().filter(|client| client.family().is_provider()) {
        assert!(used.iter().any(|(other, _)| *other == client), "no scenario is played by {client}");
    }
}

#[test]
fn each_pack_holds_the_ones_before_it_and_ready_needs_no_more_than_scim() {
    let scenarios = scenarios();
    let of = |pack: Pack| scenarios.iter().filter(move |scenario| pack.holds(scenario.pack));
    let counts = [Pack::Smoke, Pack::Ready, Pack::Large].map(|pack| of(pack).count());
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

/// A scenario's settings as far as they are about conflicts: what it gives, over what the endpoint has by itself.
fn conflict_setting(scenario: &Scenario) -> &str {
    let given = scenario.given.knobs.iter().find(|(name, ..)| name == "conflict.setting");
    given.map_or("sync", |(_, value, _)| value)
}

/// Each case of a group's name has a scenario for both settings that every provider plays, or says why not.
#[test]
fn every_conflict_of_names_is_played_under_each_setting_by_each_provider() {
    let scenarios = scenarios();
    let entries = bundled();
    let mut missing = Vec::new();
    for case in &CASES {
        for (setting, cell) in [("sync", &case.sync), ("skip", &case.skip)] {
            let Cell::Plays(id) = cell else { continue };
            let Some(scenario) = scenarios.iter().find(|scenario| scenario.id == *id) else {
                missing.push(format!("{}: there is no scenario {id}", case.name));
                continue;
            };
            if conflict_setting(scenario) != setting {
                missing.push(format!("{id} does not play under {setting}"));
            }
            let entry: Vec<Entry> = entries.iter().filter(|entry| entry.id() == *id).cloned().collect();
            for client in ClientName::ALL {
                let plan = plan(entry.clone(), Some(&[client]), &PathBuf::new());
                let plays = plan.is_ok_and(|plan| !plan.pairs.is_empty());
                let excused = case.without.iter().chain(&APART).any(|(other, _)| *other == client);
                let is_apart = APART.iter().any(|(other, _)| *other == client);
                if !plays && !excused {
                    missing.push(format!("{id} is not played by {client}"));
                } else if plays && excused && !is_apart {
                    missing.push(format!("{id} is played by {client}, and there is a reason why not"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    let named: BTreeSet<&str> = CASES
        .iter()
        .flat_map(|case| [&case.sync, &case.skip])
        .filter_map(|cell| match cell {
            Cell::Plays(id) => Some(*id),
            Cell::None(_) => None,
        })
        .collect();
    assert!(named.len() > 45, "{}", named.len());
}
