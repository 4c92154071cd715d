//! Finds the pending files.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use crate::cli::output::fail;
use crate::cli::selection::warn_of_links;
use crate::exit::Exit;
use crate::files::input;
use crate::run::verdict::transcript;
use crate::snapshot::store::pending;
use crate::snapshot::{Name, Outcomes, Shelf, file};

/// How the names of transcripts' snapshots end, where outcomes' have the client.
const TRANSCRIPT: &str = ".transcript";

/// A pending file and the snapshot that it would become.
pub(super) struct Waiting<'a> {
    pub(super) pending: PathBuf,
    pub(super) shelf: Shelf<'a>,
    pub(super) name: Name,
}

impl Waiting<'_> {
    pub(super) fn shown(&self) -> String {
        format!("{}.new", self.shelf.shown(&self.name.path()))
    }

    /// Whether it is a client's transcript.
    pub(super) fn is_transcript(&self) -> bool {
        self.name.client.as_ref().is_some_and(|client| client.ends_with(TRANSCRIPT))
    }

    /// The transcript that waits, and the one that was accepted.
    pub(super) fn transcripts(&self) -> Result<(String, String), Exit> {
        let cannot = |error: &dyn Display| {
            fail(Exit::Invalid, &format!("cannot read `{}` ({error})", self.shown()), None)
        };
        let new = file::load(&self.pending).map_err(|error| cannot(&error))?;
        let new = new.as_text().map(ToString::to_string).unwrap_or_default();
        let old = transcript::accepted(self.shelf, &self.name.path()).map_err(|error| cannot(&error))?;
        Ok((new, old.unwrap_or_default()))
    }

    /// The ids of the causes that explain it.
    pub(super) fn explained_by(&self) -> Vec<String> {
        input::text(&self.pending, input::SNAPSHOT).map(|text| file::explained_by(&text)).unwrap_or_default()
    }

    pub(super) fn outcomes(&self) -> Result<Outcomes, Exit> {
        let shown = self.shown();
        let text = input::text(&self.pending, input::SNAPSHOT)
            .map_err(|error| fail(Exit::Invalid, &format!("cannot read `{shown}` ({error})"), None))?;
        file::parse(&shown, &text).map_err(|error| fail(Exit::Invalid, &error, None))
    }
}

/// The pending files of these folders.
pub(super) fn waiting<'a>(shelves: &[Shelf<'a>]) -> Vec<Waiting<'a>> {
    let mut waiting: Vec<Waiting<'_>> = Vec::new();
    for shelf in shelves {
        let folder = shelf.path("");
        let pending = pending(*shelf);
        warn_of_links(&pending.not_followed);
        for path in pending.files {
            // One folder may stand in another: a file belongs to the innermost.
            let inner = |other: &Shelf<'_>| {
                let other = other.path("");
                other.starts_with(&folder) && other != folder && path.starts_with(&other)
            };
            if shelves.iter().any(inner) {
                continue;
            }
            let name = name_of(&folder, &path);
            waiting.extend(name.map(|name| Waiting { pending: path, shelf: *shelf, name }));
        }
    }
    waiting.sort_by_key(Waiting::shown);
    waiting.dedup_by(|one, other| one.pending == other.pending);
    waiting
}

/// `<id>[@alternative][+client].snap.new`, below a folder of snapshots.
fn name_of(folder: &Path, pending: &Path) -> Option<Name> {
    let path = pending.strip_prefix(folder).ok()?;
    let path = path.to_string_lossy().replace('\\', "/");
    let stem = path.strip_suffix(".snap.new")?;
    let (stem, client) = match stem.rsplit_once('+') {
        Some((stem, client)) => (stem, Some(client.to_owned())),
        None => (stem, None),
    };
    let (scenario, alternative) = match stem.rsplit_once('@') {
        Some((scenario, alternative)) => (scenario, Some(alternative.to_owned())),
        None => (stem, None),
    };
    Some(Name { scenario: scenario.to_owned(), alternative, client })
}
