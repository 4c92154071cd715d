//! What earlier runs may have left at the target.

use crate::cli::output::warn;
use crate::run::Options;
use crate::run::modes::clean::unfinished;

/// Says which earlier runs may have left something at the target, and how to remove it. `flags` name the target.
pub(super) fn remind(options: &Options, flags: &str) {
    let Some(target) = &options.target else { return };
    let here = target.redactor().text(&target.scim).into_owned();
    let runs: Vec<_> =
        unfinished(&options.work).into_iter().filter(|run| run.has_left_at(&here) && run.open > 0).collect();
    match runs.as_slice() {
        [] => {}
        [only] => warn(&format!(
            "run {} may have left users and groups at this target; `scimsnap clean --run {}{flags}` removes them",
            only.run, only.run
        )),
        several => warn(&format!(
            "{} earlier runs may have left users and groups at this target; \
             `scimsnap clean --all{flags}` removes them",
            several.len()
        )),
    }
}
