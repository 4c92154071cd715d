//! Every defect of the reference endpoint that SCIM can show.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use scimsnap::reference::{DefectRow, Defects};

use super::{Reader, causes, play, run, written};
use crate::support::{Folder, Served};

/// How many defects are tried at the same time.
const AT_ONCE: usize = 4;

/// How many causes of a defect are tried.
const CAUSES: usize = 2;

const PRODUCT: &str = "SCIM shows what was sent; only the product's REST API shows the difference";
const SETTINGS: &str = "its scenario changes settings of the product";
const OUTCOME: &str = "only an outcome changed, and no answer says in what";
const AT_ONCE_ONLY: &str = "requests at the same time lead to it";
const LAG: &str = "a read that lags is read again, and a run only notes that";
const CLOCK: &str = "its scenario has time pass, which only the embedded endpoint does";
const CURSOR: &str = "a cursor is good in the run that was given it";
const BULK: &str = "what a bulk request does is in no script";
const REFUSED: &str = "what has to be refused before the fault shows is taken by nobody else";
const NO_RULE: &str = "on a shared tenant no rule is broken that weighs";

/// Why no script shows a defect.
const UNSHOWN: &[(&str, &str)] = &[
    ("zero-based-start-index", NO_RULE),
    ("unstable-order", NO_RULE),
    ("remove-absent-is-404", NO_RULE),
    ("delete-user-leaves-member", NO_RULE),
    ("schema-without-schemas", NO_RULE),
    ("user-groups-empty", NO_RULE),
    ("first-member-only", SETTINGS),
    ("skip-is-sync", SETTINGS),
    ("sync-is-skip", SETTINGS),
    ("expired-key-accepted", SETTINGS),
    ("joining-stays-in-scim", PRODUCT),
    ("leaving-stays-in-scim", PRODUCT),
    ("deactivation-stays-in-scim", PRODUCT),
    ("customer-not-linked", PRODUCT),
    ("linking-empties-customer", PRODUCT),
    ("user-agent-required", OUTCOME),
    ("concurrent-change-lost", AT_ONCE_ONLY),
    ("concurrent-twin-groups", AT_ONCE_ONLY),
    ("concurrent-twins", AT_ONCE_ONLY),
    ("concurrent-members-lost", AT_ONCE_ONLY),
    ("concurrent-is-busy", AT_ONCE_ONLY),
    ("lookup-lags", LAG),
    ("created-unreadable", LAG),
    ("read-lags", LAG),
    ("deletion-lags", LAG),
    ("created-moves", CLOCK),
    ("last-modified-stands", CLOCK),
    ("last-modified-is-now", CLOCK),
    ("cursor-skips", CURSOR),
    ("cursor-not-checked", CURSOR),
    ("bulk-never-stops", BULK),
    ("if-match-ignored", REFUSED),
];

/// Whether only a plain endpoint has what the defect spoils.
fn is_of_the_standard(row: &DefectRow) -> bool {
    row.shown_by.starts_with("rfc/")
}

fn profile(is_plain: bool) -> &'static [&'static str] {
    if is_plain { &["--profile", "rfc"] } else { &[] }
}

/// How many scripts are red on the defect and green on the clean endpoint, or what one was instead. The one is read by `jq`,
/// the other by `sed`, in turn.
fn proved(row: &DefectRow, index: usize, clean: &[Served; 2]) -> Result<usize, String> {
    let folder = Folder::new();
    let clean = &clean[usize::from(is_of_the_standard(row))];
    let served = Served::new(&[profile(is_of_the_standard(row)), &["--defect", row.name]].concat());
    let report = run(&folder, &served, row.shown_by);
    // What rests on inference, or only the standard asks for, is a warning on an endpoint of somebody else's.
    let causes = ["must", "should"].into_iter().flat_map(|level| causes(&report, level));
    let scripts = causes.filter_map(|cause| Some((cause, written(&folder, cause)?)));
    let mut shown = 0;
    for (cause, script) in scripts.take(CAUSES) {
        let mut readers = [Reader::Any, Reader::Sed];
        readers.rotate_left((index + shown) & 1);
        for ((served, wanted), reader) in [(&served, 1), (clean, 0)].into_iter().zip(readers) {
            let played = play(&script, &folder, served, reader);
            if played.code != wanted {
                return Err(format!(
                    "{cause}, {reader:?}: exit {} instead of {wanted}\n{}\n{}",
                    played.code, played.stdout, played.stderr
                ));
            }
        }
        shown += 1;
    }
    Ok(shown)
}

#[test]
fn a_script_is_red_on_the_defect_and_green_on_the_clean_endpoint() {
    let clean = [false, true].map(|is_plain| Served::new(profile(is_plain)));
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    let rows = Defects::ALL;
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(row) = rows.get(index) else { return };
                    let is_listed = UNSHOWN.iter().any(|(name, _)| *name == row.name);
                    let complaint = match proved(row, index, &clean) {
                        Ok(0) if !is_listed => Some("no script shows it".to_owned()),
                        Ok(0) => None,
                        Ok(_) if is_listed => Some("a script shows it, although it is listed".to_owned()),
                        Ok(_) => None,
                        Err(_) if is_listed => None,
                        Err(complaint) => Some(complaint),
                    };
                    wrong
                        .lock()
                        .unwrap()
                        .extend(complaint.map(|complaint| format!("{}: {complaint}", row.name)));
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
