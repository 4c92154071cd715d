//! The rules, one file each, in folders by what they are about. A rule's file has its requirements, its check, and a
//! table of what fires it and what it stays silent on.
//!
//! May use, of `requirement`: `exchange`, `findings`, `mirror`, `model`, `schema`, `sign`.

mod answer;
mod discovery;
mod group;
mod lookup;
mod of_this_run;
mod request;
mod rule;
mod standard;
mod write;

pub(super) use lookup::filter_filters::contradicts;
pub(crate) use rule::{Blame, Rule};

use of_this_run::is_of_this_run;

/// Every rule, fresh.
pub(crate) fn all() -> Vec<Box<dyn Rule>> {
    [
        answer::all(),
        discovery::all(),
        request::all(),
        write::all(),
        lookup::all(),
        group::all(),
        standard::all(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
