//! The order of operations: each after those that it refers to, else as in the request.

use std::collections::{BTreeMap, BTreeSet};

/// What an operation waits for: the operations that it refers to, and whether it can begin without the reference.
pub(super) type Waits = BTreeMap<usize, bool>;

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// This operation; all that it refers to is done.
    Ready(usize),
    /// This operation, without its references to what is not done: they go round in a circle.
    Broken(usize),
}

/// The order in which operations come.
pub(super) struct Plan {
    waits: Vec<Waits>,
    /// Who waits for an operation.
    waited_for: Vec<Vec<usize>>,
    /// The circle in which each operation is; one that is in none is in one of its own.
    circle: Vec<usize>,
    /// How much each waits for that it cannot begin without.
    needs: Vec<usize>,
    ready: BTreeSet<usize>,
    /// What waits for its own circle only, and can begin without.
    breakable: BTreeSet<usize>,
    left: BTreeSet<usize>,
}

impl Plan {
    pub(super) fn new(waits: Vec<Waits>) -> Self {
        let circle = circles(&waits);
        let mut waited_for = vec![Vec::new(); waits.len()];
        for (index, waits) in waits.iter().enumerate() {
            for &other in waits.keys() {
                waited_for[other].push(index);
            }
        }
        let needs = waits
            .iter()
            .enumerate()
            .map(|(index, waits)| {
                waits.iter().filter(|(other, soft)| !**soft || circle[**other] != circle[index]).count()
            })
            .collect();
        let left = (0..waits.len()).collect();
        let mut plan = Self {
            waits,
            waited_for,
            circle,
            needs,
            ready: BTreeSet::new(),
            breakable: BTreeSet::new(),
            left,
        };
        for index in 0..plan.waits.len() {
            plan.sort_in(index);
        }
        plan
    }

    /// The next operation, of those that can begin the first in the request; none where nothing is left that could.
    pub(super) fn next(&mut self) -> Option<Next> {
        let next = match self.ready.pop_first() {
            Some(index) => Next::Ready(index),
            None => Next::Broken(self.breakable.pop_first()?),
        };
        let (Next::Ready(index) | Next::Broken(index)) = next;
        self.left.remove(&index);
        Some(next)
    }

    /// An operation is done, for better or worse: nobody waits for it any more.
    pub(super) fn done(&mut self, index: usize) {
        for waiting in std::mem::take(&mut self.waited_for[index]) {
            let Some(soft) = self.waits[waiting].remove(&index) else { continue };
            if !soft || self.circle[index] != self.circle[waiting] {
                self.needs[waiting] -= 1;
            }
            if self.left.contains(&waiting) {
                self.sort_in(waiting);
            }
        }
    }

    /// What can never begin.
    pub(super) fn stuck(&mut self) -> BTreeSet<usize> {
        std::mem::take(&mut self.left)
    }

    fn sort_in(&mut self, index: usize) {
        if self.waits[index].is_empty() {
            self.breakable.remove(&index);
            self.ready.insert(index);
        } else if self.needs[index] == 0 {
            self.breakable.insert(index);
        }
    }
}

/// The strongly connected components, as a number for each operation (Tarjan's algorithm, without recursion: a chain of
/// references may be as long as the request).
fn circles(waits: &[Waits]) -> Vec<usize> {
    const UNSEEN: usize = usize::MAX;
    let count = waits.len();
    let edges: Vec<Vec<usize>> = waits.iter().map(|waits| waits.keys().copied().collect()).collect();
    let (mut seen, mut low, mut circle) = (vec![UNSEEN; count], vec![0; count], vec![UNSEEN; count]);
    let (mut clock, mut open, mut path) = (0, Vec::new(), Vec::new());
    for root in 0..count {
        if seen[root] != UNSEEN {
            continue;
        }
        path.push((root, 0));
        while let Some((at, edge)) = path.pop() {
            if edge == 0 {
                (seen[at], low[at]) = (clock, clock);
                clock += 1;
                open.push(at);
            } else {
                let child = edges[at][edge - 1];
                if circle[child] == UNSEEN {
                    low[at] = low[at].min(low[child]);
                }
            }
            if let Some(&child) = edges[at].get(edge) {
                path.push((at, edge + 1));
                if seen[child] == UNSEEN {
                    path.push((child, 0));
                }
                continue;
            }
            if low[at] == seen[at] {
                while let Some(member) = open.pop() {
                    circle[member] = at;
                    if member == at {
                        break;
                    }
                }
            }
        }
    }
    circle
}

#[cfg(test)]
mod tests;
