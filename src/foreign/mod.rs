//! Text from endpoints, files and commands, and how it is shown safely in each medium: terminals, shells, JSON, markup.
//! Nothing foreign is printed any other way.
//!
//! A [`Foreign`] text has no `Display`: it is shown by one function for each medium. What goes to a terminal or a pipe is
//! a [`Printable`], which the macro [`printable!`](crate::printable) puts together: the words of the macro's literal are
//! ours, and every value between them is foreign.
//!
//! May use: no other room.

mod character;
mod command;
mod json;
mod markup;
mod printable;
pub mod shell;
mod visible;

pub use json::{json, json_pretty};
pub use printable::{Piece, Printable, Show, takes_values_only};

use std::borrow::Cow;
use std::ops::Range;

/// The most characters of one value that a line of plain text shows.
const LONGEST: usize = 4_000;

/// Text that is not ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Foreign<'a>(&'a str);

impl<'a> Foreign<'a> {
    /// Text of somebody else's.
    pub fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// The whole text on one line of a terminal or a file: line breaks, control characters and characters that
    /// nobody sees are escaped.
    pub fn line(self) -> Cow<'a, str> {
        visible::line(self.0)
    }

    /// The same, cut where it is too long for people.
    pub fn brief(self) -> Cow<'a, str> {
        if self.0.len() <= LONGEST {
            return self.line();
        }
        let Some((end, _)) = self.0.char_indices().nth(LONGEST) else { return self.line() };
        let start = visible::line(&self.0[..end]);
        Cow::Owned(format!("{start} … ({} bytes)", self.0.len()))
    }

    /// A file's text with its line breaks, and where a range of its bytes is then.
    pub fn source(self, range: Range<usize>) -> (Cow<'a, str>, Range<usize>) {
        visible::source(self.0, range)
    }

    /// Text with its line breaks that XML can carry. The writer of the XML escapes the markup.
    pub fn xml(self) -> String {
        markup::xml(self.0)
    }

    /// The text on one line of HTML, in an element or in a quoted attribute.
    pub fn html(self) -> String {
        markup::html(self.0)
    }

    /// The text as a code span of Markdown: nothing in it is a link, an image, a mention or markup.
    pub fn markdown(self) -> String {
        markup::code_span(self.0)
    }

    /// The same within a cell of a Markdown table.
    pub fn markdown_cell(self) -> String {
        markup::table_cell(self.0)
    }

    /// The text as a basic string of TOML, which a double-quoted string of YAML is too. Whoever reads it gets the text.
    pub fn quoted(self) -> String {
        json::quoted(self.0)
    }
}
