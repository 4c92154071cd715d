//! What administrators do to a site: its connection and API key, its organizations, the groups that wait for review.

use jiff::Timestamp;
use thiserror::Error;

use super::api_key::{ApiKey, IssuedKey};
use super::handle::{Reference, SiteAccess, SiteOptions, access};
use super::ids::SiteId;
use super::provisioning::{HeldGroup, NotAccepted};
use super::site::{Directory, Site};

/// Why an administrator's change was not made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AdminError {
    /// No such site.
    #[error("there is no site with the id `{0}`")]
    UnknownSite(SiteId),
    /// No such organization.
    #[error("there is no organization `{0}`")]
    UnknownOrganization(String),
    /// The name is taken.
    #[error("the organization `{0}` already exists")]
    NameTaken(String),
    /// A site has one identity provider at a time.
    #[error("a directory is already connected: disconnect it first")]
    Connected,
    /// The id is another directory's, or cannot stand in a path.
    #[error("`{0}` is not a valid directory id")]
    DirectoryId(String),
    /// No such group waits for review.
    #[error("there is no group with the id `{0}` to review")]
    NotHeld(String),
}

/// The connection of a site to an identity provider, as an administrator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// The id of the directory.
    pub directory: String,
    /// When the API key stops holding.
    pub key_expires: Timestamp,
    /// How many users were provisioned.
    pub users: usize,
    /// How many groups were pushed.
    pub groups: usize,
}

/// Whether an id can be a directory's: letters, digits, `-`, `_` and `.`, at most 200 of them.
pub fn is_directory_id(id: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    !matches!(id, "" | "." | "..") && id.len() <= 200 && id.chars().all(fits)
}

impl Reference {
    /// The connection of a site, if it has one.
    pub fn connection(&self, site: &SiteId) -> Option<Connection> {
        self.on_site(site, |site| {
            let directory = site.directory.as_ref()?;
            Some(Connection {
                directory: directory.id.clone(),
                key_expires: directory.key.expires(),
                users: directory.users.len(),
                groups: directory.groups.len(),
            })
        })
        .flatten()
    }

    /// Connects a directory, of that id or of one of its own, to a site that has none. The new API key is shown here only.
    ///
    /// # Errors
    /// The site is unknown or has a directory, for it has one identity provider at a time; or the id cannot be had.
    pub fn connect(&self, id: &SiteId, directory: Option<&str>) -> Result<SiteAccess, AdminError> {
        let now = self.now();
        let mut sites = self.lock();
        if let Some(chosen) = directory
            && (!is_directory_id(chosen) || sites.by_directory.contains_key(chosen))
        {
            return Err(AdminError::DirectoryId(chosen.to_owned()));
        }
        let site = sites.by_id.get_mut(id).ok_or_else(|| AdminError::UnknownSite(id.clone()))?;
        if site.directory.is_some() {
            return Err(AdminError::Connected);
        }
        let directory = directory.map_or_else(|| site.ids.uuid(), str::to_owned);
        let key = ApiKey::from(site.secrets.secret());
        site.directory = Some(Directory::new(directory.clone(), IssuedKey::new(&key, now)));
        let access = access(site, key.reveal());
        sites.by_directory.insert(directory, id.clone());
        drop(sites);
        self.changed();
        Ok(access)
    }

    /// Ends the connection of a site: customers stay, synced organizations become manual ones and keep their members.
    pub fn disconnect(&self, site: &SiteId) {
        let mut sites = self.lock();
        if let Some(site) = sites.by_id.get_mut(site) {
            site.disconnect();
        }
        sites.by_directory.retain(|_, owner| owner != site);
        drop(sites);
        self.changed();
    }

    /// Connects a new directory, with an id and a key of its own, to a site; one that is connected is disconnected first. A
    /// site that is gone is set up again, empty.
    pub fn reconnect(&self, site: &SiteId) -> SiteAccess {
        self.disconnect(site);
        self.connect(site, None).unwrap_or_else(|_| self.create_site(SiteOptions::default()))
    }

    /// Issues a new API key; the old one is refused from now on. Empty if the site has no connected directory.
    pub fn regenerate_key(&self, site: &SiteId) -> String {
        let chosen = self.on_site(site, |site| site.secrets.secret()).unwrap_or_default();
        if self.replace_key(site, &ApiKey::from(chosen.as_str())) { chosen } else { String::new() }
    }

    /// Makes a key the API key of a site; the old one is refused from now on. Whether the site has a connected directory.
    pub fn replace_key(&self, site: &SiteId, key: &ApiKey) -> bool {
        let now = self.now();
        let replaced = self.changing(site, |site| {
            let directory = site.directory.as_mut()?;
            directory.key = IssuedKey::new(key, now);
            Some(())
        });
        replaced.flatten().is_some()
    }

    /// Whether a key opens the directory of a site now.
    pub fn opens(&self, site: &SiteId, key: &ApiKey) -> bool {
        let now = self.now();
        let opens = |site: &mut Site| {
            site.directory.as_ref().is_some_and(|directory| directory.key.opens(key.reveal(), now))
        };
        self.on_site(site, opens).unwrap_or(false)
    }

    /// Renames an organization by hand; a synced one too, for an administrator may be allowed to.
    ///
    /// # Errors
    /// The site or the organization is unknown, or the new name is another organization's.
    pub fn rename_organization(&self, site: &SiteId, from: &str, to: &str) -> Result<(), AdminError> {
        self.changing(site, |site| {
            let slot = site
                .organization_named(from)
                .ok_or_else(|| AdminError::UnknownOrganization(from.to_owned()))?;
            if site.organization_named(to).is_some_and(|other| other != slot) {
                return Err(AdminError::NameTaken(to.to_owned()));
            }
            site.rename_organization(slot, to);
            Ok(())
        })
        .unwrap_or_else(|| Err(AdminError::UnknownSite(site.clone())))
    }

    /// The groups that wait for review, oldest first, with what accepting them would do.
    pub fn held_groups(&self, site: &SiteId) -> Vec<HeldGroup> {
        self.on_site(site, |site| site.held_groups()).unwrap_or_default()
    }

    /// Accepts a group that waits for review: the organization of its name becomes the group's.
    ///
    /// # Errors
    /// The site is unknown, no such group waits, or another group provisions the organization by now.
    pub fn accept_group(&self, site: &SiteId, group: &str) -> Result<(), AdminError> {
        let now = self.now();
        let accepted = self
            .changing(site, |site| site.accept_group(group, now))
            .ok_or_else(|| AdminError::UnknownSite(site.clone()))?;
        accepted.map_err(|refused| match refused {
            NotAccepted::NotHeld => AdminError::NotHeld(group.to_owned()),
            NotAccepted::NameTaken(name) => AdminError::NameTaken(name),
        })
    }

    /// Accepts all groups that wait for review, and says how many that were. One that cannot be accepted goes on waiting.
    pub fn accept_all_groups(&self, site: &SiteId) -> usize {
        let held = self.held_groups(site);
        held.iter().filter(|group| self.accept_group(site, &group.id).is_ok()).count()
    }
}
