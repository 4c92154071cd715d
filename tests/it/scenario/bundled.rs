//! Every deliberate bug is seen by somebody, and what is held true of all bundled scenarios is true.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use scimsnap::context::Clock;
use scimsnap::event::{Event, PairReport, Status};
use scimsnap::idp::ClientName;
use scimsnap::reference::Defects;
use scimsnap::requirement::Level;
use scimsnap::run::{Cancel, Options, plan, run};
use scimsnap::scenario::catalogue::{Entry, bundled};
use scimsnap::scenario::{Pack, Scenario};
use scimsnap::snapshot::{Outcomes, Update, file};

pub(super) fn options(folder: &Path) -> Options {
    Options::embedded(folder.to_owned(), Clock::fixed("2026-11-21T10:00:00Z".parse().unwrap()))
}

/// Plays scenarios and returns what each pair came to.
pub(super) fn play(entries: Vec<Entry>, options: &Options) -> Vec<PairReport> {
    let plan =
        plan(entries, options.clients.as_deref(), &options.cwd).unwrap_or_else(|errors| panic!("{errors:?}"));
    let reports = RefCell::new(Vec::new());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime
        .block_on(run(plan, options, &Cancel::default(), |event| {
            if let Event::Finished(report) = event {
                reports.borrow_mut().push((*report).clone());
            }
        }))
        .unwrap();
    reports.into_inner()
}

/// All but the groups of hundreds, which take most of the time and show nothing else.
fn small() -> Vec<Entry> {
    let small = scenarios().into_iter().filter(|(_, scenario)| Pack::Full.holds(scenario.pack));
    small.map(|(entry, _)| entry).collect()
}

fn scenarios() -> Vec<(Entry, Scenario)> {
    bundled()
        .into_iter()
        .map(|entry| {
            let scenario = entry.load().unwrap();
            (entry, scenario)
        })
        .collect()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_clean_endpoint_passes_everything() {
    let folder = tempfile::tempdir().unwrap();
    let reports = play(bundled(), &options(folder.path()));
    assert!(reports.len() > 200);
    for report in &reports {
        assert_eq!(report.status, Status::Passed, "{} {}", report.id, report.client);
        for finding in &report.findings {
            // A wrong key is answered by the gateway in front of the endpoint, as the product does (docs/jira-service-management.md#gateway-errors).
            let gateway = finding.exchange.status() == 403
                && ["content-type-scim", "error-body-gateway"].contains(&finding.requirement.id);
            let refused = matches!(finding.exchange.status(), 401 | 403);
            assert!(
                finding.level() == Level::Info || gateway || (refused && finding.level() == Level::Should),
                "{} {}: {} {}",
                report.id,
                report.client,
                finding.requirement.id,
                finding.message
            );
        }
    }
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none(), "a green run writes nothing");
}

/// The scenario that the table names shows the defect; `scimsnap defects --prove` plays everything against each.
#[test]
fn every_defect_is_shown_by_its_scenario() {
    let folder = tempfile::tempdir().unwrap();
    let entries = bundled();
    let mut unseen = Vec::new();
    for row in Defects::ALL {
        let mut options = options(folder.path());
        options.defects = vec![row.name.to_owned()];
        let shown_by: Vec<Entry> =
            entries.iter().filter(|entry| entry.id() == row.shown_by).cloned().collect();
        assert_eq!(shown_by.len(), 1, "{}: there is no scenario {}", row.name, row.shown_by);
        let reports = play(shown_by, &options);
        // What the gateway before a sound endpoint answers is warned of, too.
        let usual = ["content-type-scim", "error-body", "error-body-gateway"];
        let is_warned = |report: &&PairReport| {
            let mut findings = report.findings.iter();
            findings.any(|one| one.level() == Level::Should && !usual.contains(&one.requirement.id))
        };
        let is_shown = |report: &&PairReport| report.status == Status::Failed || is_warned(report);
        if !reports.iter().any(|report| is_shown(&report)) {
            unseen.push((row.name, row.shown_by));
        }
    }
    assert_eq!(unseen, [], "the scenario passes all the same");
}

#[test]
fn no_quirk_is_held_against_the_endpoint() {
    let folder = tempfile::tempdir().unwrap();
    for row in Defects::QUIRKS {
        let mut options = options(folder.path());
        options.defects = vec![row.name.to_owned()];
        for report in play(small(), &options) {
            let said: Vec<&str> = report.findings.iter().map(|finding| finding.requirement.id).collect();
            assert_eq!(
                report.status,
                Status::Passed,
                "{}: {} {} {said:?}",
                row.name,
                report.id,
                report.client
            );
        }
    }
}

/// Plays all bundled scenarios with snapshots of their own in an empty project, so that what each client left is on
/// disk under its own name.
fn outcomes_of(client: ClientName) -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let mut options = options(folder.path());
    options.clients = Some(vec![client]);
    options.update = Update::Always;
    // A copy of the scenarios under other ids, so that no bundled snapshot is found for them.
    for (_, scenario) in scenarios() {
        let is_large = scenario.pack == Pack::Large;
        if !is_large && scenario.clients.contains(&client) && !scenario.differs.contains_key(&client) {
            let path = folder.path().join("scenarios/copy").join(format!("{}.yaml", scenario.id));
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, &*scenario.source.text).unwrap();
        }
    }
    let entries = scimsnap::scenario::catalogue::select(&["scenarios".to_owned()], folder.path()).unwrap();
    for report in play(entries, &options) {
        assert_eq!(report.status, Status::New, "{} {}", report.id, report.client);
    }
    let mut found = BTreeMap::new();
    snapshots(&folder.path().join("snapshots"), &mut found);
    found
}

fn snapshots(folder: &Path, found: &mut BTreeMap<String, String>) {
    collect(folder, folder, found);
}

fn collect(root: &Path, folder: &Path, found: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, found);
        } else {
            let name = path.strip_prefix(root).unwrap().display().to_string();
            found.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
}

#[track_caller]
fn same_outcomes(one: ClientName, other: ClientName) {
    let (left, right) = (outcomes_of(one), outcomes_of(other));
    let parsed = |text: &str| -> Outcomes { file::parse("snapshot", text).unwrap() };
    let mut compared = 0;
    for (name, text) in &left {
        let Some(other_text) = right.get(name) else { continue };
        compared += 1;
        let (left, right) = (parsed(text), parsed(other_text));
        for (checkpoint, outcome) in &left {
            if let Some(other_outcome) = right.get(checkpoint) {
                assert_eq!(outcome, other_outcome, "{name} at `{checkpoint}`: {one} and {other}");
            }
        }
    }
    assert!(compared > 40, "{compared}");
}

#[test]
fn entra_leaves_the_same_with_and_without_its_flag() {
    same_outcomes(ClientName::Entra, ClientName::EntraScim2);
}

#[test]
fn okta_leaves_the_same_from_its_catalogue_and_its_wizard() {
    same_outcomes(ClientName::OktaOin, ClientName::OktaAiw);
}

/// Under each profile everything holds but what its list says, and whatever the list says does not.
#[test]
fn each_profile_holds_what_applies_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    for profile in ["jsm-customers", "rfc", "atlassian-employees"] {
        let list = root().join("tests/known/profiles").join(format!("{profile}.txt"));
        let text = std::fs::read_to_string(list).unwrap();
        let listed: BTreeSet<&str> =
            text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        let mut options = options(folder.path());
        options.profile = Some(profile.parse().unwrap());
        let reports = play(small(), &options);
        let fails: BTreeSet<&str> = reports
            .iter()
            // What a profile says that it has not is not asked of it.
            .filter(|report| !matches!(report.status, Status::Passed | Status::Skipped))
            .map(|report| report.id.as_str())
            .collect();
        wrong.extend(fails.difference(&listed).map(|id| format!("{id} does not hold under {profile}")));
        wrong.extend(listed.difference(&fails).map(|id| format!("{id} holds under {profile} all the same")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The clients that play the catalogue only where they are named stand in where the same events leave the same, and
/// leave what the others left.
#[test]
fn who_stands_in_leaves_the_snapshot_of_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    let stands_in = |client: &ClientName| !client.is_played_by_default() && client.family().is_provider();
    for client in ClientName::ALL.into_iter().filter(stands_in) {
        let mut options = options(folder.path());
        options.clients = Some(vec![client]);
        if client == ClientName::Keycloak {
            // It marks no address as the primary one, which the product asks for.
            options.knobs = vec![("emails.required".to_owned(), "false".to_owned())];
        }
        let reports = play(small(), &options);
        assert!(reports.len() > 40, "{client} plays {}", reports.len());
        for report in reports.iter().filter(|report| report.status != Status::Passed) {
            let changed = report.checkpoints.iter().find_map(|checkpoint| checkpoint.diff.as_deref());
            wrong.push(format!("{} {client}: {changed:?}", report.id));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Under the knobs that an alternative names, the reference endpoint shows it.
#[test]
fn every_alternative_holds_under_its_knobs() {
    let folder = tempfile::tempdir().unwrap();
    let mut tried = BTreeSet::new();
    for (entry, scenario) in scenarios() {
        // What only other endpoints show cannot be had from this one.
        for alternative in scenario.alternatives.iter().filter(|alternative| !alternative.elsewhere) {
            let mut options = options(folder.path());
            options.knobs =
                alternative.when.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
            for report in play(vec![entry.clone()], &options) {
                let place = format!("{}@{} {}", report.id, alternative.name, report.client);
                assert_eq!(report.alternative.as_deref(), Some(alternative.name.as_str()), "{place}");
                let changed = report.checkpoints.iter().find_map(|checkpoint| checkpoint.diff.as_deref());
                assert_eq!(changed, None, "{place}");
                tried.insert(place);
            }
        }
    }
    assert!(tried.len() > 20, "{tried:?}");
}

/// Written anew, the committed snapshots are what they are, to the byte.
#[test]
fn the_committed_snapshots_are_canonical() {
    let mut committed = BTreeMap::new();
    snapshots(&root().join("snapshots"), &mut committed);
    let folder = tempfile::tempdir().unwrap();
    // Each snapshot stands there with one customer too many, so that it counts as changed.
    for (name, text) in &committed {
        let path = folder.path().join("snapshots").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut outcomes = file::parse(name, text).unwrap();
        for outcome in outcomes.values_mut() {
            outcome.customers.push(scimsnap::outcome::Customer::default());
        }
        std::fs::write(path, format!("---\nsource: nowhere\n---\n{}\n", file::contents(&outcomes))).unwrap();
    }
    let written = |name: &str| {
        let path = folder.path().join("snapshots").join(name);
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    for (entry, scenario) in scenarios() {
        let mut settings: Vec<Vec<(String, String)>> = Vec::new();
        for alternative in scenario.alternatives.iter().filter(|alternative| !alternative.elsewhere) {
            settings.push(alternative.when.clone().into_iter().collect());
        }
        if scenario.alternatives.is_empty() {
            settings.push(Vec::new());
        }
        for knobs in settings {
            let mut options = options(folder.path());
            options.update = Update::Always;
            options.knobs = knobs;
            play(vec![entry.clone()], &options);
        }
    }
    let elsewhere: BTreeSet<String> = scenarios()
        .iter()
        .flat_map(|(_, scenario)| {
            let alternatives = scenario.alternatives.iter().filter(|alternative| alternative.elsewhere);
            alternatives.map(|alternative| format!("{}@{}", scenario.id, alternative.name))
        })
        .collect();
    let mut wrong = Vec::new();
    for (name, text) in &committed {
        let stem = name.trim_end_matches(".snap");
        let canonical = if elsewhere.contains(stem) {
            // No run of this endpoint writes it; its text must be what one would write all the same.
            let outcomes = file::parse(name, text).unwrap();
            text.ends_with(&format!("---\n{}\n", file::contents(&outcomes)))
        } else {
            written(name) == *text
        };
        if !canonical {
            wrong.push(name);
        }
    }
    assert!(wrong.is_empty(), "not what a run writes: {wrong:#?}");
}
