//! Which scenarios a command is about.

use std::path::PathBuf;

use clap::Args;

use crate::cli::did_you_mean::did_you_mean;
use crate::cli::output::{fail, warn};
use crate::context::Context;
use crate::exit::Exit;
use crate::scenario::catalogue::{Entry, NothingSelected, Selected, is_or_begins, select, select_all};

/// Which scenarios.
#[derive(Debug, Args)]
pub struct SelectionArgs {
    /// Ids, beginnings of ids (`conflicts`), files or folders; all bundled scenarios where none is named
    #[arg(value_name = "SELECTION")]
    pub selection: Vec<String>,
}

impl SelectionArgs {
    /// The selected scenarios. Links that are not followed are warned of.
    pub fn entries(&self, context: &Context) -> Result<Vec<Entry>, Exit> {
        let selected = select_all(&self.selection, &context.cwd);
        let Selected { entries, not_followed } = selected.map_err(|error| nothing_selected(&error))?;
        warn_of_links(&not_followed);
        Ok(entries)
    }

    /// The same without warnings, where they were given before.
    pub fn entries_again(&self, context: &Context) -> Result<Vec<Entry>, Exit> {
        select(&self.selection, &context.cwd).map_err(|error| nothing_selected(&error))
    }
}

/// Which scenarios, by id alone.
#[derive(Debug, Args)]
pub struct IdsArgs {
    /// Ids or beginnings of ids (`conflicts`) [default: all]
    #[arg(value_name = "SELECTION")]
    pub selection: Vec<String>,
}

impl IdsArgs {
    /// Whether an id is selected, by its name or the beginning of it.
    pub fn has(&self, id: &str) -> bool {
        self.selection.is_empty() || self.selection.iter().any(|word| is_or_begins(id, word))
    }
}

/// Says on stderr which folders were left out: a link to one elsewhere is followed only where it is named itself.
pub(crate) fn warn_of_links(links: &[PathBuf]) {
    for link in links {
        warn(&format!("`{}` is a link that leads out of the project, and is not followed", link.display()));
    }
}

/// Nothing is selected: says what was probably meant.
pub(crate) fn nothing_selected(error: &NothingSelected) -> Exit {
    let help = match &error.near {
        Some(near) => did_you_mean(near),
        None => "`scimsnap list` shows what there is".to_owned(),
    };
    fail(Exit::Nothing, error, Some(&help))
}
