//! What the reference endpoint costs with ten thousand, a hundred thousand and a million customers, and how many requests
//! it answers beside a bare axum handler: figures of `docs/performance.md`.
//!
//! `cargo bench --bench scale` takes them and writes them there; `-- 10000 100000` takes those of these sizes. Each part is a process of its own, so that no memory is
//! counted twice: the benchmark starts itself with the name of the part.

#![expect(clippy::disallowed_methods, reason = "it tells how far it is")]

mod bare;
mod endpoint;
mod fill;
mod growth;
mod load;
mod measure;
mod page;
mod rates;

use std::error::Error;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use mimalloc::MiMalloc;
use scimsnap::context::Context;

/// That of the binary, for both servers.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Whatever went wrong ends the benchmark.
pub(crate) type Fallible<T> = Result<T, Box<dyn Error>>;

/// How many processes the rates are taken in.
const RUNS: usize = 3;

const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["growth", size] => {
            size.parse().map_err(Into::into).and_then(growth::measure).and_then(|figures| tell(&figures))
        }
        ["rates"] => rates::measure().and_then(|figures| tell(&figures)),
        // `cargo test` runs this too, and asks for no figures.
        words if !words.contains(&"--bench") => Ok(()),
        words => all(&words.iter().filter_map(|word| word.parse().ok()).collect::<Vec<_>>()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn all(wanted: &[usize]) -> Fallible<()> {
    let mut sizes = Vec::new();
    for size in if wanted.is_empty() { &SIZES[..] } else { wanted } {
        writeln!(io::stdout(), "{size} customers …")?;
        sizes.push(part(&["growth", &size.to_string()])?);
    }
    writeln!(io::stdout(), "requests per second …")?;
    let runs = (0..RUNS).map(|_| part(&["rates"])).collect::<Fallible<Vec<_>>>()?;
    let text = format!("{}\n{}", page::growth(&sizes), page::rates(&together(&runs)));
    writeln!(io::stdout(), "\n{text}")?;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/performance.md");
    page::write(&path, &text, Context::from_process().clock.now())?;
    Ok(())
}

/// The rates of several processes: where one's memory and threads come to lie moves all its rounds.
fn together(runs: &[Figures]) -> Figures {
    let names = runs.first().into_iter().flat_map(Figures::keys);
    let of = |name: &String| runs.iter().filter_map(|run| run.get(name).copied()).collect::<Vec<_>>();
    let told = names.map(|name| {
        let values = of(name);
        let value = match name.rsplit(' ').next() {
            Some("least") => measure::least(values),
            Some("most") => values.into_iter().fold(0.0, f64::max),
            _ => measure::median(values),
        };
        (name.clone(), value)
    });
    told.collect()
}

/// Figures by name, in the order in which they were taken.
pub(crate) type Figures = indexmap::IndexMap<String, f64>;

fn part(words: &[&str]) -> Fallible<Figures> {
    let output = Command::new(std::env::current_exe()?).args(words).stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("{} failed", words.join(" ")).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn tell(figures: &Figures) -> Fallible<()> {
    serde_json::to_writer(io::stdout(), figures)?;
    Ok(())
}
