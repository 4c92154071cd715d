//! Makes a long body fit for reading in a stream: text in UTF-8, no endless strings and numbers, and no more than the
//! limit. Keeps its beginning.

use std::io::{self, Read};

use memchr::{memchr, memchr2};

use super::room::Room;

/// Bytes that are read at a time.
const PIECE: usize = 64 * 1024;

/// Digits of a number in a row.
const MOST_DIGITS: usize = 1024;

/// Lists and objects within each other, as many as the reader of small bodies takes.
const MOST_DEPTH: usize = 127;

/// Why a body was not read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::wire) enum Stop {
    /// It is longer than the limit.
    TooLarge,
    /// It is not what its coding says, or its source broke off.
    Source(String),
}

/// A body in a stream.
#[derive(Debug)]
pub(in crate::wire) struct LongText<R> {
    source: R,
    limit: usize,
    length: usize,
    head: String,
    most_head: usize,
    /// What was read last. It begins with what was no whole character before, at most three bytes.
    piece: Box<[u8]>,
    rest: usize,
    strings: Strings,
    ready: Vec<u8>,
    given: usize,
    ended: bool,
    stop: Option<Stop>,
}

impl<R: Read> LongText<R> {
    /// A body within the room that there is for it.
    pub(in crate::wire) fn new(source: R, room: Room) -> Self {
        Self {
            source,
            limit: room.body,
            length: 0,
            head: String::new(),
            most_head: room.head,
            piece: vec![0; 4 + PIECE].into(),
            rest: 0,
            strings: Strings { most: room.string, ..Strings::default() },
            ready: Vec::new(),
            given: 0,
            ended: false,
            stop: None,
        }
    }

    /// Reads what is left, for its length.
    pub(in crate::wire) fn drain(&mut self) {
        while !self.ended {
            let _ = self.fill(false);
        }
    }

    /// The beginning of the text, the length of all of it, and why it was not read to its end.
    pub(in crate::wire) fn end(self) -> (String, usize, Option<Stop>) {
        (self.head, self.length, self.stop)
    }

    fn fill(&mut self, is_read: bool) -> io::Result<()> {
        (self.given, self.ended) = (0, true);
        self.ready.clear();
        let read = loop {
            match self.source.read(&mut self.piece[self.rest..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        let read = read.map_err(|error| self.stop(Stop::Source(error.to_string())))?;
        self.length += read;
        if self.length > self.limit {
            return Err(self.stop(Stop::TooLarge));
        }
        self.ended = read == 0;
        let filled = self.rest + read;
        let whole = if self.ended { filled } else { filled - unfinished(&self.piece[..filled]) };
        if is_read || self.head.len() < self.most_head {
            let mut piece = std::mem::take(&mut self.piece);
            let taken = self.take_all(&piece[..whole], is_read);
            std::mem::swap(&mut self.piece, &mut piece);
            taken?;
        }
        self.piece.copy_within(whole..filled, 0);
        self.rest = filled - whole;
        Ok(())
    }

    fn take_all(&mut self, bytes: &[u8], is_read: bool) -> io::Result<()> {
        for chunk in bytes.utf8_chunks() {
            self.take(chunk.valid(), is_read)?;
            if !chunk.invalid().is_empty() {
                self.take("\u{fffd}", is_read)?;
            }
        }
        if self.ended {
            self.ready.append(&mut self.strings.escape);
        }
        Ok(())
    }

    fn take(&mut self, text: &str, is_read: bool) -> io::Result<()> {
        if self.head.len() < self.most_head {
            let most = self.most_head - self.head.len();
            self.head.push_str(&text[..text.floor_char_boundary(most)]);
            if text.len() > most {
                self.most_head = self.head.len();
            }
        }
        if is_read { self.strings.take(text, &mut self.ready) } else { Ok(()) }
    }

    fn stop(&mut self, stop: Stop) -> io::Error {
        self.stop = Some(stop);
        io::Error::other("the body ended early")
    }
}

impl<R: Read> Read for LongText<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() && !self.ended {
            self.fill(true)?;
        }
        let read = (&self.ready[self.given..]).read(buffer)?;
        self.given += read;
        Ok(read)
    }
}

/// How many bytes at the end begin a character that goes on.
fn unfinished(bytes: &[u8]) -> usize {
    let tail = &bytes[bytes.len().saturating_sub(3)..];
    let needs = |byte: u8| match byte {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => 1,
    };
    (1..=tail.len()).find(|back| needs(tail[tail.len() - back]) > *back).unwrap_or(0)
}

/// Cuts long strings of a JSON text, and refuses long numbers and deep nesting: its reader holds each of them as a whole.
#[derive(Debug, Default)]
struct Strings {
    /// The longest string that is kept whole.
    most: usize,
    inside: bool,
    /// What was passed on of the present string.
    length: usize,
    cut: bool,
    escape: Vec<u8>,
    /// Whether half of an escaped character was passed on.
    half: bool,
    digits: usize,
    depth: usize,
}

impl Strings {
    fn take(&mut self, text: &str, out: &mut Vec<u8>) -> io::Result<()> {
        let mut rest = text;
        while !rest.is_empty() {
            if !self.inside {
                let end = memchr(b'"', rest.as_bytes()).map_or(rest.len(), |at| at + 1);
                self.measure(&rest.as_bytes()[..end])?;
                out.extend_from_slice(&rest.as_bytes()[..end]);
                self.inside = rest.as_bytes()[end - 1] == b'"';
                (self.length, self.cut, self.half) = (0, false, false);
                rest = &rest[end..];
            } else if !self.escape.is_empty() {
                // An escape is ASCII, or no escape; whoever reads it says so.
                let next = rest.chars().next().map_or(1, char::len_utf8);
                self.escape.extend_from_slice(&rest.as_bytes()[..next]);
                rest = &rest[next..];
                self.end_escape(out);
            } else {
                let end = memchr2(b'"', b'\\', rest.as_bytes()).unwrap_or(rest.len());
                self.plain(&rest[..end], out);
                match rest.as_bytes().get(end) {
                    Some(b'"') => {
                        out.push(b'"');
                        self.inside = false;
                    }
                    Some(_) => self.escape.push(b'\\'),
                    None => {}
                }
                rest = rest.get(end + 1..).unwrap_or_default();
            }
        }
        Ok(())
    }

    fn plain(&mut self, text: &str, out: &mut Vec<u8>) {
        if text.is_empty() {
            return;
        }
        self.half = false;
        self.pass(text.as_bytes(), text.floor_char_boundary(self.most.saturating_sub(self.length)), out);
    }

    fn end_escape(&mut self, out: &mut Vec<u8>) {
        let escape = &self.escape;
        if escape.get(1) == Some(&b'u') && escape.len() < 6 {
            return;
        }
        let escape = std::mem::take(&mut self.escape);
        let fits = self.half || self.length + escape.len() <= self.most;
        self.pass(&escape, if fits { escape.len() } else { 0 }, out);
        self.half = escape[1] == b'u'
            && matches!(&escape[2..4], [b'd' | b'D', b'8' | b'9' | b'a' | b'b' | b'A' | b'B']);
    }

    fn pass(&mut self, text: &[u8], most: usize, out: &mut Vec<u8>) {
        if self.cut {
            return;
        }
        let fits = text.len().min(most);
        out.extend_from_slice(&text[..fits]);
        self.length += fits;
        if fits < text.len() {
            self.cut = true;
            out.extend_from_slice("…".as_bytes());
        }
    }

    /// Looks at what stands between strings.
    fn measure(&mut self, text: &[u8]) -> io::Result<()> {
        for byte in text {
            self.digits = if byte.is_ascii_digit() { self.digits + 1 } else { 0 };
            match byte {
                b'[' | b'{' => self.depth += 1,
                b']' | b'}' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
            if self.digits > MOST_DIGITS || self.depth > MOST_DEPTH {
                return Err(io::Error::other("it is no answer that anybody sends"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    const ROOM: Room = Room { body: usize::MAX, head: 10, string: 100_000, json: 0 };

    /// Gives so many bytes at a time.
    struct Drip<'a>(&'a [u8], usize);

    impl Read for Drip<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = self.1.min(buffer.len());
            self.0.read(&mut buffer[..most])
        }
    }

    fn read(body: &[u8], at_a_time: usize) -> String {
        let mut text = String::new();
        LongText::new(Drip(body, at_a_time), ROOM).read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn a_long_string_is_cut_between_characters() {
        for (unit, escaped) in
            [("x", false), ("é", false), (r"\u0001", true), (r"\ud83d\ude00", true), (r"\n", true)]
        {
            let body = format!("[\"{}\",\"end\"]", unit.repeat(2 * ROOM.string / unit.len()));
            let text = read(body.as_bytes(), 1000);
            assert!(text.len() <= ROOM.string + 40, "{unit}: {}", text.len());
            let value: Value = serde_json::from_str(&text).unwrap();
            assert!(value[0].as_str().unwrap().ends_with('…'), "{unit} {escaped}");
            assert_eq!(value[1], "end");
        }
    }

    #[test]
    fn what_is_larger_than_the_limit_ends_there() {
        let mut body = LongText::new(io::repeat(b' '), Room { body: 1_000_000, ..ROOM });
        body.drain();
        let (head, length, stop) = body.end();
        assert_eq!((head.len(), stop), (10, Some(Stop::TooLarge)));
        assert!(length <= 1_000_000 + PIECE);
    }

    #[test]
    fn a_number_without_end_is_refused() {
        let body = format!("[{}]", "1".repeat(10_000));
        let mut text = String::new();
        assert!(LongText::new(body.as_bytes(), ROOM).read_to_string(&mut text).is_err());
        let many = format!("[{}1]", "1234567890,".repeat(10_000));
        assert_eq!(read(many.as_bytes(), 7), many);
    }

    #[test]
    fn keeps_the_beginning() {
        let mut body = LongText::new("ääää ".as_bytes(), Room { head: 5, ..ROOM });
        body.drain();
        assert_eq!(body.end(), ("ää".to_owned(), 9, None));
    }

    proptest! {
        /// However it comes, the text is the one that is read at once.
        #[test]
        fn pieces_make_the_same_text(
            body in prop::collection::vec(prop_oneof![any::<u8>(), Just(b'"'), Just(b'\\'), Just(0xC3), Just(0x9F)], 0..60),
            at_a_time in 1..9_usize,
        ) {
            prop_assert_eq!(read(&body, at_a_time), String::from_utf8_lossy(&body));
        }

        #[test]
        fn json_stays_what_it_is(text in "\\PC{0,30}", at_a_time in 1..9_usize) {
            let body = serde_json::json!([{&text: text}, [1.5, -3, null, true]]).to_string();
            prop_assert_eq!(read(body.as_bytes(), at_a_time), body);
        }
    }
}
