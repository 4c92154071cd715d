//! Circles in a graph.

use std::collections::{BTreeMap, BTreeSet};

pub(super) type Graph = BTreeMap<String, BTreeSet<String>>;

/// The sets of nodes that can all be reached from each other.
pub(super) fn circles(graph: &Graph) -> BTreeSet<BTreeSet<String>> {
    let ahead: Graph = graph.keys().map(|node| (node.clone(), ahead_of(node, graph))).collect();
    let reaches = |from: &str, to: &str| ahead.get(from).is_some_and(|nodes| nodes.contains(to));
    let on_a_circle = ahead.keys().filter(|node| reaches(node, node));
    on_a_circle
        .map(|node| ahead[node].iter().filter(|other| reaches(other, node)).cloned().collect())
        .collect()
}

/// All nodes that can be reached from one.
fn ahead_of(node: &str, graph: &Graph) -> BTreeSet<String> {
    let (mut found, mut open) = (BTreeSet::new(), vec![node]);
    while let Some(node) = open.pop() {
        for next in graph.get(node).into_iter().flatten() {
            if found.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    found
}

#[test]
fn nodes_on_a_circle_are_found_and_others_are_not() {
    let graph = |edges: &[(&str, &str)]| {
        let mut graph = Graph::new();
        for (from, to) in edges {
            graph.entry((*from).to_owned()).or_default().insert((*to).to_owned());
        }
        graph
    };
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    assert!(circles(&graph(&[("a", "b"), ("b", "c"), ("a", "c")])).is_empty());
    let found = circles(&graph(&[("a", "b"), ("b", "c"), ("c", "b"), ("c", "d"), ("e", "f"), ("f", "e")]));
    assert_eq!(found, BTreeSet::from([set(&["b", "c"]), set(&["e", "f"])]));
}
