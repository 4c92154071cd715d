//! Text that is safe for a terminal or a pipe.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::ops::{Add, AddAssign};

use anstyle::Style;

use super::Foreign;
use super::command::disarm;

/// Text that may go to a terminal or a pipe: our own words and colours, and foreign text made visible between them.
///
/// [`printable!`](crate::printable) makes one, and nothing else is taken by what writes to the process's streams.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Printable(String);

impl Printable {
    /// Words of our own.
    pub fn ours(words: &'static str) -> Self {
        Self(words.to_owned())
    }

    /// Text that was put together so that nothing foreign in it does harm. Every caller has to say how.
    pub(crate) fn verbatim(text: String) -> Self {
        Self(text)
    }

    /// Text of several lines, each of which is put behind our own prefix.
    pub fn block(prefix: &'static str, text: &str) -> Self {
        let mut block = String::new();
        for line in text.lines() {
            block.extend([prefix, &Foreign::new(line).brief(), "\n"]);
        }
        Self(block)
    }

    /// Several pieces with words of our own between them.
    pub fn joined(pieces: impl IntoIterator<Item = Self>, between: &'static str) -> Self {
        let pieces: Vec<String> = pieces.into_iter().map(|piece| piece.0).collect();
        Self(pieces.join(between))
    }

    /// A message of several lines, as an error has that shows an excerpt of a file: a line that has no gutter of its own
    /// gets one, so that no foreign line begins a line.
    pub fn message(text: &str) -> Self {
        let mut lines = text.lines();
        let mut shown = Foreign::new(lines.next().unwrap_or_default()).brief().into_owned();
        for line in lines {
            let gutter = if has_gutter(line) { "\n" } else { "\n  | " };
            shown.extend([gutter, &Foreign::new(line).brief()]);
        }
        Self(shown)
    }

    /// A value in a colour. A stream that is no terminal takes it out again.
    pub fn styled(style: Style, value: &(impl Show + ?Sized)) -> Self {
        Self(format!("{style}{}{style:#}", value.shown()))
    }

    /// What the macro makes.
    #[doc(hidden)]
    pub fn of(pieces: fmt::Arguments<'_>) -> Self {
        Self(pieces.to_string())
    }

    /// The same with some of it masked. What the mask puts in must be our own.
    #[must_use]
    pub fn masked<'a>(&'a self, mask: impl FnOnce(&'a str) -> Cow<'a, str>) -> Self {
        Self(mask(&self.0).into_owned())
    }

    /// The same on lines that are not wider than `width` columns, broken between words. The first line stands behind
    /// something as wide as the indent of the others; a word that is wider than a line has a line of its own.
    #[must_use]
    pub fn folded(&self, indent: &'static str, width: usize) -> Self {
        let options = textwrap::Options::new(width.saturating_sub(indent.len()).max(1))
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
            .word_separator(textwrap::WordSeparator::AsciiSpace);
        let lines = textwrap::wrap(&self.0, options);
        Self(lines.join(&format!("\n{indent}")))
    }

    /// Its lines.
    pub fn lines(&self) -> impl Iterator<Item = Self> {
        self.0.lines().map(|line| Self(line.to_owned()))
    }

    /// The same without white space at its end.
    #[must_use]
    pub fn trim_end(&self) -> Self {
        Self(self.0.trim_end().to_owned())
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Writes it, without what a CI service would take for a command.
    pub fn write_to(&self, out: &mut (impl io::Write + ?Sized)) -> io::Result<()> {
        out.write_all(disarm(&self.0).as_bytes())
    }
}

impl Add for Printable {
    type Output = Self;

    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

impl AddAssign for Printable {
    fn add_assign(&mut self, other: Self) {
        self.0.push_str(&other.0);
    }
}

impl FromIterator<Self> for Printable {
    fn from_iter<T: IntoIterator<Item = Self>>(pieces: T) -> Self {
        let mut all = Self::default();
        pieces.into_iter().for_each(|piece| all += piece);
        all
    }
}

/// What can stand between our own words.
pub trait Show {
    /// Its visible form.
    fn shown(&self) -> Cow<'_, str>;
}

/// Whatever has a `Display` may have foreign text in it.
impl<T: fmt::Display + ?Sized> Show for T {
    fn shown(&self) -> Cow<'_, str> {
        let text = self.to_string();
        Cow::Owned(Foreign::new(&text).brief().into_owned())
    }
}

impl Show for Printable {
    fn shown(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}

impl Show for &Printable {
    fn shown(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}

impl Show for Foreign<'_> {
    fn shown(&self) -> Cow<'_, str> {
        self.brief()
    }
}

/// A value between our own words.
#[doc(hidden)]
#[derive(Debug)]
pub struct Piece<'a, T: ?Sized>(pub &'a T);

impl<T: Show + ?Sized> fmt::Display for Piece<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.shown())
    }
}

/// Whether a literal names no variable, which would go past [`Piece`], and no precision, which would cut text.
#[doc(hidden)]
pub const fn takes_values_only(format: &str) -> bool {
    let bytes = format.as_bytes();
    let mut at = 0;
    let mut is_inside = false;
    while at < bytes.len() {
        let next = if at + 1 < bytes.len() { bytes[at + 1] } else { 0 };
        match bytes[at] {
            b'{' if !is_inside && next == b'{' => at += 1,
            b'{' if !is_inside => {
                if next != b'}' && next != b':' {
                    return false;
                }
                is_inside = true;
            }
            b'}' if is_inside => is_inside = false,
            b'.' | b'$' if is_inside => return false,
            _ => {}
        }
        at += 1;
    }
    true
}

/// Puts our own words and foreign values together: `printable!("no scenario is called `{}`", word)`.
///
/// Every value is made visible, and cut where it is too long; only a [`Printable`] is taken as it is. A name or a
/// precision in the literal does not compile:
///
/// ```compile_fail
/// let word = "\u{1b}]52;c;ZXZpbA==\u{7}";
/// let _ = scimsnap::printable!("no scenario is called `{word}`");
/// ```
#[macro_export]
macro_rules! printable {
    ($format:literal $(, $value:expr)* $(,)?) => {{
        const _: () = assert!(
            $crate::foreign::takes_values_only($format),
            "printable! takes values: no names, no precision and no width by name in its literal"
        );
        $crate::foreign::Printable::of(format_args!($format $(, $crate::foreign::Piece(&$value))*))
    }};
}

/// Whether a line begins as the excerpts of diagnostics do.
fn has_gutter(line: &str) -> bool {
    let line = line.trim_start_matches(|character: char| character == ' ' || character.is_ascii_digit());
    line.is_empty()
        || ["| ", "--> ", "= ", "..."].iter().any(|gutter| line.starts_with(gutter))
        || line == "|"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_words_stay_and_values_are_made_visible() {
        let name = String::from("a\u{1b}[2J\nPASS");
        let colour = Printable::verbatim("\u{1b}[1mx\u{1b}[0m".to_owned());
        let text = printable!("`{}` {} {:>4}|{:<3}|{{}}\n", name, colour, 7, "é");
        assert_eq!(text.as_str(), "`a\\u{1b}[2J\\nPASS` \u{1b}[1mx\u{1b}[0m    7|é  |{}\n");
    }

    #[test]
    fn a_long_value_is_cut() {
        let text = printable!("<{}>", "é".repeat(1_000_000));
        assert!(text.as_str().len() < 10_000 && text.as_str().ends_with(" … (2000000 bytes)>"));
    }

    #[test]
    fn a_block_has_our_prefix_before_every_line() {
        assert_eq!(Printable::block("  > ", "a\n::b\u{7}\r\n").as_str(), "  > a\n  > ::b\\u{7}\n");
    }

    #[test]
    fn commands_of_ci_services_do_not_get_out() {
        let mut out = Vec::new();
        printable!("{}\n{}{}:error::\n", "::error::x", ":", "").write_to(&mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "\\u{3a}:error::x\n\\u{3a}:error::\n");
    }

    #[test]
    fn a_further_line_of_a_message_has_a_gutter() {
        let excerpt = "error: x\n --> a.yaml:3:1\n  |\n3 | a\n  | ^ b\n  |\n  = help: c";
        assert_eq!(Printable::message(excerpt).as_str(), excerpt);
        assert_eq!(
            Printable::message("no\n  PASS  x\n::error::\n\u{1b}[1A").as_str(),
            "no\n  |   PASS  x\n  | ::error::\n  | \\u{1b}[1A"
        );
    }

    #[test]
    fn a_literal_is_looked_through() {
        assert!(takes_values_only("{} {{name}} {:<5} {:>2}"));
        for format in ["{name}", "{0}", "{:.2}", "{:1$}", "{:width$}"] {
            assert!(!takes_values_only(format), "{format}");
        }
    }
}
