//! `scimsnap defects`: lists the defects of the reference endpoint, or proves that the scenarios detect them. The proof plays
//! the catalogue against each defect, and prints a matrix.
//!
//! May use, of `cli`: `output`.

pub mod list;
mod matrix;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::context::Context;
use crate::exit::Exit;
use crate::files::Output;
use crate::foreign::{Printable, json_pretty};
use crate::reference::{DefectError, DefectRow, Defects};
use crate::run::modes::mutation::prove;
use crate::scenario::catalogue::{Entry, bundled};
use crate::scenario::{Pack, Scenario};

use self::list::list;
use self::matrix::{Matrix, is_quirk};
use crate::cli::output::{fail, say};

/// The arguments of `defects`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Names of defects [default: all]
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// Play every bundled scenario against each defect and show which scenarios detect it
    #[arg(long)]
    pub prove: bool,
    /// Play only the scenario that is listed for each defect
    #[arg(long, requires = "prove")]
    pub quick: bool,
    /// Number of defects to play at the same time
    #[arg(long, value_name = "N", default_value_t = 2, requires = "prove")]
    pub jobs: usize,
    /// Write the whole matrix to this file as JSON
    #[arg(long, value_name = "FILE", requires = "prove")]
    pub json: Option<PathBuf>,
}

/// Lists, or proves.
pub async fn run(args: &Args, context: &Context) -> Exit {
    let (defects, quirks) = match chosen(&args.names) {
        Ok(chosen) => chosen,
        Err(error) => return fail(Exit::Usage, &error, None),
    };
    if !args.prove {
        say(&Printable::block("", &list(&defects, &quirks)));
        return Exit::Success;
    }
    // A path that cannot be written is told before minutes of playing.
    let mut json = match args.json.as_deref().map(|path| Output::open(&context.cwd.join(path))).transpose() {
        Ok(json) => json,
        Err(error) => return fail(Exit::Usage, &unwritable(args, &error), None),
    };
    // The sound endpoint is played too: what it also shows proves nothing.
    let rows: Vec<Option<&'static DefectRow>> =
        std::iter::once(None).chain(defects.iter().chain(&quirks).copied().map(Some)).collect();
    let mut matrix = Matrix::new(args.quick);
    // Large groups show nothing that groups of a handful do not, and would take most of the time.
    let is_small = |entry: &Entry| entry.load().is_ok_and(|scenario| Pack::Full.holds(scenario.pack));
    let all: Vec<Entry> = bundled().into_iter().filter(is_small).collect();
    let entries = |row: Option<&DefectRow>| match row.filter(|_| args.quick) {
        None => all.clone(),
        Some(row) => {
            let one = |entry: &&Entry| is_quirk(row) || entry.id() == row.shown_by;
            all.iter().filter(one).cloned().collect()
        }
    };
    // Where a few are asked for in short, playing everything for the sound endpoint would be the most of it.
    let rows = if args.quick && !args.names.is_empty() { &rows[1..] } else { &rows };
    prove(rows, entries, args.jobs, &context.cwd, &context.clock, |row, seen| {
        say(&Printable::block("", &matrix.add(row, seen)));
    })
    .await;
    if args.names.is_empty() && !args.quick {
        let scenarios: Vec<Scenario> = all.iter().filter_map(|entry| entry.load().ok()).collect();
        matrix.hold_claims(&scenarios);
    }
    say(&Printable::block("", &matrix.verdict()));
    let exit = if matrix.broken {
        Exit::Unjudged
    } else if matrix.wrong.is_empty() {
        Exit::Success
    } else {
        Exit::Failed
    };
    let written = json.as_mut().map_or(Ok(()), |json| {
        writeln!(json, "{}", json_pretty(&matrix.json())?)?;
        json.finish()
    });
    match written {
        Ok(()) => exit,
        Err(error) => fail(exit.worse(Exit::Failed), &unwritable(args, &error), None),
    }
}

fn unwritable(args: &Args, error: &io::Error) -> String {
    format!("cannot write `{}` ({error})", args.json.as_deref().unwrap_or(Path::new("")).display())
}

type Rows = Vec<&'static DefectRow>;

/// The defects and the quirks that are named; all where none is.
fn chosen(names: &[String]) -> Result<(Rows, Rows), DefectError> {
    if names.is_empty() {
        return Ok((Defects::ALL.iter().collect(), Defects::QUIRKS.iter().collect()));
    }
    let set = Defects::parse(&names.join(","))?;
    Ok(set.iter().partition(|row| !is_quirk(row)))
}
