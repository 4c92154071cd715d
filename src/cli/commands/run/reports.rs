//! The reports that `run` writes.

use std::cell::RefCell;
use std::io::{IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::args::Args;
use crate::cli::output::{beside, fail};
use crate::context::Context;
use crate::exit::Exit;
use crate::files::Output;
use crate::report::{
    Detail, Flags, Github, Har, Json, Junit, Layout, Lost, Progress, Remembered, Reports, Shape, Terminal,
    markdown, sarif,
};

/// The narrowest terminal that lines are folded for.
const NARROW: usize = 40;

/// A file that a flag names.
struct File {
    flag: &'static str,
    name: String,
    output: Output,
}

/// Opens the reports. A path that cannot be written is told now, and so is each of several.
#[expect(clippy::disallowed_methods, reason = "the report takes nothing but a `Printable`")]
pub(super) fn open(
    args: &Args,
    flags: &Flags,
    unremembered: Rc<RefCell<Option<std::io::Error>>>,
    context: &Context,
) -> Result<Reports, Exit> {
    let files = files(args, context)?;
    let shape = Shape { flags: flags.clone(), strict: args.strict };
    let layout = |width: Option<terminal_size::Width>| Layout {
        detail: args.detail(),
        width: width.map(|terminal_size::Width(width)| usize::from(width).max(NARROW)),
        strict: args.strict,
    };
    let mut reports = Reports::default();
    // First, since what the others suggest depends on it.
    let remembered = Remembered::new(args.work.folder(context), flags.clone(), unremembered);
    reports.add("the last run".to_owned(), true, remembered);
    let is_github = !args.no_annotations && context.var("GITHUB_ACTIONS") == Some("true");
    // Lines for each scenario show how far the run is, where they are not on a terminal.
    let is_terminal = std::io::stderr().is_terminal();
    let is_shown = args.detail() == Detail::Brief || is_terminal && args.detail().is_verbose();
    let progress = if is_shown && is_terminal { Progress::bar() } else { Progress::lines(std::io::stderr()) };
    if let Progress::Bar(bar) = &progress {
        beside(bar);
    }
    // Where a program reads standard output, people read the rest on standard error.
    let (name, terminal) = if files.iter().any(|file| file.output.is_stdout()) {
        let stderr: Box<dyn Write> = Box::new(progress.beside(anstream::AutoStream::auto(std::io::stderr())));
        let width = terminal_size::terminal_size_of(std::io::stderr()).map(|(width, _)| width);
        ("standard error", Terminal::new(stderr, flags.clone(), layout(width)))
    } else {
        let stdout: Box<dyn Write> = Box::new(progress.beside(anstream::AutoStream::auto(std::io::stdout())));
        let width = terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| width);
        ("standard output", Terminal::new(stdout, flags.clone(), layout(width)))
    };
    // The bar goes before the verdict comes.
    if is_shown {
        reports.add("the progress".to_owned(), true, progress);
    }
    reports.add(name.to_owned(), true, terminal);
    if is_github {
        let summary = context.var("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()).map(PathBuf::from);
        let annotations = Github::new(std::io::stderr(), summary, shape.clone());
        reports.add("the annotations".to_owned(), true, annotations);
    }
    for File { flag, name, output } in files {
        let is_standard = output.is_standard();
        match flag {
            "--json" => reports.add(name, is_standard, Json::new(output, flags.clone()).strict(args.strict)),
            "--junit" => reports.add(name, is_standard, Junit::new(output, shape.clone())),
            "--har" => reports.add(name, is_standard, Har::new(output)),
            "--sarif" => reports.add(name, is_standard, sarif(output, shape.clone())),
            _ => reports.add(name, is_standard, markdown(output, shape.clone())),
        }
    }
    Ok(reports)
}

/// The files that the flags name, each another one.
fn files(args: &Args, context: &Context) -> Result<Vec<File>, Exit> {
    let named: [(&'static str, Option<&Path>); 5] = [
        ("--json", args.json.as_deref()),
        ("--junit", args.junit.as_deref()),
        ("--sarif", args.sarif.as_deref()),
        ("--markdown", args.markdown.as_deref()),
        ("--har", args.har.as_deref()),
    ];
    let mut exit = Exit::Success;
    let mut files: Vec<File> = Vec::new();
    for (flag, path) in named {
        let Some(path) = path else { continue };
        let name = format!("`{}`", path.display());
        let full = if path.as_os_str() == "-" { path.to_owned() } else { context.cwd.join(path) };
        match Output::open(&full) {
            Ok(output) => files.push(File { flag, name, output }),
            Err(error) => exit = fail(Exit::Usage, &Lost { name, error }, None),
        }
    }
    if exit != Exit::Success {
        return Err(exit);
    }
    for (index, file) in files.iter().enumerate() {
        let is_same = |other: &&File| {
            file.output.is_stdout() && other.output.is_stdout()
                || file.output.file().is_some() && file.output.file() == other.output.file()
        };
        if let Some(other) = files[..index].iter().find(is_same) {
            let message = format!("{} and {} both write to {}", other.flag, file.flag, other.name);
            return Err(fail(Exit::Usage, &message, None));
        }
    }
    Ok(files)
}
