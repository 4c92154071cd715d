//! Generated passwords: they are known by what each begins with, of which there are as many as people.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use memchr::memchr_iter;

use super::look::Letters;

/// What every generated password begins with, in lower case.
const START: &[u8] = b"x7!q";

/// Hexadecimal digits after it.
const DIGITS: usize = 12;

/// Digits that are needed in a text that was decoded: what it begins with alone may be anything.
const ENOUGH: usize = 4;

/// What they are made of.
pub(super) fn letters() -> Letters {
    Letters::of([START, b"0123456789abcdef"].into_iter())
}

/// Whether a text may hold one, as it is or encoded once. Where no other secret is looked for, the endpoint is the run's own
/// and its passwords are made from a seed that everybody knows: what is hidden deeper need not be found.
pub(super) fn may_be_in(text: &[u8]) -> bool {
    static SIGNS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        let mut signs: Vec<String> = [
            "x7!Q",
            "X7!Q",
            "x7!q",
            "x7%21Q",
            "x7%2521Q",
            r"x7\u0021Q",
            r"x7\\u0021Q",
            "x7&#33;Q",
            "x7&excl;Q",
            "x7=21Q",
            "78372151",
        ]
        .map(str::to_owned)
        .to_vec();
        // The letters of Base64 that the beginning alone decides, after so many bytes of something else.
        for before in 0..3 {
            let encoded = STANDARD_NO_PAD.encode([&[0; 2][..before], b"x7!Q"].concat());
            let (first, last) = ((before * 8).div_ceil(6), (before + START.len()) * 8 / 6);
            signs.extend(encoded.get(first..last).map(str::to_owned));
        }
        // Of this kind, several are looked for at once by the processor's wide instructions.
        AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(signs).ok()
    });
    SIGNS.as_ref().is_none_or(|signs| signs.is_match(text))
}

/// Tells where generated passwords stand in a view of a text, whoever's they are.
pub(super) fn find(view: &[u8], tell: &mut dyn FnMut(Range<usize>)) {
    for sign in memchr_iter(b'!', view) {
        let Some(start) = sign.checked_sub(2) else { continue };
        let Some(beginning) = view.get(start..start + START.len()) else { continue };
        if !beginning.eq_ignore_ascii_case(START) {
            continue;
        }
        let rest = &view[start + START.len()..];
        let digits = rest.iter().take(DIGITS).take_while(|byte| byte.is_ascii_hexdigit()).count();
        let as_it_is = beginning == b"x7!Q" && digits > 0;
        if digits >= ENOUGH || as_it_is {
            tell(start..start + START.len() + digits);
        }
    }
}
