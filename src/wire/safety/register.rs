//! The knowledge that all pairs of a run share about a foreign target: what the run may have left there, and which ids
//! belong to other people.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use indexmap::IndexMap;

use crate::lock::lock;

use super::entry::Entry;
use super::ledger::Ledger;
use crate::wire::message::created::Created;
use crate::wire::message::left_out::LeftOut;

/// How many ids of other people are remembered. Whoever shows more than that is not believed any further.
const MOST_STRANGERS: usize = 1_000_000;

/// After how many reads that agree the answers to creations are trusted, as long as no read disagrees.
const TRUSTED_AFTER: usize = 16;

/// By what a resource is looked for again.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Trace {
    /// The id that an answer gave.
    Id(String),
    /// The name that was sent.
    Name(String),
}

/// What may be left at the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// What sort of resource.
    pub kind: Created,
    /// By what it is looked for.
    pub trace: Trace,
    /// When it was last heard of.
    pub since: Instant,
    /// Whether it is clear what became of its creation: it was answered with an id.
    pub is_answered: bool,
    /// Whether the name carries no token of the run, and a lookup found nobody under it before the creation.
    pub vacant: bool,
    /// Why it is not known to be gone.
    pub why: Option<String>,
}

/// What all pairs of a run know of a foreign target. The ledger on disk says the same as the open traces.
#[derive(Debug)]
pub struct Register {
    ledger: Ledger,
    run: String,
    open: Mutex<IndexMap<(Created, Trace), Open>>,
    /// Every name that was sent to create something, in small letters.
    sent: Mutex<BTreeSet<(Created, String)>>,
    strangers: Mutex<BTreeSet<(Created, u64)>>,
    /// What the endpoint lets nobody remove, and why; without a reason where an earlier run told it.
    lasting: Mutex<IndexMap<(Created, String), String>>,
    /// The kinds that a filter has shown something of the run's of.
    filters: Mutex<BTreeSet<Created>>,
    /// Whether a filter by a part of the name shows what is there, by kind.
    part_filters: Mutex<BTreeMap<Created, bool>>,
    /// How many ids were looked for again and are gone.
    removed: AtomicUsize,
    /// How many reads have confirmed what the answer to a creation said.
    confirmed: AtomicUsize,
    /// Whether the answer to a creation was wrong about whose resource it is.
    is_distrusted: AtomicBool,
}

impl Register {
    /// The register of a run that begins.
    pub fn new(ledger: Ledger, run: &str) -> Self {
        Self {
            ledger,
            run: run.to_owned(),
            open: Mutex::default(),
            sent: Mutex::default(),
            strangers: Mutex::default(),
            lasting: Mutex::default(),
            filters: Mutex::default(),
            part_filters: Mutex::default(),
            removed: AtomicUsize::new(0),
            confirmed: AtomicUsize::new(0),
            is_distrusted: AtomicBool::new(false),
        }
    }

    /// The register of an earlier run, from what its ledger says of a target; `age` is how long ago it ended. Says also
    /// how many entries belong to other targets.
    pub fn resume(
        ledger: Ledger,
        run: &str,
        entries: &[Entry],
        target: &str,
        age: Duration,
    ) -> (Self, usize) {
        let register = Self::new(ledger, run);
        let (open, foreign) = standing(entries, target, age);
        *lock(&register.open) = open;
        for entry in entries {
            match entry {
                Entry::Lasting { kind, id } => {
                    lock(&register.lasting).insert((*kind, id.clone()), String::new());
                }
                Entry::Intent { kind, name, .. } => {
                    lock(&register.sent).insert((*kind, name.trim().to_lowercase()));
                }
                _ => {}
            }
        }
        (register, foreign)
    }

    /// How many resources may be left according to a ledger, whatever its targets.
    pub fn count_open(entries: &[Entry]) -> usize {
        let targets = entries.iter().filter_map(|entry| match entry {
            Entry::Run { target, .. } => Some(target.as_str()),
            _ => None,
        });
        let targets: BTreeSet<&str> = targets.collect();
        let open =
            targets.into_iter().flat_map(|target| standing(entries, target, Duration::ZERO).0.into_values());
        open.filter(|open| matches!(open.trace, Trace::Id(_)) || !open.is_answered).count()
    }

    /// The kinds of which something was to be created.
    pub fn kinds(&self) -> BTreeSet<Created> {
        lock(&self.sent).iter().map(|(kind, _)| *kind).collect()
    }

    /// The id of the run.
    pub fn run(&self) -> &str {
        &self.run
    }

    /// Notes a name before it is sent.
    pub(in crate::wire) fn intend(&self, kind: Created, name: &str, vacant: bool) -> io::Result<()> {
        self.ledger.write(&Entry::Intent { kind, name: name.to_owned(), vacant })?;
        lock(&self.sent).insert((kind, name.trim().to_lowercase()));
        self.add(kind, Trace::Name(name.to_owned()), vacant);
        Ok(())
    }

    /// Notes an id before it is used, and the name under which it was created.
    pub(in crate::wire) fn created(&self, kind: Created, id: &str, name: Option<&str>) {
        let trace = Trace::Id(id.to_owned());
        if name.is_none() && (self.is_open(kind, &trace) || self.is_lasting(kind, id)) {
            return;
        }
        let entry = Entry::Created { kind, id: id.to_owned(), name: name.map(str::to_owned) };
        // Should the disk fail just now, it is also found by the name, which is in the ledger.
        let _ = self.ledger.write(&entry);
        self.add(kind, trace, false);
    }

    fn add(&self, kind: Created, trace: Trace, vacant: bool) {
        let is_answered = matches!(trace, Trace::Id(_));
        let open = Open { kind, trace: trace.clone(), since: Instant::now(), is_answered, vacant, why: None };
        lock(&self.open).insert((kind, trace), open);
    }

    fn is_open(&self, kind: Created, trace: &Trace) -> bool {
        lock(&self.open).contains_key(&(kind, trace.clone()))
    }

    /// Notes that the creation under a name was answered just now, and whether with an id.
    pub(in crate::wire) fn answered(&self, kind: Created, name: &str, with_id: bool) {
        if let Some(open) = lock(&self.open).get_mut(&(kind, Trace::Name(name.to_owned()))) {
            open.since = Instant::now();
            open.is_answered = with_id;
        }
    }

    /// Notes that something was looked for again and is gone.
    pub fn close(&self, kind: Created, trace: &Trace) {
        let entry = match trace.clone() {
            Trace::Id(id) => Entry::Deleted { kind, id },
            Trace::Name(name) => Entry::Gone { kind, name },
        };
        self.end(kind, trace, &entry);
    }

    /// Notes that the endpoint lets nobody remove something, and why.
    pub fn leave(&self, kind: Created, id: &str, why: &str) {
        lock(&self.lasting).insert((kind, id.to_owned()), why.to_owned());
        self.end(kind, &Trace::Id(id.to_owned()), &Entry::Lasting { kind, id: id.to_owned() });
    }

    fn end(&self, kind: Created, trace: &Trace, entry: &Entry) {
        if lock(&self.open).shift_remove(&(kind, trace.clone())).is_some() {
            if let Entry::Deleted { .. } = entry {
                self.removed.fetch_add(1, Ordering::Relaxed);
            }
            // Without this line it is looked for once more, which harms nobody.
            let _ = self.ledger.write(entry);
        }
    }

    /// Whether a name was sent to create something of that kind.
    pub fn was_sent(&self, kind: Created, name: &str) -> bool {
        lock(&self.sent).contains(&(kind, name.trim().to_lowercase()))
    }

    /// What the endpoint was found to let nobody remove: kind, id and why.
    pub fn lasting(&self) -> Vec<(Created, String, String)> {
        let lasting = lock(&self.lasting);
        let told = lasting.iter().filter(|(_, why)| !why.is_empty());
        told.map(|((kind, id), why)| (*kind, id.clone(), why.clone())).collect()
    }

    /// Whether the endpoint lets nobody remove it.
    pub fn is_lasting(&self, kind: Created, id: &str) -> bool {
        lock(&self.lasting).contains_key(&(kind, id.to_owned()))
    }

    /// Notes that a filter has shown something of the run's.
    pub(in crate::wire) fn filters_find(&self, kind: Created) {
        lock(&self.filters).insert(kind);
    }

    /// Whether a filter has shown something of the run's.
    pub fn do_filters_find(&self, kind: Created) -> bool {
        lock(&self.filters).contains(&kind)
    }

    /// Notes whether a filter by a part of the name has shown what is there.
    pub fn part_filter_finds(&self, kind: Created, finds: bool) {
        lock(&self.part_filters).insert(kind, finds);
    }

    /// Whether a filter by a part of the name shows what is there, where that was tried.
    pub fn does_part_filter_find(&self, kind: Created) -> Option<bool> {
        lock(&self.part_filters).get(&kind).copied()
    }

    /// How many ids were looked for again and are gone.
    pub fn removed(&self) -> usize {
        self.removed.load(Ordering::Relaxed)
    }

    /// Notes why something is not known to be gone.
    pub fn explain(&self, kind: Created, trace: &Trace, why: &str) {
        if let Some(open) = lock(&self.open).get_mut(&(kind, trace.clone())) {
            open.why = Some(why.to_owned());
        }
    }

    /// What is open, if that is.
    pub fn find_open(&self, kind: Created, trace: &Trace) -> Option<Open> {
        lock(&self.open).get(&(kind, trace.clone())).cloned()
    }

    /// What may be left, groups first.
    pub fn open(&self) -> Vec<Open> {
        let mut open: Vec<Open> = lock(&self.open).values().cloned().collect();
        open.sort_by_key(|open| open.kind);
        open
    }

    /// Removes the ledger, if nothing can be left.
    pub fn finish(&self) -> io::Result<()> {
        if lock(&self.open).is_empty() { self.ledger.finish() } else { Ok(()) }
    }

    /// Notes that an answer showed an id with a name that is not the run's.
    pub(in crate::wire) fn saw_stranger(&self, kind: Created, id: &str) {
        self.saw_strangers(kind, &[LeftOut::hash(id)]);
    }

    /// Notes ids of an answer that was too large to be kept whole, by their hashes: nothing of the run's is left out of it.
    pub(in crate::wire) fn saw_strangers(&self, kind: Created, ids: &[u64]) {
        let mut strangers = lock(&self.strangers);
        let room = MOST_STRANGERS.saturating_sub(strangers.len());
        strangers.extend(ids.iter().take(room).map(|id| (kind, *id)));
    }

    /// Whether an id may be other people's: an answer of the run showed it so, or there were too many to remember.
    pub(in crate::wire) fn may_be_a_strangers(&self, kind: Created, id: &str) -> bool {
        let strangers = lock(&self.strangers);
        strangers.len() >= MOST_STRANGERS || strangers.contains(&(kind, LeftOut::hash(id)))
    }

    /// Notes whether a read agreed with the answer to a creation.
    pub(in crate::wire) fn confirm(&self, agreed: bool) {
        if agreed {
            self.confirmed.fetch_add(1, Ordering::Relaxed);
        } else {
            self.is_distrusted.store(true, Ordering::Relaxed);
        }
    }

    /// Whether the answer to a creation is enough to write to what it says.
    pub(in crate::wire) fn trusts_creations(&self) -> bool {
        self.confirmed.load(Ordering::Relaxed) >= TRUSTED_AFTER && !self.is_distrusted.load(Ordering::Relaxed)
    }
}

/// What is still open according to a ledger, and how many entries belong to other targets.
fn standing(entries: &[Entry], target: &str, age: Duration) -> (IndexMap<(Created, Trace), Open>, usize) {
    let since = Instant::now().checked_sub(age).unwrap_or_else(Instant::now);
    let mut open: IndexMap<(Created, Trace), Open> = IndexMap::new();
    let mut foreign = BTreeSet::new();
    let mut is_here = true;
    for entry in entries {
        let (kind, trace, vacant, opens) = match entry {
            Entry::Run { target: other, .. } => {
                is_here = same_target(other, target);
                continue;
            }
            Entry::Intent { kind, name, vacant } => (*kind, Trace::Name(name.clone()), *vacant, true),
            Entry::Created { kind, id, name } => {
                let name = name.clone().map(Trace::Name);
                if let Some(open) = name.and_then(|name| open.get_mut(&(*kind, name))).filter(|_| is_here) {
                    open.is_answered = true;
                }
                (*kind, Trace::Id(id.clone()), false, true)
            }
            Entry::Deleted { kind, id } | Entry::Lasting { kind, id } => {
                (*kind, Trace::Id(id.clone()), false, false)
            }
            Entry::Gone { kind, name } => (*kind, Trace::Name(name.clone()), false, false),
        };
        match (is_here, opens) {
            (true, true) => {
                let is_answered = matches!(trace, Trace::Id(_));
                let value = Open { kind, trace: trace.clone(), since, is_answered, vacant, why: None };
                open.insert((kind, trace), value);
            }
            (true, false) => drop(open.shift_remove(&(kind, trace))),
            (false, true) => drop(foreign.insert((kind, trace))),
            (false, false) => drop(foreign.remove(&(kind, trace))),
        }
    }
    (open, foreign.len())
}

/// Whether two base URLs are the same but for the case of scheme and host and a slash at the end.
pub fn same_target(one: &str, other: &str) -> bool {
    let normal = |text: &str| match url::Url::parse(text) {
        Ok(url) => url.as_str().trim_end_matches('/').to_owned(),
        Err(_) => text.trim_end_matches('/').to_owned(),
    };
    normal(one) == normal(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(target: &str) -> Entry {
        Entry::Run { id: "k1".to_owned(), target: target.to_owned() }
    }

    fn intent(name: &str) -> Entry {
        Entry::Intent { kind: Created::User, name: name.to_owned(), vacant: false }
    }

    fn created(kind: Created, id: &str) -> Entry {
        Entry::Created { kind, id: id.to_owned(), name: None }
    }

    fn traces(entries: &[Entry]) -> (Vec<(Created, Trace)>, usize) {
        let (open, foreign) = standing(entries, "http://a/scim", Duration::ZERO);
        (open.into_keys().collect(), foreign)
    }

    #[test]
    fn what_was_looked_for_and_is_gone_is_closed() {
        let entries = [
            run("HTTP://A/scim/"),
            intent("ada"),
            created(Created::User, "1"),
            created(Created::Group, "2"),
            created(Created::Customer, "3"),
            intent("bob"),
            Entry::Deleted { kind: Created::User, id: "1".to_owned() },
            Entry::Gone { kind: Created::User, name: "bob".to_owned() },
            Entry::Lasting { kind: Created::Customer, id: "3".to_owned() },
        ];
        let (open, foreign) = traces(&entries);
        let ada = (Created::User, Trace::Name("ada".to_owned()));
        assert_eq!(open, [ada, (Created::Group, Trace::Id("2".to_owned()))]);
        assert_eq!(foreign, 0);
    }

    #[test]
    fn a_creation_that_was_answered_with_an_id_counts_once() {
        let named = Entry::Created { kind: Created::User, id: "1".to_owned(), name: Some("ada".to_owned()) };
        let entries =
            [run("http://a/scim"), intent("ada"), named, intent("bob"), run("http://b"), intent("eve")];
        assert_eq!(Register::count_open(&entries), 3);
        let (open, _) = standing(&entries, "http://a/scim", Duration::ZERO);
        assert!(open[&(Created::User, Trace::Name("ada".to_owned()))].is_answered);
        assert!(!open[&(Created::User, Trace::Name("bob".to_owned()))].is_answered);
    }

    #[test]
    fn the_lines_of_another_target_are_left_to_it() {
        let entries = [
            intent("before any target"),
            run("http://b/scim"),
            created(Created::User, "1"),
            run("http://a/scim"),
            created(Created::User, "2"),
        ];
        let (open, foreign) = traces(&entries);
        assert_eq!(open.len(), 2, "{open:?}");
        assert_eq!(open[1], (Created::User, Trace::Id("2".to_owned())));
        assert_eq!(foreign, 1);
    }

    #[test]
    fn an_id_that_was_somebody_elses_stays_somebody_elses() {
        let folder = tempfile::tempdir().unwrap();
        let (id, ledger) = Ledger::create(
            folder.path(),
            "http://a",
            ["k0001".to_owned()],
            &crate::wire::Redactor::default(),
        )
        .unwrap();
        let register = Register::new(ledger, &id);
        register.saw_stranger(Created::User, "7");
        assert!(register.may_be_a_strangers(Created::User, "7"));
        assert!(!register.may_be_a_strangers(Created::Group, "7"), "users and groups may share numbers");
        assert!(!register.may_be_a_strangers(Created::User, "8"));
    }
}
