//! The faults, by their kind.

mod answers;
mod awkward;
mod derived;
mod elements;
mod keys;
mod lives;
mod lost;
mod names;
mod order;
mod references;
mod refusals;
mod requests;
mod size;
mod standard;
mod together;
mod totals;

pub(crate) use awkward::AWKWARD;

use super::Fault;

pub(super) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Every fault.
pub(crate) fn all() -> Vec<Fault> {
    let kinds: [&[Fault]; 15] = [
        &answers::FAULTS,
        &lost::FAULTS,
        &size::FAULTS,
        &together::FAULTS,
        &elements::FAULTS,
        &refusals::FAULTS,
        &references::FAULTS,
        &order::FAULTS,
        &lives::FAULTS,
        &names::FAULTS,
        &keys::FAULTS,
        &derived::FAULTS,
        &totals::FAULTS,
        &requests::FAULTS,
        &standard::FAULTS,
    ];
    kinds.concat()
}
