//! The commands.

pub mod args;
pub mod check;
pub mod clean;
pub mod defects;
pub mod explain;
pub mod export;
pub mod init;
pub mod list;
pub mod plan;
pub mod probe;
pub mod run;
pub mod schema;
pub mod serve;
pub mod shell;
pub mod signals;
pub mod snapshots;
pub mod target;

use std::fmt::Display;
use std::io::Write as _;

use clap::Parser as _;

use crate::context::Context;
use crate::exit::Exit;

use self::args::{Cli, Command};

/// Reads the arguments, does what they say, and returns how it ended.
pub async fn main(arguments: impl IntoIterator<Item = String>, context: &Context) -> Exit {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // clap prints help on stdout and complaints on stderr.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Success };
        }
    };
    match cli.command {
        Command::Run(args) => Box::pin(run::run(*args, context)).await,
        Command::Serve(args) => match serve::run(&args, context).await {
            Ok(exit) => exit,
            Err(error) => fail(error.exit(), &error, None),
        },
        Command::Snapshots(args) => snapshots::run(&args, context),
        Command::List(args) => list::run(&args, context),
        Command::Check(args) => check::run(&args, context),
        Command::Explain(args) => explain::run(&args),
        Command::Defects(args) => defects::run(&args, context).await,
        Command::Clean(args) => clean::run(args, context).await,
        Command::Probe(args) => probe::run(args, context).await,
        Command::Init(args) => init::run(*args, context).await,
        Command::Export(args) => export::run(&args, context),
        Command::Schema => schema::run(),
        Command::Completions { shell } => shell::completions(shell),
        Command::Man => shell::man(),
    }
}

/// Says on stderr what went wrong and what to do next.
pub(crate) fn fail(exit: Exit, error: &dyn Display, help: Option<&str>) -> Exit {
    let text = error.to_string();
    let mut stderr = anstream::stderr().lock();
    let red = anstyle::AnsiColor::Red.on_default().bold();
    // A diagnostic brings its own title.
    let _ = if text.starts_with("error") || text.starts_with("\u{1b}[") {
        writeln!(stderr, "{text}")
    } else {
        writeln!(stderr, "{red}error{red:#}: {text}")
    };
    if let Some(help) = help {
        let cyan = anstyle::AnsiColor::Cyan.on_default();
        let _ = writeln!(stderr, "{cyan}help{cyan:#}: {help}");
    }
    exit
}

/// Says on stderr what should not be overlooked.
pub(crate) fn warn(text: &str) {
    let yellow = anstyle::AnsiColor::Yellow.on_default().bold();
    let _ = writeln!(anstream::stderr().lock(), "{yellow}warning{yellow:#}: {text}");
}

/// Writes a result to stdout. Whoever closed it has seen enough.
pub(crate) fn say(text: &str) {
    let _ = anstream::stdout().lock().write_all(text.as_bytes());
}
