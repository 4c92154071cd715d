//! What the standards ask for beyond what providers need: the pack `rfc`.

use std::collections::BTreeSet;

use scimsnap::event::{PairReport, Status};
use scimsnap::requirement::Level;
use scimsnap::scenario::Pack;
use scimsnap::scenario::catalogue::{Entry, bundled};

use super::bundled::{options, play};

fn pack() -> Vec<Entry> {
    let is_in = |entry: &Entry| entry.load().is_ok_and(|scenario| scenario.pack == Pack::Rfc);
    bundled().into_iter().filter(is_in).collect()
}

/// What is wrong, as far as it weighs.
fn weighty(report: &PairReport) -> Vec<String> {
    let findings = report.findings.iter().filter(|finding| finding.level() <= Level::Should);
    findings
        .map(|finding| format!("{}: {}: {}", report.id, finding.requirement.id, finding.message))
        .collect()
}

/// Each profile is judged by what it says that it has.
#[test]
fn each_profile_plays_the_pack_without_a_finding() {
    let folder = tempfile::tempdir().unwrap();
    let entries = pack();
    assert!(entries.len() > 20, "{}", entries.len());
    let mut skipped = BTreeSet::new();
    for profile in ["rfc", "jsm-customers", "atlassian-employees"] {
        let mut options = options(folder.path());
        options.profile = Some(profile.parse().unwrap());
        for report in play(entries.clone(), &options) {
            assert!(weighty(&report).is_empty(), "{profile}: {:#?}", weighty(&report));
            if report.status == Status::Skipped {
                skipped.insert((profile, report.id));
            } else {
                assert_eq!(report.status, Status::Passed, "{profile}: {}", report.id);
            }
        }
    }
    let of = |profile: &str| skipped.iter().filter(|(other, _)| *other == profile).count();
    assert_eq!(of("rfc"), 0, "{skipped:?}");
    assert!((4..10).contains(&of("jsm-customers")), "{skipped:?}");
}

/// Whoever plays it is no provider, and says nothing of any.
#[test]
fn the_pack_is_played_by_nobody_of_a_provider() {
    for entry in pack() {
        let scenario = entry.load().unwrap();
        assert!(scenario.clients.iter().all(|client| !client.family().is_provider()), "{}", scenario.id);
    }
}
