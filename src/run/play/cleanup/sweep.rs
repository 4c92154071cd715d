//! The last look of a run: for every name that was sent and every id that was answered and is not yet known to be gone.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::wire::safety::proof;
use crate::wire::{Created, Open, Trace, Wire};

use super::remove::ROUNDS;
use super::{Patience, Silent, Sweeper, is_due};

/// How many pages of a tenant are read at most, where nothing else can show what is left.
pub(super) const MOST_PAGES: usize = 20;

/// How many pages are read at the end in any case, lest something was created besides what was asked for.
const LAST_PAGES: usize = 3;

/// How long it waits before it looks again.
const PAUSE: Duration = Duration::from_millis(250);

/// Looks again for everything that is open in the register of a wire's run, removes it, and goes on until nothing is open or
/// its patience is at an end. What is open then may be left at the endpoint.
pub async fn sweep(wire: &Wire, patience: Patience) {
    let work = look_again(wire, patience);
    // What is open when the time is over stays open, on disk too.
    let _ = tokio::time::timeout(patience.budget, work).await;
}

async fn look_again(wire: &Wire, patience: Patience) -> Option<()> {
    let register = wire.ownership().register()?.clone();
    let started = Instant::now();
    for open in register.open().iter().filter(|open| open.vacant) {
        if let Trace::Name(name) = &open.trace {
            wire.ownership().note_vacant(open.kind, name);
        }
    }
    let kinds: BTreeSet<Created> = register.kinds();
    let mut sweeper = Sweeper::new(wire, &register);
    for kind in &kinds {
        sweeper.look_around(*kind).await.ok()?;
    }
    loop {
        let open = register.open();
        // What was deleted may go after this look began; a creation has its time from when it was refused.
        let has_had_time = |open: &Open| !open.is_answered || started.elapsed() >= patience.lag;
        let is_last = open.iter().all(|open| is_due(open, patience) && has_had_time(open));
        sweeper.ids(&open).await.ok()?;
        for kind in &kinds {
            sweeper.names(*kind, patience, is_last).await.ok()?;
        }
        sweeper.settle().await;
        if is_last || register.open().is_empty() {
            return Some(());
        }
        tokio::time::sleep(PAUSE).await;
    }
}

impl Sweeper<'_> {
    async fn ids(&mut self, open: &[Open]) -> Result<(), Silent> {
        for open in open {
            if let Trace::Id(id) = &open.trace {
                self.id(open.kind, id).await?;
            }
        }
        Ok(())
    }

    /// Looks at everything at the end of a run: an endpoint may have created more than it was asked to. What is found is open
    /// from then on.
    async fn look_around(&mut self, kind: Created) -> Result<(), Silent> {
        let by_token = self.register.does_part_filter_find(kind) == Some(true);
        self.is_swept(kind, by_token, LAST_PAGES).await.map(drop)
    }

    /// Looks for the names of a kind whose creations have had their time: for all at once where that shows what is there, else
    /// one by one. What was not answered with an id is believed to be gone only where the whole tenant, or a filter that has
    /// found something before, does not show it.
    async fn names(&mut self, kind: Created, patience: Patience, is_last: bool) -> Result<(), Silent> {
        let mut due = self.open_names(kind);
        due.retain(|open| is_due(open, patience) && (is_last || !self.is_tried(open)));
        if due.is_empty() {
            return Ok(());
        }
        let finds_parts = self.register.does_part_filter_find(kind) == Some(true);
        if finds_parts && self.is_swept(kind, true, MOST_PAGES).await? {
            self.close(due.extract_if(.., |open| !open.vacant));
        }
        let is_uncertain = due.iter().any(|open| !open.is_answered);
        let pages = if is_uncertain { MOST_PAGES } else { due.len() / 2 };
        if pages > 0 && !due.is_empty() && self.is_swept(kind, false, pages.min(MOST_PAGES)).await? {
            self.close(due.drain(..));
        }
        let trusts_filters = self.register.do_filters_find(kind);
        for open in due {
            let Trace::Name(name) = &open.trace else { continue };
            self.tried.insert((kind, open.trace.clone()));
            if self.name(kind, name).await? && (open.is_answered || trusts_filters) {
                self.register.close(kind, &open.trace);
            }
        }
        for open in self.open_names(kind).iter().filter(|open| is_last && open.why.is_none()) {
            let why = "its creation was not confirmed, and no filter of the endpoint has found anything yet";
            self.register.explain(kind, &open.trace, why);
        }
        Ok(())
    }

    fn open_names(&self, kind: Created) -> Vec<Open> {
        let mut open = self.register.open();
        open.retain(|open| open.kind == kind && matches!(open.trace, Trace::Name(_)));
        open
    }

    fn is_tried(&self, open: &Open) -> bool {
        self.tried.contains(&(open.kind, open.trace.clone()))
    }

    fn close(&self, names: impl Iterator<Item = Open>) {
        for open in names {
            self.register.close(open.kind, &open.trace);
        }
    }

    /// Goes through a list, of what carries the run's token or of everything, removes what is ours, and does so again until
    /// nothing of ours is in it. Says whether it came to that, within so many pages.
    async fn is_swept(&mut self, kind: Created, by_token: bool, pages: usize) -> Result<bool, Silent> {
        for _ in 0..ROUNDS {
            match self.sweep_once(kind, by_token, pages).await? {
                Some(0) => return Ok(true),
                Some(_) => {}
                None => break,
            }
        }
        Ok(false)
    }

    /// Goes through a list once. Says how much of ours was in it, or nothing where it is not whole.
    async fn sweep_once(
        &mut self,
        kind: Created,
        by_token: bool,
        pages: usize,
    ) -> Result<Option<usize>, Silent> {
        let seeker = self.wire.seeker();
        let most = (pages * proof::PAGE) as u64;
        if !by_token {
            // A large tenant is not listed at all.
            let sample = self.send(seeker.sample(kind)).await?;
            let total = proof::list(&sample).map(|list| list.total.unwrap_or_default());
            if total.is_none_or(|total| total > most) {
                return Ok(None);
            }
        }
        let (mut after, mut found) = (0, 0);
        for _ in 0..pages {
            let request =
                if by_token { seeker.look_for_token(kind, after) } else { seeker.page(kind, after) };
            let listed = self.send(request).await?;
            let Some(list) = proof::list(&listed) else { return Ok(None) };
            let shown = list.shown;
            let total = list.total.unwrap_or_default();
            if total > most {
                return Ok(None);
            }
            let is_last = list.is_whole || shown == 0 || (total > 0 && total <= (after + shown) as u64);
            found += usize::from(self.shows_unusable_id(kind, &list));
            let mut gone = 0;
            for id in self.ours(kind, &list) {
                found += 1;
                self.id(kind, &id).await?;
                gone += usize::from(!self.is_left(kind, &id));
            }
            if is_last {
                return Ok(Some(found));
            }
            // What is gone moves the rest of the list up.
            after += shown.saturating_sub(gone);
        }
        Ok(None)
    }
}
