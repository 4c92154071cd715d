//! Secrets in whatever they may be encoded to, and texts that hold none.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use proptest::prelude::*;

use super::*;
use crate::wire::message::encode;
use crate::wire::redact::secret::Secret;

const TOKEN: &str = r#"cAn"ary+T/o&k\en=~{s3cr3t}"#;

fn finders(secrets: &[&str]) -> Vec<Arc<Finder>> {
    let mut needles = Needles::default();
    for secret in secrets {
        needles.add(&Secret::new(secret));
    }
    needles.finder().into_iter().collect()
}

fn masked(secret: &str, text: &str) -> String {
    mask(text, &finders(&[secret])).into_owned()
}

fn each(text: &str, write: impl Fn(char) -> String) -> String {
    text.chars().map(write).collect()
}

fn bytes(text: &str, write: impl Fn(u8) -> String) -> String {
    text.bytes().map(write).collect()
}

type Way = fn(&str) -> String;

/// Every way to write a text that must not be readable in what is left of it.
fn ways() -> Vec<(&'static str, Way)> {
    fn between(text: &str, what: &str) -> String {
        each(text, |c| format!("{c}{what}"))
    }
    fn utf16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }
    fn wrapped(text: &str, at: usize, line_break: &str) -> String {
        let lines: Vec<&str> = text.as_bytes().chunks(at).map(|l| std::str::from_utf8(l).unwrap()).collect();
        lines.join(line_break)
    }
    fn quoted_printable(text: &str) -> String {
        let letters = bytes(text, |b| match b {
            b' '..=b'~' if b != b'=' => char::from(b).to_string(),
            _ => format!("={b:02X}"),
        });
        // A soft break does not part an escape from its digits.
        let mut out = String::new();
        for (place, c) in letters.char_indices() {
            if place % 11 == 10 && !letters[..place].ends_with('=') && !letters[..place - 1].ends_with('=') {
                out.push_str("=\r\n");
            }
            out.push(c);
        }
        out
    }
    vec![
        ("as it is", str::to_owned),
        ("upper case", str::to_uppercase),
        ("lower case", str::to_lowercase),
        ("JSON", encode::json_string),
        ("JSON, twice", |t| encode::json_string(&encode::json_string(t))),
        ("JSON with slashes", |t| encode::json_string(t).replace('/', r"\/")),
        (r"\u for each letter", |t| each(t, |c| bytes_u(c, "\\u"))),
        (r"\\u for each letter", |t| each(t, |c| bytes_u(c, "\\\\u"))),
        (r"\x", |t| bytes(t, |b| format!("\\x{b:02x}"))),
        (r"\u{}", |t| each(t, |c| format!("\\u{{{:x}}}", u32::from(c)))),
        ("octal", |t| bytes(t, |b| format!("\\{b:03o}"))),
        ("shell", |t| each(t, |c| if c.is_ascii_punctuation() { format!("\\{c}") } else { c.to_string() })),
        ("percent", encode::query_percent),
        ("percent, lower", |t| bytes(t, |b| format!("%{b:02x}"))),
        ("percent, each letter", |t| bytes(t, |b| format!("%{b:02X}"))),
        ("percent, twice", |t| encode::query_percent(&bytes(t, |b| format!("%{b:02X}")))),
        ("query", encode::query_plus),
        ("HTML, few", |t| t.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")),
        ("HTML, decimal", |t| each(t, |c| format!("&#{};", u32::from(c)))),
        ("HTML, hexadecimal", |t| each(t, |c| format!("&#x{:X};", u32::from(c)))),
        ("HTML, zeros", |t| each(t, |c| format!("&#{:07}", u32::from(c)))),
        ("HTML, names", |t| {
            t.replace('&', "&amp;").replace('+', "&plus;").replace('/', "&sol;").replace('{', "&lcub;")
        }),
        ("Base64", |t| STANDARD.encode(t)),
        ("Base64, no padding", |t| STANDARD_NO_PAD.encode(t)),
        ("Base64, URL", |t| URL_SAFE.encode(t)),
        ("Base64, URL, no padding", |t| URL_SAFE_NO_PAD.encode(t)),
        ("Base64 at one", |t| STANDARD.encode(format!("x{t}y"))),
        ("Base64 at two", |t| URL_SAFE.encode(format!("xy{t}yz"))),
        ("Base64, twice", |t| STANDARD.encode(STANDARD.encode(t))),
        ("Base64, twice, at one", |t| STANDARD.encode(format!("x{}", URL_SAFE.encode(format!("ab{t}"))))),
        ("Base64 in lines", |t| wrapped(&STANDARD.encode(format!("{:50}{t}", "")), 76, "\r\n")),
        ("Base64 in lines in JSON", |t| wrapped(&STANDARD.encode(format!("{:50}{t}", "")), 76, "\\n")),
        ("Basic", |t| STANDARD.encode(format!("ada:{t}"))),
        ("hexadecimal", |t| bytes(t, |b| format!("{b:02x}"))),
        ("hexadecimal, upper", |t| bytes(t, |b| format!("{b:02X}"))),
        ("UTF-16", |t| String::from_utf8_lossy(&utf16(t)).into_owned()),
        ("UTF-16 in Base64", |t| STANDARD.encode(utf16(t))),
        ("UTF-16, big, in Base64", |t| {
            STANDARD.encode(t.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>())
        }),
        ("quoted-printable", quoted_printable),
        ("quoted-printable, each", |t| bytes(t, |b| format!("={b:02X}"))),
        ("quoted-printable in JSON", |t| encode::json_string(&quoted_printable(t))),
        ("NUL between", |t| between(t, "\0")),
        ("escape between", |t| between(t, "\u{1b}")),
        ("colour between", |t| between(t, "\u{1b}[31m")),
        ("title between", |t| between(t, "\u{1b}]0;x\u{7}")),
        ("C1 between", |t| between(t, "\u{9b}0m")),
        ("zero width between", |t| between(t, "\u{200b}")),
        ("soft hyphen between", |t| between(t, "\u{ad}")),
        ("direction between", |t| between(t, "\u{202e}")),
        ("line breaks between", |t| between(t, "\r\n")),
        ("mark between", |t| between(t, "\u{336}")),
        (r"\u200b between", |t| between(&encode::json_string(t), "\\u200b").replace("\\\\u200b", "\\")),
        ("full width", |t| {
            each(t, |c| match c {
                '!'..='~' => char::from_u32(u32::from(c) + 0xFEE0).unwrap().to_string(),
                c => c.to_string(),
            })
        }),
    ]
}

fn bytes_u(c: char, before: &str) -> String {
    let mut units = [0; 2];
    let units = c.encode_utf16(&mut units).iter();
    units.fold(String::new(), |text, unit| format!("{text}{before}{unit:04x}"))
}

#[test]
fn no_way_to_write_a_token_hides_it() {
    for (way, write) in ways() {
        for token in
            [TOKEN, "abcdefgh", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"]
        {
            for (before, after) in [("", ""), ("Bearer ", ", twice"), ("\"", "\"}")] {
                let text = format!("{before}{}{after}", write(token));
                let left = masked(token, &text);
                let left = left.strip_prefix(before).and_then(|left| left.strip_suffix(after));
                let left = left.unwrap_or_else(|| panic!("{way}: {text} lost what is around it"));
                // Base64 may hold a letter that belongs to the neighbours alone.
                let around = left.replace(MASK, "");
                let around: String = around.chars().filter(|c| !c.is_control()).collect();
                assert!(left.contains(MASK) && around.len() <= 80, "{way}: {text} became {left}");
                assert!(!way.starts_with("Base64") || token.len() < 10 || around.len() < 75, "{way}: {left}");
            }
        }
    }
}

#[test]
fn short_secrets_are_masked_as_they_are_and_encoded() {
    for text in ["ab/cd", "ab%2Fcd", "ab%2fcd", "61622f6364", &STANDARD.encode("ab/cd"), r"ab\/cd"] {
        assert_eq!(masked("ab/cd", text), MASK, "{text}");
    }
    for text in ["AB/CD", "a\u{200b}b/cd", "ab&sol;cd"] {
        assert_eq!(masked("ab/cd", text), text);
    }
    assert_eq!(masked("abc", "abc"), "abc");
}

#[test]
fn what_is_around_a_secret_stays() {
    let token = "canary-0123456789";
    assert_eq!(masked(token, "a canary-0123456789, b"), "a ***, b");
    assert_eq!(masked(token, "canary-0123456789canary-0123456789"), "***");
    assert_eq!(masked(token, "é%63anary-0123456789é"), "é***é");
    assert_eq!(masked(token, r#"{"a":"\ncanary-0123456789\"","b":1}"#), r#"{"a":"\n***\"","b":1}"#);
    assert_eq!(masked("nightingale", r#"{"a":"\nightingale"}"#), r#"{"a":"***"}"#);
    assert_eq!(masked(r"nightingale\", r#"{"a":"nightingale\\"}"#), r#"{"a":"***"}"#);
    assert_eq!(masked(r"nightingale\", r#"{"a":"nightingale\""}"#), r#"{"a":"***"}"#);
}

#[test]
fn a_token_that_was_cut_is_masked() {
    let token = "canary-0123456789-abcdef";
    for (text, left) in [
        ("refused (Bearer canary-0123…), twice …", "refused (Bearer ***…), twice …"),
        ("refused (canary…)", "refused (canary…)"),
        ("refused (Bearer canary-0123...)", "refused (Bearer ***...)"),
        ("refused: canary-0123", "refused: ***"),
        ("canary-0 was sent", "canary-0 was sent"),
        ("%63anary%2D0123%3…", "***%3…"),
    ] {
        assert_eq!(masked(token, text), left);
    }
    let packed = STANDARD.encode(format!("Bearer {token}"));
    assert!(!masked(token, &format!("{}…", &packed[..30])).contains(&packed[10..20]));
}

/// Nobody waits for a token, however long it and what the endpoint says may be.
#[test]
fn a_long_token_takes_no_longer() {
    let token: String =
        (0..300_000_u32).filter_map(|n| char::from_digit((n.wrapping_mul(n) >> 7) % 36, 36)).collect();
    let finders = finders(&[&token]);
    let text = "GET /Users?filter=userName%20eq%20%22ada%22 answered {\"detail\":\"no\"}\n".repeat(300);
    let start = std::time::Instant::now();
    assert_eq!(mask(&text, &finders), text);
    assert_eq!(mask(&format!("a {token} b"), &finders), "a *** b");
    assert_eq!(mask(&format!("a {} b", STANDARD.encode(&token)), &finders), "a *** b");
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}

/// What is made to take long takes time in proportion.
#[test]
fn what_repeats_itself_takes_no_longer() {
    let again = |text: &str, len: usize| text.repeat(len / text.len());
    let token = again("abababababababac", 40_000);
    let finders = finders(&[&token]);
    let start = std::time::Instant::now();
    for text in [
        "ab",
        "abababababababac",
        "\u{1b}]",
        "%25",
        "&#x",
        "\\u",
        "=4",
        "QUFB",
        "e\u{301}",
        "%2525QUFBQUFBQUFB\\",
    ] {
        let text = again(text, 20_000);
        let _ = mask(&text, &finders);
    }
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

fn coded(depth: u32) -> impl Strategy<Value = (String, Vec<&'static str>)> {
    let all = ways();
    let count = all.len();
    proptest::collection::vec(0..count, 1..=depth as usize).prop_map(move |picked| {
        let all = ways();
        let mut names = Vec::new();
        let text = picked.iter().fold(TOKEN.to_owned(), |text, place| {
            let (name, write) = all[*place];
            // UTF-16 that is no UTF-8 is lost when it is read, packed letters have a case, and some are two already.
            let is_lost = name.starts_with("UTF-16") && !text.is_ascii();
            let is_first = [" case", "in JSON", "twice", "at one", "between", "shell", "full width"]
                .iter()
                .any(|end| name.ends_with(end));
            if is_lost || (is_first && !names.is_empty()) {
                return text;
            }
            names.push(name);
            write(&text)
        });
        (text, names)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_nesting_of_two_hides_a_token((text, ways) in coded(2)) {
        let left = masked(TOKEN, &format!("({text})"));
        prop_assert!(left.contains(MASK), "{ways:?}: {text} became {left}");
    }

    #[test]
    fn a_text_without_a_secret_stays(text in "[ \"-~\\u{0}-\\u{1f}é…\\u{200b}ａ]{0,80}") {
        prop_assert_eq!(masked("canary-0123456789", &text), text);
    }

    #[test]
    fn anything_may_be_masked(text in "\\PC{0,60}", secret in "\\PC{0,20}") {
        let left = masked(&secret, &text);
        prop_assert!(left.len() <= text.len() + 3 * text.len());
    }

    #[test]
    fn what_is_left_of_json_is_json(before in "[ -~]{0,8}", after in "[ -~]{0,8}", secret in "[ -~]{8,12}") {
        let text = serde_json::json!({"detail": format!("{before}{secret}{after}")}).to_string();
        let left = masked(&secret, &text);
        prop_assert!(serde_json::from_str::<serde_json::Value>(&left).is_ok(), "{text} became {left}");
    }
}
