//! The reports that `run` writes.

use std::io::LineWriter;
use std::path::PathBuf;

use super::args::Args;
use crate::cli::output::fail;
use crate::context::Context;
use crate::exit::Exit;
use crate::files::Output;
use crate::report::{Flags, Json, Junit, Lost, Reports, Terminal};

/// Opens the reports. A path that cannot be written is told now, and so is each of several.
#[expect(clippy::disallowed_methods, reason = "the report takes nothing but a `Printable`")]
pub(super) fn open(args: &Args, context: &Context) -> Result<Reports, Exit> {
    let mut exit = Exit::Success;
    let mut opened = |path: &Option<PathBuf>| -> Option<(String, Output)> {
        let path = path.as_ref()?;
        let name = format!("`{}`", path.display());
        let full = if path.as_os_str() == "-" { path.clone() } else { context.cwd.join(path) };
        match Output::open(&full) {
            Ok(output) => Some((name, output)),
            Err(error) => {
                exit = fail(Exit::Usage, &Lost { name, error }, None);
                None
            }
        }
    };
    let (json, junit) = (opened(&args.json), opened(&args.junit));
    if exit != Exit::Success {
        return Err(exit);
    }
    if let (Some((name, json)), Some((_, junit))) = (&json, &junit)
        && (json.is_stdout() && junit.is_stdout() || json.file().is_some() && json.file() == junit.file())
    {
        return Err(fail(Exit::Usage, &format!("--json and --junit both write to {name}"), None));
    }
    let flags = Flags { run: args.target.repeat(), review: args.target.review() };
    let mut reports = Reports::default();
    // Where a program reads standard output, people read the rest on standard error.
    if json.iter().chain(&junit).any(|(_, output)| output.is_stdout()) {
        let stderr = LineWriter::new(anstream::AutoStream::auto(std::io::stderr()));
        reports.add("standard error".to_owned(), true, Terminal::new(stderr, flags, args.quiet));
    } else {
        let stdout = anstream::AutoStream::auto(std::io::stdout());
        reports.add("standard output".to_owned(), true, Terminal::new(stdout, flags, args.quiet));
    }
    if let Some((name, output)) = json {
        let is_standard = output.is_standard();
        reports.add(name, is_standard, Json::new(output));
    }
    if let Some((name, output)) = junit {
        let is_standard = output.is_standard();
        reports.add(name, is_standard, Junit::new(output));
    }
    Ok(reports)
}
