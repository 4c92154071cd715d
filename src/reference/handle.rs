//! The handle through which a site is set up and administered.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};

use jiff::Timestamp;
use tokio::sync::watch;

use super::api_key::{ApiKey, IssuedKey};
use super::defects::{Defects, Memory};
use super::ids::{Ids, SiteId, secrets_of};
use super::knobs::{KnobError, Knobs, Profile};
use super::meeting::Meeting;
use super::site::{Directory, Site};
use super::sites::Sites;
use super::state::{self, StateError};
use super::store::{Customers, Memberships, Organizations};
use crate::context::Clock;
use crate::lock::lock;

/// The service project that every site has.
pub(crate) const SERVICE_DESK: u32 = 1;

/// The reference endpoint: a cheap handle, whose clones share all sites.
#[derive(Clone)]
pub struct Reference {
    clock: Clock,
    sites: Arc<Mutex<Sites>>,
    /// How often anything may have changed.
    changes: Arc<watch::Sender<u64>>,
    /// Where requests wait for one another, if a defect has them do so.
    meeting: Arc<Meeting>,
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
    /// Whose service provider the site is. It decides nothing that the knobs do not, which start from [`Knobs::of`] it.
    pub profile: Profile,
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
    /// The path of the SCIM base URL: `/scim/directory/{id}`; empty where no directory is connected.
    pub scim_path: String,
    /// The API key of the directory; empty where it was issued earlier, for a key is shown once.
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

impl Reference {
    /// An endpoint without sites.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            sites: Arc::default(),
            changes: Arc::new(watch::Sender::new(0)),
            meeting: Arc::default(),
        }
    }

    /// The endpoint that was written down. Keys that are issued from now on are made from `seed`.
    ///
    /// # Errors
    /// `text` is no state of an endpoint, or one of another format.
    pub fn restore(clock: Clock, text: &[u8], seed: u64) -> Result<Self, StateError> {
        let (mut sites, _) = state::read(|| Ok(serde_json::Deserializer::from_slice(text)), seed)?;
        sites.settle();
        Ok(Self::with_sites(clock, sites))
    }

    /// An endpoint with these sites.
    pub(crate) fn with_sites(clock: Clock, sites: Sites) -> Self {
        let reference = Self::new(clock);
        *reference.lock() = sites;
        reference
    }

    /// Everything that is known, to be [restored](Self::restore). API keys are in it as digests only, and REST tokens not at all:
    /// each site has another one when it is restored.
    ///
    /// # Errors
    /// A value cannot be written as JSON.
    pub fn state(&self) -> Result<Vec<u8>, StateError> {
        let mut text = Vec::new();
        self.write_state(&mut text)?;
        Ok(text)
    }

    /// Writes down everything that is known, as [`Self::state`] gives it. Nothing happens to any site meanwhile.
    ///
    /// # Errors
    /// `out` fails, or a value cannot be written as JSON.
    pub fn write_state(&self, out: impl std::io::Write) -> Result<(), StateError> {
        state::write(&self.lock(), None, out)
    }

    /// Tells of changes: the value grows with everything that may have changed something.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Notes that something may have changed.
    pub(crate) fn changed(&self) {
        self.changes.send_modify(|count| *count += 1);
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
        let mut secrets = Ids::new(options.seed, &secrets_of(&options.name));
        let directory = options.directory.unwrap_or_else(|| ids.uuid());
        let key = options.token.unwrap_or_else(|| ApiKey::from(secrets.secret()));
        let rest_token = ApiKey::from(secrets.secret());
        let site = Site {
            id: id.clone(),
            name: options.name,
            profile: options.profile,
            knobs: options.knobs,
            defects: options.defects,
            memory: Memory::default(),
            ids,
            secrets,
            customers: Customers::default(),
            organizations: Organizations::default(),
            belonging: Memberships::default(),
            directory: Some(Directory::new(directory.clone(), IssuedKey::new(&key, self.now()))),
            rest_user: "admin@example.com".to_owned(),
            rest_token,
        };
        let access = access(&site, key.reveal());
        sites.by_directory.insert(directory, id.clone());
        sites.default.get_or_insert_with(|| id.clone());
        sites.by_id.insert(id, site);
        drop(sites);
        self.changed();
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
        drop(sites);
        self.changed();
    }

    /// The site of that name, and what a client needs to reach it; its API key was shown before.
    pub fn site_named(&self, name: &str) -> Option<SiteAccess> {
        self.lock().by_id.values().find(|site| site.name == name).map(|site| access(site, ""))
    }

    /// Makes a site the one that answers below `/rest/servicedeskapi`.
    pub fn make_default(&self, site: &SiteId) {
        self.lock().default = Some(site.clone());
        self.changed();
    }

    /// Turns a knob of a site.
    ///
    /// # Errors
    /// The knob, the value or the site is unknown.
    pub fn set_knob(&self, site: &SiteId, name: &str, value: &str) -> Result<(), KnobError> {
        let unknown = || KnobError::UnknownSite { site: site.to_string() };
        self.changing(site, |site| {
            site.knobs.set(name, value)?;
            site.rekey_names();
            Ok(())
        })
        .unwrap_or_else(|| Err(unknown()))
    }

    /// The profile of a site, if there is such a site.
    pub fn profile(&self, site: &SiteId) -> Option<Profile> {
        self.on_site(site, |site| site.profile)
    }

    /// Makes these the deliberate bugs of a site.
    pub fn set_defects(&self, site: &SiteId, defects: Defects) {
        self.changing(site, |site| site.defects = defects);
    }

    /// Where requests wait for one another.
    pub(crate) fn meeting(&self) -> &Meeting {
        &self.meeting
    }

    /// What time it is for the endpoint.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Does something with a site, if there is one of that id. Nothing else happens to any site meanwhile.
    pub(crate) fn on_site<T>(&self, site: &SiteId, act: impl FnOnce(&mut Site) -> T) -> Option<T> {
        self.lock().by_id.get_mut(site).map(act)
    }

    /// Does something with a site that may change it.
    pub(crate) fn changing<T>(&self, site: &SiteId, act: impl FnOnce(&mut Site) -> T) -> Option<T> {
        let done = self.on_site(site, act);
        self.changed();
        done
    }

    /// Does something with the site to which a directory is connected, if there is one.
    pub(crate) fn on_directory<T>(&self, directory: &str, act: impl FnOnce(&mut Site) -> T) -> Option<T> {
        let mut sites = self.lock();
        let Sites { by_id, by_directory, .. } = &mut *sites;
        by_id.get_mut(by_directory.get(directory)?).map(act)
    }

    /// Does something with the site of that id, or with the one that answers where the path names none.
    pub(crate) fn on_named<T>(&self, site: Option<&str>, act: impl FnOnce(&mut Site) -> T) -> Option<T> {
        let mut sites = self.lock();
        let Sites { by_id, default, .. } = &mut *sites;
        let site = match site {
            Some(site) => by_id.get_mut(site),
            None => by_id.get_mut(default.as_ref()?),
        };
        site.map(act)
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Sites> {
        lock(&self.sites)
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sites = self.lock();
        out.debug_struct("Reference").field("sites", &sites.by_id.len()).finish_non_exhaustive()
    }
}

/// The way to a site; `key` as far as it can be shown.
pub(super) fn access(site: &Site, key: &str) -> SiteAccess {
    let scim_path = site
        .directory
        .as_ref()
        .map(|directory| format!("/scim/directory/{}", directory.id))
        .unwrap_or_default();
    SiteAccess {
        site: site.id.clone(),
        scim_path,
        token: key.to_owned(),
        rest_path: format!("/ex/jira/{}/rest/servicedeskapi", site.id),
        rest_user: site.rest_user.clone(),
        rest_token: site.rest_token.reveal().to_owned(),
        service_desk: SERVICE_DESK,
    }
}
