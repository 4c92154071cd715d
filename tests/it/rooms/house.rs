//! The house: its sources without unit tests, and the imports between them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::headings::{Allowed, may_use};
use super::imports::{Import, imports};
use super::source::{Module, Source, Sources, read, without_tests};

#[derive(Debug)]
pub(super) struct House {
    pub(super) sources: Sources,
    pub(super) imports: BTreeSet<Import>,
    /// What the headings of rooms and folders allow.
    pub(super) headings: BTreeMap<Module, Result<Allowed, String>>,
}

/// Read once for all tests.
pub(super) static HOUSE: LazyLock<House> = LazyLock::new(|| {
    let sources = without_tests(read("src"));
    let imports = imports(&sources);
    let with_heading = sources.iter().filter(|(module, source)| has_heading(module, source, &sources));
    let headings =
        with_heading.map(|(module, source)| (module.clone(), may_use(module, source, &sources))).collect();
    House { sources, imports, headings }
});

/// Whether a module is a room or a folder. A folder of nothing but a `mod.rs` and its unit tests counts as a file.
fn has_heading(module: &Module, source: &Source, sources: &Sources) -> bool {
    let has_files = || sources.keys().any(|other| other.len() > module.len() && other.starts_with(module));
    module.len() == 1 || (!module.is_empty() && source.is_mod && has_files())
}

/// A module's path as it is read: `wire/policy`.
pub(super) fn shown(module: &[String]) -> String {
    if module.is_empty() { "src".to_owned() } else { module.join("/") }
}
