//! Microsoft Entra ID: incremental cycles that compare what changed with a read-back and PATCH the difference. The job,
//! quarantine and escrow decide when; users, groups and mappings decide what.
//!
//! Source: docs/providers/entra.md#the-provisioning-job.
//!
//! May use, of `idp`: `idp_client`, `kit`, `links`, `notices`, `row`, `session`, `settings`.

mod answer;
mod dialect;
mod diff;
mod escrow;
mod group;
mod job;
mod mapping;
mod plan;
mod quarantine;
mod request;
pub(in crate::idp) mod scim2;
mod scope;
#[cfg(test)]
mod threshold_tests;
mod user;

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use crate::directory::Event;
use crate::wire::{Exchange, Request};

use crate::idp::idp_client::IdpClient;
use crate::idp::kit::uncommon::uncommon;
use crate::idp::notices::Notices;
use crate::idp::row::Knowledge;
use crate::idp::settings::RateLimit;
use crate::idp::{Broken, Links, Session, Settings};

pub use dialect::Dialect;
use escrow::Escrow;
use job::Start;
use plan::Plan;
use quarantine::{Quarantine, Reason};
pub(in crate::idp) use request::headers;
use scope::Scope;

/// How far its behaviour is known.
pub(in crate::idp) const KNOWLEDGE: Knowledge = Knowledge {
    known: "documented and captured: matching, cycles, both dialects, error codes, quarantine and its timetable",
    unknown: "how retry intervals grow (they double, up to a day), the time-out",
};

/// Why it cannot express an event, where it cannot.
pub(in crate::idp) fn cannot(event: &Event) -> Option<&'static str> {
    match event {
        Event::Connect
        | Event::RestoreUser(_)
        | Event::OnDemand(_)
        | Event::OnDemandGroup { .. }
        | Event::InitialCycle
        | Event::AllowDeletions
        | Event::Restart
        | Event::Cycle
        | Event::Wait(_) => None,
        Event::Unlink { delete: false, .. } => {
            Some("Entra deletes an unassigned group and cannot keep it at the endpoint")
        }
        event => uncommon(event),
    }
}

/// A provisioning job.
#[derive(Debug)]
pub struct Entra {
    dialect: Dialect,
    settings: Rc<Settings>,
    links: Links,
    notices: Notices,
    scope: Scope,
    /// What a cycle that could not run, or not to its end, has left over.
    backlog: Plan,
    /// What failed and is tried again.
    escrow: Escrow,
    quarantine: Option<Quarantine>,
    /// Whether the administrator has allowed the deletions of the next cycle.
    deletions_allowed: bool,
    /// Groups whose members the endpoint shows although it is asked to leave them out.
    shows_members: BTreeSet<String>,
    /// The job's time, in seconds since it was made.
    now: i64,
    /// The exchange that a remark without one of its own is tied to.
    last_exchange: usize,
}

impl Entra {
    /// A job that knows nobody yet.
    pub fn new(dialect: Dialect, settings: Settings) -> Self {
        Self {
            dialect,
            scope: Scope::new(settings.skip_out_of_scope_deletions.unwrap_or(false)),
            settings: Rc::new(settings),
            links: Links::default(),
            notices: Notices::default(),
            backlog: Plan::default(),
            escrow: Escrow::default(),
            quarantine: None,
            deletions_allowed: false,
            shows_members: BTreeSet::new(),
            now: 0,
            last_exchange: 0,
        }
    }
}

impl IdpClient for Entra {
    fn links(&self) -> &Links {
        &self.links
    }

    fn links_mut(&mut self) -> &mut Links {
        &mut self.links
    }

    fn notices(&mut self) -> &mut Notices {
        &mut self.notices
    }

    /// Works through events as one incremental cycle: users, their references, groups, memberships. *Test connection*
    /// and *Provision on demand* are no cycles.
    ///
    /// What failed in an earlier cycle is tried again at intervals that grow. An explicit `cycle` stands for a later day
    /// as well: everything that waits is due, and whoever was deleted from the directory before it, while in scope, has
    /// been in the bin for 30 days and is deleted at the endpoint. A job in quarantine sends nothing until it is to try
    /// again, then probes.
    async fn perform(&mut self, events: &[Event], session: &Session<'_>) -> Result<(), Broken> {
        let mut start = None;
        if events.contains(&Event::Cycle) {
            self.scope.later_day();
        }
        for event in events {
            if let Some(key) = self.scope.reborn(event) {
                self.links.unlink_person(&key);
            }
            if *event == Event::Restart {
                self.forget();
            }
            self.scope.note(event, session.directory, &self.links, &mut self.backlog);
            let with = match event {
                Event::Connect => {
                    self.test_connection(session).await?;
                    continue;
                }
                Event::OnDemand(key) => {
                    self.on_demand(key, session).await?;
                    continue;
                }
                Event::OnDemandGroup { group, members } => {
                    self.on_demand_group(group, members, session).await?;
                    continue;
                }
                Event::Wait(seconds) => {
                    self.wait(*seconds, session).await?;
                    continue;
                }
                Event::AllowDeletions => {
                    self.deletions_allowed = true;
                    self.quarantine =
                        self.quarantine.take().filter(|held| held.reason != Reason::TooManyDeletes);
                    Start::Incremental
                }
                Event::Cycle => Start::LaterDay,
                Event::Restart | Event::InitialCycle => Start::Probed,
                Event::Assign(_)
                | Event::Update { .. }
                | Event::RenameUser { .. }
                | Event::Suspend(_)
                | Event::Unsuspend(_)
                | Event::Archive(_)
                | Event::Unassign(_)
                | Event::Reassign(_)
                | Event::DeleteUser(_)
                | Event::RestoreUser(_)
                | Event::Push(_)
                | Event::AddMember { .. }
                | Event::RemoveMember { .. }
                | Event::RenameGroup { .. }
                | Event::Unlink { .. }
                | Event::PushNow(_)
                | Event::Import
                | Event::ForceSync => Start::Incremental,
            };
            start = start.max(Some(with));
        }
        match start {
            Some(start) => self.run(start, session).await,
            None => Ok(()),
        }
    }
}

impl Entra {
    /// Sends a request. What a rate limit refuses comes again after the time that it asks for, or is a failure like any
    /// other and left to the next cycle.
    async fn send(&self, request: Request, session: &Session<'_>) -> Result<Arc<Exchange>, Broken> {
        match self.settings.rate_limit {
            None | Some(RateLimit::Wait) => session.send(request).await,
            Some(RateLimit::NextCycle) => session.send_once(request).await,
        }
    }

    /// A restart clears links, escrow and quarantine; the cycle that follows matches everybody anew.
    fn forget(&mut self) {
        self.links.clear();
        self.scope.forget();
        self.backlog = Plan::default();
        self.escrow.clear();
        self.quarantine = None;
        self.shows_members.clear();
    }
}
