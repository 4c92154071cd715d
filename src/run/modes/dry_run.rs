//! Counts what a run would send, by playing it where nobody is disturbed: against a reference endpoint that is treated
//! as somebody's, with its ledger in a folder of its own.

use std::cell::RefCell;
use std::collections::BTreeMap;

use uuid::Uuid;

use crate::reference::{Reference, SiteOptions};
use crate::scenario::Pack;
use crate::snapshot::Update;
use crate::wire::Target;

use crate::event::{Event, PairReport, Status};
use crate::run::cancel::Cancel;
use crate::run::engine::{RunError, run};
use crate::run::options::Options;
use crate::run::plan::Plan;
use crate::run::target::endpoint::{EndpointError, listen, target_of};
use crate::run::verdict::known_failures::KnownFailures;

/// The requests before the first pair: a page of users, a page of groups, and what the endpoint says of itself.
const PREFLIGHT: usize = 5;

/// What a run would send.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Rehearsal {
    /// Requests by method, cleaning up included.
    pub methods: BTreeMap<&'static str, usize>,
    /// Users and customers that would be created.
    pub users: usize,
    /// Groups and organizations that would be created.
    pub groups: usize,
    /// Runs that would be skipped, by reason.
    pub skipped: BTreeMap<String, usize>,
    /// The requests of the longest run.
    pub longest: usize,
}

impl Rehearsal {
    /// All requests.
    pub fn requests(&self) -> usize {
        PREFLIGHT + self.methods.values().sum::<usize>()
    }

    fn add(&mut self, report: &PairReport) {
        if report.status == Status::Skipped {
            *self.skipped.entry(report.skipped_reason.clone().unwrap_or_default()).or_default() += 1;
        }
        self.longest = self.longest.max(report.exchanges.len());
        for exchange in report.exchanges.iter().filter(|exchange| exchange.left) {
            *self.methods.entry(exchange.method).or_default() += 1;
            if exchange.method == "POST" && (200..300).contains(&exchange.status) {
                match exchange.path.as_str() {
                    "/Users" | "/customer" => self.users += 1,
                    "/Groups" | "/organization" => self.groups += 1,
                    _ => {}
                }
            }
        }
    }
}

/// Plays the plan as it would be played against the target of the options, and sends the target nothing.
pub async fn rehearse(plan: Plan, options: &Options) -> Result<Rehearsal, RunError> {
    let folder = std::env::temp_dir().join(format!("scimsnap-plan-{}", Uuid::new_v4().simple()));
    let mut rehearsed = Options {
        update: Update::No,
        // A reference endpoint answers, so it is not held against what is accepted for the target.
        snapshots: None,
        read_lag: std::time::Duration::ZERO,
        known: KnownFailures::default(),
        fail_fast: None,
        keep: false,
        cwd: folder.clone(),
        ..options.clone()
    };
    if let Some(target) = &options.target {
        let reference = Reference::new(options.clock.clone());
        let origin = listen(&reference).await.map_err(EndpointError::Listen)?;
        let access = reference.create_site(SiteOptions { name: "plan".to_owned(), ..SiteOptions::default() });
        let own = target_of(&origin, &access);
        let rest = own.rest.clone().filter(|_| target.rest.is_some());
        rehearsed.target = Some(Target { rest, rules: std::sync::Arc::clone(&target.rules), ..own });
    }
    let rehearsal = RefCell::new(Rehearsal::default());
    let cancel = Cancel::default();
    let played = run(plan, &rehearsed, &cancel, |event| {
        if let Event::Finished(report) = event {
            rehearsal.borrow_mut().add(report);
        }
    });
    let played = Box::pin(played).await;
    // Nothing but a ledger of the rehearsal can be in it.
    let _ = std::fs::remove_dir_all(&folder);
    played?;
    Ok(rehearsal.into_inner())
}

/// The pack that is played where nobody says otherwise: on somebody's endpoint, what decides whether it is ready.
pub fn default_pack(foreign: bool) -> Pack {
    if foreign { Pack::Ready } else { Pack::Full }
}
