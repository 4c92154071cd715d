//! Walks folders, each once, without leaving the project: a loop of links would never end, and a link to `/` would take hours.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// How deep folders may stand in one another.
const DEPTH: usize = 64;

/// Where a file is that a folder lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// In the folder, or in the project that the folder is part of.
    Inside,
    /// Somewhere else: it is a link.
    Outside,
}

/// Makes something of a folder, and is told of its files.
pub trait Visitor {
    /// What is made of a folder.
    type Folder;

    /// Whether a file of that name matters.
    fn wants(&self, name: &OsStr) -> bool;

    /// Begins with a folder.
    fn enter(&mut self, path: &Path) -> Self::Folder;

    /// Takes a file.
    fn file(&mut self, folder: &Self::Folder, name: Box<OsStr>, place: Place);

    /// Hears of a link that leads to a folder outside, which is not followed.
    fn outside(&mut self, _path: &Path) {}
}

/// Visits all files below a folder, in the order of their paths. Links are followed as far as `project`; whatever stands
/// below the folder itself is visited under its own path only.
pub fn walk<V: Visitor>(folder: &Path, project: &Path, visitor: &mut V) {
    let Ok(root) = std::fs::canonicalize(folder) else { return };
    let project = std::fs::canonicalize(project).unwrap_or_else(|_| root.clone());
    let mut walk = Walk { root, project, visitor, seen: BTreeSet::new() };
    let root = walk.root.clone();
    walk.folder(folder, &root, DEPTH);
}

struct Walk<'a, V> {
    /// The folder itself, without links.
    root: PathBuf,
    project: PathBuf,
    visitor: &'a mut V,
    /// What links led to.
    seen: BTreeSet<PathBuf>,
}

enum Kind {
    Folder(PathBuf),
    File(Place),
}

impl<V: Visitor> Walk<'_, V> {
    /// Visits a folder, of which `real` is the path without links.
    fn folder(&mut self, path: &Path, real: &Path, depth: usize) {
        let Ok(listing) = std::fs::read_dir(path) else { return };
        let mut entries: Vec<(Box<OsStr>, Option<bool>)> = listing
            .filter_map(Result::ok)
            .filter_map(|entry| {
                let name = entry.file_name().into_boxed_os_str();
                let is_folder =
                    entry.file_type().ok().filter(|kind| !kind.is_symlink()).map(|kind| kind.is_dir());
                // A link may lead to a folder, whatever its name.
                (is_folder != Some(false) || self.visitor.wants(&name)).then_some((name, is_folder))
            })
            .collect();
        entries.sort_unstable();
        let folder = self.visitor.enter(path);
        for (name, is_folder) in entries {
            let kind = match is_folder {
                Some(true) => self.own_folder(real.join(&*name)),
                Some(false) => Some(Kind::File(Place::Inside)),
                None => self.link(&path.join(&*name), self.visitor.wants(&name)),
            };
            match kind {
                Some(Kind::Folder(real)) if depth > 1 => self.folder(&path.join(&*name), &real, depth - 1),
                Some(Kind::File(place)) => self.visitor.file(&folder, name, place),
                Some(Kind::Folder(_)) | None => {}
            }
        }
    }

    /// A folder that is no link. Where a link led to its parent, another one may have led to itself.
    fn own_folder(&mut self, real: PathBuf) -> Option<Kind> {
        let is_new = self.is_below_root(&real) || self.seen.insert(real.clone());
        is_new.then_some(Kind::Folder(real))
    }

    fn link(&mut self, path: &Path, is_wanted: bool) -> Option<Kind> {
        // A link that leads nowhere, or round and round, is nothing.
        let real = std::fs::canonicalize(path).ok()?;
        let is_inside = real.starts_with(&self.project) || real.starts_with(&self.root);
        if real.is_dir() {
            if !is_inside {
                self.visitor.outside(path);
                return None;
            }
            let is_loop = self.root.starts_with(&real);
            let is_new = !is_loop && !self.is_below_root(&real) && self.seen.insert(real.clone());
            return is_new.then_some(Kind::Folder(real));
        }
        if !is_wanted {
            return None;
        }
        if !is_inside {
            return Some(Kind::File(Place::Outside));
        }
        let is_visited =
            self.is_below_root(&real) && real.file_name().is_some_and(|name| self.visitor.wants(name));
        let is_new = !is_visited && self.seen.insert(real);
        is_new.then_some(Kind::File(Place::Inside))
    }

    fn is_below_root(&self, real: &Path) -> bool {
        real.starts_with(&self.root)
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    /// Lists paths below a folder.
    #[derive(Default)]
    struct List {
        files: Vec<(PathBuf, Place)>,
        outside: Vec<PathBuf>,
    }

    impl Visitor for List {
        type Folder = PathBuf;

        fn wants(&self, name: &OsStr) -> bool {
            Path::new(name).extension().is_some_and(|ending| ending == "yaml")
        }

        fn enter(&mut self, path: &Path) -> PathBuf {
            path.to_owned()
        }

        fn file(&mut self, folder: &PathBuf, name: Box<OsStr>, place: Place) {
            self.files.push((folder.join(&*name), place));
        }

        fn outside(&mut self, path: &Path) {
            self.outside.push(path.to_owned());
        }
    }

    fn write(folder: &Path, path: &str) {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "").unwrap();
    }

    fn list(folder: &Path, project: &Path) -> (Vec<String>, Vec<String>) {
        let mut list = List::default();
        walk(folder, project, &mut list);
        let shown = |path: &PathBuf| path.strip_prefix(folder).unwrap().display().to_string();
        let files = list.files.iter().map(|(path, place)| match place {
            Place::Inside => shown(path),
            Place::Outside => format!("{} (outside)", shown(path)),
        });
        (files.collect(), list.outside.iter().map(shown).collect())
    }

    #[test]
    fn links_that_form_loops_are_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("scenarios");
        write(&root, "a/one.yaml");
        write(&root, "b/two.yaml");
        for (to, from) in [
            (".", "self"),
            ("..", "a/up"),
            ("../b", "a/b"),
            ("../a", "b/a"),
            ("../..", "a/project"),
            ("round", "round"),
            ("pong", "ping"),
            ("ping", "pong"),
            ("nowhere", "dangling.yaml"),
            ("a", "0"),
        ] {
            symlink(to, root.join(from)).unwrap();
        }
        symlink(&root, root.join("b/absolute")).unwrap();
        assert_eq!(list(&root, folder.path()).0, ["a/one.yaml", "b/two.yaml"]);
    }

    #[test]
    fn a_folder_that_several_links_lead_to_is_visited_once() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "common/sub/one.yaml");
        write(folder.path(), "common/two.yaml");
        std::fs::create_dir(folder.path().join("scenarios")).unwrap();
        let root = folder.path().join("scenarios");
        for (to, from) in [
            ("../common/sub", "a"),
            ("../common", "b"),
            ("../common", "c"),
            ("../../scenarios", "../common/back"),
        ] {
            symlink(to, root.join(from)).unwrap();
        }
        assert_eq!(list(&root, folder.path()).0, ["a/one.yaml", "b/two.yaml"]);
    }

    #[test]
    fn the_project_is_not_left() {
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        write(folder.path(), "scenarios/one.yaml");
        write(folder.path(), "shared.yaml");
        write(other.path(), "theirs.yaml");
        let root = folder.path().join("scenarios");
        symlink(other.path(), root.join("elsewhere")).unwrap();
        symlink("/", root.join("everything")).unwrap();
        symlink("/proc", root.join("proc")).unwrap();
        symlink(other.path().join("theirs.yaml"), root.join("x.yaml")).unwrap();
        symlink("../shared.yaml", root.join("w.txt")).unwrap();
        symlink("../shared.yaml", root.join("y.yaml")).unwrap();
        symlink("../shared.yaml", root.join("z.yaml")).unwrap();
        let (files, outside) = list(&root, folder.path());
        assert_eq!(files, ["one.yaml", "x.yaml (outside)", "y.yaml"]);
        assert_eq!(outside, ["elsewhere", "everything", "proc"]);
        // Whoever names a link that leads out of the project means what is there.
        assert_eq!(list(&root.join("elsewhere"), &root.join("elsewhere")).0, ["theirs.yaml"]);
    }
}
