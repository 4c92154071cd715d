//! Bodies that were made shorter for the way (RFC 9110 §8.4.1).

use std::io::Read as _;

use flate2::read::{MultiGzDecoder, ZlibDecoder};

use super::exchange::TransportError;

/// A body as it was before it was encoded; nothing where that coding is not known here. It may not be longer than `limit`, in
/// bytes.
pub(super) fn decode(coding: &str, body: &[u8], limit: usize) -> Option<Result<Vec<u8>, TransportError>> {
    let mut decoded = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let result = match coding.trim().to_ascii_lowercase().as_str() {
        "gzip" | "x-gzip" => MultiGzDecoder::new(body).take(most).read_to_end(&mut decoded),
        "deflate" => ZlibDecoder::new(body).take(most).read_to_end(&mut decoded),
        _ => return None,
    };
    Some(match result {
        Ok(length) if length > limit => Err(TransportError::TooLarge(limit)),
        Ok(_) => Ok(decoded),
        Err(error) => Err(TransportError::Broken(format!("its body is not {coding}: {error}"))),
    })
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

    #[test]
    fn what_providers_ask_for_is_read() {
        assert_eq!(decode("gzip", &gzip(TEXT), 100).unwrap().unwrap(), TEXT);
        assert_eq!(decode(" X-GZIP", &gzip(TEXT), 100).unwrap().unwrap(), TEXT);
        assert_eq!(decode("deflate", &zlib(TEXT), 100).unwrap().unwrap(), TEXT);
        assert!(decode("br", TEXT, 100).is_none());
    }

    #[test]
    fn several_members_are_one_body() {
        let members = [gzip(b"{\"a\":"), gzip(b"1}")].concat();
        assert_eq!(decode("gzip", &members, 100).unwrap().unwrap(), b"{\"a\":1}");
    }

    #[test]
    fn what_is_broken_is_told() {
        let cut = &gzip(TEXT)[..20];
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::default());
        raw.write_all(TEXT).unwrap();
        let raw = raw.finish().unwrap();
        for (coding, body) in [("gzip", cut), ("gzip", TEXT), ("deflate", TEXT), ("deflate", &raw)] {
            let error = decode(coding, body, 100).unwrap().unwrap_err();
            assert!(matches!(error, TransportError::Broken(_)), "{error}");
            assert!(error.to_string().contains(coding), "{error}");
        }
    }

    #[test]
    fn a_bomb_goes_off_nowhere() {
        let bomb = gzip(&vec![b' '; 10_000_000]);
        assert!(bomb.len() < 20_000);
        assert_eq!(decode("gzip", &bomb, 1000), Some(Err(TransportError::TooLarge(1000))));
        assert_eq!(decode("gzip", &gzip(TEXT), TEXT.len()).unwrap().unwrap(), TEXT);
    }
}
