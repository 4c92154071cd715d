//! `scimsnap snapshots diff`: how pending files differ from the accepted ones.

use super::waiting::Waiting;
use crate::cli::output::{fail, say};
use crate::exit::Exit;
use crate::foreign::Printable;
use crate::printable;
use crate::snapshot::diff::{Difference, diff, whole};
use crate::snapshot::store::find;

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
                    say(&printable!("  new checkpoint `{}`: + observed\n", checkpoint));
                    let all =
                        whole(outcome).unwrap_or_else(|| "no customers and no organizations".to_owned());
                    say(&Printable::block("    ", &all));
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
