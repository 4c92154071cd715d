//! Which scenarios there are, and which of them a selection means.

use std::io;
use std::path::{Component, Path, PathBuf};

use rust_embed::RustEmbed;

use crate::diag::{Diagnostic, Source};

use super::load::load;
use super::model::Scenario;
use super::nearest::nearest;

#[derive(RustEmbed)]
#[folder = "scenarios/"]
struct Bundled;

/// A scenario that can be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: String,
    origin: Origin,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Origin {
    Bundled(String),
    /// A plan may hold many: the path as it is shown is the end of the path, from a byte on.
    File {
        path: Box<Path>,
        shown_from: usize,
    },
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
#[error("`{word}` is neither a scenario, nor the beginning of one's id, nor a file or folder")]
pub struct NothingSelected {
    /// What was asked for.
    pub word: String,
    /// What was probably meant.
    pub near: Option<String>,
}

impl Entry {
    /// Loads the scenario.
    pub fn load(&self) -> Result<Scenario, ScenarioError> {
        let source = self.source()?;
        load(&self.id, &source).map_err(ScenarioError::Invalid)
    }

    /// The folder below which its snapshots are kept: beside the `scenarios` folder, or where we are.
    pub fn project(&self, cwd: &Path) -> PathBuf {
        match &self.origin {
            Origin::Bundled(_) => cwd.to_owned(),
            Origin::File { path, .. } => project_of(path).unwrap_or_else(|| cwd.to_owned()),
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
                let text = String::from_utf8_lossy(&file.data).into_owned();
                Ok(Source { path: shown.into(), text: text.into() })
            }
            Origin::File { path, shown_from } => {
                let whole = path.to_string_lossy();
                let shown = whole.get(*shown_from..).unwrap_or(&whole).replace('\\', "/");
                let text = std::fs::read_to_string(path)
                    .map_err(|error| ScenarioError::Unreadable { path: shown.clone(), error })?;
                Ok(Source { path: shown.as_str().into(), text: text.into() })
            }
        }
    }
}

/// The bundled scenarios, by id.
pub fn bundled() -> Vec<Entry> {
    let mut entries: Vec<Entry> = Bundled::iter()
        .filter(|path| path.ends_with(".yaml"))
        .map(|path| Entry {
            id: without_ending(&path).to_owned(),
            origin: Origin::Bundled(path.into_owned()),
        })
        .collect();
    entries.sort_by(|a, b| a.id.cmp(&b.id));
    entries
}

/// The scenarios that a selection means: ids, beginnings of ids, files, folders; all bundled ones where there is none.
pub fn select(selection: &[String], cwd: &Path) -> Result<Vec<Entry>, NothingSelected> {
    let bundled = bundled();
    if selection.is_empty() {
        return Ok(bundled);
    }
    let mut entries: Vec<Entry> = Vec::new();
    for word in selection {
        let mut found: Vec<Entry> =
            bundled.iter().filter(|entry| is_or_begins(&entry.id, word)).cloned().collect();
        if found.is_empty() {
            found = on_disk(word, cwd);
        }
        if found.is_empty() {
            let ids = bundled.iter().map(|entry| entry.id.as_str());
            return Err(NothingSelected { word: word.clone(), near: nearest(word, ids).map(str::to_owned) });
        }
        // One word means nothing twice, and looking through all of a large folder for each of its files takes long.
        let before = entries.len();
        for entry in found {
            if !entries[..before].contains(&entry) {
                entries.push(entry);
            }
        }
    }
    Ok(entries)
}

/// Whether `word` is the id or some of its leading folders.
pub fn is_or_begins(id: &str, word: &str) -> bool {
    let word = word.trim_end_matches('/');
    id.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn on_disk(word: &str, cwd: &Path) -> Vec<Entry> {
    let path = cwd.join(word);
    if path.is_dir() {
        let mut files = Vec::new();
        walk(&path, &mut files);
        files.sort();
        files.into_iter().map(|path| file_entry(path, cwd)).collect()
    } else if path.is_file() {
        vec![file_entry(path, cwd)]
    } else {
        Vec::new()
    }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml") {
            files.push(path);
        }
    }
}

fn file_entry(path: PathBuf, cwd: &Path) -> Entry {
    let shown = path.strip_prefix(cwd).unwrap_or(&path).to_string_lossy().len();
    let shown_from = path.to_string_lossy().len() - shown;
    Entry { id: id_of(&path), origin: Origin::File { path: path.into(), shown_from } }
}

/// The path below the last folder `scenarios`, without the ending; the file's name alone where there is none.
fn id_of(path: &Path) -> String {
    let words: Vec<String> = path
        .components()
        .filter_map(|part| match part {
            Component::Normal(word) => Some(word.to_string_lossy().into_owned()),
            Component::Prefix(_) | Component::RootDir | Component::CurDir | Component::ParentDir => None,
        })
        .collect();
    let start =
        words.iter().rposition(|word| word == "scenarios").map_or(words.len().saturating_sub(1), |at| at + 1);
    without_ending(&words[start..].join("/")).to_owned()
}

fn project_of(path: &Path) -> Option<PathBuf> {
    let folder =
        path.ancestors().skip(1).find(|folder| folder.file_name().is_some_and(|name| name == "scenarios"));
    folder.and_then(Path::parent).map(Path::to_owned)
}

fn without_ending(path: &str) -> &str {
    path.strip_suffix(".yaml").or_else(|| path.strip_suffix(".yml")).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_the_path_below_scenarios() {
        assert_eq!(id_of(Path::new("/a/scenarios/users/leaver.yaml")), "users/leaver");
        assert_eq!(id_of(Path::new("/a/b/recorded.yml")), "recorded");
    }

    #[test]
    fn prefixes_are_whole_folders() {
        assert!(is_or_begins("users/leaver", "users"));
        assert!(is_or_begins("users/leaver", "users/"));
        assert!(is_or_begins("users/leaver", "users/leaver"));
        assert!(!is_or_begins("users/leaver", "use"));
    }
}
