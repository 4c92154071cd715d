//! `scimsnap run --plan`: what would be sent, without sending it.

use std::fmt::Write as _;
use std::time::Duration;

use crate::exit::Exit;
use crate::run::rehearse::{Rehearsal, rehearse};
use crate::run::{Options, Plan};
use crate::settings::TargetSettings;

use super::{fail, say};

/// What one request may take: an endpoint near by, and one that is busy.
const LATENCIES: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(500)];

/// Says what a run would send.
pub async fn show(plan: Plan, options: &Options, settings: &TargetSettings) -> Exit {
    let (scenarios, pairs) = (plan.scenarios, plan.pairs.len());
    let rehearsal = match rehearse(plan, options).await {
        Ok(rehearsal) => rehearsal,
        Err(error) => return fail(error.exit(), &error, None),
    };
    let target = options.target.as_ref().map_or("the embedded reference endpoint", |target| &target.scim);
    let mut text =
        format!("target   {target}\nplan     {scenarios} scenarios, {pairs} runs; nothing was sent\n");
    let methods: Vec<String> =
        rehearsal.methods.iter().map(|(method, count)| format!("{count} {method}")).collect();
    let _ = writeln!(text, "sends    about {} requests: {}", rehearsal.requests(), methods.join(", "));
    if options.target.is_some() {
        let _ = writeln!(
            text,
            "creates  {} users and {} groups, and removes them again",
            rehearsal.users, rehearsal.groups
        );
    }
    for (reason, count) in &rehearsal.skipped {
        let _ = writeln!(text, "skips    {count} runs: {reason}");
    }
    for latency in LATENCIES {
        let took = estimate(&rehearsal, options.jobs, latency);
        let _ = writeln!(
            text,
            "takes    about {} at {} ms a request, {} at a time",
            span(took),
            latency.as_millis(),
            options.jobs
        );
    }
    if let Some(rate) = settings.rate {
        let requests = u32::try_from(rehearsal.requests()).unwrap_or(u32::MAX);
        let least = Duration::try_from_secs_f64(f64::from(requests) / rate).unwrap_or(Duration::MAX);
        let _ = writeln!(text, "         and {} at least at {rate} requests a second", span(least));
    }
    if let Some(most) = settings.max_requests.filter(|most| *most < rehearsal.requests()) {
        let _ = writeln!(text, "stops    after {most} requests, before it is through");
    }
    say(&text);
    Exit::Success
}

/// All requests shared out, but no less than the longest run takes.
fn estimate(rehearsal: &Rehearsal, jobs: usize, latency: Duration) -> Duration {
    let rounds = rehearsal.requests().div_ceil(jobs.max(1)).max(rehearsal.longest);
    latency.saturating_mul(u32::try_from(rounds).unwrap_or(u32::MAX))
}

fn span(took: Duration) -> String {
    match took.as_secs() {
        seconds @ 0..=99 => format!("{} s", seconds.max(1)),
        seconds => format!("{} min", seconds.div_ceil(60)),
    }
}
