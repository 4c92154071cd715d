//! `scimsnap repro`: writes a script that shows a cause of a report. Whoever has `sh` and `curl` can run it.
//!
//! May use, of `cli`: `did_you_mean`, `last_report`, `output`, `work`.

mod clue;
mod names;
mod report;
mod script;
mod weave;

use std::path::{Path, PathBuf};

use crate::cli::did_you_mean::nearest_or;
use crate::cli::output::{fail, say};
use crate::cli::work::WorkArgs;
use crate::context::Context;
use crate::exit::Exit;
use crate::files::output;
use crate::foreign::{Foreign, Printable, shell};
use crate::printable;
use crate::requirement::kin;

use self::report::{Cause, Report};

/// The arguments of `repro`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Id of the cause, such as one-removed-member/wiped [default: the only one]
    #[arg(value_name = "CAUSE")]
    pub cause: Option<String>,
    /// Folder for the script [default: standard output]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// JSON report of the run [default: the last run in this folder]
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// Where the last run is.
    #[command(flatten)]
    pub work: WorkArgs,
}

/// Writes the script.
pub fn run(args: &Args, context: &Context) -> Exit {
    try_run(args, context).unwrap_or_else(|exit| exit)
}

/// An `Err` was said already.
fn try_run(args: &Args, context: &Context) -> Result<Exit, Exit> {
    let report = Report::read(args.from.as_deref(), &args.work, context)?;
    let Some(cause) = chosen(&report, args)? else { return Ok(Exit::Success) };
    let script = match script::write(&report, cause) {
        Ok(script) => script,
        Err(error) => {
            let error = format!("no script can show `{}`: {error}", cause.id);
            let help = cause.repeat.as_ref().map(|repeat| format!("`{repeat}` plays it again"));
            return Err(fail(Exit::Nothing, &error, help.as_deref()));
        }
    };
    let Some(folder) = &args.out else {
        say(&script);
        return Ok(Exit::Success);
    };
    let path = folder.join(file_name(&cause.id));
    match store(&context.cwd.join(&path), script.as_str()) {
        Ok(()) => {
            let path = path.display().to_string();
            let path = if path.contains('/') { path } else { format!("./{path}") };
            say(&printable!("{}\n", shell::word(&path)));
            Ok(Exit::Success)
        }
        Err(error) => Err(fail(Exit::Usage, &format!("cannot write `{}` ({error})", path.display()), None)),
    }
}

/// The cause that is asked for; the only one where none is. Nothing where they were listed.
fn chosen<'a>(report: &'a Report, args: &Args) -> Result<Option<&'a Cause>, Exit> {
    let Some(wanted) = &args.cause else {
        return match report.causes.as_slice() {
            [] => Err(fail(Exit::Nothing, &"the run found nothing wrong", None)),
            [only] => Ok(Some(only)),
            _ => {
                say(&list(&report.causes));
                Ok(None)
            }
        };
    };
    let is_it = |cause: &&Cause| cause.id == *wanted || cause.covers.contains(wanted);
    if let Some(cause) = report.causes.iter().find(is_it) {
        return Ok(Some(cause));
    }
    // A run of less may have met the same fault elsewhere.
    let mut same = report.causes.iter().filter(|cause| kin(&cause.id) == kin(wanted));
    if let (Some(cause), None) = (same.next(), same.next()) {
        return Ok(Some(cause));
    }
    let error = format!("the run found no cause `{wanted}`");
    let known = || report.causes.iter().map(|cause| cause.id.as_str());
    let all: Vec<&str> = known().take(MOST_NAMED).collect();
    let more = if report.causes.len() > MOST_NAMED { ", …" } else { "" };
    let otherwise = match all.as_slice() {
        [] => "it found nothing wrong".to_owned(),
        all => format!("it found: {}{more}", all.join(", ")),
    };
    let near = nearest_or(wanted, known(), &otherwise);
    let help = if near == otherwise { otherwise } else { format!("{near} {otherwise}") };
    Err(fail(Exit::Usage, &error, Some(&help)))
}

/// How many causes an error names.
const MOST_NAMED: usize = 20;

/// A line for each cause.
fn list(causes: &[Cause]) -> Printable {
    let mut text = Printable::default();
    let width = causes.iter().map(|cause| cause.id.chars().count()).max().unwrap_or_default();
    for cause in causes {
        let id = Foreign::new(&cause.id).line().into_owned();
        let pad = " ".repeat(width.saturating_sub(id.chars().count()));
        text += printable!("{:<6}  {}{}  {}\n", cause.level, id, pad, cause.headline);
    }
    text
}

/// The name of the script. What is read from a report names no other folder.
fn file_name(id: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '+';
    let name: String = id.chars().map(|letter| if is_plain(letter) { letter } else { '-' }).collect();
    format!("{}.sh", name.chars().take(200).collect::<String>())
}

/// Writes an executable file.
fn store(path: &Path, script: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    output::replace(path, script)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mut permissions = std::fs::metadata(path)?.permissions();
        // Whoever may read it may run it.
        permissions.set_mode(permissions.mode() | ((permissions.mode() & 0o444) >> 2));
        std::fs::set_permissions(path, permissions)?;
    }
    Ok(())
}
