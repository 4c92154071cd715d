//! The tables of layers hold exactly what the rows of the defects name.

use std::collections::BTreeSet;

use super::{gate, race, request, response};
use crate::reference::defects::{Defect, Defects, Layer};

fn named(layer: Layer) -> BTreeSet<Defect> {
    let rows = Defects::ALL.iter().chain(Defects::QUIRKS);
    rows.filter(|row| row.layers.contains(&layer)).map(|row| row.defect).collect()
}

#[track_caller]
fn holds(layer: Layer, listed: impl Iterator<Item = Defect>) {
    let listed: Vec<Defect> = listed.collect();
    let once: BTreeSet<Defect> = listed.iter().copied().collect();
    assert_eq!(listed.len(), once.len(), "{layer:?}: one is listed twice");
    assert_eq!(once, named(layer), "{layer:?}");
}

#[test]
fn each_table_holds_what_the_rows_say() {
    let keys = gate::KEYS.iter().map(|(defect, _)| *defect);
    let turned_away = gate::TURNED_AWAY.iter().map(|(defect, _)| *defect);
    let refusals = gate::REFUSALS.iter().map(|(defect, _)| *defect);
    holds(Layer::Gate, keys.chain(refusals).chain(turned_away));
    holds(Layer::Race, race::LAYERS.iter().map(|(defect, _)| *defect));
    holds(Layer::Request, request::LAYERS.iter().copied().flatten().map(|(defect, _)| *defect));
    holds(Layer::Response, response::LAYERS.iter().copied().flatten().map(|(defect, _)| *defect));
}
