//! Decodes `Content-Encoding` (RFC 9110 §8.4.1).

use std::io::{self, BufRead, Read};

use flate2::bufread::{GzDecoder, ZlibDecoder};

/// Parts of one gzip body; `bgzip` writes one for each 64 KiB.
const MOST_MEMBERS: usize = 4096;

/// Parts in a row that hold nothing.
const MOST_EMPTY: usize = 16;

/// A coding that providers ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::wire) enum Coding {
    Gzip,
    Deflate,
}

impl Coding {
    /// The coding of that name; nothing where it is not known here.
    pub(in crate::wire) fn named(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => Some(Self::Gzip),
            "deflate" => Some(Self::Deflate),
            _ => None,
        }
    }

    pub(in crate::wire) fn as_str(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
        }
    }

    /// Reads a body as it was before it was encoded.
    pub(in crate::wire) fn decode<'b>(self, body: impl BufRead + 'b) -> Box<dyn Read + 'b> {
        match self {
            Self::Gzip => {
                Box::new(Members { now: Some(GzDecoder::new(body)), count: 1, empty: 0, holds: false })
            }
            Self::Deflate => Box::new(ZlibDecoder::new(body)),
        }
    }
}

/// A gzip body, which may have several parts. A decoder that takes any number of empty ones would never come back.
struct Members<R> {
    now: Option<GzDecoder<R>>,
    count: usize,
    empty: usize,
    /// Whether the present part holds something.
    holds: bool,
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(decoder) = &mut self.now {
            let read = decoder.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                self.holds = true;
                return Ok(read);
            }
            self.empty = if self.holds { 0 } else { self.empty + 1 };
            let Some(mut rest) = self.now.take().map(GzDecoder::into_inner) else { break };
            if rest.fill_buf()?.is_empty() {
                break;
            }
            if self.empty == MOST_EMPTY || self.count == MOST_MEMBERS {
                return Err(io::Error::other("it has too many gzip members"));
            }
            (self.count, self.holds) = (self.count + 1, false);
            self.now = Some(GzDecoder::new(rest));
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    const TEXT: &[u8] = br#"{"schemas":[],"totalResults":0}"#;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(text: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn decode(coding: &str, body: &[u8]) -> io::Result<Vec<u8>> {
        let mut decoded = Vec::new();
        Coding::named(coding).unwrap().decode(body).read_to_end(&mut decoded)?;
        Ok(decoded)
    }

    #[test]
    fn what_providers_ask_for_is_read() {
        assert_eq!(decode("gzip", &gzip(TEXT)).unwrap(), TEXT);
        assert_eq!(decode(" X-GZIP", &gzip(TEXT)).unwrap(), TEXT);
        assert_eq!(decode("deflate", &zlib(TEXT)).unwrap(), TEXT);
        assert_eq!(Coding::named("br"), None);
    }

    #[test]
    fn several_members_are_one_body() {
        let members = [gzip(b"{\"a\":"), gzip(b""), gzip(b"1}")].concat();
        assert_eq!(decode("gzip", &members).unwrap(), b"{\"a\":1}");
    }

    #[test]
    fn what_is_broken_is_told() {
        let cut = &gzip(TEXT)[..20];
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::default());
        raw.write_all(TEXT).unwrap();
        let raw = raw.finish().unwrap();
        for (coding, body) in [("gzip", cut), ("gzip", TEXT), ("deflate", TEXT), ("deflate", &raw)] {
            assert!(decode(coding, body).is_err(), "{coding}");
        }
    }

    #[test]
    fn empty_members_end_it() {
        let some = gzip(b"").repeat(MOST_EMPTY - 1);
        assert_eq!(decode("gzip", &[some, gzip(TEXT)].concat()).unwrap(), TEXT);
        assert!(decode("gzip", &gzip(b"").repeat(MOST_EMPTY + 1)).is_err());
        assert!(decode("gzip", &gzip(b" ").repeat(MOST_MEMBERS + 1)).is_err());
    }
}
