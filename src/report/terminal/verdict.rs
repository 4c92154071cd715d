//! The end of the report: readiness, behaviour card, unmet requirements, counts, and the next steps.

use std::collections::BTreeMap;

use crate::counted::counted;
use crate::event::{Header, Readiness, Status, Summary};
use crate::foreign::{Printable, shell};
use crate::idp::Family;
use crate::printable;
use crate::requirement::Level;

use super::style::{Style, paint};

/// How many ids the last lines name at most.
const MOST_IDS: usize = 12;

pub(super) fn render(summary: &Summary, header: &Header, repeat: &Printable) -> Printable {
    let mut text = printable!("\n{}\n", "-".repeat(98));
    readiness(&mut text, summary);
    card(&mut text, summary);
    for (unseen, runs) in &summary.partial {
        let runs = counted(*runs, "run");
        text +=
            printable!("partial     {}: not visible over SCIM alone, so not compared ({})\n", unseen, runs);
    }
    not_met(&mut text, summary);
    text += printable!("{}\n", counts(summary));
    outdated(&mut text, summary);
    attention(&mut text, summary, repeat);
    if summary.interrupted {
        text += Printable::ours("interrupted: runs that had not started count as skipped\n");
    }
    if summary.silent {
        text += Printable::ours(
            "ended early: the endpoint no longer answers; runs that had not started count as skipped\n",
        );
    }
    left_over(&mut text, summary, header, repeat);
    text
}

fn readiness(text: &mut Printable, summary: &Summary) {
    let verdicts: Vec<Printable> = summary
        .readiness
        .iter()
        .map(|(family, readiness)| {
            let (style, word) = match readiness {
                Readiness::Ready => (Style::Green, "ready"),
                Readiness::Warnings => (Style::Yellow, "ready with warnings"),
                Readiness::NotReady => (Style::Red, "not ready"),
            };
            printable!("{} {}", family, paint(style, word))
        })
        .collect();
    if !verdicts.is_empty() {
        *text += printable!("readiness   {}\n", Printable::joined(verdicts, " · "));
    }
}

/// The behaviour card: each behaviour with its ways, and the first exchange that showed the first of them; --json has one
/// for each.
fn card(text: &mut Printable, summary: &Summary) {
    for (behaviour, ways) in &summary.card {
        let shown: Vec<&str> = ways.iter().map(|way| way.shows.as_str()).collect();
        *text += printable!("behaviour   {}: {}", behaviour, paint(Style::Cyan, &shown.join(", ")));
        if let Some(way) = ways.first()
            && let Some(number) = way.exchange
        {
            *text += printable!("  ({}, #{} of {} [{}])", way.request, number, way.scenario, way.client);
        }
        *text += Printable::ours("\n");
    }
}

/// Each unmet requirement once, with the affected families.
fn not_met(text: &mut Printable, summary: &Summary) {
    let mut by_requirement: BTreeMap<(Level, &str), Vec<(Family, usize)>> = BTreeMap::new();
    for ((level, id, family), runs) in &summary.findings {
        if *level <= Level::Should {
            by_requirement.entry((*level, id)).or_default().push((*family, *runs));
        }
    }
    for ((level, id), families) in by_requirement {
        let style = if level == Level::Must { Style::Red } else { Style::Yellow };
        let hurt: Vec<String> =
            families.iter().map(|(family, runs)| format!("{family} in {}", counted(*runs, "run"))).collect();
        let level = paint(style, &format!("{:<6}", level.as_str()));
        *text += printable!("not met     {} {:<28} {}\n", level, id, hurt.join(", "));
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

fn attention(text: &mut Printable, summary: &Summary, repeat: &Printable) {
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
            *text += printable!("{:<11} {}\n", word, id);
        }
        if ids.len() > MOST_IDS {
            *text += printable!("{:<11} … and {} more\n", word, ids.len() - MOST_IDS);
        }
        let shown = shell::words(ids.into_iter().take(MOST_IDS));
        if status == Status::New {
            let command = printable!("scimsnap snapshots diff {}", shown);
            *text += printable!("review      {}\n", paint(Style::Green, &command));
        } else {
            let command = printable!("scimsnap run {}{}", shown, repeat);
            *text += printable!("rerun       {}\n", paint(Style::Green, &command));
        }
    }
}

fn left_over(text: &mut Printable, summary: &Summary, header: &Header, repeat: &Printable) {
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
        paint(Style::Yellow, "kept at the endpoint, as requested:")
    } else {
        paint(Style::Red, "left over at the endpoint:")
    };
    *text += printable!("{}\n", title);
    for leftover in left.iter().take(MOST_IDS) {
        *text += printable!("  {}\n", leftover);
    }
    if left.len() > MOST_IDS {
        *text += printable!("  … and {} more (the JSON report lists all)\n", left.len() - MOST_IDS);
    }
    if !summary.leftovers.removable.is_empty() {
        let clean = printable!("scimsnap clean --run {}{}", header.run, repeat);
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
