//! `--rerun-failed`: what failed in the last run of the work folder, and the flags that it was played with.

use std::collections::BTreeSet;

use clap::{ArgMatches, Command, CommandFactory as _, FromArgMatches as _, Parser};
use serde::Deserialize;

use super::args::Args;
use crate::cli::given::Given;
use crate::cli::last_report::{self, ReportError};
use crate::cli::output::{fail, note, say, warn};
use crate::context::Context;
use crate::counted::counted;
use crate::exit::Exit;
use crate::files::work;
use crate::printable;
use crate::scenario::catalogue::select;

/// The report of a run, as far as it is needed to play parts of it again.
#[derive(Debug, Deserialize)]
struct LastRun {
    run: String,
    #[serde(default)]
    flags: Vec<FlagThen>,
    scenarios: Vec<PairThen>,
}

#[derive(Debug, Deserialize)]
struct FlagThen {
    name: String,
    words: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct PairThen {
    id: String,
    idp: String,
    select: Option<String>,
    status: String,
    findings: Vec<FindingThen>,
    #[serde(default)]
    known: Vec<KnownThen>,
}

#[derive(Debug, Deserialize)]
struct FindingThen {
    requirement: String,
    level: String,
}

#[derive(Debug, Deserialize)]
struct KnownThen {
    requirement: String,
}

/// `scimsnap run` by itself, for arguments that were put together.
#[derive(Debug, Parser)]
#[command(name = "scimsnap run")]
struct Run {
    #[command(flatten)]
    args: Args,
}

/// Reads arguments as the command line does.
fn parse<'a>(words: impl IntoIterator<Item = &'a str>) -> Result<(Args, ArgMatches), clap::Error> {
    let words = ["scimsnap run"].into_iter().chain(words);
    let matches = Run::command().try_get_matches_from(words)?;
    let Run { args } = Run::from_arg_matches(&matches)?;
    Ok((args, matches))
}

/// What is to be played again.
#[derive(Debug)]
pub(super) struct Again {
    /// The arguments of then, under those that are given now. The selection is what failed.
    pub(super) args: Args,
    /// The flags that shape the run.
    pub(super) given: Given,
    /// The pairs that failed, by id and client.
    pub(super) pairs: BTreeSet<(String, String)>,
}

/// What failed in the last run, or the exit code where there is nothing to be played.
pub(super) fn again(
    args: &Args,
    matches: &ArgMatches,
    command: &Command,
    context: &Context,
) -> Result<Again, Exit> {
    let last = read(args, context)?;
    let shown = work::last_run(args.work.shown()).display().to_string();
    let then = flags(&last, command, &shown)?;
    let now = Given::all(matches, command);
    let beside = then.beside(matches, command);
    if beside.words().any(|word| word.contains("***")) {
        let error = format!("a flag of the last run contained a secret, which `{shown}` does not hold");
        return Err(fail(Exit::Usage, &error, Some("give that flag again beside --rerun-failed")));
    }
    let (mut args, matches) = match parse(beside.words().chain(now.words())) {
        Ok(parsed) => parsed,
        Err(error) => {
            let _ = error.print();
            return Err(Exit::Usage);
        }
    };
    let given = Given::of(&matches, command);
    let wrong: Vec<&PairThen> = last.scenarios.iter().filter(|pair| pair.is_wrong(args.strict)).collect();
    if wrong.is_empty() {
        say(&printable!("nothing failed in the last run ({})\n", last.run));
        return Err(Exit::Success);
    }
    let mut ids: Vec<&str> = Vec::new();
    let mut missing: BTreeSet<&str> = BTreeSet::new();
    for pair in &wrong {
        let word = pair.select.as_deref().unwrap_or(&pair.id);
        if args.selection.selection.iter().any(|known| known == word) || missing.contains(word) {
            continue;
        }
        if select(&[word.to_owned()], &context.cwd).is_err() {
            missing.insert(word);
            continue;
        }
        args.selection.selection.push(word.to_owned());
        ids.push(&pair.id);
    }
    for word in &missing {
        warn(&format!("`{word}` failed in the last run and is no longer there"));
    }
    if ids.is_empty() {
        return Err(fail(Exit::Nothing, &"nothing that failed in the last run is still there", None));
    }
    let pairs: BTreeSet<(String, String)> =
        wrong.iter().map(|pair| (pair.id.clone(), pair.idp.clone())).collect();
    let flags = given.for_shell();
    let with = if flags.is_empty() { flags } else { printable!(", with{}", flags) };
    note(&printable!(
        "playing again what failed in the last run ({}): {} of {}{}",
        last.run,
        counted(pairs.len(), "run"),
        counted(ids.len(), "scenario"),
        with
    ));
    Ok(Again { args, given, pairs })
}

fn read(args: &Args, context: &Context) -> Result<LastRun, Exit> {
    let shown = work::last_run(args.work.shown());
    last_report::read(&context.cwd.join(&shown), &shown).map_err(|error| {
        let damaged = |name: &str, why: &dyn std::fmt::Display| {
            let error = format!("`{name}` is not the report of a run ({why})");
            fail(Exit::Usage, &error, Some("play again without --rerun-failed, which writes it anew"))
        };
        match &error {
            ReportError::Missing(name) => {
                let error = format!("there is no last run: `{name}` does not exist");
                fail(Exit::Usage, &error, Some("play something first, for example with `scimsnap run`"))
            }
            ReportError::Unreadable(..) => fail(Exit::Usage, &error, None),
            ReportError::Other(name, why) => damaged(name, why),
            ReportError::OtherFormat(name, format) => damaged(name, &format!("it has format {format}")),
        }
    })
}

/// The flags of then, which are those of `run` and none that name a report.
fn flags(last: &LastRun, command: &Command, shown: &str) -> Result<Given, Exit> {
    let then = Given::from_named(last.flags.iter().map(|flag| (flag.name.clone(), flag.words.clone())));
    let same = parse(then.words()).ok().and_then(|(_, matches)| {
        let again = Given::of(&matches, command);
        (again == then).then_some(again)
    });
    same.ok_or_else(|| {
        let error = format!("`{shown}` has flags that this version of scimsnap does not have");
        fail(Exit::Usage, &error, Some("play again without --rerun-failed, which writes it anew"))
    })
}

impl PairThen {
    /// Whether it made the run fail, or left something to review.
    fn is_wrong(&self, strict: bool) -> bool {
        let is_known =
            |finding: &&FindingThen| self.known.iter().any(|known| known.requirement == finding.requirement);
        matches!(self.status.as_str(), "failed" | "errored" | "new")
            || strict && self.findings.iter().any(|finding| finding.level == "should" && !is_known(&finding))
    }
}
