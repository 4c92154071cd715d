//! Percent-encoding, HTML and XML references, backslash escapes.

use memchr::memchr3_iter;

use super::entities;
use super::map::{Decoding, Map};

/// What an escape sequence stands for: a byte or a character.
#[derive(Default)]
struct Meant {
    bytes: [u8; 4],
    len: usize,
}

impl Meant {
    fn byte(byte: u8) -> Self {
        Self { bytes: [byte, 0, 0, 0], len: 1 }
    }

    fn char(c: char) -> Self {
        let mut bytes = [0; 4];
        let len = c.encode_utf8(&mut bytes).len();
        Self { bytes, len }
    }

    /// A character by its number; what is none stands for nothing.
    fn number(number: u32) -> Self {
        char::from_u32(number).map_or_else(Self::default, Self::char)
    }
}

/// Decodes all escape sequences once; nothing where there are none.
pub(super) fn unescape(input: &[u8], over: &Map) -> Option<(Vec<u8>, Map)> {
    let mut decoding = Decoding::of(input, over);
    for start in memchr3_iter(b'%', b'&', b'\\', input) {
        if start < decoding.done() {
            continue;
        }
        if let Some((meant, len)) = escape(&input[start..]) {
            decoding.replace(start..start + len, &meant.bytes[..meant.len]);
        }
    }
    decoding.finish()
}

/// The length of the escape sequence that a text begins with, and the first byte of what it stands for: NUL for nothing.
pub(super) fn len(text: &[u8]) -> Option<(usize, u8)> {
    escape(text).map(|(meant, len)| (len, meant.bytes[0]))
}

/// The escape sequence that a text begins with, and its length.
fn escape(text: &[u8]) -> Option<(Meant, usize)> {
    let (first, rest) = text.split_first()?;
    let (meant, len) = match first {
        b'%' => percent(rest)?,
        b'&' => reference(rest)?,
        _ => backslash(rest)?,
    };
    Some((meant, len + 1))
}

/// `%41`, `%u0041`.
fn percent(rest: &[u8]) -> Option<(Meant, usize)> {
    if let Some(byte) = hex_byte(rest) {
        return Some((Meant::byte(byte), 2));
    }
    matches!(rest.first()?, b'u' | b'U').then_some(())?;
    Some((Meant::number(fixed(&rest[1..], 4)?), 5))
}

/// `&amp;`, `&#65;`, `&#x41;`; browsers take the numbers without the semicolon too.
fn reference(rest: &[u8]) -> Option<(Meant, usize)> {
    if *rest.first()? != b'#' {
        let len = rest.iter().take(entities::LONGEST + 1).position(|byte| *byte == b';')?;
        let meant = entities::named(&rest[..len])?;
        return Some((Meant::char(meant), len + 1));
    }
    let (radix, before) = if matches!(rest.get(1)?, b'x' | b'X') { (16, 2) } else { (10, 1) };
    let digits = &rest[before..];
    let (number, len) = number(digits, radix)?;
    let end = usize::from(digits.get(len) == Some(&b';'));
    Some((Meant::number(number), before + len + end))
}

/// JSON's escapes, and those of shells and programming languages. Another character stands for itself.
fn backslash(rest: &[u8]) -> Option<(Meant, usize)> {
    let meant = match *rest.first()? {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 0x08,
        b'f' => 0x0C,
        b'a' => 0x07,
        b'v' => 0x0B,
        b'e' => 0x1B,
        b'0'..=b'3' if rest.len() >= 3 && rest[1..3].iter().all(|b| matches!(b, b'0'..=b'7')) => {
            let digit = |byte: u8| byte - b'0';
            return Some((Meant::byte(digit(rest[0]) << 6 | digit(rest[1]) << 3 | digit(rest[2])), 3));
        }
        b'0' => 0,
        b'x' | b'u' | b'U' if rest.get(1) == Some(&b'{') => {
            let (number, len) = number(&rest[2..], 16)?;
            return (rest.get(2 + len) == Some(&b'}')).then(|| (Meant::number(number), 3 + len));
        }
        b'x' => return Some((Meant::byte(hex_byte(&rest[1..])?), 3)),
        b'u' => return utf16(rest),
        b'U' => return Some((Meant::number(fixed(&rest[1..], 8)?), 9)),
        other @ b' '..=b'~' => other,
        // What nobody sees escapes nothing, and stands between the backslash and what does.
        _ => return None,
    };
    Some((Meant::byte(meant), 1))
}

/// `u0041`, or two of them that make one character. One half of a pair stands for nothing.
fn utf16(rest: &[u8]) -> Option<(Meant, usize)> {
    let first = fixed(&rest[1..], 4)?;
    if (0xD800..0xDC00).contains(&first)
        && rest.get(5..7) == Some(br"\u")
        && let Some(second @ 0xDC00..=0xDFFF) = fixed(&rest[7..], 4)
    {
        let number = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        return Some((Meant::number(number), 11));
    }
    Some((Meant::number(first), 5))
}

/// As many hexadecimal digits.
fn fixed(digits: &[u8], count: usize) -> Option<u32> {
    digits
        .get(..count)?
        .iter()
        .try_fold(0, |number: u32, digit| Some(number << 4 | char::from(*digit).to_digit(16)?))
}

/// All digits that there are, of which there may be leading zeros; and how many.
fn number(digits: &[u8], radix: u32) -> Option<(u32, usize)> {
    let mut number = 0_u32;
    let mut len = 0;
    while let Some(digit) = digits.get(len).and_then(|digit| char::from(*digit).to_digit(radix)) {
        number = number.saturating_mul(radix).saturating_add(digit);
        len += 1;
    }
    (len > 0).then_some((number, len))
}

/// Two hexadecimal digits.
pub(super) fn hex_byte(digits: &[u8]) -> Option<u8> {
    fixed(digits, 2).and_then(|byte| u8::try_from(byte).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn once(text: &str) -> String {
        let map = Map::identity(text.len());
        let out = unescape(text.as_bytes(), &map).map_or_else(|| text.into(), |(out, _)| out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn each_way_to_escape_is_undone() {
        for (text, meant) in [
            ("%63%41n", "cAn"),
            ("%u0063%U0041", "cA"),
            ("&#99;&#x41;&#X0006e;&#99&#x41", "cAncA"),
            ("&amp;&lt;&quot;&apos;&sol;&commat;&eacute;", "&<\"'/@é"),
            (r#"\u0063\"\\\/\x41\u{6e}\U00000041\101\!\ud83d\ude00"#, "c\"\\/AnAA!😀"),
            (r"\n\t\u001b\0x", "\n\t\u{1b}\0x"),
            (r"a\ud800b", "ab"),
            ("a\\\nb", "a\\\nb"),
            ("a\\\0b", "a\\\0b"),
            ("%2563", "%63"),
            ("100% & more \\", "100% & more \\"),
            ("&nosuch; &#; &#x; %zz %u12 \\x1 \\u12", "&nosuch; &#; &#x; %zz %u12 \\x1 \\u12"),
            ("&#4294967296999;|", "|"),
        ] {
            assert_eq!(once(text), meant, "{text}");
        }
    }
}
