//! Finds secrets in a text that is decoded as far as it goes.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use super::look::{Letters, Views, each_view};
use super::spelling::{Match, SHORTEST, Spelling};

/// Secrets, ready to be looked for.
#[derive(Debug)]
pub(in crate::wire) struct Finder {
    /// The beginnings of the spellings, of [`SHORTEST`] bytes.
    beginnings: Option<AhoCorasick>,
    /// The spellings of each beginning.
    spellings: Vec<Vec<Spelling>>,
    /// Their letters.
    pub(super) letters: Letters,
    /// Spellings that are looked for as they are.
    exact: Option<AhoCorasick>,
}

impl Finder {
    /// Makes ready for secrets that are looked for in whatever a text may be decoded to, and for texts that are looked for
    /// as they are.
    pub(super) fn new<'a>(secrets: impl Iterator<Item = &'a str>, exact: &[String]) -> Self {
        let mut beginnings: Vec<Vec<u8>> = Vec::new();
        let mut spellings: Vec<Vec<Spelling>> = Vec::new();
        for text in secrets.flat_map(variants) {
            let beginning = text[..SHORTEST].to_vec();
            let place = beginnings.iter().position(|known| *known == beginning).unwrap_or_else(|| {
                beginnings.push(beginning);
                spellings.push(Vec::new());
                spellings.len() - 1
            });
            if spellings[place].iter().all(|known| known.bytes() != text) {
                spellings[place].push(Spelling::new(text));
            }
        }
        let letters = Letters::of(spellings.iter().flatten().map(Spelling::bytes));
        // An automaton that cannot be built is larger than 2 GiB; beginnings are not.
        let beginnings = (!beginnings.is_empty())
            .then(|| AhoCorasick::builder().ascii_case_insensitive(true).build(beginnings).ok())
            .flatten();
        let exact = (!exact.is_empty())
            .then(|| AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(exact).ok())
            .flatten();
        Self { beginnings, spellings, letters, exact }
    }

    /// Tells where the short secrets stand in a text.
    pub(super) fn find_exact(&self, text: &str, tell: &mut dyn FnMut(Range<usize>)) {
        for found in self.exact.iter().flat_map(|exact| exact.find_iter(text)) {
            tell(found.range());
        }
    }

    /// Whether a secret begins in a view.
    pub(super) fn begins_in(&self, view: &[u8]) -> bool {
        self.beginnings.as_ref().is_some_and(|beginnings| beginnings.is_match(view))
    }

    /// Tells where secrets, or the beginnings of secrets that were cut off, stand in one view of a text.
    pub(super) fn find(&self, view: &[u8], tell: &mut dyn FnMut(Range<usize>)) {
        let Some(beginnings) = &self.beginnings else { return };
        let mut matches: Vec<Vec<Match>> = Vec::new();
        for found in beginnings.find_overlapping_iter(view) {
            let place = found.pattern().as_usize();
            if matches.is_empty() {
                let none = |spellings: &Vec<Spelling>| vec![Match::default(); spellings.len()];
                matches = self.spellings.iter().map(none).collect();
            }
            let states = matches[place].iter_mut();
            for (spelling, state) in self.spellings[place].iter().zip(states) {
                let end = spelling.follow(view, found.start(), state);
                if spelling.is_enough(view, found.start()..end) {
                    tell(found.start()..end);
                }
            }
        }
    }
}

/// What a secret may come out as: a text that looks encoded itself is decoded along with what it stands in.
fn variants(secret: &str) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = Vec::new();
    let mut add = |text: &[u8]| {
        let text = text.to_ascii_lowercase();
        let letters = String::from_utf8_lossy(&text).chars().count();
        if letters >= SHORTEST && !all.contains(&text) {
            all.push(text);
        }
    };
    // A form has `+` where there is a space; and another letter case is another escape.
    let cases = [secret.to_owned(), secret.to_ascii_lowercase(), secret.to_ascii_uppercase()];
    let plus = cases.iter().filter(|secret| secret.contains(' ')).map(|secret| secret.replace(' ', "+"));
    for secret in cases.iter().cloned().chain(plus) {
        for views in Views::ALL {
            each_view(secret.as_bytes(), views, &mut |view, _| add(view));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_encoded_itself_is_looked_for_decoded_too() {
        let all = variants("Can%41ry&amp;123");
        for text in ["can%41ry&amp;123", "canary&123"] {
            assert!(all.contains(&text.as_bytes().to_vec()), "{all:?}");
        }
        assert!(variants("%41%42%43").iter().all(|text| text == b"%41%42%43"));
        assert!(variants("short").is_empty());
    }
}
