use std::collections::BTreeSet;

use super::{Next, Plan, Waits, circles};
use proptest::prelude::*;

/// The order of operations, each given by what it waits for and whether it can begin without; and what is stuck.
fn order(waits: &[&[(usize, bool)]]) -> (Vec<Next>, Vec<usize>) {
    let mut plan = Plan::new(waits.iter().map(|waits| waits.iter().copied().collect()).collect());
    let mut order = Vec::new();
    while let Some(next) = plan.next() {
        let (Next::Ready(index) | Next::Broken(index)) = next;
        order.push(next);
        plan.done(index);
    }
    (order, plan.stuck().into_iter().collect())
}

#[test]
fn what_refers_to_nothing_keeps_its_order() {
    assert_eq!(order(&[&[], &[], &[]]).0, [Next::Ready(0), Next::Ready(1), Next::Ready(2)]);
}

#[test]
fn what_is_referred_to_comes_first() {
    let (planned, stuck) = order(&[&[(2, true)], &[], &[(3, false)], &[]]);
    assert_eq!(planned, [Next::Ready(1), Next::Ready(3), Next::Ready(2), Next::Ready(0)]);
    assert!(stuck.is_empty());
}

#[test]
fn a_circle_is_broken_once_and_where_it_can_be() {
    assert_eq!(order(&[&[(1, true)], &[(0, true)]]).0, [Next::Broken(0), Next::Ready(1)]);
    assert_eq!(order(&[&[(1, false)], &[(0, true)]]).0, [Next::Broken(1), Next::Ready(0)]);
    assert_eq!(order(&[&[(0, true)]]).0, [Next::Broken(0)]);
    // The group stands outside of the circle of its members, and is not torn apart for it.
    let (planned, _) = order(&[&[(1, true), (2, true)], &[(2, true)], &[(1, true)]]);
    assert_eq!(planned, [Next::Broken(1), Next::Ready(2), Next::Ready(0)]);
}

#[test]
fn what_cannot_be_broken_is_stuck_with_all_that_waits_for_it() {
    let (planned, stuck) = order(&[&[(1, false)], &[(0, false)], &[(0, true)], &[]]);
    assert_eq!((planned, stuck), (vec![Next::Ready(3)], vec![0, 1, 2]));
}

#[test]
fn a_long_chain_is_no_deep_recursion() {
    const LENGTH: usize = 100_000;
    let chain =
        (0..LENGTH).map(|index| [(index + 1) % LENGTH].map(|next| (next, true)).into_iter().collect());
    let mut plan = Plan::new(chain.collect());
    let mut count = 0;
    while let Some(Next::Ready(index) | Next::Broken(index)) = plan.next() {
        plan.done(index);
        count += 1;
    }
    assert_eq!(count, LENGTH);
}

fn reachable(waits: &[Waits], from: usize) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<usize> = waits[from].keys().copied().collect();
    while let Some(at) = open.pop() {
        if seen.insert(at) {
            open.extend(waits[at].keys());
        }
    }
    seen
}

proptest! {
    #[test]
    fn everything_is_planned_once_after_all_that_it_needs(
        edges in prop::collection::vec((0..8usize, 0..8usize, any::<bool>()), 0..20)
    ) {
        let mut waits = vec![Waits::new(); 8];
        for (from, to, soft) in edges {
            waits[from].entry(to).and_modify(|all| *all &= soft).or_insert(soft);
        }
        let circle = circles(&waits);
        for one in 0..8 {
            for other in 0..8 {
                let together = one == other || (reachable(&waits, one).contains(&other) && reachable(&waits, other).contains(&one));
                prop_assert_eq!(circle[one] == circle[other], together, "{} {}", one, other);
            }
        }
        let mut plan = Plan::new(waits.clone());
        let mut done = BTreeSet::new();
        while let Some(next) = plan.next() {
            let (Next::Ready(index) | Next::Broken(index)) = next;
            let unmet: Vec<_> = waits[index].iter().filter(|(other, _)| !done.contains(*other)).collect();
            match next {
                Next::Ready(_) => prop_assert!(unmet.is_empty(), "{unmet:?}"),
                Next::Broken(_) => {
                    prop_assert!(!unmet.is_empty(), "torn apart for nothing");
                    prop_assert!(unmet.iter().all(|(other, soft)| **soft && circle[**other] == circle[index]), "{unmet:?}");
                }
            }
            prop_assert!(done.insert(index), "twice");
            plan.done(index);
        }
        let stuck = plan.stuck();
        prop_assert_eq!(done.len() + stuck.len(), 8);
        // What is stuck needs something that is stuck as well.
        for index in &stuck {
            prop_assert!(waits[*index].keys().any(|other| stuck.contains(other)));
        }
    }
}
