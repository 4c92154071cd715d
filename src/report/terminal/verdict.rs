//! The verdict on each provider, and the end of the report: what could not be judged, counts, and the next steps.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use crate::counted::counted;
use crate::event::{Coverage, Readiness, Repeated, Shown, Status, Summary};
use crate::foreign::Printable;
use crate::idp::Family;
use crate::printable;
use crate::report::commands;
use crate::requirement::{Cause, Level};

use super::cause::Page;
use super::style::{Style, paint};

/// How many ids the last lines name at most.
const MOST_IDS: usize = 3;

/// How many reasons the report names.
const MOST_REASONS: usize = 4;

/// How many remarks it shows, which mostly follow from causes.
const MOST_NOTES: usize = 2;

/// How many causes are listed by their numbers.
const MOST_NUMBERS: usize = 6;

/// Where the providers begin.
const WIDE: &str = "                     ";

/// The verdict on each provider, best last.
pub(super) fn readiness(page: &Page<'_>, summary: &Summary, causes: &[&Cause]) -> Printable {
    let mut text = Printable::default();
    for readiness in [Readiness::NotReady, Readiness::Warnings, Readiness::NotJudged, Readiness::Ready] {
        let hurt: Vec<Printable> = summary
            .readiness
            .iter()
            .filter(|(_, other)| **other == readiness)
            .enumerate()
            .map(|(index, (family, _))| match readiness {
                Readiness::NotJudged => not_judged(*family, summary, index == 0),
                _ => provider(*family, causes),
            })
            .collect();
        if hurt.is_empty() {
            continue;
        }
        let (style, word) = match readiness {
            Readiness::Ready => (Style::Green, "ready"),
            Readiness::Warnings => (Style::Yellow, "ready with warnings"),
            Readiness::NotReady => (Style::Red, "not ready"),
            Readiness::NotJudged => (Style::Yellow, "not judged"),
        };
        let label = paint(style, &format!("{word:<19}"));
        let hurt = Printable::joined(hurt, ", ").folded(WIDE, page.width);
        text += printable!("{}  {}\n", label, hurt);
    }
    text
}

/// A provider of which too little was played; the first one says of what.
fn not_judged(family: Family, summary: &Summary, is_first: bool) -> Printable {
    let Coverage { played, pack } = summary.coverage.get(&family).copied().unwrap_or_default();
    let of_what =
        if is_first { format!("{} of its pack played", counted(pack, "scenario")) } else { pack.to_string() };
    printable!("{} ({} of {})", family, played, of_what)
}

/// A provider with the numbers of the causes that hurt it.
fn provider(family: Family, causes: &[&Cause]) -> Printable {
    let numbers: Vec<usize> = causes
        .iter()
        .enumerate()
        .filter(|(_, cause)| cause.families.contains(&family) && !cause.is_known())
        .map(|(index, _)| index + 1)
        .collect();
    let ranges = ranges(&numbers);
    match numbers.as_slice() {
        [] => printable!("{}", family),
        [one] => printable!("{} (cause {})", family, one),
        _ if ranges.len() > MOST_NUMBERS => printable!("{} ({} causes)", family, numbers.len()),
        _ => printable!("{} (causes {})", family, ranges.join(", ")),
    }
}

/// Ascending numbers, three or more in a row as a range.
fn ranges(numbers: &[usize]) -> Vec<String> {
    let rows = numbers.chunk_by(|one, next| *next == one + 1);
    rows.flat_map(|row| match row {
        [first, _, .., last] => vec![format!("{first}–{last}")],
        few => few.iter().map(ToString::to_string).collect(),
    })
    .collect()
}

/// What comes after the causes.
pub(super) fn rest(page: &Page<'_>, summary: &Summary, causes: &[&Cause]) -> Printable {
    let mut text = Printable::default();
    repeated(&mut text, page, "errored", &summary.errors, MOST_REASONS);
    repeated(&mut text, page, "skipped", &summary.skips, MOST_REASONS);
    if page.detail.is_verbose() || causes.iter().all(|cause| cause.is_known()) {
        repeated(&mut text, page, "note", &summary.remarks, MOST_NOTES);
    } else {
        note(&mut text, page, &summary.remarks);
    }
    for (unseen, runs) in &summary.partial {
        let runs = counted(*runs, "run");
        let line = printable!("{}: not visible over SCIM alone, so not compared ({})", unseen, runs);
        text += printable!("partial     {}\n", line.folded("          | ", page.width));
    }
    if page.detail.is_verbose() {
        card(&mut text, summary);
    }
    contradictions(&mut text, page, summary);
    outdated(&mut text, summary);
    for disagreement in summary.disagreements.values().take(MOST_REASONS) {
        let line = printable!("{}", disagreement).folded("          | ", page.width);
        text += printable!("{:<12}{}\n", "not written", line);
    }
    if !summary.waited.is_zero() {
        let seconds = format!("{:.1}", summary.waited.as_secs_f64());
        text += printable!("waited {} s at the endpoint's request\n", seconds);
    }
    text += printable!("{}\n", counts(summary));
    attention(&mut text, summary, page, causes);
    if summary.interrupted {
        text +=
            Printable::ours("interrupted: runs that had not ended count as skipped, and are not judged\n");
    }
    if summary.silent {
        text += Printable::ours(
            "ended early: the endpoint no longer answers; runs that had not started count as skipped\n",
        );
    }
    left_over(&mut text, summary, page);
    text
}

/// Reasons with the number of runs, the most frequent first.
fn repeated(
    text: &mut Printable,
    page: &Page<'_>,
    label: &'static str,
    reasons: &IndexMap<String, Repeated>,
    most: usize,
) {
    let mut sorted: Vec<(&String, &Repeated)> = reasons.iter().collect();
    sorted.sort_by_key(|(_, repeated)| std::cmp::Reverse(repeated.pairs));
    let most = if page.detail.is_verbose() { usize::MAX } else { most };
    for (reason, repeated) in sorted.iter().take(most) {
        let Repeated { pairs, scenario, client } = repeated;
        let line = printable!("{}: {} (first {} [{}])", counted(*pairs, "run"), reason, scenario, client);
        *text += printable!("{:<12}{}\n", label, line.folded("          | ", page.width));
    }
    if sorted.len() > most {
        let pairs: usize = sorted.iter().skip(most).map(|(_, repeated)| repeated.pairs).sum();
        *text += printable!("{:<12}{} for other reasons (-v shows them)\n", label, counted(pairs, "run"));
    }
}

/// One note on one line, where something else is wrong.
fn note(text: &mut Printable, page: &Page<'_>, remarks: &IndexMap<String, Repeated>) {
    let Some((reason, Repeated { pairs, .. })) = remarks.iter().max_by_key(|(_, one)| one.pairs) else {
        return;
    };
    let more = match remarks.len() - 1 {
        0 => String::new(),
        others => format!(" (-v shows {others} more)"),
    };
    // A secret that is cut would not be known for one.
    let said = format!("{}: {}", counted(*pairs, "run"), page.header.redactor.text(reason));
    let room = page.cut.saturating_sub(12 + more.len());
    let is_long = said.chars().count() > room;
    let said: String = said.chars().take(if is_long { room.saturating_sub(1) } else { room }).collect();
    *text += printable!("note        {}{}{}\n", said, if is_long { "…" } else { "" }, more);
}

/// The behaviour card: a line for each way, with the first exchange that showed it.
fn card(text: &mut Printable, summary: &Summary) {
    for (behaviour, ways) in &summary.card {
        for way in ways {
            let shows = paint(Style::Cyan, &way.shows);
            *text += printable!("behaviour   {}: {}{}\n", behaviour, shows, cited(way));
        }
    }
}

/// The exchange that shows a way.
fn cited(way: &Shown) -> Printable {
    way.exchange.map_or_else(Printable::default, |number| {
        printable!("  ({}, #{} of {} [{}])", way.request, number, way.scenario, way.client)
    })
}

/// The behaviours in which the endpoint contradicts itself. The embedded one is told by each scenario how to behave.
fn contradictions(text: &mut Printable, page: &Page<'_>, summary: &Summary) {
    // Where something is wrong, that is mostly why.
    let is_wrong = || summary.causes.iter().any(|cause| cause.level == Level::Must);
    if page.header.embedded || !page.detail.is_verbose() && is_wrong() {
        return;
    }
    let all = summary.contradictions();
    let most = if page.detail.is_verbose() { usize::MAX } else { MOST_REASONS };
    for (behaviour, one, other) in all.iter().take(most) {
        let line = printable!(
            "{} is {}{}, but also {}{}",
            behaviour,
            one.shows,
            cited(one),
            other.shows,
            cited(other)
        );
        *text += printable!("{:<12}{}\n", "contradicts", line.folded("          | ", page.width));
    }
    if all.len() > most {
        *text += printable!(
            "{:<12}{} (-v shows all)\n",
            "contradicts",
            counted(all.len() - most, "more behaviour")
        );
    }
}

fn counts(summary: &Summary) -> Printable {
    let statuses =
        [Status::Passed, Status::Failed, Status::Errored, Status::New, Status::Known, Status::Skipped];
    let parts: Vec<Printable> = statuses
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
    let rate = counted(summary.requests, "request");
    let nothing = parts.is_empty().then(|| Printable::ours("nothing was played"));
    printable!(
        "{} in {}s: {} · {}",
        counted(summary.pairs(), "run"),
        format!("{:.2}", summary.took.as_secs_f64()),
        nothing.unwrap_or_else(|| Printable::joined(parts, ", ")),
        rate
    )
}

/// Entries for known failures that fail the run by themselves.
fn outdated(text: &mut Printable, summary: &Summary) {
    for known in &summary.known {
        if let Some(complaint) = known.complaint() {
            let word = paint(Style::Red, &format!("{:<11}", known.state.as_str()));
            *text += printable!("{} {}\n", word, complaint);
        }
    }
}

/// What waits for a review, and how to play again what failed.
fn attention(text: &mut Printable, summary: &Summary, page: &Page<'_>, causes: &[&Cause]) {
    let ids = |wanted: &[Status]| -> Vec<&str> {
        let all = summary.attention.iter().filter(|(status, _, _)| wanted.contains(status));
        let mut ids: Vec<&str> = all.map(|(_, id, _)| id.as_str()).collect();
        ids.dedup();
        ids
    };
    let stored: Vec<&str> = page.summary.reviewable.values().flatten().map(String::as_str).collect();
    if !stored.is_empty() {
        let (shown, more) = some(&stored);
        for file in shown {
            *text += printable!("stored      {}\n", file);
        }
        if !more.is_empty() {
            *text += printable!("         {}\n", more);
        }
    }
    // A pair may tell a cause by another id than the run, which has seen more.
    let told = |id: &String| {
        let told = causes.iter().find(|cause| cause.id() == *id || cause.covers.contains(id));
        told.map_or_else(|| id.clone(), |cause| cause.id())
    };
    for (file, explained_by) in summary.explained.iter().take(MOST_IDS) {
        let ids: BTreeSet<String> = explained_by.iter().map(told).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let explain = if ids.len() == 1 { "explains" } else { "explain" };
        let line = printable!("{}: not to be accepted, {} {} it", file, ids.join(", "), explain);
        *text += printable!("stored      {}\n", line.folded("          | ", page.width));
    }
    let new = ids(&[Status::New]);
    if !new.is_empty() {
        let (shown, more) = some(&new);
        *text += printable!("to review   {}{}\n", shown.join(" "), more);
        for (label, verb) in [("review", "diff"), ("accept", "accept")] {
            for command in commands::review(verb, new.iter().copied(), summary, page.flags) {
                *text += printable!("{:<12}{}\n", label, paint(Style::Green, &command));
            }
        }
    }
    let wrong = ids(&[Status::Failed, Status::Errored]);
    // A single cause has the command in its block.
    if !wrong.is_empty() && (causes.len() != 1 || !summary.errors.is_empty()) {
        let command = commands::rerun(&wrong, summary, page.flags);
        *text += printable!("rerun       {}\n", paint(Style::Green, &command));
    }
}

/// The first of some ids, and how many more there are.
fn some<'a>(ids: &[&'a str]) -> (Vec<&'a str>, String) {
    let more = match ids.len().saturating_sub(MOST_IDS) {
        0 => String::new(),
        more => format!("  … and {more} more"),
    };
    (ids.iter().take(MOST_IDS).copied().collect(), more)
}

fn left_over(text: &mut Printable, summary: &Summary, page: &Page<'_>) {
    let leftovers = &summary.leftovers;
    // Nobody can delete customers of the product: one line says so.
    let (customers, lasting): (Vec<&str>, Vec<&str>) =
        leftovers.lasting.iter().map(String::as_str).partition(|left| left.starts_with("customer "));
    for ((kind, why), count) in by_reason(&customers) {
        *text += printable!("left over   {}: {}\n", counted(count, kind), why);
    }
    let left: Vec<&str> = leftovers.removable.iter().map(String::as_str).chain(lasting).collect();
    if left.is_empty() {
        return;
    }
    let title = if summary.kept {
        paint(Style::Yellow, "kept at the endpoint, as requested")
    } else {
        paint(Style::Red, "left over at the endpoint")
    };
    let are_counted = left.len() > MOST_IDS && !summary.kept;
    let all = if are_counted { " (the JSON report lists each)" } else { "" };
    *text += printable!("{}{}:\n", title, all);
    if are_counted {
        for ((kind, why), count) in by_reason(&left).into_iter().take(MOST_IDS) {
            *text += printable!("  {}: {}\n", counted(count, kind), why);
        }
    } else {
        // What is kept has no reason to be told by.
        for leftover in left.iter().take(MOST_IDS) {
            *text += printable!("  {}\n", leftover);
        }
        if left.len() > MOST_IDS {
            *text += printable!("  … and {} more (the JSON report lists each)\n", left.len() - MOST_IDS);
        }
    }
    if !summary.leftovers.removable.is_empty() {
        let clean = commands::clean(page.header, page.flags);
        *text += printable!("clean up    {}\n", paint(Style::Green, &clean));
    }
}

/// The number of leftovers by kind and reason.
fn by_reason<'a>(leftovers: &[&'a str]) -> BTreeMap<(&'a str, &'a str), usize> {
    let mut counts = BTreeMap::new();
    for leftover in leftovers {
        let (kind, rest) = leftover.split_once(' ').unwrap_or((leftover, ""));
        let why = rest.split_once(": ").map_or(rest, |(_, why)| why);
        *counts.entry((kind, why)).or_insert(0) += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_a_row_are_a_range() {
        for (numbers, wanted) in [
            (&[][..], &[][..]),
            (&[1], &["1"]),
            (&[1, 2], &["1", "2"]),
            (&[1, 2, 3, 5, 7, 8], &["1–3", "5", "7", "8"]),
            (&[2, 4, 5, 6, 7], &["2", "4–7"]),
        ] {
            assert_eq!(ranges(numbers), wanted);
        }
    }
}
