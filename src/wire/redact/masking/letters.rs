//! A text as a person reads it: without what is invisible, and with one form for each letter.

use icu_normalizer::DecomposingNormalizerBorrowed;
use unicode_general_category::{GeneralCategory, get_general_category};

use super::map::{Decoding, Map};

const ESCAPE: u8 = 0x1B;

/// What a terminal does with an escape character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escapes {
    /// It takes the sequence after it for a command.
    Sequences,
    /// It passes over the character alone.
    Alone,
}

/// How much is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leave {
    /// NUL, which stands between the letters where UTF-16 is read as something else.
    Nul,
    /// All that nobody sees but line breaks.
    AllButLines,
    /// All that nobody sees.
    All,
}

/// Leaves out control, format and combining characters, and writes full-width and other variants of letters as the
/// letters; nothing where there are none.
pub(super) fn readable(input: &[u8], over: &Map, escapes: Escapes, leave: Leave) -> Option<(Vec<u8>, Map)> {
    let mut decoding = Decoding::of(input, over);
    if leave == Leave::Nul {
        memchr::memchr_iter(0, input).for_each(|at| decoding.replace(at..at + 1, b""));
        return decoding.finish();
    }
    let mut place = 0;
    // A sequence without an end is looked for once.
    let mut endless = false;
    while let Some(next) = next_other(&input[place..]) {
        let at = place + next;
        let byte = input[at];
        place = at + 1;
        if byte.is_ascii() {
            if leave == Leave::AllButLines && matches!(byte, b'\r' | b'\n') {
                continue;
            }
            if byte == ESCAPE && escapes == Escapes::Sequences {
                place += sequence(&input[place..], &mut endless);
            }
            decoding.replace(at..place, b"");
            continue;
        }
        let Some(c) = first_char(&input[at..]) else {
            decoding.replace(at..place, b"");
            continue;
        };
        place = at + c.len_utf8();
        let end = place;
        if c == '\u{9b}' && escapes == Escapes::Sequences {
            place += parameters(&input[place..]);
        }
        let mut letters = [0; 72];
        let letters = decomposed(c, &mut letters);
        if letters != &input[at..end] {
            decoding.replace(at..place, letters);
        }
    }
    decoding.finish()
}

/// How long what is left out, or written otherwise, at the beginning of a text is.
pub(super) fn len(text: &[u8], endless: &mut bool) -> Option<usize> {
    match first_char(text) {
        Some('\u{1b}') => Some(1 + sequence(&text[1..], endless)),
        Some('\u{9b}') => Some(2 + parameters(&text[2..])),
        Some(c) => {
            let mut letters = [0; 72];
            let len = c.len_utf8();
            (decomposed(c, &mut letters) != &text[..len]).then_some(len)
        }
        None => Some(1),
    }
}

/// The first byte that is no printable ASCII, of which there are few: many are looked at together.
pub(super) fn next_other(text: &[u8]) -> Option<usize> {
    const LAST: u8 = b'~' - b' ';
    let is_other = |byte: &u8| byte.wrapping_sub(b' ') > LAST;
    let (chunks, rest) = text.as_chunks::<32>();
    let most = |chunk: &[u8; 32]| chunk.iter().fold(0, |most: u8, byte| most.max(byte.wrapping_sub(b' ')));
    if let Some(number) = chunks.iter().position(|chunk| most(chunk) > LAST) {
        return chunks[number].iter().position(is_other).map(|at| 32 * number + at);
    }
    rest.iter().position(is_other).map(|at| 32 * chunks.len() + at)
}

/// The length of an escape sequence after its first character (ECMA-48 §5): `[31m`, `]52;c;…` up to its end.
fn sequence(rest: &[u8], endless: &mut bool) -> usize {
    match rest.first() {
        Some(b'[') => match parameters(&rest[1..]) {
            0 => 0,
            len => 1 + len,
        },
        Some(b']' | b'P' | b'X' | b'^' | b'_') if !*endless => {
            let end = memchr::memchr2_iter(0x07, ESCAPE, rest).find_map(|end| match rest[end..] {
                [ESCAPE, b'\\', ..] => Some(end + 2),
                [ESCAPE, ..] => None,
                _ => Some(end + 1),
            });
            *endless = end.is_none();
            end.unwrap_or(0)
        }
        _ => 0,
    }
}

/// The length of a control sequence: parameters, intermediate bytes, one final byte. None where it is none.
fn parameters(rest: &[u8]) -> usize {
    let len = rest.iter().take_while(|byte| matches!(byte, 0x30..=0x3F)).count();
    let len = len + rest[len..].iter().take_while(|byte| matches!(byte, 0x20..=0x2F)).count();
    if matches!(rest.get(len), Some(0x40..=0x7E)) { len + 1 } else { 0 }
}

/// The first character, where it is one.
fn first_char(bytes: &[u8]) -> Option<char> {
    let chunk = bytes[..bytes.len().min(4)].utf8_chunks().next()?;
    chunk.valid().chars().next()
}

/// What a character is made of, without marks.
fn decomposed(c: char, out: &mut [u8; 72]) -> &[u8] {
    let mut len = 0;
    if !is_invisible(c) {
        // The longest decomposition has 18 characters.
        for letter in DecomposingNormalizerBorrowed::new_nfkd().normalize_iter(std::iter::once(c)) {
            if !is_invisible(letter) && len + 4 <= out.len() {
                len += letter.encode_utf8(&mut out[len..]).len();
            }
        }
    }
    &out[..len]
}

/// A text with a sign in place of each character that nobody sees, or that does something to a terminal.
pub(in crate::wire) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_invisible(c) { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    shown
}

/// Whether nobody sees a character, or sees it as a part of the letter before it.
fn is_invisible(c: char) -> bool {
    use GeneralCategory::{
        Control, EnclosingMark, Format, LineSeparator, NonspacingMark, ParagraphSeparator,
    };
    match get_general_category(c) {
        Control | Format | NonspacingMark | EnclosingMark | LineSeparator | ParagraphSeparator => true,
        // Fillers, pictures of control characters, what invalid bytes are replaced by, tags and selectors.
        _ => {
            matches!(c, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{2400}'..='\u{2426}' | '\u{fffd}' | '\u{e0000}'..='\u{e0fff}')
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, escapes: Escapes) -> String {
        let map = Map::identity(text.len());
        let out =
            readable(text.as_bytes(), &map, escapes, Leave::All).map_or_else(|| text.into(), |(out, _)| out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_nobody_sees_is_left_out() {
        for between in [
            "\0",
            "\n",
            "\t",
            "\u{7f}",
            "\u{85}",
            "\u{ad}",
            "\u{200b}",
            "\u{202e}",
            "\u{2066}",
            "\u{feff}",
            "\u{fe0f}",
            "\u{34f}",
            "\u{e0041}",
            "\u{336}",
            "\u{fffd}",
            "\u{2028}",
            "\u{3164}",
            "␀",
            "\u{1b}",
        ] {
            let text = "canary".chars().fold(String::new(), |text, c| text + &c.to_string() + between);
            assert_eq!(read(&text, Escapes::Alone), "canary", "{between:?}");
        }
    }

    #[test]
    fn terminal_commands_are_left_out() {
        for text in [
            "can\u{1b}[31mary",
            "can\u{1b}[1;31;40mary",
            "can\u{9b}0Kary",
            "can\u{1b}]52;c;YWJj\u{7}ary",
            "can\u{1b}]8;;http://a\u{1b}\\ary",
            "can\u{1b}ary",
            "can\u{1b}",
        ] {
            assert_eq!(read(text, Escapes::Sequences), "canary"[..if text.len() < 5 { 3 } else { 6 }]);
        }
        // Without an end it is no command.
        assert_eq!(read("a\u{1b}]b\u{1b}]c", Escapes::Sequences), "a]b]c");
    }

    #[test]
    fn a_letter_has_one_form() {
        assert_eq!(read("ｃａｎａｒｙ！ 𝐜𝑎𝓃 é e\u{301} ﬁ ①", Escapes::Sequences), "canary! can e e fi 1");
        assert_eq!(read("日本 ÿ ß", Escapes::Sequences), "日本 y ß");
    }
}
