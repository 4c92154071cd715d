//! Runs whole processes and measures them from outside.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A command that is run more than once.
pub(crate) struct Tool {
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<String>,
    pub(crate) folder: PathBuf,
}

impl Tool {
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.folder).env("BENCH_TOKEN", super::TOKEN).stdin(Stdio::null());
        command
    }

    /// From start to exit.
    pub(crate) fn wall(&self) -> Result<Duration, Box<dyn Error>> {
        let mut command = self.command(&self.program);
        command.args(&self.arguments).stdout(Stdio::null()).stderr(Stdio::null());
        let started = Instant::now();
        let status = command.status()?;
        let took = started.elapsed();
        if status.success() { Ok(took) } else { Err(self.failed(&status.to_string())) }
    }

    /// Once, uncounted: the output is in the error where it fails.
    pub(crate) fn warm_up(&self) -> Result<(), Box<dyn Error>> {
        self.ends_with(0)
    }

    /// Once, uncounted, and with this exit code.
    pub(crate) fn ends_with(&self, code: i32) -> Result<(), Box<dyn Error>> {
        let output = self.command(&self.program).args(&self.arguments).output()?;
        if output.status.code() == Some(code) {
            return Ok(());
        }
        let said = [output.stdout, output.stderr].concat();
        Err(self.failed(&String::from_utf8_lossy(&said)))
    }

    /// Peak resident memory in KiB as GNU time reports it; nothing where there is no GNU time.
    pub(crate) fn peak(&self) -> Result<Option<u64>, Box<dyn Error>> {
        let report = self.folder.join("peak.txt");
        let mut command = self.command(Path::new("time"));
        command.args(["-f", "%M", "-o"]).arg(&report).arg(&self.program).args(&self.arguments);
        let Ok(status) = command.stdout(Stdio::null()).stderr(Stdio::null()).status() else {
            return Ok(None);
        };
        if !status.success() {
            return Err(self.failed(&status.to_string()));
        }
        Ok(fs::read_to_string(&report)?.trim().parse().ok())
    }

    fn failed(&self, said: &str) -> Box<dyn Error> {
        let name = self.program.file_name().unwrap_or_default().to_string_lossy();
        format!("{name} {} failed:\n{said}", self.arguments.join(" ")).into()
    }
}

/// Two commands in turn, with what is to be done before each.
pub(crate) struct Pair {
    pub(crate) ours: Duration,
    pub(crate) theirs: Duration,
    /// The median of theirs / ours, pair by pair.
    pub(crate) ratio: f64,
    /// The smallest and the largest of them.
    pub(crate) spread: (f64, f64),
}

/// A B A B …, so that a machine that slows down slows both.
pub(crate) fn in_turn(
    rounds: usize,
    mut ours: impl FnMut() -> Result<Duration, Box<dyn Error>>,
    mut theirs: impl FnMut() -> Result<Duration, Box<dyn Error>>,
) -> Result<Pair, Box<dyn Error>> {
    let mut pairs = Vec::new();
    for _ in 0..rounds {
        pairs.push((ours()?, theirs()?));
    }
    let ratios: Vec<f64> = pairs.iter().map(|(a, b)| b.as_secs_f64() / a.as_secs_f64()).collect();
    let least = ratios.iter().copied().fold(f64::INFINITY, f64::min);
    let most = ratios.iter().copied().fold(0.0, f64::max);
    Ok(Pair {
        ours: median(pairs.iter().map(|(a, _)| *a).collect()),
        theirs: median(pairs.iter().map(|(_, b)| *b).collect()),
        ratio: middle(ratios),
        spread: (least, most),
    })
}

/// The median of several times.
pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
