//! The folder for a target's own snapshots.

use crate::cli::output::fail;
use crate::context::Context;
use crate::exit::Exit;
use crate::settings::TargetSettings;
use crate::snapshot::OwnFolder;

/// The folder in which the target keeps snapshots of its own, where it has one.
pub(super) fn own_snapshots(settings: &TargetSettings, context: &Context) -> Result<Option<OwnFolder>, Exit> {
    let folder = settings.snapshots.as_ref().map(|folder| folder.open(&context.cwd)).transpose();
    folder.map_err(|diagnostic| fail(Exit::Usage, &diagnostic, None))
}
