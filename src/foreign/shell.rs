//! Quotes words of a command that a person copies into a shell.

use std::fmt::Write as _;

use super::character::Eye;
use super::command::{disarm, is_command};
use super::printable::Printable;
use super::visible;

/// A text as one word of a POSIX shell. What no terminal should get stands in it as what `printf` makes of it. A shell
/// has no word with a NUL.
pub fn word(text: &str) -> Printable {
    if shows_as_it_is(text) {
        // Every word here stands behind a command: `a=b` needs no quotes, and URLs stay readable.
        let is_quiet = |byte: u8| byte.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(&byte);
        if !text.is_empty() && text.bytes().all(is_quiet) {
            return Printable::verbatim(text.to_owned());
        }
        if let Ok(quoted) = shlex::try_quote(text) {
            return Printable::verbatim(quoted.into_owned());
        }
    }
    // The shell takes line breaks off the end of what a command prints.
    let inside = text.trim_end_matches('\n');
    let breaks = "'\n'".repeat(text.len() - inside.len());
    Printable::verbatim(format!("\"$(printf {})\"{breaks}", format_of(inside)))
}

/// Several words with a space between them.
pub fn words<'a>(texts: impl IntoIterator<Item = &'a str>) -> Printable {
    let mut line = Printable::default();
    for text in texts {
        if !line.is_empty() {
            line += Printable::ours(" ");
        }
        line += word(text);
    }
    line
}

/// A command that prints a text, to the byte.
pub fn print(text: &str) -> Printable {
    Printable::verbatim(format!("printf {}", format_of(text)))
}

/// Whether a text can stand in a line as it is.
pub fn shows_as_it_is(text: &str) -> bool {
    visible::line(text) == text && disarm(text) == text
}

/// The quoted format of a `printf` that prints a text.
fn format_of(text: &str) -> String {
    let mut eye = Eye::default();
    let mut format = String::from("'");
    for (at, character) in text.char_indices() {
        let is_seen = eye.sees(character) && !is_command(&text[at..]);
        match character {
            '\\' => format.push_str("\\\\"),
            '%' => format.push_str("%%"),
            '\n' => format.push_str("\\n"),
            // It would be an option.
            '-' if at == 0 => format.push_str("\\055"),
            '\'' => format.push_str("\\047"),
            _ if is_seen => format.push(character),
            _ => {
                for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                    // Writing to a `String` cannot fail.
                    let _ = write!(format, "\\{byte:03o}");
                }
            }
        }
    }
    format + "'"
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::process::Command;

    use super::*;

    /// What a shell makes of a line.
    fn run(line: &Printable) -> Vec<u8> {
        Command::new("sh").args(["-c", line.as_str()]).output().unwrap().stdout
    }

    const NASTY: &[&str] = &[
        "plain",
        "",
        " two  words ",
        "o'hara",
        "\"quoted\"",
        "both ' and \"",
        "$HOME `id` $(id) ${x}",
        "!! !x",
        "back\\slash\\",
        "-n",
        "-e",
        "--",
        "%s %d %% %",
        "* ? [a-z] ~ {a,b}",
        "; rm -rf / & | > <",
        "#comment",
        "a=b",
        "line\nbreak",
        "ends with breaks\n\n",
        "\n",
        "\u{1b}]52;c;ZXZpbA==\u{7}",
        "\u{1b}[1A\u{1b}[2K",
        "\r",
        "\t",
        "\u{9b}2J",
        "\u{202e}gnp",
        "\u{200b}-x",
        "-\u{200b}",
        "\\033 \u{1b}",
        "\u{1b}'\u{1b}\"\u{1b}`\u{1b}$x\u{1b}%d",
        "1\u{1b}2",
        "##vso[task.complete]",
        "##teamcity[x]",
        "::error::x",
        "日本 é 👍",
    ];

    #[test]
    fn a_word_is_one_argument_and_the_same_text() {
        for text in NASTY {
            let mut line = Printable::ours("printf '<%s>' ");
            line += word(text);
            assert_eq!(String::from_utf8(run(&line)).unwrap(), format!("<{text}>"), "{line:?}");
        }
    }

    #[test]
    fn a_printed_text_is_the_same_to_the_byte() {
        for text in NASTY.iter().chain(&["a\0b", "\0"]) {
            assert_eq!(run(&print(text)), text.as_bytes(), "{text:?}");
        }
    }

    #[test]
    fn nothing_hides_in_a_word() {
        for text in NASTY {
            let word = word(text);
            assert!(word.as_str().lines().all(shows_as_it_is), "{word:?}");
        }
    }

    #[test]
    fn ordinary_words_stay_ordinary() {
        let line = words(["users/leaver", "two words", "o'hara"]);
        assert_eq!(line.as_str(), "users/leaver 'two words' \"o'hara\"");
    }
}
