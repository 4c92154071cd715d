//! The known failures of a run.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::cli::output::fail;
use crate::context::Context;
use crate::exit::Exit;
use crate::idp::ClientName;
use crate::run::KnownFailures;
use crate::scenario::catalogue::{Entry, bundled, select};
use crate::settings::{Known, TargetSettings, today};

/// Binds known failures to the scenarios that there are: bundled ones, the project's, and those of the selection.
pub(super) fn bind(
    mut known: Vec<Known>,
    settings: &TargetSettings,
    selected: &[Entry],
    context: &Context,
) -> Result<KnownFailures, Exit> {
    if known.is_empty() {
        return Ok(KnownFailures::default());
    }
    let mut entries = bundled();
    entries.extend(select(&["scenarios".to_owned()], &context.cwd).unwrap_or_default());
    let ids: BTreeSet<String> = entries.iter().chain(selected).map(Entry::id).collect();
    let mut wrong = false;
    for entry in &mut known {
        if let Err(diagnostic) = entry.bind(ids.iter().map(String::as_str)) {
            wrong = true;
            fail(Exit::Usage, &diagnostic, None);
        }
    }
    if wrong {
        return Err(Exit::Usage);
    }
    let entries = known.into_iter().map(Arc::new).collect();
    let clients = settings.clients.clone().unwrap_or_else(|| ClientName::ALL.to_vec());
    Ok(KnownFailures { entries, clients, today: today(&context.clock) })
}
