//! The command line: arguments, signals, and everything that is printed outside of reports. Each command turns flags and
//! settings into calls of the other rooms.
//!
//! May use: `context`, `diag`, `exit`, `files`, `foreign`, `idp`, `lock`, `reference`, `report`, `requirement`, `run`,
//! `scenario`, `settings`, `snapshot`, `suggest`, `wire`.

pub mod args;
pub mod commands;
pub mod signals;
pub mod target;

use std::backtrace::{Backtrace, BacktraceStatus};
use std::borrow::Cow;
use std::ffi::OsString;
use std::fmt::Display;
use std::panic::PanicHookInfo;
use std::path::PathBuf;
use std::sync::{LazyLock, Mutex, TryLockError};

use anstyle::AnsiColor;
use clap::Parser as _;

use crate::context::Context;
use crate::exit::Exit;
use crate::foreign::{Foreign, Printable};
use crate::lock::lock;
use crate::printable;
use crate::run::farewell;
use crate::wire::Redactor;

use self::args::{Cli, Command};
use self::commands::{
    check, clean, defects, explain, export, init, list, probe, run, schema, serve, shell, snapshots,
};

/// Reads the arguments, does what they say, and returns how it ended.
pub async fn main(arguments: impl IntoIterator<Item = OsString>, context: &Context) -> Exit {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // A shell's pattern makes arguments of file names, and clap repeats what it does not take.
            let visible =
                arguments.iter().map(|word| Foreign::new(&word.to_string_lossy()).brief().into_owned());
            let error = Cli::try_parse_from(visible).err().unwrap_or(error);
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

/// The secrets that this process has read so far. What it says goes past here, whichever command says it.
static SECRETS: LazyLock<Mutex<Redactor>> = LazyLock::new(Mutex::default);

/// Keeps secrets out of everything that is said from now on.
pub(crate) fn keep_secret(redactor: &Redactor) {
    lock(&SECRETS).join(redactor);
}

/// A text without secrets.
fn harmless(text: &str) -> String {
    // Copied, so that nothing is held while texts are looked at: whoever panics there says so through here too.
    let redactor = match SECRETS.try_lock() {
        Ok(secrets) => secrets.clone(),
        Err(TryLockError::Poisoned(secrets)) => secrets.into_inner().clone(),
        Err(TryLockError::WouldBlock) => return "(not shown: it may hold a secret)".to_owned(),
    };
    redactor.text(text).into_owned()
}

/// Says on stderr what went wrong and what to do next. Both may hold foreign text.
pub(crate) fn fail(exit: Exit, error: &dyn Display, help: Option<&str>) -> Exit {
    let text = harmless(&error.to_string());
    let red = AnsiColor::Red.on_default().bold();
    // A diagnostic brings its own title.
    let title = if text.starts_with("error: ") {
        Printable::default()
    } else {
        printable!("{}: ", Printable::styled(red, "error"))
    };
    let mut shown = printable!("{}{}\n", title, Printable::message(&text));
    if let Some(help) = help {
        let help = harmless(help);
        shown += printable!("{}: {}\n", Printable::styled(AnsiColor::Cyan.on_default(), "help"), help);
    }
    complain(&shown);
    exit
}

/// Says on stderr that there is a bug, and where. What it stumbled over may be foreign text.
pub fn panicked(info: &PanicHookInfo<'_>) {
    let place = info.location().map(|place| format!(" at {place}")).unwrap_or_default();
    let what = info.payload_as_str().unwrap_or("it says nothing of itself");
    fail(Exit::Bug, &format!("a bug in scimsnap{place}: {what}"), None);
    let backtrace = Backtrace::capture();
    if backtrace.status() == BacktraceStatus::Captured {
        complain(&Printable::block("", &backtrace.to_string()));
    }
}

/// Says on stderr that the process ends at once, and how to remove what the run under way may have left.
pub fn last_words(exit: Exit, why: &str) -> Exit {
    match farewell::clean_command() {
        Some(command) => {
            let error = format!("{why}; what the run has created may still stand at the endpoint");
            fail(exit, &error, Some(&format!("remove it with `{command}`")))
        }
        None => fail(exit, &why, None),
    }
}

/// Says on stderr what should not be overlooked.
pub(crate) fn warn(text: &str) {
    let yellow = AnsiColor::Yellow.on_default().bold();
    complain(&printable!("{}: {}\n", Printable::styled(yellow, "warning"), harmless(text)));
}

/// Writes to stderr. Whoever closed it does not want to know.
#[expect(clippy::disallowed_methods, reason = "the one place that writes to stderr")]
fn complain(text: &Printable) {
    let text = text.masked(|text| Cow::Owned(harmless(text)));
    let _ = text.write_to(&mut anstream::stderr().lock());
}

/// Says on stderr which folders were left out: a link to one elsewhere is followed only where it is named itself.
pub(crate) fn warn_of_links(links: &[PathBuf]) {
    for link in links {
        warn(&format!("`{}` is a link that leads out of the project, and is not followed", link.display()));
    }
}

/// Writes a result to stdout. Whoever closed it has seen enough.
#[expect(clippy::disallowed_methods, reason = "what is written is a `Printable`")]
pub(crate) fn say(text: &Printable) {
    let text = text.masked(|text| Cow::Owned(harmless(text)));
    let _ = text.write_to(&mut anstream::stdout().lock());
}
