//! Which scenarios there are, and which of them a selection means.

use std::ffi::OsStr;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use glob::{MatchOptions, Pattern};
use indexmap::IndexSet;
use rust_embed::RustEmbed;

use crate::diag::{Diagnostic, Source};
use crate::files::input;
use crate::files::walk::{Place, Visitor, walk};

use super::load::load;
use super::model::Scenario;
use crate::suggest::nearest;

#[derive(RustEmbed)]
#[folder = "scenarios/"]
struct Bundled;

/// A scenario that can be loaded. A plan may hold many thousands: what the files of a folder share is held once.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Entry {
    origin: Origin,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Origin {
    Bundled(Box<str>),
    File {
        folder: Arc<Folder>,
        name: Box<OsStr>,
        /// Whether it may be read: nobody named a link that leads out of the project.
        place: Place,
    },
}

/// A folder with scenario files.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Folder {
    path: PathBuf,
    /// As it is shown: below where we are, where it is there.
    shown: PathBuf,
    /// Below the last folder `scenarios`; nothing where there is none.
    id: String,
    /// The folder beside which snapshots are kept.
    project: Option<PathBuf>,
}

impl Folder {
    fn of(path: &Path, cwd: &Path) -> Self {
        let words: Vec<String> = path
            .components()
            .filter_map(|part| match part {
                Component::Normal(word) => Some(word.to_string_lossy().into_owned()),
                Component::Prefix(_) | Component::RootDir | Component::CurDir | Component::ParentDir => None,
            })
            .collect();
        let start = words.iter().rposition(|word| word == "scenarios").map_or(words.len(), |at| at + 1);
        let scenarios =
            path.ancestors().find(|folder| folder.file_name().is_some_and(|name| name == "scenarios"));
        Self {
            path: path.to_owned(),
            shown: path.strip_prefix(cwd).unwrap_or(path).to_owned(),
            id: words[start..].join("/"),
            project: scenarios.and_then(Path::parent).map(Path::to_owned),
        }
    }

    /// The id of a file in it: the path below the last folder `scenarios`, without the ending; the file's name alone
    /// where there is none.
    fn id_of(&self, name: &OsStr) -> String {
        let name = name.to_string_lossy();
        let name = without_ending(&name);
        if self.id.is_empty() { name.to_owned() } else { format!("{}/{name}", self.id) }
    }
}

/// Why a scenario cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// Its file cannot be read.
    #[error("cannot read `{path}` ({error})")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        error: io::Error,
    },
    /// Its file is invalid.
    #[error("{0}")]
    Invalid(Diagnostic),
}

/// Why a selection means nothing.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not a scenario id, a prefix of one, a glob over ids, a file or a folder")]
pub struct NothingSelected {
    /// What was asked for.
    pub word: String,
    /// What was probably meant.
    pub near: Option<String>,
}

/// How globs over ids and paths are read: `*` matches within a folder, `**` across folders.
pub const GLOB: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

impl Entry {
    /// Whether it is one of the bundled ones.
    pub fn is_bundled(&self) -> bool {
        matches!(self.origin, Origin::Bundled(_))
    }

    /// Its id.
    pub fn id(&self) -> String {
        match &self.origin {
            Origin::Bundled(path) => without_ending(path).to_owned(),
            Origin::File { folder, name, .. } => folder.id_of(name),
        }
    }

    /// The word that selects it on the command line, and nothing else: the id of a bundled one, the path of a file.
    pub fn word(&self) -> String {
        match &self.origin {
            Origin::Bundled(_) => self.id(),
            Origin::File { folder, name, .. } => {
                let path = folder.shown.join(&**name).to_string_lossy().into_owned();
                // A word that begins with a hyphen would be a flag.
                if path.starts_with('-') { format!("./{path}") } else { path }
            }
        }
    }

    /// Loads the scenario.
    pub fn load(&self) -> Result<Scenario, ScenarioError> {
        let source = self.source()?;
        load(&self.id(), &source).map_err(ScenarioError::Invalid)
    }

    /// The folder below which its snapshots are kept: beside the `scenarios` folder, or where we are.
    pub fn project<'a>(&'a self, cwd: &'a Path) -> &'a Path {
        match &self.origin {
            Origin::Bundled(_) => cwd,
            Origin::File { folder, .. } => folder.project.as_deref().unwrap_or(cwd),
        }
    }

    /// Its file with the text.
    pub fn source(&self) -> Result<Source, ScenarioError> {
        match &self.origin {
            Origin::Bundled(path) => {
                let shown = format!("scenarios/{path}");
                let file = Bundled::get(path).ok_or_else(|| ScenarioError::Unreadable {
                    path: shown.clone(),
                    error: io::ErrorKind::NotFound.into(),
                })?;
                let text = String::from_utf8_lossy(&file.data);
                Ok(Source { path: shown.into(), text: text.into() })
            }
            Origin::File { folder, name, place } => {
                let shown = folder.shown.join(&**name).to_string_lossy().replace('\\', "/");
                let text = match place {
                    Place::Inside => input::text(&folder.path.join(&**name), input::SCENARIO),
                    Place::Outside => Err(io::Error::other(
                        "it is a link that leads out of the project; to play it, pass its path on the command line",
                    )),
                };
                let text = text.map_err(|error| ScenarioError::Unreadable { path: shown.clone(), error })?;
                Ok(Source { path: shown.into(), text: text.into() })
            }
        }
    }
}

/// The bundled scenarios, by id.
pub fn bundled() -> Vec<Entry> {
    bundled_that(|_| true)
}

fn bundled_that(is_wanted: impl Fn(&str) -> bool) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Bundled::iter()
        .filter(|path| path.ends_with(".yaml") && is_wanted(without_ending(path)))
        .map(|path| Entry { origin: Origin::Bundled(path.into()) })
        .collect();
    entries.sort_by_cached_key(Entry::id);
    entries
}

/// The scenarios that a selection means: ids, beginnings of ids, globs, files, folders; all bundled ones where there is none.
pub fn select(selection: &[String], cwd: &Path) -> Result<Vec<Entry>, NothingSelected> {
    Ok(select_all(selection, cwd)?.entries)
}

/// What a selection means.
#[derive(Debug, Default)]
pub struct Selected {
    /// The scenarios.
    pub entries: Vec<Entry>,
    /// Links below the folders that were named which are not followed: they lead to folders out of the project.
    pub not_followed: Vec<PathBuf>,
}

/// The same as [`select`], with what was left out.
pub fn select_all(selection: &[String], cwd: &Path) -> Result<Selected, NothingSelected> {
    if selection.is_empty() {
        return Ok(Selected { entries: bundled(), not_followed: Vec::new() });
    }
    let mut selected = Selected::default();
    let mut entries: IndexSet<Entry> = IndexSet::new();
    for word in selection {
        let mut found = bundled_that(|id| is_or_begins(id, word));
        if found.is_empty() {
            let on_disk = on_disk(word, cwd);
            found = on_disk.entries;
            selected.not_followed.extend(on_disk.not_followed);
        }
        if found.is_empty()
            && let Some(glob) = glob_of(word)
        {
            found = bundled_that(|id| glob.matches_with(id, GLOB));
            if found.is_empty() {
                found = on_disk_that(word, &glob, cwd);
            }
        }
        if found.is_empty() {
            let ids: Vec<String> = bundled().iter().map(Entry::id).collect();
            let near = nearest(word, ids.iter().map(String::as_str)).map(str::to_owned);
            return Err(NothingSelected { word: word.clone(), near });
        }
        if selection.len() == 1 {
            // One word means nothing twice.
            selected.entries = found;
            return Ok(selected);
        }
        entries.extend(found);
    }
    selected.entries = entries.into_iter().collect();
    Ok(selected)
}

/// Whether `word` is the id or some of its leading folders.
pub fn is_or_begins(id: &str, word: &str) -> bool {
    let word = word.trim_end_matches('/');
    id.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A word as a glob, where it is one.
pub fn glob_of(word: &str) -> Option<Pattern> {
    word.contains(['*', '?', '[']).then(|| Pattern::new(word).ok()).flatten()
}

/// The files that a glob over paths means, with or without their ending: those below the folder before its first wildcard.
fn on_disk_that(word: &str, glob: &Pattern, cwd: &Path) -> Vec<Entry> {
    let fixed = word.split(['*', '?', '[']).next().unwrap_or_default();
    let Some((folder, _)) = fixed.rsplit_once('/') else { return Vec::new() };
    let mut entries = on_disk(folder, cwd).entries;
    entries.retain(|entry| {
        let path = entry.word();
        glob.matches_with(&path, GLOB) || glob.matches_with(without_ending(&path), GLOB)
    });
    entries
}

fn on_disk(word: &str, cwd: &Path) -> Selected {
    let path = cwd.join(word);
    let mut found = Found { cwd, selected: Selected::default() };
    if path.is_dir() {
        walk(&path, &project_of(&path, cwd), &mut found);
    } else if path.exists()
        && let (Some(folder), Some(name)) = (path.parent(), path.file_name())
    {
        let folder = Arc::new(Folder::of(folder, cwd));
        found.file(&folder, name.into(), Place::Inside);
    }
    found.selected
}

/// The folder that links below a folder may lead to: where we are, or the project of a folder that is elsewhere.
fn project_of(folder: &Path, cwd: &Path) -> PathBuf {
    let (Ok(folder), Ok(cwd)) = (std::fs::canonicalize(folder), std::fs::canonicalize(cwd)) else {
        return folder.to_owned();
    };
    if folder.starts_with(&cwd) {
        return cwd;
    }
    Folder::of(&folder, &cwd).project.unwrap_or(folder)
}

/// The scenario files below a folder.
struct Found<'a> {
    cwd: &'a Path,
    selected: Selected,
}

impl Visitor for Found<'_> {
    type Folder = Arc<Folder>;

    fn wants(&self, name: &OsStr) -> bool {
        Path::new(name).extension().is_some_and(|end| end == "yaml" || end == "yml")
    }

    fn enter(&mut self, path: &Path) -> Arc<Folder> {
        Arc::new(Folder::of(path, self.cwd))
    }

    fn file(&mut self, folder: &Arc<Folder>, name: Box<OsStr>, place: Place) {
        let folder = Arc::clone(folder);
        self.selected.entries.push(Entry { origin: Origin::File { folder, name, place } });
    }

    fn outside(&mut self, path: &Path) {
        self.selected.not_followed.push(path.strip_prefix(self.cwd).unwrap_or(path).to_owned());
    }
}

fn without_ending(path: &str) -> &str {
    path.strip_suffix(".yaml").or_else(|| path.strip_suffix(".yml")).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_the_path_below_scenarios() {
        let id =
            |folder: &str, name: &str| Folder::of(Path::new(folder), Path::new("/a")).id_of(name.as_ref());
        assert_eq!(id("/a/scenarios/users", "leaver.yaml"), "users/leaver");
        assert_eq!(id("/a/scenarios", "leaver.yaml"), "leaver");
        assert_eq!(id("/scenarios/a/scenarios/users/../x", "leaver.yml"), "users/x/leaver");
        assert_eq!(id("/a/b", "recorded.yml"), "recorded");
    }

    #[test]
    fn a_folder_is_read_in_the_order_of_its_paths() {
        let folder = tempfile::tempdir().unwrap();
        let names = ["scenarios/a-b.yaml", "scenarios/a/z.yml", "scenarios/a/b/c.yaml", "scenarios/b.yaml"];
        for name in names.iter().chain(&["scenarios/notes.txt", "scenarios/c/.keep"]) {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "title: x\n").unwrap();
        }
        let entries = select(&["scenarios".to_owned()], folder.path()).unwrap();
        let mut paths: Vec<PathBuf> = names.iter().map(PathBuf::from).collect();
        paths.sort();
        let shown: Vec<PathBuf> =
            entries.iter().map(|entry| PathBuf::from(&*entry.source().unwrap().path)).collect();
        assert_eq!(shown, paths);
        assert!(entries.iter().all(|entry| entry.project(Path::new("/")) == folder.path()));
        let one = select(&["scenarios/a/z.yml".to_owned()], folder.path()).unwrap();
        assert_eq!(one, entries[1..2]);
    }

    #[test]
    fn a_glob_means_ids_or_files() {
        let ids = |word: &str, cwd: &Path| -> Vec<String> {
            select(&[word.to_owned()], cwd).unwrap().iter().map(Entry::id).collect()
        };
        let folder = tempfile::tempdir().unwrap();
        let removed = ids("groups/member-removed*", folder.path());
        assert!(removed.contains(&"groups/member-removed".to_owned()), "{removed:?}");
        assert!(removed.iter().all(|id| id.starts_with("groups/member-removed")), "{removed:?}");
        assert_eq!(ids("group[s]/*", folder.path()), ids("groups", folder.path()));
        for name in ["scenarios/own/a.yaml", "scenarios/own/b.yaml", "scenarios/own/deep/a.yaml"] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "title: x\n").unwrap();
        }
        assert_eq!(ids("scenarios/own/*", folder.path()), ["own/a", "own/b"]);
        assert_eq!(ids("scenarios/**/a.yaml", folder.path()), ["own/a", "own/deep/a"]);
        assert!(select(&["groups/no*".to_owned()], folder.path()).is_err());
        assert!(select(&["groups/[".to_owned()], folder.path()).is_err());
    }

    #[test]
    fn prefixes_are_whole_folders() {
        assert!(is_or_begins("users/leaver", "users"));
        assert!(is_or_begins("users/leaver", "users/"));
        assert!(is_or_begins("users/leaver", "users/leaver"));
        assert!(!is_or_begins("users/leaver", "use"));
    }
}
