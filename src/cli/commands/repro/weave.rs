//! Puts the shell's variables where a text has what is another one in each run: tokens, ids, passwords.

use crate::foreign::shell;
use crate::wire::message::encode;

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Variable(String),
}

/// A text that stands for a variable.
#[derive(Debug, Clone)]
pub(super) struct Thread {
    /// What stands in the text.
    pub needle: String,
    /// What comes before and behind the variable.
    pub parts: (String, String),
    /// The variable.
    pub variable: String,
    /// The variable for a request's target, where that has to be encoded.
    pub in_target: Option<String>,
    /// Whether it must stand by itself: between quotes or slashes.
    pub is_bounded: bool,
}

impl Thread {
    /// A text that is replaced wherever it stands; a short one only where it stands by itself.
    pub(super) fn of(needle: &str, variable: &str) -> Self {
        const LONG: usize = 16;
        Self {
            needle: needle.to_owned(),
            parts: (String::new(), String::new()),
            variable: variable.to_owned(),
            in_target: None,
            is_bounded: needle.len() < LONG,
        }
    }

    /// An id, as it is and in the forms that it has in a target.
    pub(super) fn id(id: &str, variable: &str, encoded: &str) -> Vec<Self> {
        let plain = Self { in_target: Some(encoded.to_owned()), ..Self::of(id, variable) };
        let forms = forms(id).map(|form| Self::of(&form, encoded));
        std::iter::once(plain).chain(forms).collect()
    }

    /// A text that is replaced wherever it stands.
    pub(super) fn anywhere(needle: &str, variable: &str) -> Self {
        Self { is_bounded: false, ..Self::of(needle, variable) }
    }
}

/// How an id may stand in the path or the query of a target.
pub(super) fn forms(id: &str) -> [String; 3] {
    [encode::path_segment(id).into_owned(), encode::query_percent(id), encode::query_plus(id)]
}

/// The texts of a script, and what stands for them.
#[derive(Debug, Default)]
pub(super) struct Loom {
    threads: Vec<Thread>,
}

impl Loom {
    /// Adds one. The longest are looked for first.
    pub(super) fn add(&mut self, thread: Thread) {
        if thread.needle.is_empty() || self.threads.iter().any(|other| other.needle == thread.needle) {
            return;
        }
        let place = self.threads.partition_point(|other| other.needle.len() >= thread.needle.len());
        self.threads.insert(place, thread);
    }

    /// A text as one word of a shell.
    pub(super) fn word(&self, text: &str) -> String {
        self.woven(text, false)
    }

    /// The target of a request as one word of a shell.
    pub(super) fn target(&self, target: &str) -> String {
        self.woven(target, true)
    }

    fn woven(&self, text: &str, is_target: bool) -> String {
        let mut word = String::new();
        for piece in self.pieces(text, is_target) {
            match piece {
                Piece::Text(text) => word.push_str(&quoted(&text)),
                Piece::Variable(name) => word.extend(["\"$", &name, "\""]),
            }
        }
        if word.is_empty() { "''".to_owned() } else { word }
    }

    fn pieces(&self, text: &str, is_target: bool) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut at = 0;
        while at < text.len() {
            let found = self.threads.iter().find(|thread| is_at(thread, text, at));
            if let Some(thread) = found {
                plain.push_str(&thread.parts.0);
                if !plain.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                }
                let in_target = thread.in_target.as_ref().filter(|_| is_target);
                pieces.push(Piece::Variable(in_target.unwrap_or(&thread.variable).clone()));
                plain.push_str(&thread.parts.1);
                at += thread.needle.len();
            } else {
                let letter = text[at..].chars().next().unwrap_or_default();
                plain.push(letter);
                at += letter.len_utf8().max(1);
            }
        }
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        pieces
    }
}

fn is_at(thread: &Thread, text: &str, at: usize) -> bool {
    if !text[at..].starts_with(&thread.needle) {
        return false;
    }
    if !thread.is_bounded {
        return true;
    }
    let (before, after) = (&text[..at], &text[at + thread.needle.len()..]);
    let begins = before.is_empty() || before.ends_with(['"', '/']) || before.ends_with("%22");
    let ends = after.is_empty() || after.starts_with(['"', '/', '?', '\\']) || after.starts_with("%22");
    begins && ends
}

/// A text as one word of a shell.
pub(super) fn quoted(text: &str) -> String {
    shell::word(text).as_str().to_owned()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::process::Command;

    use super::*;

    /// What a shell makes of a word.
    fn said(loom: &Loom, text: &str) -> String {
        let script = format!("t=TOKEN; id_1=ID; printf '<%s>' {}", loom.word(text));
        let output = Command::new("sh").args(["-c", &script]).output().unwrap();
        assert!(output.status.success(), "{script}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn loom() -> Loom {
        let mut loom = Loom::default();
        loom.add(Thread::anywhere("k3f92x07", "t"));
        loom.add(Thread::of("7", "id_1"));
        loom
    }

    #[test]
    fn variables_stand_where_the_text_has_what_changes() {
        for (text, wanted) in [
            ("", "<>"),
            ("/Users/7?count=7", "</Users/ID?count=7>"),
            (r#"{"value":"7","n":"17"}"#, r#"<{"value":"ID","n":"17"}>"#),
            (r#"members[value eq \"7\"]"#, r#"<members[value eq \"ID\"]>"#),
            (r#"{"userName":"k3f92x07.ada@example.com"}"#, r#"<{"userName":"TOKEN.ada@example.com"}>"#),
            ("%22k3f92x07-Acme%22", "<%22TOKEN-Acme%22>"),
        ] {
            assert_eq!(said(&loom(), text), wanted);
        }
    }

    #[test]
    fn an_id_is_encoded_in_a_target_and_plain_in_a_body() {
        let mut loom = Loom::default();
        for thread in Thread::id("auth0|7 a", "id_1", "t") {
            loom.add(thread);
        }
        for target in
            ["/Users/auth0%7C7%20a", "/Users/auth0|7 a?count=1", "/Users?filter=id+eq+%22auth0%7C7+a%22"]
        {
            let word = loom.target(target);
            assert!(word.contains("\"$t\"") && !word.contains("auth0"), "{word}");
        }
        assert_eq!(
            said(&loom, r#"{"value":"auth0|7 a","$ref":"../Users/auth0%7C7%20a"}"#),
            r#"<{"value":"ID","$ref":"../Users/TOKEN"}>"#
        );
    }

    #[test]
    fn nothing_in_a_text_is_run() {
        for text in
            ["'", "\"", "$(touch x)", "`touch x`", "${HOME}", "a\nb", "\\", "!!", "\u{1b}[2J", "é", "-n"]
        {
            assert_eq!(said(&loom(), text), format!("<{text}>"), "{text:?}");
            assert_eq!(said(&loom(), &format!("{text}k3f92x07{text}")), format!("<{text}TOKEN{text}>"));
        }
    }
}
