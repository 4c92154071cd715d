//! The figures, and the page that they stand on.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use jiff::Timestamp;

/// What was measured. A time is in ms, memory in KiB, a ratio with its spread.
#[derive(Default)]
pub(crate) struct Figures {
    pub(crate) requests: usize,
    pub(crate) one_ms: Option<f64>,
    pub(crate) one_hurl: Option<(f64, f64, (f64, f64))>,
    pub(crate) suite_ms: Option<f64>,
    pub(crate) suite_hurl: Option<(f64, f64, (f64, f64))>,
    pub(crate) peak_few: Option<u64>,
    pub(crate) peak_long: Option<u64>,
    pub(crate) peak_many: Option<u64>,
    pub(crate) peak_bundled: Option<u64>,
    pub(crate) hurl_peak: Option<u64>,
    pub(crate) bundled_ms: Option<f64>,
    pub(crate) version: Option<(f64, f64, (f64, f64))>,
}

/// The figures as a table.
pub(crate) fn table(figures: &Figures) -> String {
    let mut rows: Vec<[String; 4]> = Vec::new();
    let mut row = |what: &str, goal: &str, ratio: String, detail: String| {
        rows.push([what.to_owned(), goal.to_owned(), ratio, detail]);
    };
    let absent = || "Hurl was not there".to_owned();
    let ms = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{value:.1} ms"));
    let mib = |kib: u64| format!("{:.1} MiB", f64::from(u32::try_from(kib).unwrap_or(u32::MAX)) / 1_024.0);
    let (ratio, detail) = match figures.one_hurl {
        None => (absent(), ms(figures.one_ms)),
        Some((theirs, ratio, (least, most))) => (
            format!("**{:.2}** ({:.2}–{:.2})", 1.0 / ratio, 1.0 / most, 1.0 / least),
            format!("{}, Hurl {theirs:.1} ms", ms(figures.one_ms)),
        ),
    };
    row("one scenario, start to exit: time / Hurl's", "≤ 0.5, ≤ 5 ms", ratio, detail);
    let (ratio, detail) = match figures.suite_hurl {
        None => (absent(), ms(figures.suite_ms)),
        Some((theirs, ratio, (least, most))) => (
            format!("**{ratio:.2}** ({least:.2}–{most:.2})"),
            format!("{}, Hurl {theirs:.1} ms; {} requests", ms(figures.suite_ms), figures.requests),
        ),
    };
    row("250 scenarios, 8 jobs: Hurl's time / time", "≥ 3", ratio, detail);
    if let (Some(few), Some(long)) = (figures.peak_few, figures.peak_long) {
        row(
            "peak memory, 100,000 requests (1,670 × 60) / 1,000 (167 × 6)",
            "≤ 1.2",
            format!("**{}**", quotient(long, few)),
            format!("{} / {}", mib(long), mib(few)),
        );
    }
    if let (Some(few), Some(many)) = (figures.peak_few, figures.peak_many) {
        row(
            "peak memory, 100,000 requests (16,700 × 6) / 1,000 (167 × 6)",
            "≤ 1.2",
            format!("**{}**", quotient(many, few)),
            format!("{} / {}", mib(many), mib(few)),
        );
    }
    if let Some(peak) = figures.peak_bundled {
        row("peak memory, all bundled scenarios", "< 30 MiB", "–".to_owned(), mib(peak));
    }
    if let (Some(few), Some(hurl)) = (figures.peak_few, figures.hurl_peak) {
        row("peak memory, 1,000 requests / Hurl's", "–", quotient(few, hurl), format!("Hurl {}", mib(hurl)));
    }
    row("all bundled scenarios, embedded endpoint", "–", "–".to_owned(), ms(figures.bundled_ms));
    if let Some((took, ratio, (least, most))) = figures.version {
        row(
            "`scimsnap --version` / `true`",
            "–",
            format!("{ratio:.2} ({least:.2}–{most:.2})"),
            format!("{took:.1} ms"),
        );
    }
    let mut text = String::from("| | goal | median ratio (least–most) | medians |\n|---|---|---|---|\n");
    for row in rows {
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
    text
}

fn quotient(a: u64, b: u64) -> String {
    let exact = |kib: u64| f64::from(u32::try_from(kib).unwrap_or(u32::MAX));
    format!("{:.2}", exact(a) / exact(b))
}

const BEGIN: &str = "<!-- figures -->\n";
const END: &str = "<!-- end of figures -->";

/// Puts the figures between the page's marks.
pub(crate) fn write(path: &Path, table: &str, now: Timestamp) -> io::Result<()> {
    let page = fs::read_to_string(path)?;
    let marks = page.split_once(BEGIN).and_then(|(head, rest)| Some((head, rest.split_once(END)?.1)));
    let (head, tail) = marks.ok_or_else(|| io::Error::other("docs/performance.md has lost its marks"))?;
    let date = now.strftime("%Y-%m-%d");
    fs::write(path, format!("{head}{BEGIN}Taken on {date}, {}.\n\n{table}{END}{tail}", machine()))
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kib = memory.lines().find_map(|line| line.strip_prefix("MemTotal:")?.split_whitespace().next());
    let gib = kib.and_then(|kib| kib.parse::<u64>().ok()).map(|kib| kib.div_ceil(1 << 20));
    let gib = gib.map(|gib| format!(", {gib} GiB")).unwrap_or_default();
    format!("{} with {cores} cores{gib}, shared with other work", std::env::consts::OS)
}
