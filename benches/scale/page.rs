//! The figures as tables, and the page that they stand on.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use jiff::Timestamp;

use super::Figures;

/// Memory and costs by the number of customers.
pub(crate) fn growth(sizes: &[Figures]) -> String {
    let of = |figures: &Figures, name: &str| figures.get(name).copied().unwrap_or(f64::NAN);
    let each = |show: &dyn Fn(&Figures) -> String| -> String {
        sizes.iter().map(show).collect::<Vec<_>>().join(" | ")
    };
    let mut text =
        format!("| customers | goal | {} | most / least |\n", each(&|size| thousands(of(size, "customers"))));
    let _ = writeln!(text, "|---|---|{}---|", "---|".repeat(sizes.len()));
    let _ =
        writeln!(text, "| organizations | – | {} | – |", each(&|size| thousands(of(size, "organizations"))));
    let bytes = |size: &Figures| of(size, "bytes") / of(size, "customers");
    let _ = writeln!(
        text,
        "| bytes a customer, its 20 memberships included | ≤ 1,610 | {} | {} |",
        each(&|size| thousands(bytes(size))),
        spread(sizes.iter().map(bytes)),
    );
    let gib = |size: &Figures| of(size, "resident") / f64::from(1 << 30);
    let _ = writeln!(
        text,
        "| whole process without the benchmark's ids, GiB | ≤ 1.5 | {} | – |",
        each(&|size| format!("{:.2}", gib(size)))
    );
    let rows = [
        ("lookup by `userName`, µs", "lookup_us"),
        ("GET by id, µs", "get_us"),
        ("add one member to the largest organization, µs", "add_us"),
        ("remove one member of it, µs", "remove_us"),
        ("first page of 100, µs", "first_page_us"),
        ("last page of 100, µs", "last_page_us"),
    ];
    for (what, name) in rows {
        let _ = writeln!(
            text,
            "| {what} | ≤ 2 | {} | **{}** |",
            each(&|size| format!("{:.1}", of(size, name))),
            spread(sizes.iter().map(|size| of(size, name))),
        );
    }
    let mib = |size: &Figures| of(size, "state_extra") / f64::from(1 << 20);
    let _ = writeln!(
        text,
        "| memory to write the state down, MiB (s) | – | {} | – |",
        each(&|size| format!("{:.1} ({:.1})", mib(size), of(size, "state_s"))),
    );
    text
}

/// Rates beside those of bare handlers.
pub(crate) fn rates(figures: &Figures) -> String {
    let mut text = String::from(
        "| | goal | rate / the other's (least–most) | CPU the other's / ours | requests/s | CPU µs ours, the other's |\n|---|---|---|---|---|---|\n",
    );
    let rows = [
        ("GET by id", "GET by id / same bytes", "≥ 0.85"),
        ("lookup by userName", "lookup by `userName` / same bytes", "≥ 0.85"),
        ("GET by id, in twenty organizations", "GET by id, in 20 organizations / same bytes", "–"),
        ("POST", "POST / parse and serialise", "≥ 0.7"),
        ("PUT", "PUT / parse and serialise", "≥ 0.7"),
        ("PATCH", "PATCH / parse it and the customer, serialise the customer", "≥ 0.7"),
        ("PATCH, of the echo", "PATCH / parse and serialise the PATCH", "–"),
        ("PATCH of one member", "PATCH of one member of 100,000 / of ten", "≥ 0.8"),
    ];
    for (name, what, goal) in rows {
        let of = |figure: &str| figures.get(&format!("{name} {figure}")).copied().unwrap_or(f64::NAN);
        let _ = writeln!(
            text,
            "| {what} | {goal} | **{:.2}** ({:.2}–{:.2}) | {:.2} | {} | {:.1}, {:.1} |",
            of("ratio"),
            of("least"),
            of("most"),
            of("cpu_ratio"),
            thousands(of("rate")),
            of("cpu_us"),
            of("bare_us"),
        );
    }
    text
}

fn spread(values: impl Iterator<Item = f64>) -> String {
    let (least, most) =
        values.fold((f64::INFINITY, 0.0_f64), |(least, most), value| (least.min(value), most.max(value)));
    format!("{:.2}", most / least)
}

fn thousands(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

const BEGIN: &str = "<!-- scale -->\n";
const END: &str = "<!-- end of scale -->";

/// Puts the figures between the page's marks.
pub(crate) fn write(path: &Path, figures: &str, now: Timestamp) -> io::Result<()> {
    let page = fs::read_to_string(path)?;
    let marks = page.split_once(BEGIN).and_then(|(head, rest)| Some((head, rest.split_once(END)?.1)));
    let (head, tail) = marks.ok_or_else(|| io::Error::other("docs/performance.md has lost its marks"))?;
    let date = now.strftime("%Y-%m-%d");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let machine = format!("{} with {cores} cores, shared with other work", std::env::consts::OS);
    fs::write(path, format!("{head}{BEGIN}Taken on {date}, {machine}.\n\n{figures}{END}{tail}"))
}
