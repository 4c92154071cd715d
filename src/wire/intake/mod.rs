//! Takes in the bodies of answers. A small one is gathered; a large one is read by a thread while it comes, so that it is
//! never in memory as a whole.
//!
//! May use, of `wire`: `limits`, `message`.

pub(crate) mod condense;
pub(crate) mod content_coding;
pub(crate) mod long_text;
mod room;
pub(crate) mod wanted;

use std::io::{self, BufReader, Cursor, Read};
use std::panic::resume_unwind;

use hyper::header::{CONTENT_ENCODING, HeaderMap};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};

use super::limits::Limits;
use super::message::exchange::TransportError;
use super::message::request::Request;
use condense::{Condensed, stream};
use content_coding::Coding;
use room::Room;
use wanted::Wanted;

/// The largest body that is gathered.
const MOST_GATHERED: usize = 256 * 1024;

/// How much of the beginning of a larger one is kept as text.
const HEAD: usize = 16 * 1024;

/// What one string may take of the room for JSON: one part of so many.
const STRINGS: usize = 48;

/// Bytes that are handed over at a time, and pieces that may wait.
const PIECE: usize = 64 * 1024;
const WAITING: usize = 2;

/// A body that was taken in.
#[derive(Debug)]
pub(super) enum Body {
    /// All of it, decoded.
    Whole(Vec<u8>),
    /// What is worth keeping of a large one.
    Condensed(Box<Condensed>),
}

/// What is to be done with a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Nothing: it was taken.
    Gathered,
    /// It is to be passed on. Whoever does so boxes that, so that a request with a small answer takes no more room.
    PassOn,
}

/// A body that comes in.
#[derive(Debug)]
pub(super) struct Intake<'r> {
    limits: &'r Limits,
    request: &'r Request,
    coding: Option<Coding>,
    /// What came so far, encoded.
    length: usize,
    /// What is not handed over yet.
    gathered: Vec<u8>,
    reader: Option<Box<Reader>>,
}

/// The thread that reads.
#[derive(Debug)]
struct Reader {
    pieces: mpsc::Sender<Vec<u8>>,
    /// The pieces that were read, to be filled again: what one thread frees, another one's allocator is slow to reuse.
    read: mpsc::UnboundedReceiver<Vec<u8>>,
    thread: JoinHandle<Result<Condensed, TransportError>>,
}

impl<'r> Intake<'r> {
    /// The body of an answer to a request, which says how it is encoded, and may say how long it is.
    pub(super) fn new(
        limits: &'r Limits,
        request: &'r Request,
        headers: &HeaderMap,
        expected: u64,
    ) -> Result<Self, TransportError> {
        let expected = usize::try_from(expected).unwrap_or(usize::MAX);
        if expected > limits.max_body {
            return Err(TransportError::TooLarge(limits.max_body));
        }
        let coding =
            headers.get(CONTENT_ENCODING).filter(|_| request.header_value("accept-encoding").is_some());
        let coding = coding.and_then(|coding| Coding::named(coding.to_str().ok()?));
        let gathered = Vec::with_capacity(expected.min(MOST_GATHERED));
        Ok(Self { limits, request, coding, length: 0, gathered, reader: None })
    }

    /// Takes the next part of a small body. Of a large one, a part is to be passed on.
    pub(super) fn gather(&mut self, part: &[u8]) -> Result<Next, TransportError> {
        self.length += part.len();
        if self.length > self.limits.max_body {
            return Err(TransportError::TooLarge(self.limits.max_body));
        }
        if self.reader.is_none() && self.length <= MOST_GATHERED {
            self.gathered.extend_from_slice(part);
            return Ok(Next::Gathered);
        }
        Ok(Next::PassOn)
    }

    /// Takes the next part of a large body.
    pub(super) async fn pass_on(&mut self, mut rest: &[u8]) -> Result<(), TransportError> {
        if self.reader.is_none() {
            self.start();
            self.hand_over().await?;
        }
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(PIECE - self.gathered.len()));
            self.gathered.extend_from_slice(now);
            rest = later;
            if self.gathered.len() == PIECE {
                self.hand_over().await?;
            }
        }
        Ok(())
    }

    /// A small body, now that all of it came; nothing where it is a large one. Says whether it was decoded.
    pub(super) fn end(&mut self) -> Result<Option<(Body, bool)>, TransportError> {
        if self.reader.is_some() {
            return Ok(None);
        }
        if self.coding.is_none() || self.length == 0 {
            return Ok(Some((Body::Whole(std::mem::take(&mut self.gathered)), false)));
        }
        Ok(self.decode()?.map(|whole| (Body::Whole(whole), true)))
    }

    /// A large body, now that all of it came.
    pub(super) async fn end_large(&mut self) -> Result<(Body, bool), TransportError> {
        if self.reader.is_none() {
            self.start();
        }
        self.hand_over().await?;
        let Some(reader) = self.reader.take() else {
            return Ok((Body::Whole(std::mem::take(&mut self.gathered)), false));
        };
        let Reader { pieces, thread, .. } = *reader;
        drop(pieces);
        Ok((Body::Condensed(Box::new(outcome(thread).await?)), self.coding.is_some()))
    }

    /// A small body, decoded; nothing where it is large then.
    fn decode(&self) -> Result<Option<Vec<u8>>, TransportError> {
        let Some(coding) = self.coding else { return Ok(None) };
        let mut decoded = Vec::new();
        let most = u64::try_from(MOST_GATHERED + 1).unwrap_or(u64::MAX);
        let mut decoder = coding.decode(&*self.gathered).take(most);
        decoder
            .read_to_end(&mut decoded)
            .map_err(|error| TransportError::Broken(not_decoded(coding, &error)))?;
        Ok(Some(decoded).filter(|decoded| decoded.len() <= MOST_GATHERED))
    }

    fn start(&mut self) {
        let (pieces, waiting) = mpsc::channel(WAITING);
        let (give_back, read) = mpsc::unbounded_channel();
        let wanted = Wanted::of(self.request);
        let coding = self.coding;
        let json = self.limits.max_json;
        let room = Room { body: self.limits.max_body, head: HEAD, string: json / STRINGS, json };
        let thread = spawn_blocking(move || {
            let source = Pieces { now: Cursor::default(), waiting, give_back };
            match coding {
                None => stream(source, &wanted, room),
                Some(coding) => {
                    let decoder =
                        Decoder { coding, body: coding.decode(BufReader::with_capacity(PIECE, source)) };
                    stream(decoder, &wanted, room)
                }
            }
        });
        self.reader = Some(Box::new(Reader { pieces, read, thread }));
    }

    async fn hand_over(&mut self) -> Result<(), TransportError> {
        let piece = std::mem::take(&mut self.gathered);
        let Some(reader) = &mut self.reader else { return Ok(()) };
        if piece.is_empty() || reader.pieces.send(piece).await.is_ok() {
            self.gathered = reader.read.try_recv().unwrap_or_else(|_| Vec::with_capacity(PIECE));
            self.gathered.clear();
            return Ok(());
        }
        // It has seen enough.
        let Some(reader) = self.reader.take() else { return Ok(()) };
        let read = outcome(reader.thread).await?;
        Err(TransportError::Broken(format!(
            "there is more data after the end of the body at {} bytes",
            read.length
        )))
    }
}

/// What the thread read. A bug there is a bug here.
async fn outcome(thread: JoinHandle<Result<Condensed, TransportError>>) -> Result<Condensed, TransportError> {
    match thread.await {
        Ok(read) => read,
        Err(error) => match error.try_into_panic() {
            Ok(bug) => resume_unwind(bug),
            Err(error) => Err(TransportError::Broken(error.to_string())),
        },
    }
}

fn not_decoded(coding: Coding, error: &io::Error) -> String {
    format!("its body is not {}: {error}", coding.as_str())
}

/// What was handed over, as one body.
struct Pieces {
    now: Cursor<Vec<u8>>,
    waiting: mpsc::Receiver<Vec<u8>>,
    give_back: mpsc::UnboundedSender<Vec<u8>>,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.now.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            match self.waiting.blocking_recv() {
                Some(piece) => {
                    let read = std::mem::replace(&mut self.now, Cursor::new(piece)).into_inner();
                    // Whoever gave it may be gone.
                    let _ = self.give_back.send(read);
                }
                None => return Ok(0),
            }
        }
    }
}

/// A decoder whose errors say what they are about.
struct Decoder<'b> {
    coding: Coding,
    body: Box<dyn Read + 'b>,
}

impl Read for Decoder<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.body.read(buffer).map_err(|error| io::Error::new(error.kind(), not_decoded(self.coding, &error)))
    }
}
