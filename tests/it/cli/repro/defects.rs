//! Every defect of the reference endpoint that SCIM can show.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use scimsnap::reference::{DefectRow, Defects};

use super::{Reader, causes, play, run, written};
use crate::support::{Folder, Served};

/// How many defects are tried at the same time.
const AT_ONCE: usize = 4;

/// Why no script shows a defect.
const UNSHOWN: &[(&str, &str)] = &[];

/// A script that is red on the defect and green on the clean endpoint, or what it was instead.
fn proved(row: &DefectRow, clean: &Served) -> Result<usize, String> {
    let folder = Folder::new();
    let served = Served::new(&["--defect", row.name]);
    let report = run(&folder, &served, row.shown_by);
    let mut shown = 0;
    for cause in causes(&report, "must") {
        let Some(script) = written(&folder, cause) else { continue };
        let before = clean.everything();
        for (served, reader, wanted) in [
            (&served, Reader::Any, 1),
            (&served, Reader::Sed, 1),
            (clean, Reader::Any, 0),
            (clean, Reader::Sed, 0),
        ] {
            let played = play(&script, &folder, served, reader);
            if played.code != wanted {
                return Err(format!(
                    "{cause}, {reader:?}: exit {} instead of {wanted}\n{}\n{}",
                    played.code, played.stdout, played.stderr
                ));
            }
        }
        drop(before);
        shown += 1;
    }
    Ok(shown)
}

#[test]
fn a_script_is_red_on_the_defect_and_green_on_the_clean_endpoint() {
    let clean = Served::new(&[]);
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    let rows = Defects::ALL;
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(row) = rows.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let is_listed = UNSHOWN.iter().any(|(name, _)| *name == row.name);
                    let complaint = match proved(row, &clean) {
                        Ok(0) if !is_listed => Some("no script shows it".to_owned()),
                        Ok(0) => None,
                        Ok(_) if is_listed => Some("a script shows it, although it is listed".to_owned()),
                        Ok(_) => None,
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
