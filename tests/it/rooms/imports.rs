//! Who uses whom: every path in the code, led to the file that defines what it names.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Module, Source, Sources};

/// A file uses something of another.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Import {
    pub(super) from: Module,
    pub(super) to: Module,
    /// The path as it is written.
    pub(super) path: String,
}

/// A path that a file names.
#[derive(Debug)]
struct Named {
    path: Vec<String>,
    /// It stands in a `use` that others see, too.
    is_public: bool,
}

/// What a file's paths are, and which names its `use` lines make.
#[derive(Debug, Default)]
struct Paths {
    named: Vec<Named>,
    names: BTreeMap<String, Vec<String>>,
    macros: Vec<String>,
}

/// All imports between files. A folder's `mod.rs` that only passes on what is defined below it uses nothing by that.
pub(super) fn imports(sources: &Sources) -> BTreeSet<Import> {
    let house = House {
        paths: sources.iter().map(|(at, source)| (at.clone(), paths(at, source, sources))).collect(),
    };
    let mut imports = BTreeSet::new();
    for (from, paths) in &house.paths {
        for named in paths.named.iter().filter(|_| !from.is_empty()) {
            let Some((base, rest)) = house.absolute(from, &named.path) else { continue };
            let to = house.defined(&base, &rest, &mut Vec::new());
            let passes_on = named.is_public && sources[from].is_mod && to.starts_with(from);
            if to != *from && !passes_on {
                imports.insert(Import { from: from.clone(), to, path: named.path.join("::") });
            }
        }
    }
    imports
}

#[derive(Debug)]
struct House {
    paths: BTreeMap<Module, Paths>,
}

impl House {
    /// A path as it is seen from the crate's root: a module, and what is left to look up in it. Nothing where it leads to
    /// another crate.
    fn absolute(&self, from: &Module, path: &[String]) -> Option<(Module, Vec<String>)> {
        let mut base = from.clone();
        let mut rest = path;
        match path[0].as_str() {
            "crate" => base.clear(),
            "self" | "super" => {}
            child => {
                let is_child = self.paths.contains_key(&[from.as_slice(), &[child.to_owned()]].concat());
                return is_child.then(|| (base, path.to_vec()));
            }
        }
        while let [first, ..] = rest
            && ["crate", "self", "super"].contains(&first.as_str())
        {
            if first == "super" {
                base.pop();
            }
            rest = &rest[1..];
        }
        Some((base, rest.to_vec()))
    }

    /// The module in whose file something is defined, through whatever passes it on.
    fn defined(&self, base: &Module, rest: &[String], seen: &mut Vec<(Module, String)>) -> Module {
        let Some(first) = rest.first() else { return base.clone() };
        let below = [base.as_slice(), std::slice::from_ref(first)].concat();
        if self.paths.contains_key(&below) {
            return self.defined(&below, &rest[1..], seen);
        }
        let here = (base.clone(), first.clone());
        let passed_on = self.paths[base].names.get(first).filter(|_| !seen.contains(&here));
        seen.push(here);
        if let Some((base, mut path)) = passed_on.and_then(|path| self.absolute(base, path)) {
            path.extend_from_slice(&rest[1..]);
            return self.defined(&base, &path, seen);
        }
        let mut with_macros = self.paths.iter().filter(|_| base.is_empty());
        let defines = with_macros.find(|(_, paths)| paths.macros.contains(first));
        defines.map_or_else(|| base.clone(), |(module, _)| module.clone())
    }
}

fn paths(at: &Module, source: &Source, sources: &Sources) -> Paths {
    let tokens = &source.tokens;
    let mut found = Paths::default();
    let mut index = 0;
    while index < tokens.len() {
        let before = index.checked_sub(1).map_or("", |before| tokens[before].as_str());
        let after = tokens.get(index + 1).map_or("", String::as_str);
        let token = tokens[index].as_str();
        let is_module = || {
            ["crate", "self", "super"].contains(&token)
                || sources.contains_key(&[at.as_slice(), &[token.to_owned()]].concat())
        };
        if token == "use" && ["", ";", "}", "]", ")", "pub"].contains(&before) {
            let mut uses = Vec::new();
            index = use_tree(tokens, index + 1, &[], &mut uses);
            for (path, alias) in uses {
                found.names.insert(alias, path.clone());
                found.named.push(Named { path, is_public: [")", "pub"].contains(&before) });
            }
        } else if token == "macro_rules" && after == "!" {
            found.macros.push(tokens[index + 2].clone());
            index += 3;
        } else if after == "::" && !["::", "in", "."].contains(&before) && is_module() {
            let mut path = vec![token.to_owned()];
            index += 1;
            while tokens.get(index).is_some_and(|token| token == "::") && is_word(tokens.get(index + 1)) {
                path.push(tokens[index + 1].clone());
                index += 2;
            }
            found.named.push(Named { path, is_public: false });
        } else {
            index += 1;
        }
    }
    found
}

fn is_word(token: Option<&String>) -> bool {
    token.is_some_and(|token| token.starts_with(|first: char| first.is_alphanumeric() || first == '_'))
}

/// Reads the tree of a `use`, and returns where it ends.
fn use_tree(
    tokens: &[String],
    mut index: usize,
    prefix: &[String],
    uses: &mut Vec<(Vec<String>, String)>,
) -> usize {
    let mut path = prefix.to_vec();
    loop {
        match tokens[index].as_str() {
            "::" => index += 1,
            "{" => {
                index += 1;
                while tokens[index] != "}" {
                    index = use_tree(tokens, index, &path, uses);
                    index += usize::from(tokens[index] == ",");
                }
                return index + 1;
            }
            word => {
                path.push(word.to_owned());
                index += 1;
                if tokens[index] != "::" {
                    break;
                }
            }
        }
    }
    if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
        path.pop();
    }
    let mut alias = path[path.len() - 1].clone();
    if tokens[index] == "as" {
        alias.clone_from(&tokens[index + 1]);
        index += 2;
    }
    uses.push((path, alias));
    index
}

#[test]
fn paths_lead_to_the_file_that_defines_what_they_name() {
    let files = [
        ("", "src/lib.rs", "pub mod a; pub mod b;"),
        (
            "a",
            "src/a/mod.rs",
            "mod one; mod two; #[cfg(test)] mod tests; pub use one::{One as First, helper};",
        ),
        (
            "a/one",
            "src/a/one.rs",
            "use super::two::Two; pub(in crate::b) struct One; #[macro_export] macro_rules! say {}",
        ),
        (
            "a/two",
            "src/a/two.rs",
            "/// [`crate::b::B`]\npub struct Two; const TEXT: &str = \"crate::b::B\"; // crate::b",
        ),
        ("a/tests", "src/a/tests.rs", "use crate::b::B;"),
        (
            "b",
            "src/b.rs",
            "use crate::a::{First, two}; fn f() { crate::a::helper(two::Two, crate::say!()) } \
                           #[cfg(test)] mod tests { use crate::c::C; }",
        ),
    ];
    let module =
        |path: &str| path.split('/').filter(|name| !name.is_empty()).map(str::to_owned).collect::<Module>();
    let all = files.map(|(path, file, text)| (module(path), Source::of(text, file.to_owned())));
    let found = imports(&super::source::without_tests(Sources::from(all)));
    let found: Vec<String> = found
        .iter()
        .map(|import| format!("{} {} {}", import.from.join("/"), import.to.join("/"), import.path))
        .collect();
    assert_eq!(
        found,
        [
            "a/one a/two super::two::Two",
            "b a/one crate::a::First",
            "b a/one crate::a::helper",
            "b a/one crate::say",
            "b a/two crate::a::two",
        ]
    );
}
