//! A folder that goes away with the test.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A scenario in which one person is assigned.
pub(crate) const ONE_USER: &str = "\
title: One user
evidence: {mark: inferred, source: nowhere}
idps: [okta, entra]
people:
  ada: {userName: ada@example.com, givenName: Ada, familyName: Byron}
steps:
  - assign: ada
  - checkpoint: assigned
";

/// A folder with files.
#[derive(Debug)]
pub(crate) struct Folder {
    folder: TempDir,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A project with one scenario, `scenarios/own/one.yaml`.
    pub(crate) fn with_scenario(text: &str) -> Self {
        let folder = Self::new();
        folder.write("scenarios/own/one.yaml", text);
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Every file with its contents.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        walk(self.path(), self.path(), &mut files);
        files
    }

    /// Every file but what a run leaves for the next one.
    pub(crate) fn besides_work(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = self.files();
        files.retain(|path, _| {
            !path.ends_with(".scimsnap/last-run.json") && !path.ends_with(".scimsnap/.gitignore")
        });
        files
    }

    /// The paths of all files, below a folder.
    pub(crate) fn names(&self, below: &str) -> Vec<String> {
        let names = self.files().into_keys().filter(|path| path.starts_with(below));
        names.map(|path| path.display().to_string()).collect()
    }

    /// The ledgers of runs that left something.
    pub(crate) fn ledgers(&self) -> Vec<String> {
        self.names(".scimsnap/ledger")
    }
}

fn walk(root: &Path, folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(root, &path, files);
        } else if path.is_file() {
            let contents = std::fs::read(&path).unwrap();
            files.insert(path.strip_prefix(root).unwrap().to_owned(), contents);
        }
    }
}
