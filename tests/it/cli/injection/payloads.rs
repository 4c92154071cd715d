//! Text that does harm where it is written raw.

/// Stands in what a payload would have the reader believe.
pub(super) const FORGED: &str = "FORGED";

/// What a line of the report would look like.
pub(super) const FORGED_PASS: &str = "PASS    0.00s  FORGED";

const PAYLOADS: &[&str] = &[
    "\u{1b}]52;c;Rk9SR0VE\u{7}",
    "\u{1b}]52;c;Rk9SR0VE\u{1b}\\",
    "\u{1b}[1A\u{1b}[2K  PASS    0.00s  FORGED",
    "\u{1b}[2J\u{1b}[H",
    "\u{1b}]0;FORGED\u{7}",
    "\u{1b}]8;;http://evil.example\u{1b}\\x\u{1b}]8;;\u{1b}\\",
    "\u{1b}[8mhidden\u{1b}[28m",
    "\u{1b}[7m",
    "\u{1b}c",
    "\u{1b}[?1049h",
    "\u{1b}P$qm\u{1b}\\",
    "\u{1b}_Gi=1;AAAA\u{1b}\\",
    "\u{1b}^private\u{1b}\\",
    "\u{1b}[6n",
    "\u{1b}[c",
    "\u{1b}[21t",
    "\u{1b}(0",
    "\u{9b}2J",
    "\u{9d}52;c;Rk9SR0VE\u{9c}",
    "\u{90}x\u{9c}",
    "\u{85}FORGED",
    "\u{84}\u{8d}",
    "\r  PASS    0.00s  FORGED",
    "\n  PASS    0.00s  FORGED",
    "\r\nFORGED",
    "\nFORGED\n",
    "\u{8}\u{8}\u{8}\u{8}PASS",
    "\u{7f}\u{7f}",
    "a\0b",
    "\u{7}",
    "\u{b}FORGED",
    "\u{c}FORGED",
    "a\tb",
    "\u{e}x\u{f}",
    "\u{5}",
    "\u{202e}dessap",
    "\u{202d}x\u{202c}",
    "\u{202a}x\u{202b}y",
    "\u{2066}x\u{2069}",
    "\u{2067}x\u{2068}y",
    "\u{200e}x\u{200f}",
    "\u{61c}",
    "a\u{200b}da",
    "a\u{200c}da",
    "a\u{200d}da",
    "a\u{2060}da",
    "\u{feff}ada",
    "a\u{ad}da",
    "\u{2028}FORGED",
    "\u{2029}FORGED",
    "\u{e0001}\u{e0041}\u{e007f}",
    "\u{e000}\u{f8ff}",
    "\u{3164}\u{115f}",
    "\u{180e}\u{34f}",
    "\u{fff9}x\u{fffa}y\u{fffb}",
    "Z\u{336}\u{337}\u{338}\u{336}\u{337}\u{338}\u{336}\u{337}\u{338}\u{336}\u{337}\u{338}\u{336}\u{337}\u{338}",
    "\u{fdd0}\u{fffe}",
    "##vso[task.setvariable variable=x]FORGED",
    "\n##vso[task.complete result=Succeeded]FORGED",
    "##teamcity[testFailed name='FORGED']",
    "##[error]FORGED",
    "::error::FORGED",
    "\n::error::FORGED",
    "\n  ::stop-commands::FORGED",
    "\n\u{a0}::add-mask::FORGED",
    "\u{200b}::set-output name=x::FORGED",
    "\n::group::FORGED",
    "]]>",
    "<![CDATA[",
    "</failure></testcase><testcase name=\"FORGED\"/><testcase><failure>",
    "&#27;[2J&amp;&lt;",
    "\" onload=\"x",
    "' ; touch FORGED; '",
    "`touch FORGED`",
    "$(touch FORGED)",
];

/// Payloads, a few at a time: much of what an endpoint says is shown in part.
pub(super) fn batches() -> Vec<String> {
    assert!(PAYLOADS.len() >= 50);
    PAYLOADS.chunks(8).map(<[&str]>::concat).collect()
}

/// Every payload by itself, as far as a file's name or an argument can have it. A backslash is a separator of paths.
pub(super) fn words() -> Vec<String> {
    PAYLOADS.iter().map(|payload| payload.replace(['/', '\\', '\0'], "")).collect()
}

/// A string of YAML and TOML that has a text for its value.
pub(super) fn quoted(text: &str) -> String {
    let escape = |character: char| match u32::from(character) {
        0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e => character.to_string(),
        code => format!("\\U{code:08x}"),
    };
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}
