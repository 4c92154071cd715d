//! The last look of a run: for every name that was sent and every id that was answered and is not yet known to be gone.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::wire::{Created, Open, Trace, Wire, proof};

use super::{Patience, Silent, Sweeper, is_due};

/// How many pages of a tenant are read at most, where nothing else can show what is left.
const MOST_PAGES: usize = 20;

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
    let kinds: BTreeSet<Created> = register.open().iter().map(|open| open.kind).collect();
    let mut sweeper = Sweeper::new(wire, &register);
    loop {
        let open = register.open();
        let is_last = started.elapsed() >= patience.lag && open.iter().all(|open| is_due(open, patience));
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

    /// Looks for the names of a kind whose creations have had their time: for all at once where that shows what is there, else
    /// one by one, and at last through the whole tenant.
    async fn names(&mut self, kind: Created, patience: Patience, is_last: bool) -> Result<(), Silent> {
        let mut due = self.open_names(kind);
        due.retain(|open| is_due(open, patience) && (is_last || !self.is_tried(open)));
        if due.is_empty() {
            return Ok(());
        }
        let finds_parts = self.register.does_part_filter_find(kind) == Some(true);
        if finds_parts && self.is_swept(kind, true).await? {
            self.close(due.extract_if(.., |open| !open.vacant));
        }
        let trusts_filters = self.register.do_filters_find(kind);
        for open in due {
            let Trace::Name(name) = &open.trace else { continue };
            self.tried.insert((kind, open.trace.clone()));
            if self.name(kind, name).await? && (open.is_answered || trusts_filters) {
                self.register.close(kind, &open.trace);
            }
        }
        let left = self.open_names(kind);
        if !is_last || left.is_empty() {
            return Ok(());
        }
        if self.is_swept(kind, false).await? {
            self.close(left.into_iter());
            return Ok(());
        }
        for open in left.iter().filter(|open| open.why.is_none()) {
            let why =
                "its creation had no proper answer, and no filter of the endpoint has shown anything yet";
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

    /// Goes through a list, of what carries the run's token or of everything, and removes what is ours. Says whether the list
    /// was whole and nothing of ours is left in it.
    async fn is_swept(&mut self, kind: Created, by_token: bool) -> Result<bool, Silent> {
        let seeker = self.wire.seeker();
        let (mut after, mut is_clean) = (0, true);
        for _ in 0..MOST_PAGES {
            let request =
                if by_token { seeker.look_for_token(kind, after) } else { seeker.page(kind, after) };
            let found = self.send(request).await?;
            let Some(list) = proof::list(&found) else { return Ok(false) };
            let (shown, is_last) = (list.resources.len(), list.is_whole || list.resources.is_empty());
            let is_last = is_last || list.total.is_some_and(|total| total <= (after + shown) as u64);
            let mut gone = 0;
            for id in self.ours(kind, &list) {
                self.id(kind, &id).await?;
                if self.is_left(kind, &id) {
                    is_clean = false;
                } else {
                    gone += 1;
                }
            }
            if is_last {
                return Ok(is_clean);
            }
            // What is gone moves the rest of the list up.
            after += shown.saturating_sub(gone);
        }
        Ok(false)
    }
}
