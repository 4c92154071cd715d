//! Colours: green is success, red an error, yellow a warning, cyan a name to look at. Every status is a word too.

use anstyle::{AnsiColor, Style as Ansi};

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

/// Text in a style.
pub(crate) fn paint(style: Style, text: &str) -> String {
    let ansi = match style {
        Style::Green => AnsiColor::Green.on_default(),
        Style::Red => AnsiColor::Red.on_default().bold(),
        Style::Yellow => AnsiColor::Yellow.on_default(),
        Style::Cyan => AnsiColor::Cyan.on_default(),
        Style::Dim => Ansi::new().dimmed(),
        Style::Bold => Ansi::new().bold(),
    };
    format!("{ansi}{text}{ansi:#}")
}
