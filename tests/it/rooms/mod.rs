//! The sources are held to the plan of the house: what the headings of rooms and folders allow, no circles of imports, and
//! no heaps of files.

mod circles;
mod exceptions;
mod headings;
mod house;
mod imports;
mod source;

use std::collections::{BTreeMap, BTreeSet};

use circles::{Graph, circles};
use exceptions::{CIRCLES, HEAPS};
use house::{HOUSE, shown};

/// The most files that lie side by side in a folder, `mod.rs` and unit tests aside.
const MOST_FILES: usize = 14;

#[test]
fn every_folder_says_what_lives_there_and_what_it_may_use() {
    let mut wrong = Vec::new();
    for (folder, allowed) in &HOUSE.headings {
        let source = &HOUSE.sources[folder];
        let says = source.heading.split(String::is_empty).next().unwrap_or_default().join(" ");
        if !says.ends_with('.') || says.starts_with("May use") {
            wrong.push(format!("{}: its heading does not begin with what lives there", source.file));
        }
        if let Err(error) = allowed {
            wrong.push(format!("{}: {error}", source.file));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_used_that_no_heading_allows() {
    let mut wrong: BTreeMap<String, String> = BTreeMap::new();
    for import in &HOUSE.imports {
        let crosses_rooms = import.from[0] != import.to[0];
        // Every folder that the import leaves must allow it. To other rooms, the room decides alone.
        for depth in 1..=import.from.len() {
            let folder = &import.from[..depth];
            let Some(Ok(allowed)) = HOUSE.headings.get(folder) else { continue };
            let is_asked = !import.to.starts_with(folder) && crosses_rooms == (depth == 1);
            if is_asked && !allowed.allows(&import.to) {
                let name = headings::name_of(&import.to, folder);
                let line = format!("{} does not allow `{name}`", HOUSE.sources[folder].file);
                let user = &HOUSE.sources[&import.from].file;
                wrong.entry(line).or_insert_with(|| format!("{user} uses `{}`", import.path));
            }
        }
    }
    let wrong: Vec<String> = wrong.iter().map(|(line, example)| format!("{line}: {example}")).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_room_may_use_one_that_may_use_it() {
    let rooms = HOUSE.headings.iter().filter(|(module, _)| module.len() == 1);
    let graph: Graph = rooms
        .map(|(room, allowed)| {
            let allowed = allowed.iter().flat_map(headings::Allowed::modules);
            (shown(room), allowed.map(|module| shown(module)).collect())
        })
        .collect();
    assert_eq!(circles(&graph), BTreeSet::new());
}

#[test]
fn no_imports_go_in_circles_but_those_that_are_listed() {
    let mut found: BTreeSet<String> = BTreeSet::new();
    for folder in HOUSE.headings.keys() {
        // What lies side by side in the folder; `mod` is its own `mod.rs`.
        let place =
            |module: &[String]| module.get(folder.len()).map_or_else(|| "mod".to_owned(), Clone::clone);
        let mut graph = Graph::new();
        for import in &HOUSE.imports {
            if import.from.starts_with(folder) && import.to.starts_with(folder) {
                graph.entry(place(&import.from)).or_default().insert(place(&import.to));
            }
        }
        // Within one of them, it is a matter of that one's own.
        for (from, to) in &mut graph {
            to.remove(from);
        }
        let circles = circles(&graph);
        found.extend(
            circles.iter().map(|circle| as_listed(&shown(folder), circle.iter().map(String::as_str))),
        );
    }
    let listed: BTreeSet<String> =
        CIRCLES.iter().map(|(folder, circle, _)| as_listed(folder, circle.iter().copied())).collect();
    let (new, gone) = (&found - &listed, &listed - &found);
    assert!(new.is_empty(), "not listed in exceptions.rs: {new:#?}");
    assert!(gone.is_empty(), "listed in exceptions.rs, but not there any more: {gone:#?}");
}

fn as_listed<'a>(folder: &str, circle: impl Iterator<Item = &'a str>) -> String {
    format!("{folder}: {}", circle.collect::<Vec<_>>().join(", "))
}

#[test]
fn no_folder_is_a_heap() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for module in HOUSE.sources.iter().filter(|(_, source)| !source.is_mod).map(|(module, _)| module) {
        if let Some((_, folder)) = module.split_last() {
            *counts.entry(shown(folder)).or_default() += 1;
        }
    }
    counts.retain(|_, count| *count > MOST_FILES);
    let listed: BTreeMap<String, usize> =
        HEAPS.iter().map(|(folder, count, _)| ((*folder).to_owned(), *count)).collect();
    assert_eq!(counts, listed, "folders of more than {MOST_FILES} files, and those that exceptions.rs lists");
}

#[test]
fn no_path_skips_a_folder() {
    let mut wrong = Vec::new();
    for source in
        ["src", "tests", "benches", "examples"].iter().flat_map(|folder| source::read(folder).into_values())
    {
        let has = |words: &[&str]| source.whole.windows(words.len()).any(|tokens| tokens == words);
        if has(&["super", "::", "super"]) {
            wrong.push(format!("{}: `super::super`; write `crate::`", source.file));
        }
        // The programs below `examples/` are no modules of ours, and are tested as if they were. A test target of its own shares the
        // faults with `it`.
        let shares = ["tests/it/examples.rs", "tests/peers/faults.rs"];
        if has(&["#", "[", "path", "="]) && !shares.contains(&source.file.as_str()) {
            wrong
                .push(format!("{}: `#[path]`; move the file to where its module is looked for", source.file));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
