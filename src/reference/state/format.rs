//! The format: JSON with a version, and all sites. Indexes are built anew when it is read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::reference::defects::{DefectError, Defects, Memory};
use crate::reference::handle::{Sites, secrets_of};
use crate::reference::ids::{Ids, SiteId};
use crate::reference::keys::ApiKey;
use crate::reference::knobs::{KnobError, Knobs, Profile, ProfileError};
use crate::reference::site::{Directory, Site};
use crate::reference::store::{Customers, Memberships, Organizations};

/// The version of the format; another one is not read.
const FORMAT: u32 = 1;

/// Why a state was not read or written.
#[derive(Debug, Error)]
pub enum StateError {
    /// It is no JSON of that form.
    #[error("the state cannot be read: {0}")]
    Form(#[from] serde_json::Error),
    /// It is of another version.
    #[error("the state is of format {0}, not {FORMAT}")]
    Format(u32),
    /// It names a profile that there is not.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// It names a knob that there is not, or stands it at what it cannot.
    #[error(transparent)]
    Knob(#[from] KnobError),
    /// It names a defect that there is not.
    #[error(transparent)]
    Defect(#[from] DefectError),
    /// The file cannot be read or written.
    #[error("the state file: {0}")]
    Io(#[from] std::io::Error),
    /// Another process uses the file.
    #[error("another endpoint uses the state file")]
    InUse,
}

#[derive(Deserialize)]
struct Version {
    format: u32,
}

#[derive(Serialize)]
struct Written<'a> {
    format: u32,
    default: Option<&'a SiteId>,
    sites: Vec<SiteRecord<&'a Customers, &'a Organizations, &'a Memberships, &'a Directory, &'a Ids>>,
}

#[derive(Deserialize)]
struct Read {
    default: Option<SiteId>,
    sites: Vec<SiteRecord<Customers, Organizations, Memberships, Directory, Ids>>,
}

/// A site as it is written. What is large is borrowed for writing and owned after reading.
#[derive(Serialize, Deserialize)]
struct SiteRecord<C, O, M, D, I> {
    id: SiteId,
    name: String,
    profile: String,
    knobs: BTreeMap<String, String>,
    defects: Vec<String>,
    ids: I,
    /// How many secrets were made. From what they are made is not written: who reads the file shall not tell the keys.
    secrets: u64,
    rest_user: String,
    rest_token: ApiKey,
    customers: C,
    organizations: O,
    belonging: M,
    directory: Option<D>,
}

/// All sites, as text.
pub(crate) fn write(sites: &Sites) -> Result<Vec<u8>, StateError> {
    let records = sites.by_id.values().map(|site| SiteRecord {
        id: site.id.clone(),
        name: site.name.clone(),
        profile: site.profile.name().to_owned(),
        knobs: site.knobs.iter().map(|row| (row.name.to_owned(), row.value)).collect(),
        defects: site.defects.iter().map(|row| row.name.to_owned()).collect(),
        ids: &site.ids,
        secrets: site.secrets.given(),
        rest_user: site.rest_user.clone(),
        rest_token: site.rest_token.clone(),
        customers: &site.customers,
        organizations: &site.organizations,
        belonging: &site.belonging,
        directory: site.directory.as_ref(),
    });
    let written = Written { format: FORMAT, default: sites.default.as_ref(), sites: records.collect() };
    Ok(serde_json::to_vec(&written)?)
}

/// The sites that were written; later keys are made from `seed`.
pub(crate) fn read(text: &[u8], seed: u64) -> Result<Sites, StateError> {
    let Version { format } = serde_json::from_slice(text)?;
    if format != FORMAT {
        return Err(StateError::Format(format));
    }
    let read: Read = serde_json::from_slice(text)?;
    let mut sites = Sites { default: read.default, ..Sites::default() };
    for record in read.sites {
        let profile: Profile = record.profile.parse()?;
        let mut knobs = Knobs::of(profile);
        for (name, value) in &record.knobs {
            knobs.set(name, value)?;
        }
        let mut defects = Defects::default();
        for name in &record.defects {
            defects = defects | Defects::parse(name)?;
        }
        let mut site = Site {
            secrets: Ids::resumed(seed, &secrets_of(&record.name), record.secrets),
            id: record.id,
            name: record.name,
            profile,
            knobs,
            defects,
            memory: Memory::default(),
            ids: record.ids,
            customers: record.customers,
            organizations: record.organizations,
            belonging: record.belonging,
            directory: record.directory,
            rest_user: record.rest_user,
            rest_token: record.rest_token,
        };
        site.rekey_names();
        if let Some(directory) = &site.directory {
            sites.by_directory.insert(directory.id.clone(), site.id.clone());
        }
        sites.by_id.insert(site.id.clone(), site);
    }
    Ok(sites)
}
