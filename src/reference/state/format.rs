//! The format: JSON with a version, and all sites. Indexes are built anew when it is read.
//!
//! It is written and read record by record: of a million users there is never a second copy in memory. Changes after it stand
//! in [journals](super::journal).

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Deserializer;
use thiserror::Error;
use uuid::Uuid;

use crate::reference::api_key::ApiKey;
use crate::reference::defects::{DefectError, Defects, Memory};
use crate::reference::ids::{Ids, SiteId, secrets_of};
use crate::reference::knobs::{KnobError, Knobs, Profile, ProfileError};
use crate::reference::site::{Directory, Site};
use crate::reference::sites::Sites;
use crate::reference::store::{Customers, Memberships, Organizations};

/// The version of the format; another one is not read.
const FORMAT: u32 = 1;
/// How long a file is at most: a million users take less than half of it.
pub(crate) const MOST: u64 = 2 * 1024 * 1024 * 1024;

/// Which journals continue a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Continued {
    /// Whose journals.
    pub(crate) epoch: Uuid,
    /// The number of the first that is not in the state.
    pub(crate) number: u64,
}

/// Why a state was not read or written.
#[derive(Debug, Error)]
pub enum StateError {
    /// It is no JSON of that form.
    #[error("the state cannot be read: {0}")]
    Form(#[source] serde_json::Error),
    /// It is of another version.
    #[error("the state has the format {0}, not {FORMAT}")]
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
    /// It is a folder, a device or the like.
    #[error("`{}` is not a regular file", .0.display())]
    NotAFile(PathBuf),
    /// It is longer than any state.
    #[error("`{}` has {length} bytes; the limit is {MOST}", path.display())]
    TooLong {
        /// Which file.
        path: PathBuf,
        /// How long it is.
        length: u64,
    },
    /// A journal does not continue the state.
    #[error(
        "`{}` contains later changes of another state: restore the state file that it belongs to, or remove it",
        .0.display()
    )]
    OtherJournal(PathBuf),
    /// A journal was changed by others.
    #[error("`{}` cannot be read from line {line}; remove this line and all later ones to continue without them", path.display())]
    Journal {
        /// Which file.
        path: PathBuf,
        /// The first line that cannot be read.
        line: usize,
    },
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
    #[serde(skip_serializing_if = "Option::is_none")]
    journal: Option<Continued>,
    default: Option<&'a SiteId>,
    sites: Vec<SiteRecord<&'a Customers, &'a Organizations, &'a Memberships, &'a Directory, &'a Ids>>,
}

#[derive(Deserialize)]
struct Read {
    format: u32,
    journal: Option<Continued>,
    default: Option<SiteId>,
    sites: Vec<SiteRecord<Customers, Organizations, Memberships, Directory, Ids>>,
}

/// A site as it is written. What is large is borrowed for writing and owned after reading.
#[derive(Serialize, Deserialize)]
pub(super) struct SiteRecord<C, O, M, D, I> {
    pub(super) id: SiteId,
    name: String,
    profile: String,
    knobs: BTreeMap<String, String>,
    defects: Vec<String>,
    ids: I,
    /// How many secrets were made. From what they are made is not written: who reads the file shall not tell the keys.
    secrets: u64,
    /// The token of that user is not written: another one is issued at the next start.
    rest_user: String,
    pub(super) customers: C,
    pub(super) organizations: O,
    pub(super) belonging: M,
    pub(super) directory: Option<D>,
}

impl<'a, C, O, M, D> SiteRecord<C, O, M, D, &'a Ids> {
    /// A site with its records in that form.
    pub(super) fn of(
        site: &'a Site,
        customers: C,
        organizations: O,
        belonging: M,
        directory: Option<D>,
    ) -> Self {
        Self {
            id: site.id.clone(),
            name: site.name.clone(),
            profile: site.profile.name().to_owned(),
            knobs: site.knobs.iter().map(|row| (row.name.to_owned(), row.value)).collect(),
            defects: site.defects.iter().map(|row| row.name.to_owned()).collect(),
            ids: &site.ids,
            secrets: site.secrets.given(),
            rest_user: site.rest_user.clone(),
            customers,
            organizations,
            belonging,
            directory,
        }
    }
}

impl<C, O, M, D> SiteRecord<C, O, M, D, Ids> {
    /// The same site with its records in another form.
    pub(super) fn map<C2, O2, M2>(
        self,
        customers: impl FnOnce(C) -> C2,
        organizations: impl FnOnce(O) -> O2,
        belonging: impl FnOnce(M) -> M2,
    ) -> SiteRecord<C2, O2, M2, D, Ids> {
        SiteRecord {
            id: self.id,
            name: self.name,
            profile: self.profile,
            knobs: self.knobs,
            defects: self.defects,
            ids: self.ids,
            secrets: self.secrets,
            rest_user: self.rest_user,
            customers: customers(self.customers),
            organizations: organizations(self.organizations),
            belonging: belonging(self.belonging),
            directory: self.directory,
        }
    }

    /// The site with these records. Its names are found once it was [rekeyed](Site::rekey_names).
    pub(super) fn into_site(
        self,
        records: (Customers, Organizations, Memberships, Option<Directory>),
        seed: u64,
    ) -> Result<Site, StateError> {
        let profile: Profile = self.profile.parse()?;
        let mut knobs = Knobs::of(profile);
        for (name, value) in &self.knobs {
            knobs.set(name, value)?;
        }
        let mut defects = Defects::default();
        for name in &self.defects {
            defects = defects | Defects::parse(name)?;
        }
        let (customers, organizations, belonging, directory) = records;
        let mut secrets = Ids::resumed(seed, &secrets_of(&self.name), self.secrets);
        let rest_token = ApiKey::from(secrets.secret());
        Ok(Site {
            secrets,
            id: self.id,
            name: self.name,
            profile,
            knobs,
            defects,
            memory: Memory::default(),
            ids: self.ids,
            customers,
            organizations,
            belonging,
            directory,
            rest_user: self.rest_user,
            rest_token,
        })
    }
}

/// Writes all sites down, one record after the other.
pub(crate) fn write(
    sites: &Sites,
    journal: Option<Continued>,
    out: impl io::Write,
) -> Result<(), StateError> {
    let records = sites.by_id.values().map(|site| {
        SiteRecord::of(site, &site.customers, &site.organizations, &site.belonging, site.directory.as_ref())
    });
    let written =
        Written { format: FORMAT, journal, default: sites.default.as_ref(), sites: records.collect() };
    Ok(serde_json::to_writer(out, &written)?)
}

/// The sites that were written, and which journals continue them; later keys are made from `seed`. `from_start` reads the text
/// from its start each time. The sites have to be [settled](Sites::settle).
pub(crate) fn read<'de, R: serde_json::de::Read<'de>>(
    mut from_start: impl FnMut() -> io::Result<Deserializer<R>>,
    seed: u64,
) -> Result<(Sites, Option<Continued>), StateError> {
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
    for mut record in read.sites {
        let records = (
            std::mem::take(&mut record.customers),
            std::mem::take(&mut record.organizations),
            std::mem::take(&mut record.belonging),
            record.directory.take(),
        );
        let site = record.into_site(records, seed)?;
        sites.by_id.insert(site.id.clone(), site);
    }
    Ok((sites, read.journal))
}

fn whole<'de, T: Deserialize<'de>, R: serde_json::de::Read<'de>>(
    mut json: Deserializer<R>,
) -> serde_json::Result<T> {
    let value = T::deserialize(&mut json)?;
    json.end()?;
    Ok(value)
}
