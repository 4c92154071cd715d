//! What has changed since the state was last written: the sites, and of their records those that are not the same.

use serde::{Deserialize, Serialize};

use super::format::{SiteRecord, StateError};
use crate::reference::api_key::IssuedKey;
use crate::reference::ids::{Ids, SiteId};
use crate::reference::site::{Directory, Site};
use crate::reference::sites::Sites;
use crate::reference::store::{Changed, ChangedPairs, Customer, Entries, Group, Organization, Pairs, User};

#[derive(Serialize)]
struct Written<'a, S> {
    default: Option<&'a SiteId>,
    sites: Vec<S>,
}

/// Changes as they are read.
#[derive(Deserialize)]
pub(super) struct Delta {
    default: Option<SiteId>,
    sites: Vec<SiteDelta>,
}

type SiteDelta = SiteRecord<Entries<Customer>, Entries<Organization>, Pairs, DirectoryDelta, Ids>;
type DirectoryDelta = DirectoryRecord<String, IssuedKey, Entries<User>, Entries<Group>, Pairs>;

/// A directory as its changes are written.
#[derive(Serialize, Deserialize)]
struct DirectoryRecord<I, K, U, G, M> {
    id: I,
    key: K,
    users: U,
    groups: G,
    memberships: M,
}

/// Which records of a site have changed.
struct Taken {
    customers: Changed,
    organizations: Changed,
    belonging: ChangedPairs,
    directory: Option<(Changed, Changed, ChangedPairs)>,
}

impl Taken {
    fn from(site: &mut Site) -> Self {
        Self {
            customers: site.customers.take_changes(),
            organizations: site.organizations.take_changes(),
            belonging: site.belonging.take_changes(),
            directory: site.directory.as_mut().map(|directory| {
                (
                    directory.users.take_changes(),
                    directory.groups.take_changes(),
                    directory.memberships.take_changes(),
                )
            }),
        }
    }
}

/// Forgets what has changed, for all of it was written.
pub(super) fn forget(sites: &mut Sites) {
    for site in sites.by_id.values_mut() {
        Taken::from(site);
    }
}

/// What has changed since it was last asked, as a line of text.
pub(super) fn take(sites: &mut Sites) -> Result<Vec<u8>, StateError> {
    let taken: Vec<Taken> = sites.by_id.values_mut().map(Taken::from).collect();
    let records = sites.by_id.values().zip(taken).map(|(site, taken)| {
        let directory = site.directory.as_ref().zip(taken.directory);
        let directory = directory.map(|(directory, (users, groups, memberships))| DirectoryRecord {
            id: &directory.id,
            key: &directory.key,
            users: directory.users.delta(users),
            groups: directory.groups.delta(groups),
            memberships: directory.memberships.delta(memberships),
        });
        SiteRecord::of(
            site,
            site.customers.delta(taken.customers),
            site.organizations.delta(taken.organizations),
            site.belonging.delta(taken.belonging),
            directory,
        )
    });
    let mut line =
        serde_json::to_vec(&Written { default: sites.default.as_ref(), sites: records.collect() })?;
    line.push(b'\n');
    Ok(line)
}

/// Makes up for the changes. The sites have to be [settled](Sites::settle) afterwards.
pub(super) fn apply(sites: &mut Sites, delta: Delta, seed: u64) -> Result<(), StateError> {
    let mut before = std::mem::take(&mut sites.by_id);
    sites.default = delta.default;
    for mut record in delta.sites {
        let (mut customers, mut organizations, mut belonging, directory) = match before.remove(&record.id) {
            Some(site) => (site.customers, site.organizations, site.belonging, site.directory),
            None => Default::default(),
        };
        let changes = record.directory.take();
        let directory = changes.map(|changes| {
            let same = directory.filter(|directory| directory.id == changes.id);
            let mut directory = match same {
                Some(directory) => Directory { key: changes.key, ..directory },
                None => Directory::new(changes.id, changes.key),
            };
            directory.users.apply(changes.users);
            directory.groups.apply(changes.groups);
            directory.memberships.apply(changes.memberships);
            directory
        });
        let record = record.map(
            |changes| customers.apply(changes),
            |changes| organizations.apply(changes),
            |changes| belonging.apply(changes),
        );
        let site = record.into_site((customers, organizations, belonging, directory), seed)?;
        sites.by_id.insert(site.id.clone(), site);
    }
    Ok(())
}
