//! `scimsnap snapshots diff`: how pending files differ from the accepted ones.

use super::waiting::Waiting;
use crate::cli::output::{fail, say};
use crate::exit::Exit;
use crate::foreign::Printable;
use crate::printable;
use crate::snapshot::diff::{Difference, diff};
use crate::snapshot::store::find;
use crate::snapshot::{Outcomes, file};

/// Shows them.
pub(super) fn differences(waiting: &[Waiting<'_>]) -> Exit {
    for one in waiting {
        if one.is_transcript() {
            let (new, old) = match one.transcripts() {
                Ok(both) => both,
                Err(exit) => return exit,
            };
            let difference =
                similar::TextDiff::from_lines(&old, &new).unified_diff().context_radius(4).to_string();
            say(&printable!("{}\n{}\n", one.shown(), Printable::block("", &difference)));
            continue;
        }
        let new = match one.outcomes() {
            Ok(new) => new,
            Err(exit) => return exit,
        };
        let old = match find(one.shelf, &one.name) {
            Ok(old) => old.map(|found| found.outcomes).unwrap_or_default(),
            Err(error) => return fail(Exit::Invalid, &error, None),
        };
        say(&printable!("{}\n", one.shown()));
        for (checkpoint, outcome) in &new {
            match old.get(checkpoint) {
                None => {
                    let only = Outcomes::from_iter([(checkpoint.clone(), outcome.clone())]);
                    let contents = Printable::block("", &file::contents(&only));
                    say(&printable!("  new checkpoint `{}`\n{}", checkpoint, contents));
                }
                Some(before) => {
                    if let Some(Difference { text: difference, .. }) = diff(before, outcome) {
                        say(&printable!("  checkpoint `{}`: - accepted, + observed\n", checkpoint));
                        say(&Printable::block("    ", &difference));
                    }
                }
            }
        }
        for checkpoint in old.keys().filter(|checkpoint| !new.contains_key(*checkpoint)) {
            say(&printable!("  checkpoint `{}` no longer exists\n", checkpoint));
        }
    }
    Exit::Success
}
