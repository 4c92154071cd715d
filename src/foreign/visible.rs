//! Makes invisible characters visible by escaping them.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use super::character::Eye;
use super::command::disarm_brackets;

/// The text on one line, without what a CI service takes for a command in the middle of it.
pub(super) fn line(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return disarm_brackets(text);
    }
    let mut eye = Eye::default();
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        push(&mut shown, &mut eye, character);
    }
    match disarm_brackets(&shown) {
        Cow::Owned(safe) => Cow::Owned(safe),
        Cow::Borrowed(_) => Cow::Owned(shown),
    }
}

/// The text with its line breaks, and where a range of its bytes is then. A picture stands for each character that has no
/// form, so that columns stay what they are.
pub(super) fn source(text: &str, range: Range<usize>) -> (Cow<'_, str>, Range<usize>) {
    if text.lines().all(is_plain) && !text.contains('\r') {
        return (Cow::Borrowed(text), range);
    }
    let mut eye = Eye::default();
    let mut shown = String::with_capacity(text.len() + 16);
    let (mut start, mut end) = (None, None);
    for (at, character) in text.char_indices() {
        if at >= range.start {
            start.get_or_insert(shown.len());
        }
        if at >= range.end {
            end.get_or_insert(shown.len());
        }
        match character {
            '\n' => {
                eye = Eye::default();
                shown.push('\n');
            }
            '\r' if text[at + 1..].starts_with('\n') => {}
            // An excerpt shows it as some spaces.
            '\t' => shown.push('\t'),
            seen if eye.sees(seen) => shown.push(seen),
            hidden => shown.push(picture(hidden)),
        }
    }
    let start = start.unwrap_or(shown.len());
    let end = end.unwrap_or(shown.len()).max(start);
    (Cow::Owned(shown), start..end)
}

/// Whether a text is shown as it is: a look at the bytes that most texts need.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// A character that stands for one that has no form.
fn picture(hidden: char) -> char {
    match u32::from(hidden) {
        code @ 0..=0x1f => char::from_u32(0x2400 + code).unwrap_or(char::REPLACEMENT_CHARACTER),
        0x7f => '\u{2421}',
        _ => char::REPLACEMENT_CHARACTER,
    }
}

fn push(shown: &mut String, eye: &mut Eye, character: char) {
    if eye.sees(character) {
        shown.push(character);
        return;
    }
    // Writing to a `String` cannot fail.
    let _ = match character {
        '\n' => shown.write_str("\\n"),
        '\r' => shown.write_str("\\r"),
        '\t' => shown.write_str("\\t"),
        other => write!(shown, "\\u{{{:x}}}", u32::from(other)),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_seen() {
        assert_eq!(
            line("Ada\u{1b}[1A\u{1b}[2K\r\nPASS\t\u{202e}"),
            r"Ada\u{1b}[1A\u{1b}[2K\r\nPASS\t\u{202e}"
        );
        assert!(matches!(line("Zoë"), Cow::Owned(text) if text == "Zoë"));
        assert!(matches!(line("Ada"), Cow::Borrowed("Ada")));
    }

    #[test]
    fn a_place_moves_with_its_text() {
        let text = "a: \u{1b}\r\nb: \u{200b}x\n";
        let at = text.find('x').unwrap();
        let (shown, range) = source(text, at..at + 1);
        assert_eq!(shown, "a: ␛\nb: \u{fffd}x\n");
        assert_eq!(&shown[range], "x");
        let (shown, range) = source(text, text.len()..text.len());
        assert_eq!(range, shown.len()..shown.len());
    }
}
