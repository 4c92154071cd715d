//! Writes a file whole or not at all: beside its place, which it takes at the end by a rename. A reader finds the old file or
//! the new one, whatever ends the process.

use std::ffi::OsStr;
use std::fs::{File, Permissions};
use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Whoever may read any new file: the umask takes away what others may not do.
    Usual,
    /// Its owner alone.
    Private,
}

/// A file that has not taken its place yet, and is removed where it never does. Nobody foresees its name.
#[derive(Debug)]
pub(crate) struct Draft {
    file: NamedTempFile,
}

/// A file that could not take its place.
pub(crate) struct NotPlaced {
    pub(crate) draft: Draft,
    pub(crate) error: io::Error,
}

impl Draft {
    /// Begins a file in a folder, under a name that begins and ends so.
    pub(crate) fn new(folder: &Path, prefix: &OsStr, suffix: &OsStr, access: Access) -> io::Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(prefix).suffix(suffix);
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(match access {
            Access::Usual => 0o666,
            Access::Private => 0o600,
        }));
        #[cfg(not(unix))]
        let _ = access;
        builder.tempfile_in(folder).map(|file| Self { file })
    }

    /// Where it is until then.
    pub(crate) fn path(&self) -> &Path {
        self.file.path()
    }

    /// The file, to be looked at.
    pub(crate) fn file(&self) -> &File {
        self.file.as_file()
    }

    /// The file, to be written.
    pub(crate) fn file_mut(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Gives it the permissions of another file.
    pub(crate) fn set_permissions(&self, permissions: Permissions) -> io::Result<()> {
        self.file().set_permissions(permissions)
    }

    /// Takes a place. A link that stands there is replaced, not followed.
    pub(crate) fn place(self, to: &Path) -> Result<(), NotPlaced> {
        match self.file.persist(to) {
            Ok(_) => Ok(()),
            Err(failed) => Err(NotPlaced { draft: Self { file: failed.file }, error: failed.error }),
        }
    }

    /// Takes a place. When this returns, the disk has the file and its name.
    pub(crate) fn place_durably(self, to: &Path) -> io::Result<()> {
        self.file().sync_all()?;
        self.place(to).map_err(|failed| failed.error)?;
        sync_folder(to)
    }
}

/// Has the disk know of the names in the folder of a file, which are not in the file.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder(path))?.sync_all() } else { Ok(()) }
}

/// The folder of a path, as a path that can be opened.
pub(crate) fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn draft(to: &Path, access: Access) -> Draft {
        let mut draft = Draft::new(folder(to), ".x-".as_ref(), ".part".as_ref(), access).unwrap();
        draft.file_mut().write_all(b"new").unwrap();
        draft
    }

    fn names(folder: &Path) -> Vec<String> {
        let names = folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<_> = names.map(|name| name.into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("file");
        std::fs::write(&to, "old").unwrap();
        let given_up = draft(&to, Access::Usual);
        assert_eq!(std::fs::read_to_string(&to).unwrap(), "old");
        drop(given_up);
        assert_eq!(names(folder.path()), ["file"]);
        draft(&to, Access::Usual).place_durably(&to).unwrap();
        assert_eq!(std::fs::read_to_string(&to).unwrap(), "new");
        assert_eq!(names(folder.path()), ["file"]);
    }

    #[test]
    fn what_cannot_take_its_place_can_be_put_elsewhere() {
        let folder = tempfile::tempdir().unwrap();
        let (taken, free) = (folder.path().join("taken"), folder.path().join("free"));
        std::fs::create_dir(&taken).unwrap();
        let failed = draft(&taken, Access::Usual).place(&taken).err().unwrap();
        failed.draft.place(&free).map_err(|failed| failed.error).unwrap();
        assert_eq!(std::fs::read_to_string(&free).unwrap(), "new");
    }

    #[cfg(unix)]
    #[test]
    fn a_private_file_is_read_by_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("file");
        let mode = |access| {
            draft(&to, access).place(&to).map_err(|failed| failed.error).unwrap();
            std::fs::metadata(&to).unwrap().permissions().mode() & 0o777
        };
        assert_eq!(mode(Access::Private), 0o600);
        // What others may do is the umask's to say.
        assert_eq!(mode(Access::Usual) & !0o066, 0o600);
    }
}
