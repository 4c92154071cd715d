//! Adds entries for known failures to a settings file. Its comments and its order stay.

use std::collections::BTreeSet;

use glob::Pattern;
use jiff::civil::Date;
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, Value, value};

use super::report::Cause;
use crate::counted::counted;
use crate::foreign::Foreign;
use crate::idp::{ClientName, Family};

/// An entry for a cause.
#[derive(Debug)]
pub(super) struct Entry {
    headline: String,
    runs: usize,
    scenarios: Vec<String>,
    causes: Vec<String>,
    clients: Vec<String>,
    expires: Date,
}

/// Why nothing can be added.
#[derive(Debug, thiserror::Error)]
pub(super) enum EntryError {
    /// The table is written in another way.
    #[error("`{0}` must be a list of tables (`[[{0}]]`)")]
    NotTables(String),
    /// It has no such target.
    #[error("there is no target `{0}`")]
    NoTarget(String),
}

impl Entry {
    /// The entry for a cause, accepted until a day.
    pub(super) fn of(cause: &Cause, expires: Date) -> Self {
        let scenarios: BTreeSet<&str> = cause.seen_in.iter().map(|seen| seen.id.as_str()).collect();
        let clients: BTreeSet<&str> = cause.seen_in.iter().map(|seen| seen.idp.as_str()).collect();
        let ids: BTreeSet<&String> = std::iter::once(&cause.id).chain(&cause.covers).collect();
        Self {
            headline: cause.headline.clone(),
            runs: cause.seen_in.len(),
            scenarios: scenarios.into_iter().map(Pattern::escape).collect(),
            causes: ids.into_iter().map(|id| Pattern::escape(id)).collect(),
            clients: names(&clients),
            expires,
        }
    }

    fn table(&self) -> Table {
        let mut table = Table::new();
        let seen = counted(self.runs, "run");
        let headline = Foreign::new(&self.headline);
        table.decor_mut().set_prefix(format!("\n# {} (seen in {seen})\n", headline.brief()));
        table.insert("scenario", list(&self.scenarios));
        table.insert("cause", list(&self.causes));
        table.insert("idp", list(&self.clients));
        table.insert("reason", value(""));
        table.insert("owner", value(""));
        table.insert("expires", Item::Value(Value::from(day(self.expires))));
        for (key, says) in
            [("reason", "why the failure is accepted for now"), ("owner", "who takes care of it")]
        {
            if let Some(value) = table.get_mut(key).and_then(Item::as_value_mut) {
                value.decor_mut().set_suffix(format!("  # {says}"));
            }
        }
        table
    }

    /// Whether a table is about the same, whatever its reason.
    fn is(&self, table: &Table) -> bool {
        let is_same =
            |key: &str, words: &[String]| table.get(key).is_some_and(|item| words_of(item) == words);
        is_same("cause", &self.causes)
            && is_same("scenario", &self.scenarios)
            && is_same("idp", &self.clients)
    }
}

/// Adds the entries that are not there yet, for every target or for one; how many that were.
pub(super) fn add(
    document: &mut DocumentMut,
    target: Option<&str>,
    entries: &[Entry],
) -> Result<usize, EntryError> {
    let (parent, path) = match target {
        None => (document.as_table_mut(), "known".to_owned()),
        Some(name) => {
            let targets = document.get_mut("targets").and_then(Item::as_table_mut);
            let target = targets.and_then(|targets| targets.get_mut(name)).and_then(Item::as_table_mut);
            (target.ok_or_else(|| EntryError::NoTarget(name.to_owned()))?, format!("targets.{name}.known"))
        }
    };
    if entries.is_empty() {
        return Ok(0);
    }
    let known = parent.entry("known").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let known = known.as_array_of_tables_mut().ok_or(EntryError::NotTables(path))?;
    let mut added = 0;
    for entry in entries {
        if !known.iter().any(|table| entry.is(table)) {
            known.push(entry.table());
            added += 1;
        }
    }
    Ok(added)
}

/// The names of clients, with that of a family where all its clients are among them.
fn names(clients: &BTreeSet<&str>) -> Vec<String> {
    let mut names: BTreeSet<String> = clients.iter().map(|&client| client.to_owned()).collect();
    for family in Family::ALL {
        let all: Vec<&str> = family.clients().map(ClientName::as_str).collect();
        if all.iter().all(|client| clients.contains(client)) {
            names.retain(|name| !all.contains(&name.as_str()));
            names.insert(family.as_str().to_owned());
        }
    }
    names.into_iter().collect()
}

/// A word, or a list of them, one a line where there are many.
fn list(words: &[String]) -> Item {
    if let [one] = words {
        return Item::Value(word(one));
    }
    let mut array: Array = words.iter().map(|one| word(one)).collect();
    if words.len() > 3 {
        for item in array.iter_mut() {
            item.decor_mut().set_prefix("\n    ");
        }
        array.set_trailing("\n");
        array.set_trailing_comma(true);
    }
    value(array)
}

/// A word on one line, with nothing in it that is not seen.
fn word(text: &str) -> Value {
    Foreign::new(text).quoted().parse().unwrap_or_else(|_| Value::from(text))
}

fn words_of(item: &Item) -> Vec<String> {
    match item.as_value() {
        Some(Value::String(word)) => vec![word.value().clone()],
        Some(Value::Array(words)) => words.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// A date as TOML writes it.
fn day(date: Date) -> toml_edit::Datetime {
    let part = |value: i8| u8::try_from(value).unwrap_or(1);
    let date = toml_edit::Date {
        year: u16::try_from(date.year()).unwrap_or_default(),
        month: part(date.month()),
        day: part(date.day()),
    };
    toml_edit::Datetime { date: Some(date), time: None, offset: None }
}
