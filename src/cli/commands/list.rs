//! `scimsnap list`: a line for each scenario, or all that there is to know of it as JSON.

use serde_json::{Value, json};

use crate::context::Context;
use crate::exit::Exit;
use crate::foreign::{Printable, json_pretty};
use crate::idp::ClientName;
use crate::printable;
use crate::scenario::{Pack, Scenario};

use crate::cli::given::SELECTION;
use crate::cli::output::{fail, say};
use crate::cli::selection::{SelectionArgs, clients};

/// The arguments of `list`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which scenarios.
    #[command(flatten)]
    pub selection: SelectionArgs,
    /// Only scenarios that these providers (okta, entra, google, …) or exact clients such as okta-aiw play
    #[arg(long, value_name = "NAME", value_delimiter = ',', help_heading = SELECTION)]
    pub idp: Vec<String>,
    /// Only scenarios of this pack
    #[arg(long, value_name = "PACK", help_heading = SELECTION)]
    pub pack: Option<Pack>,
    /// Print a JSON array with an object for each scenario
    #[arg(long)]
    pub json: bool,
}

/// Lists.
pub fn run(args: &Args, context: &Context) -> Exit {
    try_run(args, context).unwrap_or_else(|exit| exit)
}

/// An `Err` was said already.
fn try_run(args: &Args, context: &Context) -> Result<Exit, Exit> {
    let clients = clients(&args.idp)?;
    let plays = |client: &ClientName| clients.as_ref().is_none_or(|clients| clients.contains(client));
    let mut listed: Vec<(Scenario, Vec<&'static str>)> = Vec::new();
    let mut exit = Exit::Success;
    for entry in args.selection.entries(context)? {
        match entry.load() {
            Ok(scenario) => {
                let players: Vec<&str> =
                    scenario.clients.iter().filter(|client| plays(client)).map(|one| one.as_str()).collect();
                if !players.is_empty() && args.pack.is_none_or(|pack| pack.holds(scenario.pack)) {
                    listed.push((scenario, players));
                }
            }
            Err(error) => exit = fail(Exit::Invalid, &error, None),
        }
    }
    if listed.is_empty() && exit == Exit::Success {
        return Err(fail(Exit::Nothing, &"these clients play none of the selected scenarios", None));
    }
    if args.json {
        let all: Vec<Value> = listed.iter().map(|(scenario, players)| object(scenario, players)).collect();
        say(&printable!("{}\n", Printable::verbatim(json_pretty(&all).unwrap_or_default())));
        return Ok(exit);
    }
    let mut text = Printable::default();
    for (scenario, players) in &listed {
        let mark = scenario.evidence.mark.as_str();
        text += printable!("{:<52} {:<10}  {}\n", scenario.id, mark, players.join(" "));
        text += printable!("    {}\n", scenario.title);
    }
    say(&text);
    Ok(exit)
}

fn object(scenario: &Scenario, players: &[&str]) -> Value {
    json!({
        "id": scenario.id,
        "title": scenario.title,
        "file": &*scenario.source.path,
        "pack": scenario.pack.as_str(),
        "evidence": scenario.evidence.mark.as_str(),
        "clients": players,
        "requires": scenario.needs().iter().map(|capability| capability.as_str()).collect::<Vec<_>>(),
        "requirements": scenario.exercises.iter().map(|(id, _)| id).collect::<Vec<_>>(),
    })
}
