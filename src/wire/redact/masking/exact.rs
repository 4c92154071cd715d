//! The spellings of a short secret. It is looked for as it is and as it is commonly encoded, no further: ordinary words
//! would go with it.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use data_encoding::HEXLOWER;

use crate::wire::message::encode;

/// Shorter spellings mask ordinary words.
const SHORTEST: usize = 4;

/// The spellings of a secret; none where it is too short.
pub(super) fn spellings(secret: &str) -> Vec<String> {
    if secret.len() < SHORTEST {
        return Vec::new();
    }
    let json = encode::json_string(secret);
    let percent = encode::query_percent(secret);
    // Some encoders escape the slash too; and what is quoted in a message is escaped once more in a report.
    let slashes = json.replace('/', r"\/");
    let mut all = vec![
        secret.to_owned(),
        encode::json_string(&json),
        encode::json_string(&slashes),
        json,
        slashes,
        percent.to_ascii_lowercase(),
        encode::query_plus(secret),
        lower_hex(&percent),
        percent,
    ];
    // Some encode all but letters and digits, which need not be.
    let strict = secret.bytes().fold(String::new(), |strict, byte| {
        if byte.is_ascii_alphanumeric() {
            format!("{strict}{}", char::from(byte))
        } else {
            format!("{strict}%{byte:02X}")
        }
    });
    all.extend([lower_hex(&strict), strict]);
    let hex = HEXLOWER.encode(secret.as_bytes());
    all.extend([hex.to_ascii_uppercase(), hex]);
    all.extend(base64(secret));
    all
}

/// A secret in Base64, also as a part of something longer that is encoded as a whole.
pub(super) fn base64(secret: &str) -> Vec<String> {
    let mut all = Vec::new();
    for engine in [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD] {
        all.push(engine.encode(secret));
    }
    for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
        for before in 0..3 {
            let mut bytes = vec![0; before];
            bytes.extend_from_slice(secret.as_bytes());
            let encoded = engine.encode(&bytes);
            // Six bits a letter: the first and the last ones also depend on the neighbours.
            let (first, last) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
            let inside = encoded.get(first..last).filter(|inside| inside.len() >= 2 * SHORTEST);
            all.extend(inside.map(str::to_owned));
        }
    }
    all
}

/// Percent-encoding with `%2b` for `%2B`.
fn lower_hex(percent: &str) -> String {
    let mut text = String::with_capacity(percent.len());
    let mut hex = 0;
    for letter in percent.chars() {
        text.push(if hex > 0 { letter.to_ascii_lowercase() } else { letter });
        hex = if letter == '%' { 2 } else { u8::saturating_sub(hex, 1) };
    }
    text
}
