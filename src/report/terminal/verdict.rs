//! The end of a run: readiness, behaviour card, what is not met, counts, and what to do next.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::idp::Family;
use crate::requirement::Level;
use crate::run::{Header, Readiness, Status, Summary};

use super::style::{Style, paint};

/// Ids that the last lines name; a rerun command may hold them all.
const MOST_IDS: usize = 12;

pub(super) fn render(summary: &Summary, header: &Header, repeat: &str) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "\n{}", "-".repeat(98));
    readiness(&mut text, summary);
    card(&mut text, summary);
    for (unseen, runs) in &summary.partial {
        let _ = writeln!(
            text,
            "partial     {unseen}: not seen over SCIM alone, so not compared ({})",
            plural(*runs, "run")
        );
    }
    not_met(&mut text, summary);
    let _ = writeln!(text, "{}", counts(summary));
    outdated(&mut text, summary);
    attention(&mut text, summary, repeat);
    if summary.interrupted {
        let _ = writeln!(text, "interrupted: what was not begun is counted as skipped");
    }
    if summary.silent {
        let _ = writeln!(
            text,
            "ended early: the endpoint does not answer any more; what was not begun is counted as skipped"
        );
    }
    left_over(&mut text, summary, header, repeat);
    text
}

fn readiness(text: &mut String, summary: &Summary) {
    let verdicts: Vec<String> = summary
        .readiness
        .iter()
        .map(|(family, readiness)| {
            let (style, word) = match readiness {
                Readiness::Ready => (Style::Green, "ready"),
                Readiness::Warnings => (Style::Yellow, "ready with warnings"),
                Readiness::NotReady => (Style::Red, "not ready"),
            };
            format!("{family} {}", paint(style, word))
        })
        .collect();
    if !verdicts.is_empty() {
        let _ = writeln!(text, "readiness   {}", verdicts.join(" · "));
    }
}

/// The behaviour card: each behaviour with its ways, and the first exchange that showed the first of them; --json has one
/// for each.
fn card(text: &mut String, summary: &Summary) {
    for (behaviour, ways) in &summary.card {
        let shown: Vec<&str> = ways.iter().map(|way| way.shows.as_str()).collect();
        let _ = write!(text, "behaviour   {behaviour}: {}", paint(Style::Cyan, &shown.join(", ")));
        if let Some(way) = ways.first()
            && let Some(number) = way.exchange
        {
            let _ = write!(text, "  ({}, #{number} of {} [{}])", way.request, way.scenario, way.client);
        }
        text.push('\n');
    }
}

/// What is not met, each requirement once, with the families it hurts.
fn not_met(text: &mut String, summary: &Summary) {
    let mut by_requirement: BTreeMap<(Level, &str), Vec<(Family, usize)>> = BTreeMap::new();
    for ((level, id, family), runs) in &summary.findings {
        if *level <= Level::Should {
            by_requirement.entry((*level, id)).or_default().push((*family, *runs));
        }
    }
    for ((level, id), families) in by_requirement {
        let style = if level == Level::Must { Style::Red } else { Style::Yellow };
        let hurt: Vec<String> =
            families.iter().map(|(family, runs)| format!("{family} in {}", plural(*runs, "run"))).collect();
        let level = paint(style, &format!("{:<6}", level.as_str()));
        let _ = writeln!(text, "not met     {level} {id:<28} {}", hurt.join(", "));
    }
}

fn counts(summary: &Summary) -> String {
    let statuses =
        [Status::Passed, Status::Failed, Status::Errored, Status::New, Status::Known, Status::Skipped];
    let parts: Vec<String> = statuses
        .into_iter()
        .filter(|status| summary.count(*status) > 0)
        .map(|status| {
            let style = match status {
                Status::Passed => Style::Green,
                Status::Failed | Status::Errored => Style::Red,
                Status::New | Status::Known | Status::Skipped => Style::Yellow,
            };
            paint(style, &format!("{} {}", summary.count(status), status.as_str()))
        })
        .collect();
    let rate = plural(summary.requests, "request");
    format!(
        "{} in {:.2}s: {} · {rate}",
        plural(summary.pairs(), "run"),
        summary.took.as_secs_f64(),
        if parts.is_empty() { "nothing was played".to_owned() } else { parts.join(", ") },
    )
}

/// Entries of the settings that fail the run by themselves.
fn outdated(text: &mut String, summary: &Summary) {
    for known in &summary.known {
        if let Some(complaint) = known.complaint() {
            let word = paint(Style::Red, &format!("{:<11}", known.state.as_str()));
            let _ = writeln!(text, "{word} {complaint}");
        }
    }
}

fn attention(text: &mut String, summary: &Summary, repeat: &str) {
    for (status, word) in
        [(Status::Failed, "failed"), (Status::Errored, "errored"), (Status::New, "to review")]
    {
        let mut ids: Vec<&str> = summary
            .attention
            .iter()
            .filter(|(other, _, _)| *other == status)
            .map(|(_, id, _)| id.as_str())
            .collect();
        ids.dedup();
        if ids.is_empty() {
            continue;
        }
        for id in ids.iter().take(MOST_IDS) {
            let _ = writeln!(text, "{word:<11} {id}");
        }
        if ids.len() > MOST_IDS {
            let _ = writeln!(text, "{word:<11} … and {} more", ids.len() - MOST_IDS);
        }
        let shown: Vec<&str> = ids.iter().take(MOST_IDS).copied().collect();
        if status == Status::New {
            let command = format!("scimsnap snapshots diff {}", shown.join(" "));
            let _ = writeln!(text, "review      {}", paint(Style::Green, &command));
        } else {
            let command = format!("scimsnap run {}{repeat}", shown.join(" "));
            let _ = writeln!(text, "rerun       {}", paint(Style::Green, &command));
        }
    }
}

fn left_over(text: &mut String, summary: &Summary, header: &Header, repeat: &str) {
    let leftovers = &summary.leftovers;
    // The product's customers cannot be deleted by anybody: one line says so.
    let (customers, lasting): (Vec<&str>, Vec<&str>) =
        leftovers.lasting.iter().map(String::as_str).partition(|left| left.starts_with("customer "));
    for ((kind, why), count) in by_reason(&customers) {
        let _ = writeln!(text, "left over   {}: {why}", plural(count, kind));
    }
    let left: Vec<&str> = leftovers.removable.iter().map(String::as_str).chain(lasting).collect();
    if left.is_empty() {
        return;
    }
    let title = if summary.kept {
        paint(Style::Yellow, "kept at the endpoint, as asked:")
    } else {
        paint(Style::Red, "left over at the endpoint:")
    };
    let _ = writeln!(text, "{title}");
    for leftover in left.iter().take(MOST_IDS) {
        let _ = writeln!(text, "  {leftover}");
    }
    if left.len() > MOST_IDS {
        let _ = writeln!(text, "  … and {} more (--json has all)", left.len() - MOST_IDS);
    }
    if !summary.leftovers.removable.is_empty() {
        let clean = format!("scimsnap clean --run {}{repeat}", header.run);
        let _ = writeln!(text, "clean up    {}", paint(Style::Green, &clean));
    }
}

/// How many of which sort are left for which reason.
fn by_reason<'a>(leftovers: &[&'a str]) -> BTreeMap<(&'a str, &'a str), usize> {
    let mut counts = BTreeMap::new();
    for leftover in leftovers {
        let (kind, rest) = leftover.split_once(' ').unwrap_or((leftover, ""));
        let why = rest.split_once(": ").map_or(rest, |(_, why)| why);
        *counts.entry((kind, why)).or_insert(0) += 1;
    }
    counts
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
