//! Everything that the commands print, with secrets masked: results on stdout, errors and warnings on stderr.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::borrow::Cow;
use std::fmt::Display;
use std::panic::PanicHookInfo;
use std::sync::{LazyLock, Mutex, TryLockError};

use anstyle::AnsiColor;
use indicatif::ProgressBar;

use crate::exit::Exit;
use crate::foreign::Printable;
use crate::lock::lock;
use crate::printable;
use crate::run::farewell;
use crate::wire::Redactor;

/// The secrets that this process has read so far. What it says goes past here, whichever command says it.
static SECRETS: LazyLock<Mutex<Redactor>> = LazyLock::new(Mutex::default);

/// The bar on standard error, which makes room for what is said.
static BAR: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// Says everything beside a bar from now on.
pub(crate) fn beside(bar: &ProgressBar) {
    *lock(&BAR) = Some(bar.clone());
}

/// Writes to the terminal that a bar may be on.
fn beside_bar(write: impl FnOnce()) {
    let bar = BAR.try_lock().ok().and_then(|bar| bar.clone());
    match bar.filter(|bar| !bar.is_finished()) {
        Some(bar) => bar.suspend(write),
        None => write(),
    }
}

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
        Err(TryLockError::WouldBlock) => return "(hidden: it may contain a secret)".to_owned(),
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
    let what = info.payload_as_str().unwrap_or("no message");
    fail(Exit::Bug, &format!("a bug in scimsnap{place}: {what}"), None);
    let backtrace = Backtrace::capture();
    if backtrace.status() == BacktraceStatus::Captured {
        complain(&Printable::block("", &backtrace.to_string()));
    }
}

/// Says on stderr that the process ends at once, and how to remove what the run under way may have left.
pub fn last_words(exit: Exit, why: &str) -> Exit {
    if let Some(bar) = lock(&BAR).take() {
        bar.finish_and_clear();
    }
    match farewell::clean_command() {
        Some(command) => {
            let error = format!("{why}; the endpoint may still hold users and groups of this run");
            fail(exit, &error, Some(&format!("remove them with `{command}`")))
        }
        None => fail(exit, &why, None),
    }
}

/// Says on stderr what should not be overlooked.
pub(crate) fn warn(text: &str) {
    let yellow = AnsiColor::Yellow.on_default().bold();
    complain(&printable!("{}: {}\n", Printable::styled(yellow, "warning"), harmless(text)));
}

/// Says on stderr what is being done.
pub(crate) fn note(text: &Printable) {
    complain(&printable!("{}\n", text));
}

/// Writes to stderr. Whoever closed it does not want to know.
#[expect(clippy::disallowed_methods, reason = "the one place that writes to stderr")]
fn complain(text: &Printable) {
    let text = text.masked(|text| Cow::Owned(harmless(text)));
    beside_bar(|| drop(text.write_to(&mut anstream::stderr().lock())));
}

/// Writes a result to stdout. Whoever closed it has seen enough.
#[expect(clippy::disallowed_methods, reason = "what is written is a `Printable`")]
pub(crate) fn say(text: &Printable) {
    let text = text.masked(|text| Cow::Owned(harmless(text)));
    let _ = text.write_to(&mut anstream::stdout().lock());
}
