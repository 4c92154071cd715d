//! What a text may be read as: decoded, decoded again, and what is packed into it.

use std::iter::Peekable;
use std::ops::Range;

use memchr::{Memchr, Memchr3, memchr_iter, memchr3_iter};

use super::escapes::{self, unescape};
use super::letters::{self, Escapes, Leave, next_other, readable};
use super::map::Map;
use super::packed;
use super::quoted;

/// How often each way to decode is tried, one after the other.
const ROUNDS: usize = 4;

/// How deep texts are packed into one another.
const DEPTH: usize = 3;

/// How much is unpacked from a text, as a multiple of its length, and at least. Only what is made for it takes more.
const MOST: usize = 64;
const LEAST: usize = 1 << 20;

/// Which of the ways to decode are taken where they exclude one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Views {
    /// Whether `=` begins an escape, as in quoted-printable.
    quoted: bool,
    escapes: Escapes,
}

/// What was seen in the views.
#[derive(Debug, Default)]
struct Seen {
    /// `=41`, and soft line breaks.
    quoted: bool,
    /// Escape characters of terminals.
    escapes: bool,
}

impl Views {
    const PLAIN: Self = Self { quoted: false, escapes: Escapes::Sequences };

    /// All that there are.
    pub(super) const ALL: [Self; 4] = [
        Self::PLAIN,
        Self { quoted: false, escapes: Escapes::Alone },
        Self { quoted: true, escapes: Escapes::Sequences },
        Self { quoted: true, escapes: Escapes::Alone },
    ];

    /// Whether they show something else than those before them.
    fn add_to(self, seen: &Seen) -> bool {
        self == Self::PLAIN
            || ((seen.quoted || !self.quoted) && (seen.escapes || self.escapes == Escapes::Sequences))
    }
}

/// A way to decode.
#[derive(Debug, Clone, Copy)]
enum Step {
    Breaks,
    Quoted,
    Escapes,
    Letters(Leave),
}

/// Shows a text as it is, and then as it is decoded, again and again.
pub(super) fn each_view(text: &[u8], views: Views, show: &mut dyn FnMut(&[u8], &Map)) {
    use Step::{Breaks, Escapes, Letters, Quoted};
    // What is quoted may be escaped in turn, or the other way round, and lines are broken within either.
    let steps: &[Step] = if views.quoted {
        &[Letters(Leave::AllButLines), Breaks, Quoted, Escapes, Breaks, Quoted, Letters(Leave::All)]
    } else {
        &[Letters(Leave::Nul), Escapes, Letters(Leave::All)]
    };
    let mut map = Map::identity(text.len());
    let mut view: Option<Vec<u8>> = None;
    show(text, &map);
    for _ in 0..ROUNDS {
        let mut same = true;
        for step in steps {
            let input = view.as_deref().unwrap_or(text);
            let decoded = match step {
                Breaks => quoted::join_lines(input, &map),
                Quoted => quoted::unquote(input, &map),
                Escapes => unescape(input, &map),
                Letters(leave) => readable(input, &map, views.escapes, *leave),
            };
            if let Some((bytes, over)) = decoded {
                show(&bytes, &over);
                (view, map, same) = (Some(bytes), over, false);
            }
        }
        if same {
            return;
        }
    }
}

/// Looks at a text in all its views, and at what is packed into it.
pub(super) struct Look<'a> {
    /// Looks at one view, and tells what it found in it.
    find: &'a Find<'a>,
    /// How many more bytes may be unpacked.
    left: usize,
    /// What was found in the text.
    found: Vec<Range<usize>>,
}

/// Finds ranges in a view.
pub(super) type Find<'a> = dyn Fn(&[u8], &mut dyn FnMut(Range<usize>)) + 'a;

/// Leads from ranges of a text to those of the first one.
type Outward<'a> = dyn Fn(Range<usize>) -> Range<usize> + 'a;

impl<'a> Look<'a> {
    /// Finds what `find` finds in a view, wherever it stands in the text.
    pub(super) fn at(text: &[u8], find: &'a Find<'a>) -> Vec<Range<usize>> {
        let mut look = Self::new(text, find);
        look.text(text, 0, &|range| range);
        look.found
    }

    /// Whether [`Self::at`] may find anything that is told for a few letters already: those around what is decoded are
    /// looked at alone.
    ///
    /// `letters` are those of what is looked for.
    pub(super) fn is_worth_it(text: &[u8], find: &'a Find<'a>, letters: &Letters) -> bool {
        let mut look = Self::new(text, find);
        (look.find)(text, &mut |range| look.found.push(range));
        if look.found.is_empty() {
            look.unpack(text, &Map::identity(text.len()), 0, &|range| range);
        }
        if look.found.is_empty() {
            let windows = windows(text, letters);
            if !windows.is_empty() {
                look.text(&windows, 0, &|range| range);
            }
        }
        !look.found.is_empty()
    }

    fn new(text: &[u8], find: &'a Find<'a>) -> Self {
        Self { find, left: text.len().saturating_mul(MOST).max(LEAST), found: Vec::new() }
    }

    /// Looks at a text that was unpacked so many times.
    fn text(&mut self, text: &[u8], depth: usize, outward: &Outward<'_>) {
        let mut seen = Seen::default();
        for views in Views::ALL {
            if !views.add_to(&seen) {
                continue;
            }
            // The views of other ways to decode begin with the text too, which was looked at then.
            let mut is_first = views != Views::PLAIN;
            each_view(text, views, &mut |view, map| {
                if std::mem::take(&mut is_first) {
                    return;
                }
                if depth > 0 {
                    self.left = self.left.saturating_sub(view.len());
                }
                seen.escapes = seen.escapes || memchr::memchr2(0x1B, 0x9B, view).is_some();
                seen.quoted = seen.quoted || quoted::is_in(view);
                (self.find)(view, &mut |range| self.found.push(outward(map.original(&range))));
                if depth < DEPTH {
                    self.unpack(view, map, depth, outward);
                }
            });
        }
    }

    /// Looks into whatever may be packed into a view, unless it stands in the text itself, which was looked into before.
    fn unpack(&mut self, view: &[u8], map: &Map, depth: usize, outward: &Outward<'_>) {
        let mut unpacked = Vec::new();
        let mut from = 0;
        while let Some(run) = packed::next(view, from) {
            from = run.end;
            if map.is_changed() && map.is_copied(&run, view.len()) {
                continue;
            }
            if self.left == 0 {
                // What was not looked into is not shown.
                self.found.push(outward(map.original(&run)));
                continue;
            }
            for (packing, letters) in packed::readings(view, &run) {
                packing.unpack(&view[letters.clone()], &mut unpacked);
                for stretch in packed::texts(&unpacked) {
                    let outward = |range: Range<usize>| {
                        let range = stretch.start + range.start..stretch.start + range.end;
                        let inner = packing.letters(&range);
                        // The bits that were left over, and the padding.
                        let end = if range.end == unpacked.len() {
                            run.end + view[run.end..].iter().take(2).take_while(|b| **b == b'=').count()
                        } else {
                            letters.start + inner.end
                        };
                        outward(map.original(&(letters.start + inner.start..end)))
                    };
                    self.text(&unpacked[stretch.clone()], depth + 1, &outward);
                }
            }
        }
    }
}

/// So many letters around an escape are enough for the beginning of a secret.
const AROUND: usize = 16;

/// What stands around all that may be decoded, without what is between. What may be packed is taken whole.
fn windows(text: &[u8], letters: &Letters) -> Vec<u8> {
    let mut windows = Vec::new();
    let mut done = 0;
    let mut place = 0;
    let mut begins = Begins::of(text);
    // A sequence without an end is looked for once.
    let mut endless = false;
    while let Some(at) = begins.next(place) {
        place = at + 1;
        let Some(len) = decoded_len(&text[at..], letters, &mut endless) else { continue };
        let before = text[done..at.max(done)].iter().rposition(|byte| !packed::is_letter(*byte));
        let start = before.map_or(done, |before| done + before).min(at.saturating_sub(AROUND));
        if start > done {
            // No letter, and nothing that is left out.
            windows.push(b'|');
            done = start;
        }
        place = place.max(at + len);
        let rest = &text[place..];
        let after = rest.iter().position(|byte| !packed::is_letter(*byte)).unwrap_or(rest.len());
        let end = place + after.max(AROUND).min(rest.len());
        if end > done {
            windows.extend_from_slice(&text[done..end]);
            done = end;
        }
    }
    windows
}

/// The places at which something that is decoded may begin.
struct Begins<'t> {
    text: &'t [u8],
    escape: Peekable<Memchr3<'t>>,
    quoted: Peekable<Memchr<'t>>,
    other: Option<usize>,
}

impl<'t> Begins<'t> {
    fn of(text: &'t [u8]) -> Self {
        Self {
            text,
            escape: memchr3_iter(b'%', b'&', b'\\', text).peekable(),
            quoted: memchr_iter(b'=', text).peekable(),
            other: next_other(text),
        }
    }

    /// The first place from one on.
    fn next(&mut self, from: usize) -> Option<usize> {
        while self.escape.next_if(|at| *at < from).is_some() {}
        while self.quoted.next_if(|at| *at < from).is_some() {}
        if self.other.is_some_and(|at| at < from) {
            self.other = next_other(&self.text[from..]).map(|at| from + at);
        }
        [self.escape.peek().copied(), self.quoted.peek().copied(), self.other].into_iter().flatten().min()
    }
}

/// How long what is decoded at the beginning of a text is; nothing where it is not, or stands for what parts words.
fn decoded_len(text: &[u8], letters: &Letters, endless: &mut bool) -> Option<usize> {
    let (len, byte) = match text.first()? {
        b'%' | b'&' | b'\\' => escapes::len(text)?,
        b'=' => quoted::len(text)?,
        _ => return letters::len(text, endless),
    };
    letters.matter(byte).then_some(len)
}

/// The letters of secrets.
#[derive(Debug, Clone)]
pub(super) struct Letters([bool; 256]);

impl Letters {
    /// Those of these texts, in either case.
    pub(super) fn of<'t>(texts: impl Iterator<Item = &'t [u8]>) -> Self {
        let mut all = [false; 256];
        for byte in texts.flatten() {
            all[usize::from(byte.to_ascii_lowercase())] = true;
            all[usize::from(byte.to_ascii_uppercase())] = true;
        }
        Self(all)
    }

    /// Those of both.
    pub(super) fn and(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(one, other)| *one |= other);
    }

    /// Whether a byte may be of a secret, or of what a secret is decoded from.
    fn matter(&self, byte: u8) -> bool {
        let parts = matches!(byte, b' '..=b'~') && !byte.is_ascii_alphanumeric();
        !parts || self.0[usize::from(byte)] || b"%&\\=+/-_#;{}".contains(&byte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_looked_into_any_more_is_not_shown() {
        let nothing = |_: &[u8], _: &mut dyn FnMut(Range<usize>)| {};
        let text = b"see Y2FuYXJ5LTAxMjM0NTY3ODk= there";
        let mut look = Look::new(text, &nothing);
        look.text(text, 0, &|range| range);
        assert!(look.found.is_empty());
        look.left = 0;
        look.text(text, 0, &|range| range);
        assert!(look.found.iter().eq([&(4..27)]));
    }

    #[test]
    fn little_is_looked_at_closely_where_nothing_is_encoded() {
        let letters = Letters::of([&b"canary"[..]].into_iter());
        let text = br#"{"path":"/Users?filter=userName%20eq%20%22ada%22&count=100","detail":"\"no\""}"#;
        assert_eq!(windows(text, &letters), b"");
        let text = br#"{"first":"one","second":"a longer one can%61ry-012345","third":"one"}"#;
        assert_eq!(windows(text, &letters), br#"|a longer one can%61ry-012345","thir"#);
    }
}
