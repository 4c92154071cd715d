//! The command line: arguments, signals, and everything that is printed outside of reports. Each command turns flags and
//! settings into calls of the other rooms.
//!
//! May use: `context`, `counted`, `diag`, `event`, `exit`, `files`, `foreign`, `idp`, `lock`, `reference`, `report`,
//! `requirement`, `run`, `scenario`, `settings`, `snapshot`, `suggest`, `wire`.

pub mod chosen;
pub mod commands;
mod did_you_mean;
pub mod given;
pub mod last_report;
pub mod output;
pub mod selection;
pub mod signals;
pub mod target;
pub mod work;

use std::ffi::OsString;

use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::context::Context;
use crate::exit::Exit;
use crate::foreign::Foreign;

use self::commands::{
    check, clean, completions, defects, explain, export, init, known, list, man, probe, repro, run, schema,
    serve, snapshots,
};

/// Plays an identity provider against any SCIM 2.0 endpoint and compares the resulting customers and organizations
/// with reviewed snapshots.
#[derive(Debug, Parser)]
#[command(name = "scimsnap", version, arg_required_else_help = true, after_help = EXIT_CODES)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "Exit codes:
  0 everything holds · 1 the endpoint fails · 2 bad flags or settings · 3 an invalid file, nothing was sent
  4 the target cannot be judged · 5 snapshots to review · 6 nothing to judge · 70 a bug in scimsnap · 130 interrupted";

/// A command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Play scenarios and compare the outcomes with their snapshots
    Run(Box<run::Args>),
    /// Start the reference endpoint, a model of Jira Service Management customer provisioning
    Serve(serve::Args),
    /// Review the pending snapshots: show, accept or reject them
    Snapshots(snapshots::Args),
    /// List the scenarios
    List(list::Args),
    /// Check scenario files and their snapshots without sending anything
    Check(check::Args),
    /// List the known failures, or write entries for what fails now
    Known(known::Args),
    /// Explain a requirement
    Explain(explain::Args),
    /// List the defects of the reference endpoint, or prove that the scenarios detect them
    Defects(defects::Args),
    /// Remove the leftovers of an earlier run from the endpoint
    Clean(clean::Args),
    /// Write a script that shows a cause of a report, for whoever has sh and curl
    Repro(repro::Args),
    /// Inspect a target without changing anything: discovery, authentication, capabilities
    Probe(probe::Args),
    /// Inspect a target and write a settings file for it
    Init(Box<init::Args>),
    /// Write bundled scenarios and their snapshots to files that you can edit
    Export(export::Args),
    /// Print the JSON Schema of scenario files
    Schema,
    /// Print shell completions
    Completions(completions::Args),
    /// Print the manual page
    Man,
}

/// Parses the arguments, runs the command, and returns the exit code.
pub async fn main(arguments: impl IntoIterator<Item = OsString>, context: &Context) -> Exit {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let (cli, matches) = match parse(&arguments) {
        Ok(parsed) => parsed,
        Err(error) => {
            // A shell's pattern makes arguments of file names, and clap repeats what it does not take.
            let visible =
                arguments.iter().map(|word| Foreign::new(&word.to_string_lossy()).brief().into_owned());
            let error = parse(visible).err().unwrap_or(error);
            // clap prints help on stdout and complaints on stderr.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Success };
        }
    };
    match cli.command {
        Command::Run(args) => {
            let matches = matches.subcommand_matches("run").cloned().unwrap_or_default();
            Box::pin(run::run(*args, &matches, context)).await
        }
        Command::Serve(args) => serve::run(&args, context).await,
        Command::Snapshots(args) => snapshots::run(&args, context),
        Command::List(args) => list::run(&args, context),
        Command::Check(args) => check::run(&args, context),
        Command::Known(args) => known::run(&args, context),
        Command::Explain(args) => explain::run(&args),
        Command::Defects(args) => defects::run(&args, context).await,
        Command::Clean(args) => clean::run(args, context).await,
        Command::Repro(args) => repro::run(&args, context),
        Command::Probe(args) => probe::run(args, context).await,
        Command::Init(args) => init::run(*args, context).await,
        Command::Export(args) => export::run(&args, context),
        Command::Schema => schema::run(),
        Command::Completions(args) => completions::run(&args, Cli::command()),
        Command::Man => man::run(Cli::command()),
    }
}

/// The command with its arguments, and what was given of them.
fn parse(
    arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
) -> Result<(Cli, ArgMatches), clap::Error> {
    let matches = Cli::command().try_get_matches_from(arguments)?;
    let cli = Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut Cli::command()))?;
    Ok((cli, matches))
}
