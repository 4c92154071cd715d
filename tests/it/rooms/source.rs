//! The sources as tokens: comments and texts are gone, and so is what only unit tests see.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Where a module stands below `src`, name by name; the crate's root is empty.
pub(super) type Module = Vec<String>;

/// Files by their modules.
pub(super) type Sources = BTreeMap<Module, Source>;

/// One file.
#[derive(Debug)]
pub(super) struct Source {
    /// Relative to the package, for messages.
    pub(super) file: String,
    /// It is a `mod.rs`.
    pub(super) is_mod: bool,
    /// The lines of its `//!` comment.
    pub(super) heading: Vec<String>,
    /// All tokens.
    pub(super) whole: Vec<String>,
    /// The tokens without `#[cfg(test)]` modules.
    pub(super) tokens: Vec<String>,
    /// The files that only unit tests see.
    test_modules: Vec<String>,
}

impl Source {
    fn read(file: &Path) -> Self {
        let text = std::fs::read_to_string(file).unwrap();
        let shown = file.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().display().to_string();
        Self::of(&text, shown)
    }

    pub(super) fn of(text: &str, file: String) -> Self {
        let stream: TokenStream = text.parse().unwrap();
        let (mut tokens, mut whole, mut test_modules) = (Vec::new(), Vec::new(), Vec::new());
        flatten(stream.clone(), &mut whole, None);
        flatten(stream, &mut tokens, Some(&mut test_modules));
        let heading = text.lines().map_while(|line| line.strip_prefix("//!"));
        Self {
            is_mod: file.ends_with("mod.rs"),
            file,
            heading: heading.map(|line| line.trim().to_owned()).collect(),
            whole,
            tokens,
            test_modules,
        }
    }
}

/// The tokens in the order of the text. With `test_modules`, `#[cfg(test)]` and what it stands before is left out, and the
/// name of a module that has a file is put there.
fn flatten(stream: TokenStream, to: &mut Vec<String>, mut test_modules: Option<&mut Vec<String>>) {
    let mut trees = stream.into_iter().peekable();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Punct(punct) if punct.as_char() == '#' && test_modules.is_some() => {
                let attribute = trees.peek().map(ToString::to_string).unwrap_or_default();
                if attribute.replace(' ', "").starts_with("[cfg(test)") {
                    let names = test_modules.as_deref_mut().unwrap();
                    names.extend(skip_item(&mut trees.by_ref().skip(1)));
                } else {
                    to.push("#".to_owned());
                }
            }
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                to.push(open.to_owned());
                flatten(group.stream(), to, test_modules.as_deref_mut());
                to.push(close.to_owned());
            }
            TokenTree::Punct(punct)
                if punct.as_char() == ':' && to.last().is_some_and(|last| last == ":") =>
            {
                to.pop();
                to.push("::".to_owned());
            }
            TokenTree::Literal(_) => to.push("\"\"".to_owned()),
            other => to.push(other.to_string()),
        }
    }
}

/// Skips an item; the name of a module whose text is in another file.
fn skip_item(trees: &mut impl Iterator<Item = TokenTree>) -> Option<String> {
    let mut words = Vec::new();
    for tree in trees {
        match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => return None,
            TokenTree::Punct(punct) if punct.as_char() == ';' => break,
            other => words.push(other.to_string()),
        }
    }
    let place = words.iter().position(|word| word == "mod")?;
    words.get(place + 1).cloned()
}

/// All Rust files below a folder of the package.
pub(super) fn files(folder: &str) -> Vec<PathBuf> {
    let pattern = format!("{}/{folder}/**/*.rs", env!("CARGO_MANIFEST_DIR"));
    glob::glob(&pattern).unwrap().map(Result::unwrap).collect()
}

/// All files below a folder of the package, by the place of their module below it.
pub(super) fn read(folder: &str) -> Sources {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let module = |file: &Path| {
        let place = file.strip_prefix(&root).unwrap().with_extension("");
        let mut names: Module =
            place.components().map(|name| name.as_os_str().to_str().unwrap().to_owned()).collect();
        if names.last().is_some_and(|last| ["mod", "lib"].contains(&last.as_str())) {
            names.pop();
        }
        names
    };
    files(folder).iter().map(|file| (module(file), Source::read(file))).collect()
}

/// The same without what only unit tests see.
pub(super) fn without_tests(all: Sources) -> Sources {
    let is_test = |module: &Module| {
        (0..module.len())
            .any(|at| all.get(&module[..at]).is_some_and(|parent| parent.test_modules.contains(&module[at])))
    };
    let tests: Vec<Module> = all.keys().filter(|module| is_test(module)).cloned().collect();
    let mut rest = all;
    rest.retain(|module, _| !tests.contains(module) && module.first().is_none_or(|first| first != "main"));
    rest
}
