//! Where the bytes of a decoded text stood in the original one.

use std::ops::Range;

/// Where each byte of a decoded text stood. Stretches that were copied take one piece, however long they are.
#[derive(Debug, Clone, Default)]
pub(super) struct Map(Vec<Piece>);

#[derive(Debug, Clone)]
struct Piece {
    /// Where it begins in the decoded text.
    at: usize,
    /// What it stands for in the original text.
    from: usize,
    to: usize,
    /// Copied byte by byte; otherwise all of its bytes stand for the whole of `from..to`.
    copied: bool,
}

impl Map {
    /// A text that was not decoded.
    pub(super) fn identity(len: usize) -> Self {
        Self(vec![Piece { at: 0, from: 0, to: len, copied: true }])
    }

    /// The original range of a decoded range that is not empty.
    pub(super) fn original(&self, range: &Range<usize>) -> Range<usize> {
        let (Some(first), Some(last)) = (self.piece(range.start), self.piece(range.end - 1)) else {
            return 0..0;
        };
        let start = if first.copied { first.from + range.start - first.at } else { first.from };
        let end = if last.copied { last.from + range.end - last.at } else { last.to };
        start..end
    }

    /// Whether a range and its neighbours were copied, so that the same range stands in the original text too.
    pub(super) fn is_copied(&self, range: &Range<usize>, len: usize) -> bool {
        let before = range.start.saturating_sub(1);
        let after = range.end.min(len.saturating_sub(1));
        self.piece(before).is_some_and(|piece| {
            piece.copied && after - piece.at < piece.to - piece.from && before >= piece.at
        })
    }

    /// Whether any of it was decoded.
    pub(super) fn is_changed(&self) -> bool {
        self.0.len() != 1 || self.0.first().is_some_and(|piece| !piece.copied || piece.from > 0)
    }

    /// Widens an original range that begins or ends inside an escape sequence.
    pub(super) fn widen(&self, range: Range<usize>) -> Range<usize> {
        let around = |place: usize| {
            let next = self.0.partition_point(|piece| piece.from < place);
            self.0.get(next.checked_sub(1)?).filter(|piece| !piece.copied && place < piece.to)
        };
        let start = around(range.start).map_or(range.start, |piece| piece.from);
        let end = around(range.end).map_or(range.end, |piece| piece.to);
        start..end
    }

    fn piece(&self, at: usize) -> Option<&Piece> {
        let next = self.0.partition_point(|piece| piece.at <= at);
        self.0.get(next.checked_sub(1)?)
    }

    fn push(&mut self, piece: Piece) {
        if let Some(last) = self.0.last_mut()
            && last.copied
            && piece.copied
            && last.to == piece.from
        {
            last.to = piece.to;
            return;
        }
        self.0.push(piece);
    }
}

/// A decoded text that is being written.
pub(super) struct Decoding<'a> {
    input: &'a [u8],
    over: &'a Map,
    /// How much of the input is through.
    done: usize,
    /// The piece of `over` that it has come to.
    piece: usize,
    out: Vec<u8>,
    map: Map,
    changed: bool,
}

impl<'a> Decoding<'a> {
    /// Decodes a text that may be a decoded one itself.
    pub(super) fn of(input: &'a [u8], over: &'a Map) -> Self {
        Self { input, over, done: 0, piece: 0, out: Vec::new(), map: Map::default(), changed: false }
    }

    /// How much of the input is through.
    pub(super) fn done(&self) -> usize {
        self.done
    }

    /// Writes `bytes` where `range` stood, and what is before it as it is.
    pub(super) fn replace(&mut self, range: Range<usize>, bytes: &[u8]) {
        if !self.changed {
            self.changed = true;
            self.out.reserve(self.input.len());
        }
        self.copy(range.start);
        if !bytes.is_empty() {
            let Range { start: from, end: to } = self.over.original(&range);
            self.map.push(Piece { at: self.out.len(), from, to, copied: false });
            self.out.extend_from_slice(bytes);
        }
        self.done = range.end;
    }

    /// The decoded text; nothing where it is the same.
    pub(super) fn finish(mut self) -> Option<(Vec<u8>, Map)> {
        if !self.changed {
            return None;
        }
        self.copy(self.input.len());
        Some((self.out, self.map))
    }

    fn copy(&mut self, to: usize) {
        while self.done < to {
            let pieces = &self.over.0;
            while pieces.get(self.piece + 1).is_some_and(|next| next.at <= self.done) {
                self.piece += 1;
            }
            let Some(piece) = pieces.get(self.piece) else { return };
            let end = pieces.get(self.piece + 1).map_or(to, |next| next.at.min(to));
            let (from, until) = if piece.copied {
                let from = piece.from + self.done - piece.at;
                (from, from + end - self.done)
            } else {
                (piece.from, piece.to)
            };
            self.map.push(Piece { at: self.out.len(), from, to: until, copied: piece.copied });
            self.out.extend_from_slice(&self.input[self.done..end]);
            self.done = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_lead_back_through_two_decodings() {
        let text = b"ab%25XXcd";
        let identity = Map::identity(text.len());
        let mut first = Decoding::of(text, &identity);
        first.replace(2..5, b"%");
        let (once, map) = first.finish().unwrap();
        assert_eq!(once, b"ab%XXcd");
        assert_eq!(map.original(&(2..3)), 2..5);
        let mut second = Decoding::of(&once, &map);
        second.replace(2..5, b"!");
        let (twice, map) = second.finish().unwrap();
        assert_eq!(twice, b"ab!cd");
        assert_eq!(map.original(&(2..3)), 2..7);
        assert_eq!(map.original(&(1..4)), 1..8);
        assert_eq!(map.original(&(3..5)), 7..9);
    }

    #[test]
    fn what_was_dropped_goes_with_what_is_around_it() {
        let text = b"a--b";
        let identity = Map::identity(text.len());
        let mut step = Decoding::of(text, &identity);
        step.replace(1..3, b"");
        let (out, map) = step.finish().unwrap();
        assert_eq!(out, b"ab");
        assert_eq!(map.original(&(0..2)), 0..4);
        assert_eq!(map.original(&(0..1)), 0..1);
    }

    #[test]
    fn a_range_does_not_cut_through_an_escape() {
        let text = br#"x\"y"#;
        let identity = Map::identity(text.len());
        let mut step = Decoding::of(text, &identity);
        step.replace(1..3, b"\"");
        let (_, map) = step.finish().unwrap();
        assert_eq!(map.widen(0..2), 0..3);
        assert_eq!(map.widen(2..4), 1..4);
        assert_eq!(map.widen(1..3), 1..3);
        assert_eq!(map.widen(0..1), 0..1);
    }

    #[test]
    fn a_stretch_beside_a_change_is_not_a_copy() {
        let text = b"abc%41def";
        let identity = Map::identity(text.len());
        let mut step = Decoding::of(text, &identity);
        step.replace(3..6, b"A");
        let (out, map) = step.finish().unwrap();
        assert!(map.is_copied(&(0..2), out.len()));
        assert!(!map.is_copied(&(0..3), out.len()));
        assert!(!map.is_copied(&(4..7), out.len()));
        assert!(map.is_copied(&(5..7), out.len()));
        assert!(identity.is_copied(&(0..9), 9));
    }
}
