//! All sites of an endpoint, and the ways to them.

use std::collections::BTreeMap;

use super::ids::SiteId;
use super::site::Site;

/// All sites, and the ways to them.
#[derive(Default)]
pub(crate) struct Sites {
    pub(crate) by_id: BTreeMap<SiteId, Site>,
    pub(crate) by_directory: BTreeMap<String, SiteId>,
    pub(crate) default: Option<SiteId>,
}

impl Sites {
    /// Builds what leads to the sites and to what is in them, after they were read.
    pub(crate) fn settle(&mut self) {
        self.by_directory.clear();
        for site in self.by_id.values_mut() {
            site.rekey_names();
            if let Some(directory) = &site.directory {
                self.by_directory.insert(directory.id.clone(), site.id.clone());
            }
        }
    }
}
