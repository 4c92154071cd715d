//! The handle through which a site is set up and administered.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use thiserror::Error;

use super::defects::Defects;
use super::ids::{Ids, SiteId};
use super::keys::{ApiKey, IssuedKey};
use super::knobs::{KnobError, Knobs};
use super::site::{Directory, Site};
use super::store::{Customers, Memberships, Organizations};
use crate::context::Clock;

/// The service project that every site has.
pub(crate) const SERVICE_DESK: u32 = 1;

/// The reference endpoint: a cheap handle, whose clones share all sites.
#[derive(Clone)]
pub struct Reference {
    clock: Clock,
    sites: Arc<Mutex<Sites>>,
}

#[derive(Default)]
struct Sites {
    by_id: BTreeMap<SiteId, Site>,
    by_directory: BTreeMap<String, SiteId>,
    default: Option<SiteId>,
}

/// How a site is set up.
#[derive(Debug, Clone, Default)]
pub struct SiteOptions {
    /// The site's name.
    pub name: String,
    /// The id of the connected directory; seeded where none is given.
    pub directory: Option<String>,
    /// The API key; seeded where none is given.
    pub token: Option<ApiKey>,
    /// The settings.
    pub knobs: Knobs,
    /// The deliberate bugs.
    pub defects: Defects,
    /// What ids and keys are made from: one seed and one name give the same ones in every run.
    pub seed: u64,
}

/// What a client needs to reach a site. Does not print its secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct SiteAccess {
    /// The site's id.
    pub site: SiteId,
    /// The path of the SCIM base URL: `/scim/directory/{id}`.
    pub scim_path: String,
    /// The API key of the directory.
    pub token: String,
    /// The path of the REST API: `/ex/jira/{site}/rest/servicedeskapi`.
    pub rest_path: String,
    /// The user of the REST API.
    pub rest_user: String,
    /// The REST API token of that user.
    pub rest_token: String,
    /// The id of the site's service project.
    pub service_desk: u32,
}

impl fmt::Debug for SiteAccess {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("SiteAccess")
            .field("site", &self.site)
            .field("scim_path", &self.scim_path)
            .field("rest_path", &self.rest_path)
            .field("rest_user", &self.rest_user)
            .field("service_desk", &self.service_desk)
            .finish_non_exhaustive()
    }
}

/// Why an administrator's change was not made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AdminError {
    /// No such site.
    #[error("no site has the id `{0}`")]
    UnknownSite(SiteId),
    /// No such organization.
    #[error("no organization is called `{0}`")]
    UnknownOrganization(String),
    /// The name is taken.
    #[error("an organization called `{0}` exists already")]
    NameTaken(String),
}

impl Reference {
    /// An endpoint without sites.
    pub fn new(clock: Clock) -> Self {
        Self { clock, sites: Arc::default() }
    }

    /// Sets up a site with a connected directory. The first site is the default one.
    pub fn create_site(&self, options: SiteOptions) -> SiteAccess {
        let mut sites = self.lock();
        let mut attempt = 0;
        let (mut ids, id) = loop {
            let mut ids = Ids::new(options.seed, &format!("{}, {attempt}", options.name));
            let id = SiteId::new(ids.uuid());
            if !sites.by_id.contains_key(&id) {
                break (ids, id);
            }
            attempt += 1;
        };
        let directory = options.directory.unwrap_or_else(|| ids.uuid());
        let key = options.token.unwrap_or_else(|| ApiKey::from(ids.secret()));
        let rest_token = ApiKey::from(ids.secret());
        let site = Site {
            id: id.clone(),
            name: options.name,
            knobs: options.knobs,
            defects: options.defects,
            ids,
            customers: Customers::default(),
            organizations: Organizations::default(),
            belonging: Memberships::default(),
            directory: Some(Directory::new(directory.clone(), IssuedKey::new(key, self.now()))),
            rest_user: "admin@example.com".to_owned(),
            rest_token,
        };
        let access = access(&site);
        sites.by_directory.insert(directory, id.clone());
        sites.default.get_or_insert_with(|| id.clone());
        sites.by_id.insert(id, site);
        access
    }

    /// Takes a site away, with all that is in it.
    pub fn remove_site(&self, site: &SiteId) {
        let mut sites = self.lock();
        sites.by_id.remove(site);
        sites.by_directory.retain(|_, owner| owner != site);
        if sites.default.as_ref() == Some(site) {
            sites.default = None;
        }
    }

    /// Makes a site the one that answers below `/rest/servicedeskapi`.
    pub fn make_default(&self, site: &SiteId) {
        self.lock().default = Some(site.clone());
    }

    /// Turns a knob of a site.
    ///
    /// # Errors
    /// The knob, the value or the site is unknown.
    pub fn set_knob(&self, site: &SiteId, name: &str, value: &str) -> Result<(), KnobError> {
        let unknown = || KnobError::UnknownSite { site: site.to_string() };
        self.on_site(site, |site| {
            site.knobs.set(name, value)?;
            site.rekey_names();
            Ok(())
        })
        .unwrap_or_else(|| Err(unknown()))
    }

    /// Issues a new API key; the old one is refused from now on. Empty if the site has no connected directory.
    pub fn regenerate_key(&self, site: &SiteId) -> String {
        let now = self.now();
        self.on_site(site, |site| {
            let key = site.ids.secret();
            let directory = site.directory.as_mut()?;
            directory.key = IssuedKey::new(ApiKey::from(key.as_str()), now);
            Some(key)
        })
        .flatten()
        .unwrap_or_default()
    }

    /// Ends the connection of a site: customers stay, synced organizations become manual ones and keep their members.
    pub fn disconnect(&self, site: &SiteId) {
        let mut sites = self.lock();
        if let Some(site) = sites.by_id.get_mut(site) {
            site.disconnect();
        }
        sites.by_directory.retain(|_, owner| owner != site);
    }

    /// Connects a new directory, with an id and a key of its own, to a site; one that is connected is disconnected first. A
    /// site that is gone is set up again, empty.
    pub fn reconnect(&self, site: &SiteId) -> SiteAccess {
        self.disconnect(site);
        let now = self.now();
        let access = {
            let mut sites = self.lock();
            sites.by_id.get_mut(site).map(|site| {
                let (directory, key) = (site.ids.uuid(), ApiKey::from(site.ids.secret()));
                site.directory = Some(Directory::new(directory, IssuedKey::new(key, now)));
                access(site)
            })
        };
        let Some(access) = access else {
            return self.create_site(SiteOptions::default());
        };
        if let Some(directory) = access.scim_path.rsplit('/').next() {
            let mut sites = self.lock();
            sites.by_directory.insert(directory.to_owned(), site.clone());
        }
        access
    }

    /// Renames an organization by hand; a synced one too, for an administrator may be allowed to.
    ///
    /// # Errors
    /// The site or the organization is unknown, or the new name is another organization's.
    pub fn rename_organization(&self, site: &SiteId, from: &str, to: &str) -> Result<(), AdminError> {
        self.on_site(site, |site| {
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

    /// What time it is for the endpoint.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Does something with a site, if there is one of that id. Nothing else happens to any site meanwhile.
    pub(crate) fn on_site<T>(&self, site: &SiteId, act: impl FnOnce(&mut Site) -> T) -> Option<T> {
        self.lock().by_id.get_mut(site).map(act)
    }

    /// The site to which a directory is connected.
    pub(crate) fn site_of(&self, directory: &str) -> Option<SiteId> {
        self.lock().by_directory.get(directory).cloned()
    }

    /// The site that answers where the path names none.
    pub(crate) fn default_site(&self) -> Option<SiteId> {
        self.lock().default.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Sites> {
        // A panic elsewhere leaves the records readable; refusing them would hide it behind a second one.
        self.sites.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sites = self.lock();
        out.debug_struct("Reference").field("sites", &sites.by_id.len()).finish_non_exhaustive()
    }
}

fn access(site: &Site) -> SiteAccess {
    let (directory, token) = site.directory.as_ref().map_or_else(
        || (String::new(), String::new()),
        |directory| (directory.id.clone(), directory.key.reveal().to_owned()),
    );
    SiteAccess {
        site: site.id.clone(),
        scim_path: format!("/scim/directory/{directory}"),
        token,
        rest_path: format!("/ex/jira/{}/rest/servicedeskapi", site.id),
        rest_user: site.rest_user.clone(),
        rest_token: site.rest_token.reveal().to_owned(),
        service_desk: SERVICE_DESK,
    }
}
