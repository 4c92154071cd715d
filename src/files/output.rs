//! Output files. A regular file is replaced as a whole or not at all; anything else is written through.

use std::fs::{File, Metadata, OpenOptions, Permissions};
use std::io::{self, BufWriter, ErrorKind, Seek as _, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use super::atomic::{Access, Draft, folder};

/// How long a FIFO may be without a reader.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many links may lead to a file, as in Linux.
const LINKS: usize = 40;

/// A file that is being written.
///
/// - A regular or new file is written beside itself and renamed at the end, so two processes with one path never mix. A
///   link to it stays.
/// - A device or a FIFO is written through, as it is opened: neither emptied nor replaced.
/// - `-`, `/dev/stdout`, `/dev/stderr` and the like are the process's own streams.
#[derive(Debug)]
pub struct Output {
    out: BufWriter<Sink>,
    /// How many more bytes it takes.
    room: u64,
}

#[derive(Debug)]
enum Sink {
    Stdout(io::Stdout),
    Stderr(io::Stderr),
    Through(File),
    Whole(Box<Whole>),
    Finished,
}

/// A regular file that is not there yet as it will be.
#[derive(Debug)]
struct Whole {
    part: Draft,
    to: PathBuf,
    /// Those of the file that is there already.
    permissions: Option<Permissions>,
    /// Whether the file that is there is to be filled, since another one in its place would not be the same.
    in_place: bool,
}

impl Output {
    /// Opens a path, and finds out whether it can be written. What stands there stays until [`Self::finish`].
    ///
    /// # Errors
    /// It is a folder, its folder is missing, it is read-only, or nobody reads the FIFO.
    pub fn open(path: &Path) -> io::Result<Self> {
        Sink::open(path).map(|sink| Self { out: BufWriter::new(sink), room: u64::MAX })
    }

    /// A file that is the program's own, of at most `most` bytes. A link in its place is replaced, not followed.
    ///
    /// # Errors
    /// Its folder is missing or read-only.
    pub fn own(path: PathBuf, most: u64) -> io::Result<Self> {
        let whole = Whole { part: part(folder(&path))?, to: path, permissions: None, in_place: false };
        Ok(Self { out: BufWriter::new(Sink::whole(whole)), room: most })
    }

    /// Whether it is the process's standard output.
    pub fn is_stdout(&self) -> bool {
        matches!(self.out.get_ref(), Sink::Stdout(_))
    }

    /// Whether it is a stream of the process that others write to as well.
    pub fn is_standard(&self) -> bool {
        matches!(self.out.get_ref(), Sink::Stdout(_) | Sink::Stderr(_))
    }

    /// The regular file that it will be.
    pub fn file(&self) -> Option<&Path> {
        match self.out.get_ref() {
            Sink::Whole(whole) => Some(&whole.to),
            Sink::Stdout(_) | Sink::Stderr(_) | Sink::Through(_) | Sink::Finished => None,
        }
    }

    /// Puts what was written in its place. Without it a regular file stays as it was.
    ///
    /// # Errors
    /// Not all of it can be written, or the file cannot be put in its place any more.
    pub fn finish(&mut self) -> io::Result<()> {
        self.out.flush()?;
        match std::mem::replace(self.out.get_mut(), Sink::Finished) {
            Sink::Whole(whole) => whole.persist(),
            Sink::Stdout(_) | Sink::Stderr(_) | Sink::Through(_) | Sink::Finished => Ok(()),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.room = self.room.checked_sub(written as u64).ok_or(ErrorKind::FileTooLarge)?;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Sink {
    #[expect(
        clippy::disallowed_methods,
        reason = "a report's file may be a stream of the process's; its text is harmless"
    )]
    fn open(path: &Path) -> io::Result<Self> {
        if path == Path::new("-") {
            return Ok(Self::Stdout(io::stdout()));
        }
        if path.as_os_str().as_encoded_bytes().ends_with(b"/") {
            return Err(is_folder());
        }
        match own_descriptor(path) {
            Some(1) => return Ok(Self::Stdout(io::stdout())),
            Some(2) => return Ok(Self::Stderr(io::stderr())),
            // Whoever passed it on may have written to it.
            Some(_) => return OpenOptions::new().append(true).open(path).map(Self::Through),
            None => {}
        }
        match std::fs::metadata(path) {
            Ok(there) if there.is_dir() => Err(is_folder()),
            Ok(there) if there.is_file() => Whole::over(destination(path)?, &there).map(Self::whole),
            Ok(there) => through(path, &there).map(Self::Through),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Whole::new(destination(path)?).map(Self::whole)
            }
            Err(error) => Err(error),
        }
    }

    fn whole(whole: Whole) -> Self {
        Self::Whole(Box::new(whole))
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(stream) => stream.write(bytes),
            Self::Stderr(stream) => stream.write(bytes),
            Self::Through(file) => file.write(bytes),
            Self::Whole(whole) => whole.part.file_mut().write(bytes),
            Self::Finished => Err(ErrorKind::BrokenPipe.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(stream) => stream.flush(),
            Self::Stderr(stream) => stream.flush(),
            Self::Through(file) => file.flush(),
            Self::Whole(whole) => whole.part.file_mut().flush(),
            Self::Finished => Ok(()),
        }
    }
}

impl Whole {
    /// A file that is not there yet.
    fn new(to: PathBuf) -> io::Result<Self> {
        Ok(Self { part: part(folder(&to))?, to, permissions: None, in_place: false })
    }

    /// A file that is there.
    fn over(to: PathBuf, there: &Metadata) -> io::Result<Self> {
        // What is read-only stays, even where its folder would let it be replaced.
        OpenOptions::new().write(true).open(&to)?;
        let permissions = Some(there.permissions());
        match part(folder(&to)) {
            Ok(part) => {
                let in_place = !is_replaceable(there, &part.file().metadata()?);
                Ok(Self { part, to, permissions, in_place })
            }
            // Nothing can be made beside it, and yet it can be written.
            Err(_) => Ok(Self { part: part(&std::env::temp_dir())?, to, permissions, in_place: true }),
        }
    }

    fn persist(self) -> io::Result<()> {
        let Self { part, to, permissions, in_place } = self;
        if in_place {
            return fill(part, &to);
        }
        if let Some(permissions) = permissions {
            part.set_permissions(permissions)?;
        }
        match part.place(&to) {
            Ok(()) => Ok(()),
            // A file that is mounted by itself, as into a container, can be filled and not replaced.
            Err(failed) if to.is_file() => fill(failed.draft, &to),
            Err(failed) => Err(failed.error),
        }
    }
}

/// Writes a file that is the program's own whole or not at all. A link in its place is replaced, not followed.
///
/// # Errors
/// It cannot be written; what was there stays.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    replace_with(path, |part| std::fs::write(part, text))
}

/// The same with what `fill` writes to the path that it is given.
///
/// # Errors
/// It cannot be written; what was there stays.
pub fn replace_with(path: &Path, fill: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    std::fs::create_dir_all(folder(path))?;
    let part = part(folder(path))?;
    fill(part.path())?;
    if let Some(there) = std::fs::symlink_metadata(path).ok().filter(Metadata::is_file) {
        part.set_permissions(there.permissions())?;
    }
    part.place(path).map_err(|failed| failed.error)
}

/// Writes a file that must not be there yet, and follows no link that is.
///
/// # Errors
/// Something is there ([`ErrorKind::AlreadyExists`]), or it cannot be written.
pub fn create(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    let written = file.write_all(text.as_bytes());
    if written.is_err() {
        let _ = std::fs::remove_file(path);
    }
    written
}

/// The path that links lead to, whether something is there or not.
///
/// # Errors
/// They lead nowhere, since they are too many.
pub fn destination(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        match std::fs::read_link(&path) {
            Ok(to) => path = folder(&path).join(to),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("there are too many links in its path"))
}

fn part(folder: &Path) -> io::Result<Draft> {
    let part = Draft::new(folder, ".scimsnap-".as_ref(), ".part".as_ref(), Access::Usual);
    // Nobody has named the file beside the one that is meant: its name stays out of the message.
    part.map_err(|error| match error.kind() {
        ErrorKind::NotFound => io::Error::new(ErrorKind::NotFound, "its folder does not exist"),
        kind => io::Error::from(kind),
    })
}

fn fill(mut part: Draft, to: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).truncate(true).open(to)?;
    part.file_mut().rewind()?;
    io::copy(part.file_mut(), &mut file)?;
    file.flush()
}

fn is_folder() -> io::Error {
    io::Error::new(ErrorKind::IsADirectory, "it is a folder")
}

/// Whether a file of ours can take the place of another one, which has no second name and the same owner.
#[cfg(unix)]
fn is_replaceable(there: &Metadata, ours: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    there.nlink() == 1 && there.uid() == ours.uid() && there.gid() == ours.gid()
}

#[cfg(not(unix))]
fn is_replaceable(_: &Metadata, _: &Metadata) -> bool {
    true
}

/// The descriptor of this process that a path such as `/dev/stdout` or `/dev/fd/3` means.
#[cfg(unix)]
fn own_descriptor(path: &Path) -> Option<u32> {
    let own: Vec<PathBuf> =
        ["/proc/self/fd", "/dev/fd"].iter().filter_map(|path| std::fs::canonicalize(path).ok()).collect();
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        let folder = std::fs::canonicalize(folder(&path)).ok()?;
        if own.contains(&folder) {
            return path.file_name()?.to_str()?.parse().ok();
        }
        path = folder.join(std::fs::read_link(&path).ok()?);
    }
    None
}

#[cfg(not(unix))]
fn own_descriptor(_: &Path) -> Option<u32> {
    None
}

/// Opens what is no regular file. A FIFO is waited for in a thread: only a reader ends that.
fn through(path: &Path, there: &Metadata) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true);
    if !is_fifo(there) {
        return options.open(path);
    }
    let path = path.to_owned();
    let (sender, receiver) = mpsc::sync_channel(1);
    std::thread::Builder::new().spawn(move || {
        let _ = sender.send(options.open(path));
    })?;
    receiver.recv_timeout(PATIENCE).unwrap_or_else(|_| {
        let what = format!("it is a FIFO, and no reader opened it within {} s", PATIENCE.as_secs());
        Err(io::Error::new(ErrorKind::TimedOut, what))
    })
}

#[cfg(unix)]
fn is_fifo(there: &Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&there.file_type())
}

#[cfg(not(unix))]
fn is_fifo(_: &Metadata) -> bool {
    false
}
