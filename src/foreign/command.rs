//! Escapes lines that a CI service would take for commands.
//!
//! GitHub reads `::name::` at the start of a line, and `##[name]` anywhere in it; Azure Pipelines reads `##vso[name]`
//! and TeamCity `##teamcity[name]` anywhere.

use std::borrow::Cow;

/// What stands for the first character of a command, so that it is none.
const COLON: &str = "\\u{3a}";
const HASH: &str = "\\u{23}";

/// The text without commands.
pub(super) fn disarm(text: &str) -> Cow<'_, str> {
    if !text.contains("::") && !text.contains("##") {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for line in text.split_inclusive('\n') {
        let start = line.len() - without_indent(line).len();
        let (indent, mut rest) = line.split_at(start);
        safe.push_str(indent);
        if let Some(after) = rest.strip_prefix(':').filter(|after| after.starts_with(':')) {
            safe.push_str(COLON);
            rest = after;
        }
        safe.push_str(&disarm_brackets(rest));
    }
    Cow::Owned(safe)
}

/// The text without commands that are read anywhere in a line.
pub(super) fn disarm_brackets(text: &str) -> Cow<'_, str> {
    let Some(mut at) = bracket_command(text) else { return Cow::Borrowed(text) };
    let mut safe = String::with_capacity(text.len() + 16);
    let mut rest = text;
    loop {
        safe.extend([&rest[..at], HASH]);
        rest = &rest[at + 1..];
        match bracket_command(rest) {
            Some(next) => at = next,
            None => return Cow::Owned(safe + rest),
        }
    }
}

/// Where the first `##name[` begins.
pub(super) fn bracket_command(text: &str) -> Option<usize> {
    text.match_indices('#').map(|(at, _)| at).find(|at| is_command(&text[*at..]))
}

/// Whether the text begins with `##name[`.
pub(super) fn is_command(text: &str) -> bool {
    text.strip_prefix("##").is_some_and(|name| {
        name.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric()).starts_with('[')
    })
}

/// The line from its first character that is neither white space nor one of our colours.
fn without_indent(mut line: &str) -> &str {
    loop {
        let trimmed = line.trim_start();
        match trimmed.strip_prefix("\u{1b}[").and_then(|colour| colour.split_once('m')) {
            Some((_, rest)) => line = rest,
            None => return trimmed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_command_is_left() {
        for (text, safe) in [
            ("::error::x", r"\u{3a}:error::x"),
            ("a\n \u{a0}\t::stop-commands::x\nb", "a\n \u{a0}\t\\u{3a}:stop-commands::x\nb"),
            ("\u{1b}[1m  \u{1b}[0m::add-mask::a", "\u{1b}[1m  \u{1b}[0m\\u{3a}:add-mask::a"),
            ("a ##vso[task.setvariable]", r"a \u{23}#vso[task.setvariable]"),
            ("##teamcity[x ##teamcity[y", r"\u{23}#teamcity[x \u{23}#teamcity[y"),
            ("##[error]", r"\u{23}#[error]"),
            ("###[error]", r"#\u{23}#[error]"),
        ] {
            assert_eq!(disarm(text), safe);
        }
    }

    #[test]
    fn other_text_stays() {
        for text in ["std::fmt", "a ::b", "## Heading", "C## [x]", ": :", "", "##"] {
            assert_eq!(disarm(text), text);
        }
    }
}
