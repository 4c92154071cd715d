//! `scimsnap run --plan`: shows the planned requests without sending them.

use std::time::Duration;

use crate::counted::counted;
use crate::exit::Exit;
use crate::printable;
use crate::run::modes::dry_run::{Rehearsal, rehearse};
use crate::run::{Options, Plan};
use crate::settings::TargetSettings;

use crate::cli::output::{fail, say};

/// The latency of a nearby endpoint, and of a busy one.
const LATENCIES: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(500)];

/// Prints the plan.
pub(super) async fn show(plan: Plan, options: &Options, settings: &TargetSettings) -> Exit {
    let (scenarios, pairs) = (plan.scenarios, plan.pairs.len());
    let rehearsal = match Box::pin(rehearse(plan, options)).await {
        Ok(rehearsal) => rehearsal,
        Err(error) => return fail(error.exit(), &error, None),
    };
    let target = options.target.as_ref().map_or("the embedded reference endpoint", |target| &target.scim);
    let mut text = printable!(
        "target   {}\nplan     {}, {}; nothing was sent\n",
        target,
        counted(scenarios, "scenario"),
        counted(pairs, "run")
    );
    let methods: Vec<String> =
        rehearsal.methods.iter().map(|(method, count)| format!("{count} {method}")).collect();
    let requests = counted(rehearsal.requests(), "request");
    text += printable!("sends    about {}: {}\n", requests, methods.join(", "));
    if options.target.is_some() {
        text += printable!(
            "creates  {} and {}, and removes them again\n",
            counted(rehearsal.users, "user"),
            counted(rehearsal.groups, "group")
        );
    }
    for (reason, count) in &rehearsal.skipped {
        text += printable!("skips    {}: {}\n", counted(*count, "run"), reason);
    }
    for latency in LATENCIES {
        let took = estimate(&rehearsal, options.jobs, latency);
        text += printable!(
            "takes    about {} at {} ms per request, {} at a time\n",
            span(took),
            latency.as_millis(),
            options.jobs
        );
    }
    if let Some(rate) = settings.rate {
        let requests = u32::try_from(rehearsal.requests()).unwrap_or(u32::MAX);
        let least = Duration::try_from_secs_f64(f64::from(requests) / rate).unwrap_or(Duration::MAX);
        text += printable!("         and at least {} at {} requests per second\n", span(least), rate);
    }
    if let Some(most) = settings.max_requests.filter(|most| *most < rehearsal.requests()) {
        text += printable!("stops    after {}, before the end\n", counted(most, "request"));
    }
    say(&text);
    Exit::Success
}

/// The time for all requests, and at least for the longest run.
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
