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
use std::sync::{LazyLock, Mutex, TryLockError};

use clap::Parser as _;

use crate::context::Context;
use crate::exit::Exit;
use crate::lock::lock;
use crate::wire::Redactor;

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
        Command::Run(args) => run::run(*args, context).await,
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

/// Says on stderr what went wrong and what to do next.
pub(crate) fn fail(exit: Exit, error: &dyn Display, help: Option<&str>) -> Exit {
    let text = harmless(&error.to_string());
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
        let _ = writeln!(stderr, "{cyan}help{cyan:#}: {}", harmless(help));
    }
    exit
}

/// Says on stderr what should not be overlooked.
pub(crate) fn warn(text: &str) {
    let yellow = anstyle::AnsiColor::Yellow.on_default().bold();
    let text = harmless(text);
    let _ = writeln!(anstream::stderr().lock(), "{yellow}warning{yellow:#}: {text}");
}

/// Writes a result to stdout. Whoever closed it has seen enough.
pub(crate) fn say(text: &str) {
    let _ = anstream::stdout().lock().write_all(harmless(text).as_bytes());
}

/// Says of a panic where it was and what it says, without secrets: a text that is cut at a wrong place is repeated.
pub fn tell_panic(panic: &std::panic::PanicHookInfo<'_>) {
    fail(Exit::Bug, &format!("a bug in scimsnap: {panic}"), None);
}
