//! Escapes text for XML, HTML and Markdown.

use super::command::disarm;
use super::visible;

/// Text with its line breaks that XML 1.0 can carry.
pub(super) fn xml(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(visible::line).collect();
    disarm(&lines.join("\n")).into_owned()
}

/// The text on one line of HTML.
pub(super) fn html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in visible::line(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A code span of Markdown. Its fence is longer than every run of backticks in it.
pub(super) fn code_span(text: &str) -> String {
    let shown = visible::line(text);
    if shown.trim().is_empty() {
        // A span of nothing is none.
        return format!("<code>{shown}</code>");
    }
    let longest = shown.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // One space on either side is taken off again; without it a backtick would join the fence.
    let is_at_edge = |edge: char| shown.starts_with(edge) || shown.ends_with(edge);
    let space = if is_at_edge('`') || is_at_edge(' ') { " " } else { "" };
    format!("{fence}{space}{shown}{space}{fence}")
}

/// A code span in a cell of a table, where a bar ends the cell even within code.
pub(super) fn table_cell(text: &str) -> String {
    code_span(text).replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_text_in_html() {
        assert_eq!(
            html("<img src=x onerror='a()'>&\"\u{202e}\n"),
            r"&lt;img src=x onerror=&#39;a()&#39;&gt;&amp;&quot;\u{202e}\n"
        );
    }

    #[test]
    fn xml_keeps_lines_and_loses_what_it_cannot_carry() {
        assert_eq!(
            xml("a\u{0}\u{1b}[2J\r\nb\u{ffff}]]>\n::error::x"),
            "a\\u{0}\\u{1b}[2J\nb\\u{ffff}]]>\n\\u{3a}:error::x"
        );
    }

    #[test]
    fn markdown_is_code() {
        for (text, span) in [
            ("@all ![x](http://evil.example/x.png) #1", "`@all ![x](http://evil.example/x.png) #1`"),
            ("`x` ``y``", "``` `x` ``y`` ```"),
            ("a\n# b", r"`a\n# b`"),
            (" a ", "`  a  `"),
            ("", "<code></code>"),
        ] {
            assert_eq!(code_span(text), span);
        }
        assert_eq!(table_cell("a|b`|`"), r"`` a\|b`\|` ``");
    }
}
