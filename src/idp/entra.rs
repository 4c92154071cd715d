//! Microsoft Entra ID: incremental cycles that look at what changed, compare with a read-back and patch what differs.
//!
//! Source: sheet `entra`.

mod answer;
mod dialect;
mod diff;
mod group;
mod mapping;
mod plan;
mod request;
mod scope;
mod user;

use std::collections::BTreeSet;

use crate::directory::Event;

use super::notices::Notices;
use super::{Broken, Links, Session};

pub use dialect::Dialect;
use plan::Plan;
pub(super) use request::headers;
use scope::Scope;
use user::Seen;

/// A provisioning job.
#[derive(Debug)]
pub struct Entra {
    dialect: Dialect,
    pub(super) links: Links,
    pub(super) notices: Notices,
    scope: Scope,
    /// What failed and is tried again.
    escrow: Plan,
    /// Groups whose members the endpoint shows although it is asked to leave them out.
    shows_members: BTreeSet<String>,
}

impl Entra {
    /// A job that knows nobody yet.
    pub fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            links: Links::default(),
            notices: Notices::default(),
            scope: Scope::default(),
            escrow: Plan::default(),
            shows_members: BTreeSet::new(),
        }
    }

    /// Works through events as one incremental cycle: users, their references, groups, memberships. *Test connection*
    /// and *Provision on demand* are no cycles.
    ///
    /// What failed in an earlier cycle is tried again in each. An explicit `cycle` stands for a later day as well:
    /// whoever was deleted from the directory before it, while in scope, has been in the bin for 30 days and is
    /// deleted at the endpoint.
    pub async fn perform(&mut self, events: &[Event], session: &Session<'_>) -> Result<(), Broken> {
        let mut plan = Plan::default();
        let due = if events.contains(&Event::Cycle) { self.scope.take_due() } else { BTreeSet::new() };
        for event in events {
            match event {
                Event::Connect | Event::Cycle => self.probe(session).await?,
                Event::Restart => {
                    self.probe(session).await?;
                    self.forget();
                }
                _ => {}
            }
            if let Some(key) = self.scope.reborn(event) {
                self.links.unlink_person(&key);
            }
            self.scope.note(event, session.directory, &self.links, &mut plan);
            if let Event::OnDemand(key) = event {
                self.on_demand(key, session).await?;
            }
        }
        let is_cycle = |event: &Event| !matches!(event, Event::Connect | Event::OnDemand(_));
        if events.iter().any(is_cycle) {
            plan.append(std::mem::take(&mut self.escrow));
            let cycle = self.cycle(&plan, &due, session).await;
            if cycle.is_err() {
                // A cycle that breaks is taken up again by the next one.
                self.escrow.append(plan);
                for key in due {
                    self.scope.delete_later(key);
                }
            }
            return cycle;
        }
        Ok(())
    }

    async fn cycle(
        &mut self,
        plan: &Plan,
        due: &BTreeSet<String>,
        session: &Session<'_>,
    ) -> Result<(), Broken> {
        for key in due {
            self.delete_user(key, session).await?;
        }
        let mut seen = Seen::new();
        for key in &plan.people {
            self.user(key, &mut seen, session).await?;
        }
        self.references(&seen, session).await?;
        for key in &plan.groups {
            self.group(key, session).await?;
        }
        for (group, person) in &plan.members {
            self.member(group, person, session).await?;
        }
        for key in &plan.unassigned_groups {
            self.delete_group(key, session).await?;
        }
        Ok(())
    }

    /// A restart clears links and escrow; the cycle that follows matches everybody anew.
    fn forget(&mut self) {
        self.links.clear();
        self.scope.forget();
        self.escrow = Plan::default();
        self.shows_members.clear();
    }
}
