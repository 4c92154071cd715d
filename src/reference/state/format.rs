//! The format: JSON with a version, and all sites. Indexes are built anew when it is read.
//!
//! It is written and read record by record: of a million users there is never a second copy in memory.

use std::collections::BTreeMap;
use std::io;

use serde::{Deserialize, Serialize};
use serde_json::Deserializer;
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
    Form(#[source] serde_json::Error),
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
    Io(#[from] io::Error),
    /// Another process uses the file.
    #[error("another endpoint uses the state file")]
    InUse,
}

impl From<serde_json::Error> for StateError {
    fn from(error: serde_json::Error) -> Self {
        if error.is_io() { Self::Io(error.into()) } else { Self::Form(error) }
    }
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
    format: u32,
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
    /// The token of that user is not written: another one is issued at the next start.
    rest_user: String,
    customers: C,
    organizations: O,
    belonging: M,
    directory: Option<D>,
}

/// Writes all sites down, one record after the other.
pub(crate) fn write(sites: &Sites, out: impl io::Write) -> Result<(), StateError> {
    let records = sites.by_id.values().map(|site| SiteRecord {
        id: site.id.clone(),
        name: site.name.clone(),
        profile: site.profile.name().to_owned(),
        knobs: site.knobs.iter().map(|row| (row.name.to_owned(), row.value)).collect(),
        defects: site.defects.iter().map(|row| row.name.to_owned()).collect(),
        ids: &site.ids,
        secrets: site.secrets.given(),
        rest_user: site.rest_user.clone(),
        customers: &site.customers,
        organizations: &site.organizations,
        belonging: &site.belonging,
        directory: site.directory.as_ref(),
    });
    let written = Written { format: FORMAT, default: sites.default.as_ref(), sites: records.collect() };
    Ok(serde_json::to_writer(out, &written)?)
}

/// The sites that were written; later keys are made from `seed`. `from_start` reads the text from its start each time.
pub(crate) fn read<'de, R: serde_json::de::Read<'de>>(
    mut from_start: impl FnMut() -> io::Result<Deserializer<R>>,
    seed: u64,
) -> Result<Sites, StateError> {
    let read: Read = match whole(from_start()?) {
        Ok(read) => read,
        // The text may be of another form because it is of another version, which says more.
        Err(error) => match whole(from_start()?) {
            Ok(Version { format }) if format != FORMAT => return Err(StateError::Format(format)),
            _ => return Err(error.into()),
        },
    };
    if read.format != FORMAT {
        return Err(StateError::Format(read.format));
    }
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
        let mut secrets = Ids::resumed(seed, &secrets_of(&record.name), record.secrets);
        let rest_token = ApiKey::from(secrets.secret());
        let mut site = Site {
            secrets,
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
            rest_token,
        };
        site.rekey_names();
        if let Some(directory) = &site.directory {
            sites.by_directory.insert(directory.id.clone(), site.id.clone());
        }
        sites.by_id.insert(site.id.clone(), site);
    }
    Ok(sites)
}

fn whole<'de, T: Deserialize<'de>, R: serde_json::de::Read<'de>>(
    mut json: Deserializer<R>,
) -> serde_json::Result<T> {
    let value = T::deserialize(&mut json)?;
    json.end()?;
    Ok(value)
}
