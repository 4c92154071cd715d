//! Rules for queries: filters, pages and excluded attributes. A lookup finds what it should, and nothing else.
//!
//! May use, of `requirement`: `exchange`, `findings`, `mirror`, `model`, `rules/rule`, `sign`.

mod excluded_attributes;
pub(super) mod filter_filters;
mod inactive_still_found;
mod lookup_finds;
mod lookup_miss;
mod lookup_total;
mod paging;

use super::Rule;

/// Every rule of this family, fresh.
pub(super) fn all() -> Vec<Box<dyn Rule>> {
    vec![
        Box::new(lookup_total::LookupTotal),
        Box::new(paging::Paging::default()),
        Box::new(lookup_miss::LookupMiss),
        Box::new(filter_filters::FilterFilters::default()),
        Box::new(lookup_finds::LookupFinds),
        Box::new(inactive_still_found::InactiveStillFound),
        Box::new(excluded_attributes::ExcludedAttributes),
    ]
}
