//! Error messages that point into a file: the line, the column, what is wrong and what to do about it. Everything that
//! reads a file of the user's reports its errors with them.
//!
//! May use: `foreign`.

use std::fmt;
use std::sync::Arc;

use annotate_snippets::renderer::DEFAULT_TERM_WIDTH;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::foreign::{Foreign, Printable};

/// A place in a file: line and column from 1, and how many characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct At {
    /// The line, from 1; 0 where the place is not known.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// The length in characters, on that line.
    pub len: usize,
}

impl At {
    /// The place of a range of bytes; what lies beyond its first line is left out.
    pub fn of_bytes(text: &str, range: std::ops::Range<usize>) -> Self {
        let before = text.get(..range.start).unwrap_or(text);
        let start_of_line = before.rfind('\n').map_or(0, |newline| newline + 1);
        let inside = text.get(range).unwrap_or_default().lines().next().unwrap_or_default();
        Self {
            line: before.matches('\n').count() + 1,
            column: before[start_of_line..].chars().count() + 1,
            len: inside.chars().count().max(1),
        }
    }

    /// The bytes of `text` that it spans, within its line.
    fn bytes(self, text: &str) -> std::ops::Range<usize> {
        let start_of_line: usize =
            text.split_inclusive('\n').take(self.line.saturating_sub(1)).map(str::len).sum();
        let line = text[start_of_line..].split('\n').next().unwrap_or_default();
        let offset = |characters: usize| line.char_indices().nth(characters).map_or(line.len(), |(at, _)| at);
        let start = offset(self.column.saturating_sub(1));
        let end = offset(self.column.saturating_sub(1) + self.len.max(1)).max(start);
        start_of_line + start..start_of_line + end
    }
}

/// A reader's message about a file, with the words of its formats instead of serde's.
pub(crate) fn in_plain_words(message: &str) -> String {
    let words = [
        ("unknown field ", "unknown key "),
        ("missing field ", "missing key "),
        ("unknown variant ", "unknown value "),
    ];
    let known = words.iter().find_map(|(serde, plain)| Some((plain, message.strip_prefix(serde)?)));
    known.map_or_else(|| message.to_owned(), |(plain, rest)| format!("{plain}{rest}"))
}

/// A file with its text.
#[derive(Debug, Clone)]
pub struct Source {
    /// The path as it is shown.
    pub path: Arc<str>,
    /// The whole text.
    pub text: Arc<str>,
}

/// A message about a place in a file.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// What is wrong: a fragment in lower case without a full stop.
    pub message: String,
    /// The file.
    pub source: Source,
    /// The place.
    pub at: At,
    /// What stands there, in a few words.
    pub label: String,
    /// What to do next.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A message about a place.
    pub fn new(source: &Source, at: At, message: impl Into<String>) -> Self {
        Self { message: message.into(), source: source.clone(), at, label: String::new(), help: None }
    }

    /// Says what stands there.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Says what to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// `file:line:column`.
    pub fn place(&self) -> String {
        format!("{}:{}:{}", self.source.path, self.at.line, self.at.column)
    }

    /// The message with its excerpt and carets, in colour or plain. Files and messages are foreign: what has no form of
    /// its own is escaped, and no line of theirs begins a line.
    pub fn render(&self, colour: bool) -> Printable {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let renderer = renderer.term_width(DEFAULT_TERM_WIDTH);
        let brief = |text| Foreign::new(text).brief();
        let (text, span) = Foreign::new(&self.source.text).source(self.at.bytes(&self.source.text));
        let mut group = Level::ERROR.primary_title(brief(&self.message)).element(
            Snippet::source(text)
                .path(brief(&self.source.path))
                .annotation(AnnotationKind::Primary.span(span).label(brief(&self.label))),
        );
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(brief(help)));
        }
        // All that it was given is visible, and every line of the file stands behind a line number.
        Printable::verbatim(renderer.render(&[group]))
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.render(false).as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_bytes_is_a_place() {
        let text = "a = 1\nü = \"zwölf\"\n";
        let start = text.find("\"zw").unwrap();
        assert_eq!(At::of_bytes(text, start..text.len()), At { line: 2, column: 5, len: 7 });
        assert_eq!(At::of_bytes(text, text.len()..text.len()), At { line: 3, column: 1, len: 1 });
    }

    #[test]
    fn it_points_at_the_place() {
        let source = Source { path: "a.yaml".into(), text: "title: ü x\nsteps:\n  - assign: adda\n".into() };
        let at = At { line: 3, column: 13, len: 4 };
        let shown = Diagnostic::new(&source, at, "there is no person `adda`")
            .label("did you mean `ada`?")
            .help("declare the person under `people`")
            .render(false);
        assert_eq!(
            shown.as_str(),
            "error: there is no person `adda`\n --> a.yaml:3:13\n  |\n3 |   - assign: adda\n  |             ^^^^ did you mean `ada`?\n  |\n  = help: declare the person under `people`"
        );
    }

    #[test]
    fn a_file_cannot_paint_over_its_excerpt() {
        let text = "title: \u{202e}x\r\nsteps: \u{1b}[1A\u{1b}[2Ky\r\n::error::z\n";
        let source = Source { path: "a\u{1b}[2J\n.yaml".into(), text: text.into() };
        let start = text.find('y').unwrap();
        let diagnostic =
            Diagnostic::new(&source, At::of_bytes(text, start..start + 1), "no `\u{9b}2J`\n::error::a")
                .label("\u{200b}b")
                .help("c\rd");
        assert_eq!(
            diagnostic.to_string(),
            "error: no `\\u{9b}2J`\\n::error::a\n --> a\\u{1b}[2J\\n.yaml:2:16\n  |\n2 | steps: ␛[1A␛[2Ky\n  |                ^ \\u{200b}b\n  |\n  = help: c\\rd"
        );
    }
}
