//! What an endpoint says of a refusal, without what differs from one request to the next.

/// What fewer words say fits anything.
const FEWEST_WORDS: usize = 3;

/// A longer word is an id.
const LONGEST_WORD: usize = 40;

/// Reasons that say no more than the status does, without signs. The sentences of RFC 7644 §3.12 are among them.
const GENERIC: [&str; 12] = [
    "an error occurred",
    "an unexpected error",
    "an unknown error",
    "bad request",
    "could not be processed",
    "internal error",
    "internal server error",
    "the request body message structure was invalid",
    "a required value was missing",
    "request is unparsable syntactically incorrect",
    "something went wrong",
    "unable to process",
];

/// The words that an endpoint has for one kind of mistake: without values in quotes, numbers and ids.
pub(crate) fn reason(detail: &str) -> Option<String> {
    let mut outside = String::new();
    let mut quote = None;
    let mut before = ' ';
    for letter in detail.chars() {
        match quote {
            Some(end) if letter == end => quote = None,
            Some(_) => {}
            // An apostrophe stands behind a letter.
            None if matches!(letter, '"' | '`') || (letter == '\'' && !before.is_alphanumeric()) => {
                quote = Some(letter);
                outside.push(' ');
            }
            None => outside.push(letter),
        }
        before = letter;
    }
    let is_word = |word: &&str| {
        !word.is_empty()
            && word.len() <= LONGEST_WORD
            && !word.contains(|c: char| c.is_ascii_digit() || c == '@')
    };
    let words: Vec<String> = outside
        .split_whitespace()
        .map(|word| word.trim_matches(|letter: char| !letter.is_alphanumeric()))
        .filter(is_word)
        .map(str::to_lowercase)
        .collect();
    let reason = words.join(" ");
    let is_specific = words.len() >= FEWEST_WORDS && !GENERIC.iter().any(|generic| reason.contains(generic));
    is_specific.then_some(reason)
}

#[cfg(test)]
mod tests {
    use super::reason;

    #[test]
    fn a_reason_is_what_does_not_differ() {
        for (detail, wanted) in [
            ("Operations[0]: \"Add\" is not an operation: use add", Some("is not an operation use add")),
            ("Operations[3]: \"Remove\" is not an operation: use add", Some("is not an operation use add")),
            ("'nickName' isn't a known attribute", Some("isn't a known attribute")),
            ("no group with 51f1-22 and ada@example.com here", Some("no group with and here")),
            ("Bad Request", None),
            ("Internal Server Error: see the log for details", None),
            ("", None),
            ("invalid value", None),
        ] {
            assert_eq!(reason(detail).as_deref(), wanted, "{detail}");
        }
    }
}
