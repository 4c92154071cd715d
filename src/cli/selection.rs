//! The selection of scenarios on the command line.

use std::path::PathBuf;

use clap::{Args, ValueEnum as _};

use crate::cli::did_you_mean::{did_you_mean, nearest_or};
use crate::cli::given::SELECTION;
use crate::cli::output::{fail, warn};
use crate::context::Context;
use crate::exit::Exit;
use crate::idp::ClientName;
use crate::requirement::catalogue;
use crate::scenario::Pack;
use crate::scenario::catalogue::{Entry, GLOB, NothingSelected, Selected, glob_of, is_or_begins, select_all};

/// A selection of scenarios.
#[derive(Debug, Args)]
pub struct SelectionArgs {
    /// Scenario ids, prefixes of ids (`conflicts`), globs (`groups/*`), files or folders [default: all bundled scenarios]
    #[arg(value_name = "SELECTION")]
    pub selection: Vec<String>,
    /// Leave out the scenarios with these ids, prefixes of ids or globs (repeatable)
    #[arg(long, value_name = "GLOB", help_heading = SELECTION)]
    pub exclude: Vec<String>,
    /// Only scenarios that exercise this requirement (repeatable)
    #[arg(long, value_name = "ID", help_heading = SELECTION)]
    pub requirement: Vec<String>,
}

impl SelectionArgs {
    /// The selected scenarios. Warns of links that are not followed, and of exclusions that exclude nothing.
    pub fn entries(&self, context: &Context) -> Result<Vec<Entry>, Exit> {
        let selected = select_all(&self.selection, &context.cwd);
        let Selected { entries, not_followed } = selected.map_err(|error| nothing_selected(&error))?;
        warn_of_links(&not_followed);
        for word in &self.exclude {
            if !entries.iter().any(|entry| is_meant(word, &entry.id())) {
                warn(&format!("`--exclude {word}` leaves nothing out"));
            }
        }
        self.narrowed(entries)
    }

    /// The same without the warnings, which were given before.
    pub fn entries_again(&self, context: &Context) -> Result<Vec<Entry>, Exit> {
        let selected = select_all(&self.selection, &context.cwd);
        self.narrowed(selected.map_err(|error| nothing_selected(&error))?.entries)
    }

    /// Whether scenarios are named, rather than all but some.
    pub fn names_some(&self) -> bool {
        !self.selection.is_empty() || !self.requirement.is_empty()
    }

    fn narrowed(&self, mut entries: Vec<Entry>) -> Result<Vec<Entry>, Exit> {
        entries.retain(|entry| !self.exclude.iter().any(|word| is_meant(word, &entry.id())));
        if entries.is_empty() {
            return Err(fail(Exit::Nothing, &"--exclude leaves out everything that is selected", None));
        }
        if self.requirement.is_empty() {
            return Ok(entries);
        }
        let ids = self.requirement.iter().map(|word| requirement(word)).collect::<Result<Vec<_>, _>>()?;
        // What cannot be read stays, so that the command says what is wrong with it.
        entries.retain(|entry| {
            entry
                .load()
                .map_or(true, |scenario| scenario.exercises.iter().any(|(id, _)| ids.contains(&id.as_str())))
        });
        if entries.is_empty() {
            let error = format!("no selected scenario exercises {}", ids.join(" or "));
            let help = "`scimsnap list --requirement ID` lists those that do";
            return Err(fail(Exit::Nothing, &error, Some(help)));
        }
        Ok(entries)
    }
}

/// The requirement that a word names, by its id or the id of one of its causes.
fn requirement(word: &str) -> Result<&'static str, Exit> {
    let id = word.split('/').next().unwrap_or(word);
    let all = catalogue();
    if let Some(requirement) = all.iter().find(|requirement| requirement.id == id) {
        return Ok(requirement.id);
    }
    let help = nearest_or(id, all.iter().map(|one| one.id), "`scimsnap explain` lists the requirements");
    Err(fail(Exit::Usage, &format!("there is no requirement `{id}`"), Some(&help)))
}

/// Whether a word means an id: as it is, as the beginning of it, or as a glob.
fn is_meant(word: &str, id: &str) -> bool {
    is_or_begins(id, word) || glob_of(word).is_some_and(|glob| glob.matches_with(id, GLOB))
}

/// The clients that names mean; nothing where there are none.
pub(crate) fn clients(names: &[String]) -> Result<Option<Vec<ClientName>>, Exit> {
    if names.is_empty() {
        return Ok(None);
    }
    let mut clients = Vec::new();
    for name in names {
        if let Some(selected) = ClientName::select(name) {
            clients.extend(selected);
        } else {
            let known = ClientName::selectable();
            let otherwise = format!("the clients are {}", known.join(", "));
            let help = nearest_or(name, known.iter().copied(), &otherwise);
            return Err(fail(Exit::Usage, &format!("there is no IdP client `{name}`"), Some(&help)));
        }
    }
    Ok(Some(clients))
}

/// A selection of scenarios by id alone.
#[derive(Debug, Args)]
pub struct IdsArgs {
    /// Scenario ids, prefixes of ids (`conflicts`) or globs (`groups/*`) [default: all]
    #[arg(value_name = "SELECTION")]
    pub selection: Vec<String>,
}

impl IdsArgs {
    /// Whether an id is selected, by its name, a prefix of it, or a glob.
    pub fn has(&self, id: &str) -> bool {
        self.selection.is_empty() || self.selection.iter().any(|word| is_meant(word, id))
    }

    /// The words that select none of these ids.
    pub fn idle<'a>(&'a self, ids: &'a [&str]) -> impl Iterator<Item = &'a str> {
        let is_idle = |word: &&str| !ids.iter().any(|id| is_meant(word, id));
        self.selection.iter().map(String::as_str).filter(is_idle)
    }
}

/// Warns of skipped folders: a link that leads out of the project is followed only where it is named itself.
pub(crate) fn warn_of_links(links: &[PathBuf]) {
    for link in links {
        warn(&format!("`{}` was skipped: it is a link that leads out of the project", link.display()));
    }
}

/// Fails because nothing is selected, and suggests what was probably meant.
pub(crate) fn nothing_selected(error: &NothingSelected) -> Exit {
    let help = match (&error.near, Pack::from_str(&error.word, false)) {
        (_, Ok(_)) => format!("`{0}` is a pack: pass `--pack {0}`", error.word),
        (Some(near), Err(_)) => did_you_mean(near),
        (None, Err(_)) => "`scimsnap list` lists the scenarios".to_owned(),
    };
    fail(Exit::Nothing, error, Some(&help))
}
