//! The job in time: when a cycle runs, what it tries again, and what keeps it from running.
//!
//! Source: docs/providers/entra.md#the-provisioning-job, docs/providers/entra.md#retries-and-quarantine.

use std::collections::BTreeSet;

use crate::idp::{Broken, Session};
use crate::wire::Exchange;

use super::Entra;
use super::escrow::INTERVAL;
use super::plan::Plan;
use super::quarantine::{Quarantine, Reason, too_many};
use super::user::Seen;

/// How a cycle comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Start {
    /// Something happened: what is due is worked through.
    Incremental,
    /// Later: the endpoint is probed first.
    Probed,
    /// The administrator's `cycle`, which stands for a later day as well: everything that waits is due.
    LaterDay,
}

impl Entra {
    /// Runs a cycle over what has come up, unless the job is in quarantine and not to try yet.
    pub(super) async fn run(&mut self, start: Start, session: &Session<'_>) -> Result<(), Broken> {
        let later_day = start == Start::LaterDay;
        if let Some(quarantine) = &self.quarantine {
            match quarantine.next() {
                Some(next) if later_day => self.now = self.now.max(next),
                Some(next) if next <= self.now => {}
                _ => return Ok(()),
            }
        }
        self.set_clocks();
        if (start != Start::Incremental || self.quarantine.is_some()) && !self.probe(session).await? {
            return Ok(());
        }
        let mut plan = std::mem::take(&mut self.backlog);
        plan.append(self.escrow.take(later_day));
        let due = self.scope.take_due();
        if let Some(threshold) = self.settings.deletion_threshold
            && !self.deletions_allowed
            && self.deletions(&plan, &due, session) > threshold
        {
            self.hold_back(plan, due);
            return Ok(());
        }
        self.deletions_allowed = false;
        let mut rest = Plan::default();
        let mut left = BTreeSet::new();
        let cycle = self.cycle(&plan, &due, &mut rest, &mut left, session).await;
        let (rest, left) = match cycle {
            Ok(()) => (rest, left),
            // A cycle that breaks is taken up again by the next one.
            Err(_) => (plan, due),
        };
        self.backlog.append(rest);
        for key in left {
            self.scope.delete_later(key);
        }
        self.weigh_failures();
        self.now += INTERVAL;
        self.set_clocks();
        cycle
    }

    /// Deletions, users with their references, groups, memberships. What comes after the job was stopped is left over.
    async fn cycle(
        &mut self,
        plan: &Plan,
        due: &BTreeSet<String>,
        rest: &mut Plan,
        left: &mut BTreeSet<String>,
        session: &Session<'_>,
    ) -> Result<(), Broken> {
        for key in due {
            if self.quarantine.is_some() {
                left.insert(key.clone());
            } else {
                self.delete_user(key, session).await?;
            }
        }
        let mut seen = Seen::new();
        for key in &plan.people {
            if self.quarantine.is_some() {
                rest.person(key);
            } else {
                self.user(key, &mut seen, session).await?;
            }
        }
        if self.quarantine.is_none() {
            self.references(&seen, session).await?;
        }
        for key in &plan.groups {
            if self.quarantine.is_some() {
                rest.group(key);
            } else {
                self.group(key, session).await?;
            }
        }
        self.members(&plan.members, rest, session).await?;
        for key in &plan.unassigned_groups {
            if self.quarantine.is_some() {
                rest.unassigned_group(key);
            } else {
                self.delete_group(key, session).await?;
            }
        }
        Ok(())
    }

    /// Lets time pass: everything that falls due in it happens.
    pub(super) async fn wait(&mut self, seconds: i64, session: &Session<'_>) -> Result<(), Broken> {
        let until = self.now.saturating_add(seconds);
        loop {
            let next = match &self.quarantine {
                Some(quarantine) => quarantine.next(),
                None => self.escrow.next().into_iter().chain(self.scope.next_due()).min(),
            };
            match next.filter(|next| *next <= until) {
                Some(next) => {
                    self.now = self.now.max(next);
                    self.run(Start::Probed, session).await?;
                }
                None => break,
            }
        }
        self.now = self.now.max(until);
        self.set_clocks();
        Ok(())
    }

    pub(super) fn set_clocks(&mut self) {
        self.escrow.now = self.now;
        self.scope.now = self.now;
    }

    /// Stops the job, or notes that its attempt to go on failed.
    pub(super) fn quarantine(&mut self, exchange: &Exchange) {
        let now = self.now;
        let quarantine = match self.quarantine.take() {
            Some(mut quarantine) if quarantine.reason != Reason::TooManyDeletes => {
                if quarantine.next().is_some_and(|next| next <= now) {
                    quarantine.failed_again(now);
                }
                quarantine
            }
            _ => Quarantine::begins(Reason::Exception, now),
        };
        self.notices.add(exchange, quarantine.message(now));
        self.quarantine = Some(quarantine);
        self.last_exchange = exchange.number;
    }

    /// Disables, deletions and deletions of groups that a cycle would send.
    fn deletions(&self, plan: &Plan, due: &BTreeSet<String>, session: &Session<'_>) -> usize {
        let disabled = plan.people.iter().filter(|key| {
            let person = session.directory.person(key);
            self.links.person(key).is_some() && person.is_some_and(|person| !self.scope.is_active(person))
        });
        due.len() + disabled.count() + plan.unassigned_groups.len()
    }

    fn hold_back(&mut self, plan: Plan, due: BTreeSet<String>) {
        self.backlog.append(plan);
        for key in due {
            self.scope.delete_later(key);
        }
        let quarantine = Quarantine::begins(Reason::TooManyDeletes, self.now);
        self.notices.tell(self.last_exchange, quarantine.message(self.now));
        self.quarantine = Some(quarantine);
    }

    fn weigh_failures(&mut self) {
        let (failures, references) = self.escrow.count();
        let linked = self.links.people().count() + self.links.groups().count();
        if self.quarantine.is_none()
            && let Some(reason) = too_many(failures, references, linked + failures)
        {
            let quarantine = Quarantine::begins(reason, self.now);
            self.notices.tell(self.last_exchange, quarantine.message(self.now));
            self.quarantine = Some(quarantine);
        }
    }
}
