//! Tells visible characters from invisible ones.

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, Ideographic};
use icu_properties::{CodePointMapData, CodePointSetData};

/// Marks on one letter: no language writes more, and more of them cover the lines around.
const MOST_MARKS: usize = 6;

/// Reads a text, character by character.
#[derive(Debug, Default)]
pub(super) struct Eye {
    /// The letter that marks are put on.
    base: Option<char>,
    marks: usize,
}

impl Eye {
    /// Whether the next character is shown as it is.
    ///
    /// Zero-width joiners are not, even where an emoji or an Indic word is written with one: two names that differ only
    /// in what nobody sees are a common cause of trouble, and a reader has to see it.
    pub(super) fn sees(&mut self, character: char) -> bool {
        let is_seen = if character.is_ascii() { !character.is_ascii_control() } else { is_seen(character) };
        if character.is_ascii() || !is_mark(character) {
            self.base = is_seen.then_some(character);
            self.marks = 0;
            return is_seen;
        }
        let fits = if is_variation_selector(character) {
            self.marks == 0 && self.base.is_some_and(has_variations)
        } else {
            is_seen && self.base.is_some() && self.marks < MOST_MARKS
        };
        self.marks += usize::from(fits);
        fits
    }
}

fn category(character: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(character)
}

fn is_mark(character: char) -> bool {
    matches!(category(character), GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark)
}

fn is_seen(character: char) -> bool {
    use GeneralCategory as Is;
    let has_no_form = matches!(
        category(character),
        Is::Control
            | Is::Format
            | Is::LineSeparator
            | Is::ParagraphSeparator
            | Is::PrivateUse
            | Is::Surrogate
            | Is::Unassigned
    );
    !has_no_form && !CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
}

fn is_variation_selector(character: char) -> bool {
    matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Whether a variation selector after it changes its look, as for `☁️`, `1️⃣` and the ideographs of some names. After a
/// letter it would only hide.
fn has_variations(character: char) -> bool {
    !character.is_alphabetic() && !character.is_whitespace()
        || CodePointSetData::new::<Ideographic>().contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(text: &str) -> Vec<char> {
        let mut eye = Eye::default();
        text.chars().filter(|character| !eye.sees(*character)).collect()
    }

    #[test]
    fn international_text_is_seen() {
        for text in [
            "Zoë Müller-Łukasiewicz",
            "日本 太郎",
            "葛\u{e0100}城",
            "한국어 \u{1112}\u{1161}\u{11ab}",
            "Nguyễn Thị Ệ\u{323}\u{302}",
            "שָׁלוֹם",
            "مُحَمَّد",
            "हिन्दी",
            "👍🏽 🇨🇭 ☁\u{fe0f} 1\u{fe0f}\u{20e3} ‼\u{fe0f}",
            "50\u{a0}% “à la carte” — …",
            "\u{fffd}",
        ] {
            assert!(hidden(text).is_empty(), "{text}: {:?}", hidden(text));
        }
    }

    #[test]
    fn what_nobody_sees_and_what_moves_the_cursor_is_hidden() {
        for character in [
            0x00, 0x07, 0x08, 0x09, 0x0a, 0x0d, 0x1b, 0x7f, 0x80, 0x85, 0x9b, 0x9d, 0x9f, 0xad, 0x34f, 0x61c,
            0x115f, 0x1160, 0x17b4, 0x180b, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029,
            0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2060, 0x2061, 0x2064, 0x2066, 0x2067, 0x2068, 0x2069,
            0x206a, 0x206f, 0x3164, 0xe000, 0xf8ff, 0xfdd0, 0xfeff, 0xffa0, 0xfff9, 0xffff, 0x1_d173,
            0xe_0001, 0xe_0020, 0xe_007f, 0xf_0000, 0x10_ffff,
        ] {
            let character = char::from_u32(character).unwrap();
            assert_eq!(hidden(&format!("a{character}b")), [character]);
        }
    }

    #[test]
    fn marks_are_bounded_and_need_a_letter() {
        let heap = format!("a{}b", "\u{336}".repeat(100));
        assert_eq!(hidden(&heap).len(), 100 - MOST_MARKS);
        assert_eq!(hidden("\u{338}a"), ['\u{338}']);
    }

    #[test]
    fn variation_selectors_do_not_hide_between_letters() {
        assert_eq!(hidden("a\u{fe00}d\u{e0101}"), ['\u{fe00}', '\u{e0101}']);
        assert_eq!(hidden("☁\u{fe0f}\u{fe0f}\u{e0101}"), ['\u{fe0f}', '\u{e0101}']);
    }
}
