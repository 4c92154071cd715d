//! `scimsnap known`: a line for each entry: how long it is accepted, and how it did in the last run.

use jiff::civil::Date;
use jiff::{Unit, civil::DateDifference};

use super::args::{Args, report};
use super::report::{Listed, Report};
use crate::cli::did_you_mean::nearest_or_all;
use crate::cli::output::{fail, say};
use crate::context::Context;
use crate::counted::counted;
use crate::exit::Exit;
use crate::foreign::Printable;
use crate::printable;
use crate::settings::{Known, Settings, today};

/// Lists.
pub(super) fn list(args: &Args, context: &Context) -> Result<Exit, Exit> {
    let settings = Settings::load(args.settings.as_deref(), &context.cwd);
    let settings = settings.map_err(|error| fail(Exit::Usage, &error, None))?;
    let report = report(args, context)?;
    let entries = entries(&settings, args.target.as_deref())?;
    if entries.is_empty() {
        say(&Printable::ours("there are no known failures\n"));
        return Ok(Exit::Success);
    }
    let mut text = match &report {
        Some(report) => printable!("as of run {}\n", report.run),
        None => Printable::ours("no run has been recorded here: pass its JSON report with --from\n"),
    };
    let today = today(&context.clock);
    for (target, entry) in entries {
        let place = target.map(|name| format!(" (target {name})")).unwrap_or_default();
        text += printable!("\n{} in {}{}\n", entry.what(), entry.scenario, place);
        text += printable!("    {}: {}\n", entry.owner, entry.reason);
        text += printable!("    {} · {}\n", expiry(entry, today), state(entry, report.as_ref(), today));
        text += printable!("    {}\n", entry.at.place());
    }
    say(&text);
    Ok(Exit::Success)
}

/// The entries, each with the name of the target that has it.
fn entries<'a>(
    settings: &'a Settings,
    target: Option<&str>,
) -> Result<Vec<(Option<&'a str>, &'a Known)>, Exit> {
    let of_targets = settings.targets.iter();
    let of_targets: Vec<_> = of_targets
        .flat_map(|(name, target)| target.known.iter().map(move |entry| (Some(name.as_str()), entry)))
        .collect();
    let Some(wanted) = target else {
        let everywhere = settings.known.iter().map(|entry| (None, entry));
        return Ok(everywhere.chain(of_targets).collect());
    };
    if !settings.targets.contains_key(wanted) {
        let known: Vec<&str> = settings.targets.keys().map(String::as_str).collect();
        let help = nearest_or_all(wanted, &known, "it has no targets");
        let what = format!("the settings file has no target `{wanted}`");
        return Err(fail(Exit::Usage, &what, Some(&help)));
    }
    Ok(of_targets.into_iter().filter(|(name, _)| *name == Some(wanted)).collect())
}

fn expiry(entry: &Known, today: Date) -> String {
    let until = entry.expires;
    let days = until.since(DateDifference::new(today).largest(Unit::Day)).map_or(0, |span| span.get_days());
    let count = |days: i32| counted(usize::try_from(days).unwrap_or_default(), "day");
    match days {
        ..0 => format!("expired on {until}, {} ago", count(-days)),
        0 => format!("until {until}, which is today"),
        _ => format!("until {until}, {} left", count(days)),
    }
}

/// How it did in the last run.
fn state(entry: &Known, report: Option<&Report>, today: Date) -> &'static str {
    let is_same = |listed: &&Listed| {
        listed.scenario == entry.scenario
            && listed.requirement == entry.requirement
            && listed.cause == entry.cause
    };
    let Some(report) = report else { return "not known to fail or pass" };
    match report.known.iter().find(is_same).map(|listed| listed.state.as_str()) {
        _ if entry.has_expired(today) => "fix it, or renew the entry",
        Some("fails") => "still fails",
        Some("passes") => "no longer fails: remove the entry",
        Some(_) => "not seen, but not everything that it covers was played",
        None => "not part of the last run",
    }
}
