//! Plays one scenario as Microsoft Entra ID against an endpoint in the same process, and prints what is wrong with it.
//!
//! `cargo run --example wrong_endpoint`. The endpoint is the reference endpoint with one deliberate bug, reached over HTTP
//! like any other: put your own base URL and token in its place.

use std::error::Error;
use std::io::{self, Write};
use std::time::Duration;

use scimsnap::context::Clock;
use scimsnap::event::Event;
use scimsnap::idp::ClientName;
use scimsnap::reference::{Defects, Reference, SiteOptions, serve};
use scimsnap::run::{Cancel, Options, plan, run};
use scimsnap::scenario::catalogue::select;
use scimsnap::wire::{Auth, Secret, Target};
use tokio::net::TcpListener;

const SCENARIO: &str = "groups/member-removed";

fn main() -> Result<(), Box<dyn Error>> {
    let mut text = Vec::new();
    // A run wants a current-thread runtime: its clients share what they know without locks.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(play("remove-one-removes-all", &mut text))?;
    write_out(&text)
}

#[expect(clippy::disallowed_methods, reason = "`Printable` is for what scimsnap itself prints")]
fn write_out(text: &[u8]) -> Result<(), Box<dyn Error>> {
    Ok(io::stdout().write_all(text)?)
}

/// Plays the scenario against an endpoint with that defect, and writes the status and the causes.
pub(crate) async fn play(defect: &str, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let clock = Clock::system();
    let reference = Reference::new(clock.clone());
    let access =
        reference.create_site(SiteOptions { defects: Defects::parse(defect)?, ..SiteOptions::default() });
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let origin = format!("http://{}", listener.local_addr()?);
    let server = tokio::spawn(serve(listener, reference, std::future::pending()));

    let target =
        Target::new(format!("{origin}{}", access.scim_path), Auth::Bearer(Secret::new(&access.token)));
    // The ledger of what a run creates is kept below this folder until all of it is removed again.
    let folder = tempfile::tempdir()?;
    let options = Options {
        target: Some(target),
        clients: Some(vec![ClientName::Entra]),
        read_lag: Duration::ZERO,
        ..Options::embedded(folder.path().to_owned(), clock)
    };
    let scenarios = select(&[SCENARIO.to_owned()], &options.cwd)?;
    let plan = plan(scenarios, options.clients.as_deref(), &options.cwd)
        .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;

    let mut lines = Vec::new();
    let summary = run(plan, &options, &Cancel::default(), |event| {
        if let Event::Finished(pair) = event {
            lines.push(format!("{} {} [{}]", pair.status.as_str(), pair.id, pair.client));
        }
    })
    .await?;
    for cause in summary.causes.iter() {
        lines.push(format!("  {} {}: {}", cause.requirement.level, cause.id(), cause.message));
        let culprit = cause.culprit.as_ref().map(|exchange| exchange.request.method);
        lines.push(format!("    done by {}", culprit.map_or("no request", |method| method.as_str())));
    }
    server.abort();
    for line in lines {
        writeln!(out, "{line}")?;
    }
    Ok(())
}
