//! What the reference endpoint costs with ten thousand, a hundred thousand and a million customers, and how many requests
//! it answers beside a bare axum handler: figures of `docs/performance.md`.
//!
//! `cargo bench --bench scale` takes them and writes them there; `-- 10000 100000` takes those of these sizes. Each part is a process of its own, so that no memory is
//! counted twice: the benchmark starts itself with the name of the part.

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
    let rates = part(&["rates"])?;
    let text = format!("{}\n{}", page::growth(&sizes), page::rates(&rates));
    writeln!(io::stdout(), "\n{text}")?;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/performance.md");
    page::write(&path, &text, Context::from_process().clock.now())?;
    Ok(())
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
