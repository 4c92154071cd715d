//! Base64 and hexadecimal digits: stretches of letters that stand for other ones.

use std::ops::Range;

use super::escapes::hex_byte;

/// How texts are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    /// Base64 in either alphabet (RFC 4648 §4 and §5).
    Base64,
    /// Hexadecimal digits, which are letters of Base64 too.
    Hex,
}

/// What holds eight bytes of a secret in Base64.
const SHORTEST: usize = 11;

/// What holds them in hexadecimal digits.
const SHORTEST_HEX: usize = 16;

/// Fewer bytes are no text.
const SHORTEST_TEXT: usize = 8;

const NONE: u8 = 0xFF;

/// What a letter of Base64 stands for.
const VALUES: [u8; 256] = {
    let mut values = [NONE; 256];
    let mut value = 0;
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    while value < 64 {
        values[letters[value as usize] as usize] = value;
        value += 1;
    }
    values[b'-' as usize] = 62;
    values[b'_' as usize] = 63;
    values
};

/// Whether a byte may be a letter of what is packed.
pub(super) fn is_letter(byte: u8) -> bool {
    VALUES[usize::from(byte)] != NONE
}

/// The next stretch of letters that something may be packed into.
pub(super) fn next(text: &[u8], mut from: usize) -> Option<Range<usize>> {
    let is_other = |byte: &u8| !is_letter(*byte);
    // Whatever holds the letter a whole stretch further on cannot begin before it: most letters are never looked at.
    while let Some(window) = text.get(from..from + SHORTEST) {
        if let Some(other) = window.iter().rposition(is_other) {
            from += other + 1;
            continue;
        }
        let rest = &text[from + SHORTEST..];
        let more = rest.iter().position(is_other).unwrap_or(rest.len());
        return Some(from..from + SHORTEST + more);
    }
    None
}

/// How a stretch may be read so that there is text in it: what stands for a byte may begin at each of the first letters.
pub(super) fn readings(text: &[u8], run: &Range<usize>) -> Vec<(Packing, Range<usize>)> {
    let Range { start, end } = *run;
    let mut readings = Vec::new();
    let offsets = plausible(&text[run.clone()]);
    readings.extend((0..4).filter(|at| offsets[*at]).map(|at| (Packing::Base64, start + at..end)));
    if end - start < SHORTEST_HEX {
        return readings;
    }
    let mut place = start;
    while let Some(window) = text[place..end].get(..SHORTEST_HEX) {
        if let Some(other) = window.iter().rposition(|byte| !byte.is_ascii_hexdigit()) {
            place += other + 1;
            continue;
        }
        let count = text[place..end].iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        readings.extend([place, place + 1].map(|start| (Packing::Hex, start..place + count)));
        place += count;
    }
    readings
}

/// Letters that hold eight bytes of ASCII, all of them.
const ASCII: u32 = 10;

/// Letters that hold eight characters with something else between them.
const MIXED: u32 = 32;

/// Letters that are looked at together.
const BLOCK: usize = 64;

/// At which of four places Base64 may begin, so that there is text in it: eight bytes in a row that are ASCII, or 24 that
/// are shaped like UTF-8. Identifiers are full of stretches that are neither, and this costs less than to decode them: the
/// letters of a block are bits of a number.
fn plausible(letters: &[u8]) -> [bool; 4] {
    const EVERY_FOURTH: u64 = 0x1111_1111_1111_1111;
    let mut found = [false; 4];
    let mut start = 0;
    loop {
        let block = &letters[start..letters.len().min(start + BLOCK)];
        let planes = planes(block);
        let all = if block.len() == BLOCK { u64::MAX } else { (1 << block.len()) - 1 };
        for (offset, found) in (0_u32..).zip(found.iter_mut()) {
            // The first, second and third letter of four each hold the upper bits of a byte.
            let [one, two, three] = [0, 1, 2].map(|place| EVERY_FOURTH.rotate_left(offset + place));
            let upper = planes[5] & one | planes[3] & two | planes[1] & three;
            let next = planes[4] & one | planes[2] & two | planes[0] & three;
            let (lead, follow) = (upper & next, upper & !next);
            let follows = follow >> 1 & (one | two) | follow >> 2 & three;
            let misshapen = lead & !follows | !upper & follows & (one | two | three);
            *found |= has_run(!upper & all, ASCII) || has_run(!misshapen & all, MIXED);
        }
        if block.len() < BLOCK || found == [true; 4] {
            return found;
        }
        // What begins in one block may end in the next one; offsets stay the same.
        start += BLOCK - MIXED as usize;
    }
}

/// The bits of what letters stand for, each over all letters.
fn planes(letters: &[u8]) -> [u64; 6] {
    let mut planes = [0; 6];
    for (place, eight) in letters.chunks(8).enumerate() {
        let mut values = [0; 8];
        values.iter_mut().zip(eight).for_each(|(value, letter)| *value = VALUES[usize::from(*letter)]);
        let values = u64::from_le_bytes(values);
        for (bit, plane) in planes.iter_mut().enumerate() {
            // One bit of each byte, side by side.
            let bits = (values >> bit & 0x0101_0101_0101_0101).wrapping_mul(0x0102_0408_1020_4080) >> 56;
            *plane |= bits << (8 * place);
        }
    }
    planes
}

/// Whether so many bits are set side by side.
fn has_run(bits: u64, len: u32) -> bool {
    let (mut runs, mut have) = (bits, 1);
    while have < len && runs != 0 {
        let more = have.min(len - have);
        runs &= runs >> more;
        have += more;
    }
    runs != 0
}

/// The stretches of what was unpacked that are text. What was not packed gives hardly any.
pub(super) fn texts(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut texts = Vec::new();
    let (mut start, mut place) = (0, 0);
    while place < bytes.len() {
        // Only the shape is looked at: what is no character all the same is passed over as invisible later.
        let more = match bytes[place] {
            ..0x80 => 0,
            0xC2..0xE0 => 1,
            0xE0..0xF0 => 2,
            0xF0..0xF5 => 3,
            _ => usize::MAX,
        };
        let follow = bytes[place + 1..].iter().take(more.min(3)).take_while(|byte| **byte & 0xC0 == 0x80);
        if more == 0 || follow.count() == more {
            place += 1 + more;
            continue;
        }
        if place - start >= SHORTEST_TEXT {
            texts.push(start..place);
        }
        place += 1;
        start = place;
    }
    if place - start >= SHORTEST_TEXT {
        texts.push(start..place);
    }
    texts
}

impl Packing {
    /// What letters stand for.
    pub(super) fn unpack(self, letters: &[u8], out: &mut Vec<u8>) {
        out.clear();
        match self {
            Self::Base64 => {
                let value = |letter: u8| u32::from(VALUES[usize::from(letter)]);
                let (whole, rest) = letters.as_chunks::<4>();
                out.resize(whole.len() * 3, 0);
                let (triples, _) = out.as_chunks_mut::<3>();
                for (triple, [a, b, c, d]) in triples.iter_mut().zip(whole) {
                    let bits = value(*a) << 18 | value(*b) << 12 | value(*c) << 6 | value(*d);
                    let [_, one, two, three] = bits.to_be_bytes();
                    *triple = [one, two, three];
                }
                let bits = rest.iter().fold(0, |bits, letter| bits << 6 | value(*letter));
                match rest.len() {
                    2 => out.extend_from_slice(&(bits >> 4).to_be_bytes()[3..]),
                    3 => out.extend_from_slice(&(bits >> 2).to_be_bytes()[2..]),
                    _ => {}
                }
            }
            Self::Hex => {
                let (pairs, _) = letters.as_chunks::<2>();
                out.extend(pairs.iter().filter_map(|pair| hex_byte(pair)));
            }
        }
    }

    /// The letters that have a part in a range of what they stand for.
    pub(super) fn letters(self, range: &Range<usize>) -> Range<usize> {
        match self {
            Self::Base64 => range.start * 8 / 6..(range.end * 8).div_ceil(6),
            Self::Hex => range.start * 2..range.end * 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

    use super::*;

    #[test]
    fn stretches_are_found_wherever_they_begin() {
        for before in 0..25 {
            let text = format!("{}{} and", " x.".repeat(9).get(..before).unwrap(), "abcdefghijkl");
            let start = text.find("abc").unwrap();
            let start = start - usize::from(text[..start].ends_with('x'));
            assert_eq!(next(text.as_bytes(), 0), Some(start..text.len() - 4), "{text}");
        }
        assert_eq!(next(b"abcdefghij klmnopqrst", 0), None);
        assert_eq!(next(b"", 0), None);
    }

    #[test]
    fn both_alphabets_are_read() {
        let mut out = Vec::new();
        for bytes in [&b"\xff\xfe\xfd canary"[..], b"a", b"ab", b"abc", b"abcd", b""] {
            for text in [STANDARD_NO_PAD.encode(bytes), URL_SAFE_NO_PAD.encode(bytes)] {
                Packing::Base64.unpack(text.as_bytes(), &mut out);
                assert_eq!(out, bytes, "{text}");
                assert_eq!(Packing::Base64.letters(&(0..bytes.len())), 0..text.len());
            }
        }
        Packing::Hex.unpack(b"63416E", &mut out);
        assert_eq!(out, b"cAn");
    }

    #[test]
    fn texts_are_found_between_bytes_that_are_none() {
        assert_eq!(texts(b"\xffcanary-1\xc3canary\x80canary-\xc3\xa9"), [1..9, 17..26]);
        assert!(texts(b"canary\xff").is_empty() && texts(b"").is_empty());
    }

    #[test]
    fn digits_are_read_from_either_of_two() {
        let text = b"xx0123456789abcdef0yy";
        let all = readings(text, &(0..text.len()));
        let all: Vec<_> = all.into_iter().filter(|(packing, _)| *packing == Packing::Hex).collect();
        assert_eq!(all, [(Packing::Hex, 2..19), (Packing::Hex, 3..19)]);
    }

    #[test]
    fn where_text_may_be_in_a_stretch_is_told_without_decoding() {
        let text = "ca\u{200b}na\u{ad}ry\u{200b}-01\u{200b}23\u{200b}45".repeat(3);
        for text in ["canary-0", "canary-0123456789-canary-0123456789-canary-0123456789", &text] {
            for before in 0..70 {
                let bytes = [&vec![0xFF; before], text.as_bytes()].concat();
                let letters = STANDARD_NO_PAD.encode(&bytes);
                assert!(plausible(letters.as_bytes())[0], "{letters}");
                assert!(plausible(format!("xyz{letters}").as_bytes())[3], "{letters}");
            }
        }
        let ids = ["2819c223-7f76-453a-919d-413861904646", "a43dec38-967c-557b-9d7b-99711d1ca120"];
        assert!(ids.iter().all(|id| plausible(id.as_bytes()) == [false; 4]));
        assert!(has_run(0b0111_1100, 5) && !has_run(0b0111_1100, 6) && has_run(u64::MAX, 64));
    }
}
