//! Finds secrets in texts, however they are encoded, and masks them. A text is decoded again and again, and each time the
//! secrets are looked for in the result, in any letter case and without invisible characters.
//!
//! A map leads back to the range of the text that gives the secret away; that range is masked.
//!
//! May use, of `wire`: `message`, `redact/secret`.

mod entities;
mod escapes;
mod exact;
mod finder;
mod generated;
mod letters;
mod look;
mod map;
mod needles;
mod packed;
mod quoted;
mod spelling;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use self::escapes::unescape;
pub(in crate::wire) use self::finder::Finder;
pub(in crate::wire) use self::letters::visible;
use self::look::Look;
use self::map::Map;
pub(in crate::wire) use self::needles::Needles;

/// What stands where a secret stood.
pub const MASK: &str = "***";

/// The text without the secrets of all these needles, and without generated passwords.
pub(in crate::wire) fn mask<'a>(text: &'a str, needles: &[Arc<Finder>]) -> Cow<'a, str> {
    let worth = |view: &[u8], tell: &mut dyn FnMut(Range<usize>)| {
        generated::find(view, tell);
        if needles.iter().any(|needles| needles.begins_in(view)) {
            tell(0..view.len());
        }
    };
    let find = |view: &[u8], tell: &mut dyn FnMut(Range<usize>)| {
        generated::find(view, tell);
        for needles in needles {
            needles.find(view, tell);
        }
    };
    let is_worth_it = if needles.is_empty() {
        generated::may_be_in(text.as_bytes())
    } else {
        let mut letters = generated::letters();
        for needles in needles {
            letters.and(&needles.letters);
        }
        Look::is_worth_it(text.as_bytes(), &worth, &letters)
    };
    let mut found = if is_worth_it { Look::at(text.as_bytes(), &find) } else { Vec::new() };
    for needles in needles {
        needles.find_exact(text, &mut |range| found.push(range));
    }
    if found.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(replaced(text, found)) }
}

/// The text with the mask in place of each of these ranges.
fn replaced(text: &str, mut found: Vec<Range<usize>>) -> String {
    // Half an escape sequence would be another one: what is left of JSON must be JSON.
    let escapes = unescape(text.as_bytes(), &Map::identity(text.len())).map(|(_, map)| map);
    for range in &mut found {
        if let Some(escapes) = &escapes {
            *range = escapes.widen(range.clone());
        }
        *range = text.floor_char_boundary(range.start)..text.ceil_char_boundary(range.end);
    }
    found.sort_unstable_by_key(|range| range.start);
    let mut masked = String::with_capacity(text.len());
    let mut done = 0;
    let mut found = found.into_iter().peekable();
    while let Some(Range { start, mut end }) = found.next() {
        while let Some(next) = found.next_if(|next| next.start <= end) {
            end = end.max(next.end);
        }
        masked.push_str(&text[done..start]);
        masked.push_str(MASK);
        done = end;
    }
    masked.push_str(&text[done..]);
    masked
}
