//! `--list-knobs` and `--list-defects`.

use super::args::Args;
use crate::cli::commands::defects::list::list;
use crate::foreign::Printable;
use crate::reference::{Defects, Knobs};

/// The lists that the flags ask for.
pub(super) fn lists(args: &Args) -> Printable {
    let mut lists = Printable::default();
    if args.list_knobs {
        lists += Printable::block("", &knob_list());
    }
    if args.list_defects {
        let defects: Vec<_> = Defects::ALL.iter().collect();
        let quirks: Vec<_> = Defects::QUIRKS.iter().collect();
        lists += Printable::block("", &list(&defects, &quirks));
    }
    lists
}

fn knob_list() -> String {
    let knobs = Knobs::default();
    let lines = knobs.iter().map(|row| {
        let mut text = format!("{}={}\n    {} ({})\n", row.name, row.default, row.meaning, row.mark.as_str());
        for (profile, default, mark) in &row.defaults {
            if *default != row.default || *mark != row.mark {
                text = format!("{text}    {profile}: {default} ({})\n", mark.as_str());
            }
        }
        format!("{text}    allowed: {}\n", row.allowed)
    });
    lines.collect::<Vec<_>>().concat()
}
