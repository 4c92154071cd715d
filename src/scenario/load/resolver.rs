//! Resolves the names in a file, and reports unknown ones with their position.

use std::collections::BTreeSet;

use serde_saphyr::{Location, Spanned};

use super::numbered::{Crowds, member};
use crate::diag::{At, Diagnostic, Source};
use crate::directory::Directory;
use crate::idp::ClientName;
use crate::scenario::dto::Word;
use crate::suggest::nearest;

/// The place of a value.
pub(crate) fn place(location: Location) -> At {
    let number = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
    At {
        line: number(location.line()),
        column: number(location.column()),
        len: number(location.span().len()),
    }
}

/// The place of a word.
pub(crate) fn at<T>(word: &Spanned<T>) -> At {
    place(word.referenced)
}

/// Whether a name can be part of a file's name and of a key.
pub(crate) fn is_file_word(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// A file, as far as names and places in it are concerned.
#[derive(Debug)]
pub(crate) struct Resolver<'a> {
    pub(crate) source: &'a Source,
    /// Where each line begins.
    rows: Vec<usize>,
    /// The generators of people.
    crowds: Crowds,
}

impl<'a> Resolver<'a> {
    pub(crate) fn new(source: &'a Source) -> Self {
        let rows = std::iter::once(0).chain(source.text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { source, rows, crowds: Crowds::new() }
    }

    /// The same, knowing the generators of the file.
    pub(super) fn with(self, crowds: Crowds) -> Self {
        Self { crowds, ..self }
    }

    /// The names of the generators.
    pub(super) fn crowds(&self) -> BTreeSet<String> {
        self.crowds.keys().cloned().collect()
    }

    /// A line by its number from 1, without its end.
    fn row(&self, line: usize) -> &str {
        let start = line.checked_sub(1).and_then(|row| self.rows.get(row));
        let rest = start.and_then(|start| self.source.text.get(*start..)).unwrap_or_default();
        rest.lines().next().unwrap_or_default()
    }

    /// What stands at a place.
    pub(crate) fn text(&self, place: At) -> String {
        self.row(place.line).chars().skip(place.column.saturating_sub(1)).take(place.len).collect()
    }

    /// A step's place up to the end of its line: readers give only the start of a map or list.
    pub(crate) fn line(&self, place: At) -> At {
        let line = self.row(place.line);
        let len = line.trim_end().chars().count().saturating_sub(place.column.saturating_sub(1));
        At { len, ..place }
    }

    /// A list's place up to its closing bracket.
    pub(crate) fn list(&self, place: At) -> At {
        let rest: String = self.row(place.line).chars().skip(place.column.saturating_sub(1)).collect();
        let len = rest.find(']').map_or(place.len, |end| rest[..=end].chars().count());
        At { len, ..place }
    }

    /// A message about a place.
    pub(crate) fn error(&self, place: At, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.source, place, message)
    }

    /// A message about the file as a whole.
    pub(crate) fn top(&self, message: impl Into<String>) -> Diagnostic {
        self.error(At { line: 1, column: 1, len: 1 }, message)
    }

    /// The clients that names stand for, each once, in the order of the clients.
    pub(crate) fn clients(&self, names: &[Word]) -> Result<Vec<ClientName>, Diagnostic> {
        let mut clients = Vec::new();
        for name in names {
            let selected = ClientName::select(&name.value).ok_or_else(|| {
                let names = ClientName::selectable();
                let diagnostic = self.error(at(name), format!("there is no IdP client `{}`", name.value));
                match nearest(&name.value, names.iter().copied()) {
                    Some(near) => diagnostic.label(format!("did you mean `{near}`?")),
                    None => diagnostic.help(format!("the clients are {}", names.join(", "))),
                }
            })?;
            clients.extend(selected);
        }
        clients.sort_unstable();
        clients.dedup();
        if clients.is_empty() {
            return Err(self.top("no IdP client plays this scenario: `idps` is empty"));
        }
        Ok(clients)
    }

    /// The key of a person who is declared.
    pub(crate) fn person(&self, directory: &Directory, word: &Word) -> Result<String, Diagnostic> {
        if directory.person(&word.value).is_some() {
            return Ok(word.value.clone());
        }
        let known = directory.people.iter().map(|person| person.key.as_str());
        Err(self.unknown("person", "people", word, known))
    }

    /// The keys of the people that a word stands for: one, all of a generator, or a range of them.
    pub(crate) fn people(&self, directory: &Directory, word: &Word) -> Result<Vec<String>, Diagnostic> {
        if let Some(count) = self.crowds.get(&word.value) {
            return Ok((1..=*count).map(|number| member(&word.value, number)).collect());
        }
        let Some((crowd, first, last)) = self.range(&word.value) else {
            return Ok(vec![self.person(directory, word)?]);
        };
        let count = self.crowds.get(crowd).copied().unwrap_or_default();
        match (first.parse(), last.parse()) {
            (Ok(first), Ok(last)) if 1 <= first && first <= last && last <= count => {
                Ok((first..=last).map(|number: usize| member(crowd, number)).collect())
            }
            _ => Err(self.error(
                at(word),
                format!("`{}` is not a range of `{crowd}`, which makes `{crowd}-1..{count}`", word.value),
            )),
        }
    }

    /// A generator and the ends of a range of it: `crowd-1..100`.
    fn range<'b>(&self, word: &'b str) -> Option<(&'b str, &'b str, &'b str)> {
        let (first, last) = word.split_once("..")?;
        let (crowd, first) = first.rsplit_once('-')?;
        self.crowds.contains_key(crowd).then_some((crowd, first, last))
    }

    /// What is wrong with a person who is not there, where a generator was meant.
    fn of_a_crowd(&self, word: &str) -> Option<String> {
        if let Some(count) = self.crowds.get(word) {
            return Some(format!("`{word}` makes {count} people; name one, such as `{word}-1`"));
        }
        let (crowd, _) = word.rsplit_once('-')?;
        let count = self.crowds.get(crowd)?;
        Some(format!("`{crowd}` makes `{crowd}-1` to `{crowd}-{count}`"))
    }

    /// The key of a group that is declared.
    pub(crate) fn group(&self, directory: &Directory, word: &Word) -> Result<String, Diagnostic> {
        if directory.group(&word.value).is_some() {
            return Ok(word.value.clone());
        }
        let known = directory.groups.iter().map(|group| group.key.as_str());
        Err(self.unknown("group", "groups", word, known))
    }

    fn unknown<'b>(
        &self,
        what: &str,
        section: &str,
        word: &Word,
        known: impl Iterator<Item = &'b str>,
    ) -> Diagnostic {
        let diagnostic = self.error(at(word), format!("there is no {what} `{}`", word.value));
        if let Some(why) = self.of_a_crowd(&word.value).filter(|_| section == "people") {
            return diagnostic.label(why);
        }
        let known: Vec<&str> = known.collect();
        match nearest(&word.value, known.iter().copied()) {
            Some(near) => diagnostic.label(format!("did you mean `{near}`?")),
            None => diagnostic.help(format!("add it to `{section}`")),
        }
    }
}
