//! `scimsnap known --write`: adds an entry for each cause that fails and is not listed.

use std::io::ErrorKind;

use jiff::ToSpan as _;
use toml_edit::DocumentMut;

use super::args::{Args, report, settings_file};
use super::entries::{self, Entry};
use crate::cli::output::{fail, say};
use crate::context::Context;
use crate::counted::counted;
use crate::exit::Exit;
use crate::files::{input, output};
use crate::printable;
use crate::settings::today;

/// For how many days a new entry is accepted.
const DAYS: i64 = 90;

/// Writes.
pub(super) fn write(args: &Args, context: &Context) -> Result<Exit, Exit> {
    let Some(report) = report(args, context)? else {
        let what = "no run has been recorded here";
        return Err(fail(Exit::Usage, &what, Some("run scimsnap first, or pass a JSON report with --from")));
    };
    let file = settings_file(args);
    let (shown, path) = (file.display().to_string(), context.cwd.join(file));
    let text = match input::text(&path, input::SETTINGS) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(fail(Exit::Usage, &format!("cannot read `{shown}` ({error})"), None)),
    };
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| {
        fail(Exit::Usage, &format!("`{shown}` is not TOML: {}", error.message()), None)
    })?;
    let levels: &[&str] = if args.strict { &["must", "should"] } else { &["must"] };
    let expires = today(&context.clock).saturating_add(DAYS.days());
    let failing = report.causes.iter();
    let failing = failing.filter(|cause| cause.known.is_none() && levels.contains(&cause.level.as_str()));
    let new: Vec<Entry> = failing.map(|cause| Entry::of(cause, expires)).collect();
    let added = entries::add(&mut document, args.target.as_deref(), &new);
    let added = added.map_err(|error| fail(Exit::Usage, &format!("`{shown}`: {error}"), None))?;
    if added > 0 {
        output::replace(&path, &document.to_string())
            .map_err(|error| fail(Exit::Usage, &format!("cannot write `{shown}` ({error})"), None))?;
    }
    say(&said(&shown, added, new.len() - added, &expires.to_string()));
    if report.summary.errored > 0 {
        let runs = counted(report.summary.errored, "run");
        say(&printable!("{} could not be played to the end, which no entry excuses\n", runs));
    }
    Ok(Exit::Success)
}

fn said(file: &str, added: usize, there: usize, expires: &str) -> crate::foreign::Printable {
    let they = |count: usize| if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") };
    match (added, there) {
        (0, 0) => printable!("nothing fails that is not listed: {} stays as it is\n", file),
        (0, there) => printable!("{} has {} for this already\n", file, they(there)),
        (added, _) => printable!(
            "added {} to {}, accepted until {}\nfill in `reason` and `owner` of each before the next run\n",
            they(added),
            file,
            expires
        ),
    }
}
