//! Exchanges that overlap are shown in the order in which they were begun, so that a transcript is the same each time.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::wire::message::exchange::Exchange;

/// The exchanges that are under way, and those that are over and wait for an earlier one.
#[derive(Debug, Default)]
pub(in crate::wire) struct Turns(RefCell<BTreeMap<usize, Option<Arc<Exchange>>>>);

/// An exchange that is under way. One that is given up is nobody's turn any more.
#[derive(Debug)]
pub(in crate::wire) struct Turn<'a> {
    turns: &'a Turns,
    number: usize,
}

impl Turns {
    /// Begins an exchange.
    pub(in crate::wire) fn take(&self, number: usize) -> Turn<'_> {
        self.0.borrow_mut().insert(number, None);
        Turn { turns: self, number }
    }
}

impl Turn<'_> {
    /// Ends it; returns what may be shown now, in order.
    pub(in crate::wire) fn ends(self, exchange: &Arc<Exchange>) -> Vec<Arc<Exchange>> {
        let mut under_way = self.turns.0.borrow_mut();
        under_way.insert(self.number, Some(Arc::clone(exchange)));
        let mut over = Vec::with_capacity(1);
        while let Some(first) = under_way.first_entry() {
            if first.get().is_none() {
                break;
            }
            over.extend(first.remove());
        }
        over
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut under_way = self.turns.0.borrow_mut();
        if under_way.get(&self.number).is_some_and(Option::is_none) {
            under_way.remove(&self.number);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::wire::{Answer, Method, Request, Withheld};

    fn exchange(number: usize) -> Arc<Exchange> {
        Arc::new(Exchange {
            number,
            request: Request::new(Method::Get, "/Users"),
            answer: Answer::Withheld(Withheld::NotOurs(String::new())),
            took: Duration::ZERO,
            overlaps: false,
        })
    }

    fn numbers(shown: Vec<Arc<Exchange>>) -> Vec<usize> {
        shown.into_iter().map(|exchange| exchange.number).collect()
    }

    #[test]
    fn what_ends_early_waits_for_what_began_before_it() {
        let turns = Turns::default();
        let (first, second, third) = (turns.take(1), turns.take(2), turns.take(3));
        assert_eq!(numbers(third.ends(&exchange(3))), [0; 0]);
        assert_eq!(numbers(first.ends(&exchange(1))), [1]);
        assert_eq!(numbers(second.ends(&exchange(2))), [2, 3]);
    }

    #[test]
    fn what_was_given_up_holds_nobody_back() {
        let turns = Turns::default();
        let (first, second) = (turns.take(1), turns.take(2));
        drop(first);
        assert_eq!(numbers(second.ends(&exchange(2))), [2]);
    }
}
