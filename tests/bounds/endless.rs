//! Answers that are made to hurt whoever reads them.

use std::fmt::Write as _;
use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::server::Chunked;

/// What is answered, in a body of 4 MiB where nothing else is said.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Hostility {
    /// `[[[[…`
    DeepLists,
    /// `{"a":{"a":…`
    DeepObjects,
    /// A list of empty lists.
    EmptyLists,
    /// A `ListResponse` of tiny objects.
    TinyObjects,
    /// One object of many attributes.
    ManyAttributes,
    /// One text.
    LongText,
    /// One text of escaped control characters.
    ControlCharacters,
    /// A number of very many digits.
    LongNumber,
    /// Bytes that are no text.
    NoText,
    /// Many small lists and objects in just as much as is gathered.
    JustGathered,
    /// A text that is a hundred times as long when it is decoded.
    GzipBomb,
    /// Compressed parts of nothing, without an end.
    EmptyMembers,
    /// A body without an end.
    Endless,
    /// A body without an end in chunks of one byte.
    TinyChunks,
    /// Headers without an end.
    Headers,
    /// Headers that are just short enough.
    LongHeaders,
}

/// Eight of these at a time, read as most programs read JSON, take half a gigabyte and more.
const LENGTH: usize = 4 * 1024 * 1024;

impl Hostility {
    pub(crate) const ALL: [Self; 16] = [
        Self::DeepLists,
        Self::DeepObjects,
        Self::EmptyLists,
        Self::TinyObjects,
        Self::ManyAttributes,
        Self::LongText,
        Self::ControlCharacters,
        Self::LongNumber,
        Self::NoText,
        Self::JustGathered,
        Self::GzipBomb,
        Self::EmptyMembers,
        Self::Endless,
        Self::TinyChunks,
        Self::Headers,
        Self::LongHeaders,
    ];

    pub(crate) fn answer(self, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::DeepLists => body(out, b"", b"[", LENGTH, b""),
            Self::DeepObjects => body(out, b"", br#"{"a":"#, LENGTH, b""),
            Self::EmptyLists => body(out, br#"{"id":"1","Resources":["#, b"[],", LENGTH, b"[]]}"),
            Self::TinyObjects => body(
                out,
                br#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":9,"Resources":["#,
                br#"{"":0},"#,
                LENGTH,
                b"{}]}",
            ),
            Self::ManyAttributes => {
                let mut out = Chunked::begin(out, 200, "")?;
                out.write_all(b"{")?;
                for number in 0..30 {
                    let mut attributes = String::new();
                    for within in 0..10_000 {
                        let _ = write!(attributes, r#""a{number}-{within}":{{"b":[1]}},"#);
                    }
                    out.write_all(attributes.as_bytes())?;
                }
                out.write_all(br#""id":"1"}"#)?;
                out.end()
            }
            Self::LongText => body(out, br#"{"id":"1","userName":""#, b"x", LENGTH, br#""}"#),
            Self::ControlCharacters => body(out, br#"{"id":"1","userName":""#, br"\u0001", LENGTH, br#""}"#),
            Self::LongNumber => body(out, br#"{"id":"1","userName":"#, b"1", LENGTH, b"}"),
            Self::NoText => body(out, br#"{"id":"1","userName":""#, &[0xFF], LENGTH, br#""}"#),
            Self::JustGathered => {
                body(out, br#"{"id":"1","emails":["#, br#"{"":[]},"#, 250 * 1024, br#"{}],"userName":"a"}"#)
            }
            Self::GzipBomb => {
                let mut out = Chunked::begin(out, 200, "Content-Encoding: gzip\r\n")?;
                let mut encoder = GzEncoder::new(&mut out, Compression::fast());
                let spaces = vec![b' '; 64 * 1024];
                encoder.write_all(b"[")?;
                for _ in 0..1024 {
                    encoder.write_all(&spaces)?;
                }
                encoder.finish()?;
                out.end()
            }
            Self::EmptyMembers => {
                let empty = GzEncoder::new(Vec::new(), Compression::fast()).finish()?;
                let mut out = Chunked::begin(out, 200, "Content-Encoding: gzip\r\n")?;
                let many = empty.repeat(4096);
                loop {
                    out.write_all(&many)?;
                }
            }
            Self::Endless => body(out, b"", b"x", usize::MAX, b""),
            Self::TinyChunks => {
                out.write_all(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n")?;
                // It has to end here: a reader may take its time for each.
                for _ in 0..50_000 {
                    out.write_all(b"1\r\n \r\n")?;
                }
                out.write_all(b"0\r\n\r\n")
            }
            Self::Headers => {
                out.write_all(b"HTTP/1.1 200 X\r\n")?;
                for number in 0_u64.. {
                    write!(out, "X-{number}: {number:0100}\r\n")?;
                }
                Ok(())
            }
            Self::LongHeaders => {
                out.write_all(b"HTTP/1.1 200 X\r\nContent-Length: 2\r\n")?;
                for number in 0..80 {
                    write!(out, "X-{number}: {}\r\n", "x".repeat(4_500))?;
                }
                out.write_all(b"\r\n{}")
            }
        }
    }
}

/// A body of a beginning, many times the same, and an end.
fn body(out: &mut impl Write, begin: &[u8], unit: &[u8], length: usize, end: &[u8]) -> io::Result<()> {
    let mut out = Chunked::begin(out, 200, "")?;
    out.write_all(begin)?;
    let many = unit.repeat(64 * 1024 / unit.len());
    let mut left = length;
    while left > 0 {
        out.write_all(&many)?;
        left = left.saturating_sub(many.len());
    }
    out.write_all(end)?;
    out.end()
}
