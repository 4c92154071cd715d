//! Rules for what the standards ask for and no provider is known to need: metadata, sorting, projections, replacements,
//! cursors, challenges. A breach fails a run, and decides nothing about a provider.
//!
//! May use, of `requirement`: `exchange`, `findings`, `mirror`, `model`, `rules/of_this_run`, `rules/rule`, `sign`.

mod attributes_heeded;
mod challenge;
mod created_kept;
mod cursor_walk;
mod extension_listed;
mod last_modified;
mod put_replaces;
mod resource_type;
mod single_primary;
mod sorted;
mod stamp;

use super::Rule;

/// Every rule of this family, fresh.
pub(super) fn all() -> Vec<Box<dyn Rule>> {
    vec![
        Box::new(challenge::Challenge),
        Box::new(resource_type::ResourceType),
        Box::new(extension_listed::ExtensionListed),
        Box::new(single_primary::SinglePrimary),
        Box::new(created_kept::CreatedKept::default()),
        Box::new(last_modified::LastModified::default()),
        Box::new(put_replaces::PutReplaces::default()),
        Box::new(attributes_heeded::AttributesHeeded::default()),
        Box::new(sorted::Sorted),
        Box::new(cursor_walk::CursorWalk::default()),
    ]
}
