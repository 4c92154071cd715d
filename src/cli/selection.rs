//! The selection of scenarios on the command line.

use std::path::PathBuf;

use clap::Args;

use crate::cli::did_you_mean::did_you_mean;
use crate::cli::output::{fail, warn};
use crate::context::Context;
use crate::exit::Exit;
use crate::scenario::catalogue::{Entry, NothingSelected, Selected, is_or_begins, select, select_all};

/// A selection of scenarios.
#[derive(Debug, Args)]
pub struct SelectionArgs {
    /// Scenario ids, prefixes of ids (`conflicts`), files or folders [default: all bundled scenarios]
    #[arg(value_name = "SELECTION")]
    pub selection: Vec<String>,
}

impl SelectionArgs {
    /// The selected scenarios. Warns of links that are not followed.
    pub fn entries(&self, context: &Context) -> Result<Vec<Entry>, Exit> {
        let selected = select_all(&self.selection, &context.cwd);
        let Selected { entries, not_followed } = selected.map_err(|error| nothing_selected(&error))?;
        warn_of_links(&not_followed);
        Ok(entries)
    }

    /// The same without the warnings, which were given before.
    pub fn entries_again(&self, context: &Context) -> Result<Vec<Entry>, Exit> {
        select(&self.selection, &context.cwd).map_err(|error| nothing_selected(&error))
    }
}

/// A selection of scenarios by id alone.
#[derive(Debug, Args)]
pub struct IdsArgs {
    /// Scenario ids or prefixes of ids (`conflicts`) [default: all]
    #[arg(value_name = "SELECTION")]
    pub selection: Vec<String>,
}

impl IdsArgs {
    /// Whether an id is selected, by its name or a prefix of it.
    pub fn has(&self, id: &str) -> bool {
        self.selection.is_empty() || self.selection.iter().any(|word| is_or_begins(id, word))
    }
}

/// Warns of skipped folders: a link that leads out of the project is followed only where it is named itself.
pub(crate) fn warn_of_links(links: &[PathBuf]) {
    for link in links {
        warn(&format!("`{}` was skipped: it is a link that leads out of the project", link.display()));
    }
}

/// Fails because nothing is selected, and suggests the name that was probably meant.
pub(crate) fn nothing_selected(error: &NothingSelected) -> Exit {
    let help = match &error.near {
        Some(near) => did_you_mean(near),
        None => "`scimsnap list` lists the scenarios".to_owned(),
    };
    fail(Exit::Nothing, error, Some(&help))
}
