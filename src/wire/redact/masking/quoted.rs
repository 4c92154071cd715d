//! Quoted-printable (RFC 2045 §6.7).

use memchr::memchr_iter;

use super::escapes::hex_byte;
use super::map::{Decoding, Map};

/// Joins lines at soft line breaks, which may stand within whatever else is encoded; nothing where there are none.
pub(super) fn join_lines(input: &[u8], over: &Map) -> Option<(Vec<u8>, Map)> {
    let mut decoding = Decoding::of(input, over);
    for start in memchr_iter(b'=', input) {
        if let Some(len) = line_break(&input[start + 1..]) {
            decoding.replace(start..start + 1 + len, b"");
        }
    }
    decoding.finish()
}

/// Decodes `=41`; nothing where there is none.
pub(super) fn unquote(input: &[u8], over: &Map) -> Option<(Vec<u8>, Map)> {
    let mut decoding = Decoding::of(input, over);
    for start in memchr_iter(b'=', input) {
        if let Some(byte) = hex_byte(&input[start + 1..]).filter(|_| start >= decoding.done()) {
            decoding.replace(start..start + 3, &[byte]);
        }
    }
    decoding.finish()
}

/// Whether there is something to decode.
pub(super) fn is_in(view: &[u8]) -> bool {
    memchr_iter(b'=', view).any(|at| len(&view[at..]).is_some())
}

/// A control character is nothing to look for: queries are full of `=10`.
fn is_worth_it(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\r' | b'\n' | 0x1B | b' '..)
}

/// The length of what is decoded at the beginning of a text, and the byte that it stands for: NUL for nothing.
pub(super) fn len(text: &[u8]) -> Option<(usize, u8)> {
    let rest = text.get(1..)?;
    match hex_byte(rest) {
        Some(byte) => is_worth_it(byte).then_some((3, byte)),
        None => line_break(rest).map(|len| (len + 1, 0)),
    }
}

/// The length of a line break, and of the white space that transport may have put before it.
fn line_break(rest: &[u8]) -> Option<usize> {
    let blank = rest.iter().take(8).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    match &rest[blank..] {
        [b'\r', b'\n', ..] => Some(blank + 2),
        [b'\n' | b'\r', ..] => Some(blank + 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_printable_is_undone() {
        let text = "ca=6E=\r\nary=3d=\n=41= \r\n";
        let (joined, map) = join_lines(text.as_bytes(), &Map::identity(text.len())).unwrap();
        assert_eq!(joined, b"ca=6Eary=3d=41");
        assert_eq!(unquote(&joined, &map).unwrap().0, b"canary=A");
        let text = b"a=b == c=";
        assert!(unquote(text, &Map::identity(text.len())).is_none() && !is_in(text));
    }
}
