//! `scimsnap probe`: inspects a target without changing anything.

use crate::context::Context;
use crate::exit::Exit;
use crate::foreign::Printable;
use crate::printable;
use crate::run::target::probe::{Probe, probe};

use crate::cli::chosen::Chosen;
use crate::cli::output::{fail, say};
use crate::cli::target::{TargetArgs, WayArgs};

/// The arguments of `probe`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// SCIM base URL, or the name of a target in the settings file
    #[arg(value_name = "URL|NAME")]
    pub url: String,
    /// The way there.
    #[command(flatten)]
    pub way: WayArgs,
}

/// Probes.
pub async fn run(args: Args, context: &Context) -> Exit {
    let target = TargetArgs { target: Some(args.url), way: args.way };
    let chosen = match target.choose(context) {
        Ok(chosen) => chosen,
        Err(error) => return fail(Exit::Usage, &error, error.help().as_deref()),
    };
    match look(&chosen, context).await {
        Ok(probe) => {
            say(&table(&chosen, &probe));
            Exit::Success
        }
        Err(exit) => exit,
    }
}

/// Looks at a target that was chosen.
pub(in crate::cli) async fn look(chosen: &Chosen, context: &Context) -> Result<Probe, Exit> {
    let Some(target) = &chosen.target else {
        return Err(fail(
            Exit::Usage,
            &"there is no target",
            Some("pass its URL, or the name of a target in the settings file"),
        ));
    };
    probe(target, chosen.limits(), &context.clock)
        .await
        .map_err(|error| fail(Exit::Unjudged, &error, Some(error.help())))
}

/// The table, without secrets.
pub(in crate::cli) fn table(chosen: &Chosen, probe: &Probe) -> Printable {
    let Some(target) = &chosen.target else { return Printable::default() };
    let redactor = target.redactor();
    let mut text = Printable::default();
    text += printable!("{:<22} {}\n", "target", target.scim);
    for (what, came) in &probe.rows {
        text += printable!("{:<22} {}\n", what, redactor.text(came));
    }
    let capabilities: Vec<&str> =
        probe.capabilities.iter().copied().map(crate::scenario::Capability::as_str).collect();
    text += printable!("{:<22} {}\n", "capabilities", capabilities.join(", "));
    for remark in &probe.remarks {
        text += printable!("{:<22} {}\n", "note", remark);
    }
    text.masked(|text| redactor.text(text))
}
