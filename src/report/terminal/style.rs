//! Colours: green for success, red for errors, yellow for warnings, cyan for names. Each status is also a word.

use anstyle::{AnsiColor, Style as Ansi};

use crate::event::Status;
use crate::foreign::{Printable, Show};

/// What a piece of text is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Style {
    Green,
    Red,
    Yellow,
    Cyan,
    Dim,
    Bold,
}

/// A value in a style.
pub(crate) fn paint(style: Style, value: &(impl Show + ?Sized)) -> Printable {
    let ansi = match style {
        Style::Green => AnsiColor::Green.on_default(),
        Style::Red => AnsiColor::Red.on_default().bold(),
        Style::Yellow => AnsiColor::Yellow.on_default(),
        Style::Cyan => AnsiColor::Cyan.on_default(),
        Style::Dim => Ansi::new().dimmed(),
        Style::Bold => Ansi::new().bold(),
    };
    Printable::styled(ansi, value)
}

/// How a pair ended, as wide as the others.
pub(super) fn word(status: Status) -> Printable {
    match status {
        Status::Passed => paint(Style::Green, "PASS "),
        Status::Failed => paint(Style::Red, "FAIL "),
        Status::Errored => paint(Style::Red, "ERROR"),
        Status::Skipped => paint(Style::Yellow, "SKIP "),
        Status::New => paint(Style::Yellow, "NEW  "),
        Status::Known => paint(Style::Yellow, "KNOWN"),
    }
}
