//! One spelling of a secret, and how far a text follows it.

use std::ops::Range;

/// Secrets of fewer characters are looked for in common encodings only: in all that a text may be decoded to, in any letter
/// case, ordinary words would go with them.
pub(super) const SHORTEST: usize = 8;

/// A beginning of so many bytes is a secret's wherever it stands: a text may be cut without saying so.
const ENOUGH: usize = 16;

/// So many letters are no ordinary word.
const LONG_WORD: usize = 12;

/// What stands where a text was cut.
const CUTS: [&[u8]; 8] =
    [b"...", "…".as_bytes(), b"..", b"[...", b"(...", "[…".as_bytes(), "(…".as_bytes(), b"[truncated"];

/// A secret in lower case, with what makes following it take time in proportion to the text.
#[derive(Debug)]
pub(super) struct Spelling {
    bytes: Vec<u8>,
    /// How far the spelling from each of its places on is like its own beginning (the Z-array of the Z-algorithm).
    like: Vec<usize>,
}

/// How far a text is known to follow a spelling.
#[derive(Debug, Clone, Default)]
pub(super) struct Match {
    start: usize,
    end: usize,
}

impl Spelling {
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        let mut like = vec![bytes.len(); bytes.len()];
        let (mut start, mut end) = (0, 0);
        for place in 1..bytes.len() {
            let known = if place < end { like[place - start].min(end - place) } else { 0 };
            let more = common(&bytes[known..], &bytes[place + known..]);
            like[place] = known + more;
            if place + like[place] > end {
                (start, end) = (place, place + like[place]);
            }
        }
        Self { bytes, like }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where a text that begins like the spelling at a place stops to. Places are asked for in order.
    pub(super) fn follow(&self, text: &[u8], place: usize, state: &mut Match) -> usize {
        let known = match self.like.get(place.saturating_sub(state.start)) {
            Some(like) if place < state.end && place > state.start => (*like).min(state.end - place),
            _ => 0,
        };
        let end = place + known + common(&self.bytes[known..], &text[place + known..]);
        if end > state.end {
            *state = Match { start: place, end };
        }
        end
    }

    /// Whether a stretch that begins like the spelling gives the secret away: all of it, much of it, or as much as fitted
    /// where the text was cut.
    pub(super) fn is_enough(&self, text: &[u8], range: Range<usize>) -> bool {
        let len = range.len();
        if len == self.bytes.len() || len >= ENOUGH {
            return true;
        }
        let rest = text[range.end..].trim_ascii_start();
        if rest.is_empty() {
            // A text may end with an ordinary word that a password begins with.
            return len >= LONG_WORD || text[range].iter().any(|byte| !byte.is_ascii_alphabetic());
        }
        CUTS.iter().any(|cut| without_half(rest).starts_with(cut)) && len >= SHORTEST
    }
}

/// What follows an escape sequence that was cut in the middle.
fn without_half(rest: &[u8]) -> &[u8] {
    match rest {
        [b'%' | b'\\' | b'&' | b'=', after @ ..] => {
            let half = after.iter().take(6).take_while(|b| b.is_ascii_alphanumeric() || **b == b'#').count();
            after[half..].trim_ascii_start()
        }
        _ => rest,
    }
}

/// How many bytes are the same, whatever the case of the second ones.
fn common(lower: &[u8], text: &[u8]) -> usize {
    lower.iter().zip(text).take_while(|(lower, byte)| **lower == byte.to_ascii_lowercase()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How far a text follows a spelling, the slow way.
    fn slowly(spelling: &[u8], text: &[u8], place: usize) -> usize {
        place + common(spelling, &text[place..])
    }

    #[test]
    fn following_is_right_where_a_spelling_repeats_itself() {
        let spelling = Spelling::new(b"abaabab".to_vec());
        let text = b"abaababaabaabababaabABAABAB";
        let mut state = Match::default();
        for place in 0..text.len() {
            assert_eq!(
                spelling.follow(text, place, &mut state),
                slowly(spelling.bytes(), text, place),
                "at {place}"
            );
        }
    }

    #[test]
    fn a_beginning_is_enough_where_the_text_was_cut() {
        let spelling = Spelling::new(b"canary-0123456789-abcdef".to_vec());
        for (text, enough) in [
            ("canary-0 is", false),
            ("canary-0", true),
            ("canary-0…", true),
            ("canary-0 …", true),
            ("canary-0...", true),
            ("canary-0 [truncated]", true),
            ("canary-0%2…", true),
            ("canary-0.", false),
            ("canary-012345678 is", true),
        ] {
            let end = slowly(spelling.bytes(), text.as_bytes(), 0);
            assert_eq!(spelling.is_enough(text.as_bytes(), 0..end), enough, "{text}");
        }
        let word = Spelling::new(b"password123".to_vec());
        assert!(!word.is_enough(b"the password", 4..12));
    }
}
