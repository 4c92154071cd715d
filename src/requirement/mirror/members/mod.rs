//! The expected members of a group, from the requests since it was last read.
//!
//! May use, of `requirement`: `exchange`.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::requirement::exchange::view::Shown;

/// What is known of a group's members.
#[derive(Debug, Clone, Default)]
pub(crate) struct Members {
    /// Members for certain.
    certain: BTreeSet<String>,
    /// Members who were removed, one by one.
    removed: BTreeSet<String>,
    /// Members who were left out of a list that was sent.
    left_out: BTreeSet<String>,
    /// Members whom the last write added or listed.
    added: BTreeSet<String>,
    /// Members of a whole list that was sent, whom nobody has seen yet.
    unseen: BTreeSet<String>,
    /// Whether anybody was added since the last read.
    grown: bool,
    /// The members of the last addition. Nobody else is left if additions replace the list.
    last_added: BTreeSet<String>,
    /// The members of each addition since the last read. Simultaneous additions may be applied in any order.
    additions: Vec<BTreeSet<String>>,
    /// Members who were added since the last removal: all who are left where a removal empties the list.
    added_after_removal: BTreeSet<String>,
    /// Everybody who has left, whether that was read or not, until they come back.
    gone: BTreeSet<String>,
    /// Inactive and deleted users, whom the endpoint may have removed by itself.
    doubted: BTreeSet<String>,
    /// Whether the group was renamed since the last read.
    renamed: bool,
    /// Members who were added since: all who are left where a new name empties the list.
    added_after_rename: BTreeSet<String>,
    /// The number of the present write.
    now: usize,
    /// The last write of each kind since the last read.
    pub(crate) last: Last,
}

/// The numbers of writes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Last {
    pub(crate) addition: Option<usize>,
    pub(crate) removal: Option<usize>,
    pub(crate) list: Option<usize>,
    pub(crate) rename: Option<usize>,
}

/// How a read differs from what was sent.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Difference {
    /// How many are there twice.
    pub(crate) doubled: usize,
    /// How many are still there although they were removed.
    pub(crate) not_removed: usize,
    /// How many were removed.
    pub(crate) removed: usize,
    /// How many are still there although the list that was sent has not got them.
    pub(crate) not_left_out: usize,
    /// How many of those whom the last write added, or a list had since the last read, are not there.
    pub(crate) not_stored: usize,
    /// How many are gone whom no write named.
    pub(crate) lost: usize,
    /// Whether an addition that replaces the list would leave the same, so that it is not certain what was done wrong.
    pub(crate) may_be_replaced: bool,
    /// Whether the group was renamed as well, so that it is not certain what was done wrong.
    pub(crate) may_be_renamed: bool,
    /// The last write of each kind.
    pub(crate) last: Last,
    /// How many there should have been at least.
    pub(crate) expected: usize,
    /// What was done since the last read.
    pub(crate) cause: Option<Cause>,
    /// One of each, to show it by.
    pub(crate) shown_by: Examples,
}

impl Difference {
    /// A key of what was done wrong, and of what else it may have been.
    pub(crate) fn key(&self, what: &str) -> String {
        let other = |is_so: bool, end: &'static str| if is_so { end } else { "" };
        let (renamed, replaced) = (self.may_be_renamed, self.may_be_replaced);
        format!("{what}{}{}", other(renamed, "-or-renamed"), other(replaced, "-or-replaced"))
    }

    /// Whether the read is as it should be.
    pub(crate) fn is_none(&self) -> bool {
        self.doubled + self.not_removed + self.not_left_out + self.not_stored + self.lost == 0
    }
}

/// Members who show a difference.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Examples {
    /// One who is still there although they were removed.
    pub(crate) not_removed: Option<String>,
    /// One who is still there although the list that was sent has not got them.
    pub(crate) not_left_out: Option<String>,
    /// One who was not stored.
    pub(crate) not_stored: Option<String>,
    /// One who is gone.
    pub(crate) lost: Option<String>,
}

/// The write that a loss is put down to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// Others were removed.
    Removal,
    /// Others were added.
    Addition,
    /// The group was renamed.
    Rename,
}

impl Members {
    /// A write begins. Whom the writes before it sent is somebody who was there.
    pub(crate) fn begin(&mut self) {
        self.added.clear();
    }

    /// What follows was asked for by this write.
    pub(crate) fn at(&mut self, number: usize) -> &mut Self {
        self.now = number;
        self
    }

    /// Added by name.
    pub(crate) fn add(&mut self, ids: impl IntoIterator<Item = String>) {
        self.last.addition = Some(self.now);
        self.last_added.clear();
        let ids: BTreeSet<String> = ids.into_iter().collect();
        self.additions.push(ids.clone());
        for id in ids {
            self.last_added.insert(id.clone());
            self.added_after_removal.insert(id.clone());
            self.added_after_rename.insert(id.clone());
            self.grown = true;
            self.removed.remove(&id);
            self.left_out.remove(&id);
            self.gone.remove(&id);
            self.certain.insert(id.clone());
            self.added.insert(id);
        }
    }

    /// Removed by name.
    pub(crate) fn remove(&mut self, ids: impl IntoIterator<Item = String>) {
        self.last.removal = Some(self.now);
        self.added_after_removal.clear();
        for id in ids {
            self.last_added.remove(&id);
            for addition in &mut self.additions {
                addition.remove(&id);
            }
            self.certain.remove(&id);
            self.added.remove(&id);
            self.added_after_rename.remove(&id);
            self.left_out.remove(&id);
            self.gone.insert(id.clone());
            self.removed.insert(id);
        }
    }

    /// The whole list was sent.
    pub(crate) fn list(&mut self, ids: BTreeSet<String>) {
        self.last.list = Some(self.now);
        let before = std::mem::take(&mut self.certain);
        self.last_added.clear();
        self.additions.clear();
        self.added_after_removal.clear();
        self.left_out.extend(before.difference(&ids).cloned());
        self.gone.extend(before.difference(&ids).cloned());
        self.gone.retain(|id| !ids.contains(id));
        self.left_out.retain(|id| !ids.contains(id));
        self.removed.clear();
        self.added.clone_from(&ids);
        self.unseen.clone_from(&ids);
        self.added_after_rename.clone_from(&ids);
        self.certain = ids;
    }

    /// The group was renamed.
    pub(crate) fn rename(&mut self) {
        self.renamed = true;
        self.added_after_rename.clear();
        self.last.rename = Some(self.now);
    }

    /// Whether all of these are members already.
    pub(crate) fn has_all(&self, ids: &[String]) -> bool {
        ids.iter().all(|id| self.certain.contains(id))
    }

    /// Whether somebody was taken out, and has not come back.
    pub(crate) fn has_left(&self, id: &str) -> bool {
        self.gone.contains(id)
    }

    /// The members for certain, without these.
    pub(crate) fn certain_but(&self, ids: &[String]) -> Vec<String> {
        self.certain.iter().filter(|id| !ids.contains(id)).cloned().collect()
    }

    /// Whether there is a member for certain.
    pub(crate) fn has_some(&self) -> bool {
        !self.certain.is_empty()
    }

    /// The endpoint may have dropped this member by itself: the user is inactive or deleted.
    pub(crate) fn doubt(&mut self, id: &str) {
        self.certain.remove(id);
        self.added.remove(id);
        self.doubted.insert(id.to_owned());
    }

    /// These are members: it was read.
    pub(crate) fn settle(&mut self, ids: &[&str]) {
        let certain: BTreeSet<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        let mut gone = std::mem::take(&mut self.gone);
        gone.retain(|id| !certain.contains(id));
        *self = Self { certain, gone, ..Self::default() };
    }

    /// Compares a read with what was sent.
    pub(crate) fn compare(&self, shown: &Shown<'_>) -> Difference {
        let there: BTreeSet<&str> = shown.ids.iter().copied().collect();
        let among = |set: &BTreeSet<String>| set.iter().filter(|id| shown.holds(&there, id)).count();
        let missing: Vec<&String> = self.certain.iter().filter(|id| !shown.may_hold(&there, id)).collect();
        // A removal is the likelier cause than the list before it.
        let of_a_list = |id: &String| self.removed.is_empty() && self.unseen.contains(id);
        // Where nobody is there, no addition was stored, and none took the place of another.
        let is_empty = there.is_empty() && shown.left_out.is_none() && self.removed.is_empty();
        let of_an_addition = |id: &String| is_empty && self.additions.iter().any(|ids| ids.contains(id));
        let sent = |id: &String| self.added.contains(id) || of_a_list(id) || of_an_addition(id);
        let may_be_replaced = self.may_be_replaced(&there, &missing) && shown.left_out.is_none();
        let is_replaced = may_be_replaced && self.is_replaced(&there, &missing);
        // A removal that empties the list explains it all, whichever of two at the same time came first.
        let is_nobody = there.is_empty() && shown.left_out.is_none();
        let is_wiped = is_nobody && !self.removed.is_empty() && missing.iter().any(|id| !sent(id));
        // Exactly those who came after a rename are left, and more are missing than a write that was not stored explains.
        let is_renamed = self.renamed
            && shown.left_out.is_none()
            && self.are(&there, &self.added_after_rename)
            && !(is_replaced || is_wiped)
            && missing.iter().any(|id| !sent(id));
        let is_certain = is_replaced || is_wiped || is_renamed;
        let not_stored = if is_certain { 0 } else { missing.iter().filter(|id| sent(id)).count() };
        let one = |set: &BTreeSet<String>| set.iter().find(|id| shown.holds(&there, id)).cloned();
        let shown_by = Examples {
            not_removed: one(&self.removed),
            not_left_out: one(&self.left_out),
            not_stored: missing.iter().find(|id| sent(id)).map(|id| (*id).clone()),
            lost: missing.iter().find(|id| is_replaced || is_renamed || !sent(id)).map(|id| (*id).clone()),
        };
        Difference {
            doubled: shown.ids.len() - there.len(),
            not_removed: among(&self.removed),
            removed: self.removed.len(),
            not_left_out: among(&self.left_out),
            not_stored,
            lost: missing.len() - not_stored,
            may_be_replaced: may_be_replaced && !is_replaced,
            may_be_renamed: self.renamed && !is_renamed,
            last: self.last,
            expected: self.certain.len(),
            cause: match (is_replaced, is_renamed) {
                (true, _) => Some(Cause::Addition),
                (_, true) => Some(Cause::Rename),
                _ => self.cause(),
            },
            shown_by,
        }
    }

    /// Whether exactly the members of one addition are left.
    fn may_be_replaced(&self, there: &BTreeSet<&str>, missing: &[&String]) -> bool {
        self.grown && !missing.is_empty() && self.additions.iter().any(|ids| self.are(there, ids))
    }

    /// Whether exactly the members of the last addition are left, and neither a removal that empties the list nor a list that
    /// was not stored explains it.
    fn is_replaced(&self, there: &BTreeSet<&str>, missing: &[&String]) -> bool {
        let is_emptied = !self.removed.is_empty() && self.are(there, &self.added_after_removal);
        self.are(there, &self.last_added)
            && !missing.iter().any(|id| self.unseen.contains(*id))
            && !is_emptied
    }

    fn cause(&self) -> Option<Cause> {
        if !self.removed.is_empty() {
            Some(Cause::Removal)
        } else if self.grown {
            Some(Cause::Addition)
        } else {
            self.renamed.then_some(Cause::Rename)
        }
    }

    /// Whether these are there and nobody else, as far as that is certain.
    fn are(&self, there: &BTreeSet<&str>, ids: &BTreeSet<String>) -> bool {
        let is_sure = |id: &&str| !self.doubted.contains(*id);
        there.iter().copied().filter(is_sure).eq(ids.iter().map(String::as_str).filter(is_sure))
    }
}
