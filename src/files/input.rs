//! Bounded reading. A path may lead to a device, a FIFO or a file of 100 GB, so kind and size are checked first.

use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

/// The most bytes of a scenario, two hundred times as many as the largest bundled one has.
pub const SCENARIO: u64 = MIB;
/// The most bytes of a snapshot.
pub const SNAPSHOT: u64 = 16 * MIB;
/// The most bytes of a settings file.
pub const SETTINGS: u64 = MIB;
/// The most bytes of a report: a run of everything writes 20 MiB.
pub const REPORT: u64 = 512 * MIB;
/// The most bytes of a file that holds a token or a password.
pub const SECRET: u64 = 512 * KIB;
/// The most bytes of a file with certificates: the bundle of a whole system has a quarter of a MiB.
pub const CERTIFICATES: u64 = 4 * MIB;

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;

/// How long whoever writes into a pipe may take until its end.
const PATIENCE: Duration = Duration::from_secs(15);

/// Reads a regular file of at most `most` bytes, and nothing else.
pub fn text(path: &Path, most: u64) -> io::Result<String> {
    // A look first: to open a device may already do something.
    regular(&std::fs::metadata(path)?)?;
    let file = open(path)?;
    let there = file.metadata()?;
    regular(&there)?;
    if there.len() > most {
        return Err(too_large(most));
    }
    let text = drain(file, most)?;
    if there.len() == 0 && !text.is_empty() {
        return Err(refused("its size is 0 although it has content, like files below /proc"));
    }
    Ok(text)
}

/// Reads a file that was named by hand, which may be a pipe such as `/dev/stdin` or a shell's `<(…)`: at most `most` bytes,
/// and with a time-out.
pub fn text_or_stream(path: &Path, most: u64) -> io::Result<String> {
    let there = std::fs::metadata(path)?;
    if there.is_file() || there.is_dir() {
        return text(path, most);
    }
    let path = path.to_owned();
    let (sender, receiver) = mpsc::sync_channel(1);
    // To open a FIFO waits for its writer, and nothing but the end of the process ends that.
    std::thread::Builder::new().spawn(move || {
        let read = File::open(path).and_then(|file| drain(file, most));
        let _ = sender.send(read);
    })?;
    receiver.recv_timeout(PATIENCE).unwrap_or_else(|_| {
        let what = format!("its writer did not finish within {} s", PATIENCE.as_secs());
        Err(io::Error::new(ErrorKind::TimedOut, what))
    })
}

fn drain(from: impl Read, most: u64) -> io::Result<String> {
    let mut bytes = Vec::new();
    from.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(too_large(most));
    }
    String::from_utf8(bytes).map_err(|_| io::Error::new(ErrorKind::InvalidData, "it is not UTF-8 text"))
}

/// Opens without waiting, should a FIFO have taken the file's place.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    Ok(rustix::fs::open(path, flags, Mode::empty())?.into())
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

fn regular(there: &Metadata) -> io::Result<()> {
    if there.is_file() {
        Ok(())
    } else if there.is_dir() {
        Err(io::Error::new(ErrorKind::IsADirectory, "it is a folder"))
    } else {
        Err(refused("it is a device or a pipe, not a regular file"))
    }
}

fn refused(why: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidInput, why)
}

fn too_large(most: u64) -> io::Error {
    let (most, unit) = if most >= MIB { (most / MIB, "MiB") } else { (most / KIB, "KiB") };
    io::Error::new(ErrorKind::FileTooLarge, format!("it is larger than the limit of {most} {unit}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, "x".repeat(1024)).unwrap();
        assert_eq!(text(&path, KIB).unwrap().len(), 1024);
        assert_eq!(text_or_stream(&path, KIB).unwrap().len(), 1024);
        std::fs::write(&path, "x".repeat(1025)).unwrap();
        let error = text(&path, KIB).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::FileTooLarge);
        assert_eq!(error.to_string(), "it is larger than the limit of 1 KiB");
    }

    #[test]
    fn a_file_that_is_not_there_is_told_from_one_that_cannot_be_read() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(text(&folder.path().join("no"), KIB).unwrap_err().kind(), ErrorKind::NotFound);
        assert_eq!(text(folder.path(), KIB).unwrap_err().kind(), ErrorKind::IsADirectory);
        let path = folder.path().join("latin");
        std::fs::write(&path, [0xe4]).unwrap();
        assert_eq!(text(&path, KIB).unwrap_err().to_string(), "it is not UTF-8 text");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn devices_pipes_and_proc_are_no_regular_files() {
        let folder = tempfile::tempdir().unwrap();
        let fifo = folder.path().join("fifo");
        let made = std::process::Command::new("mkfifo").arg(&fifo).status().unwrap();
        assert!(made.success());
        for path in [Path::new("/dev/zero"), Path::new("/dev/null"), Path::new("/proc/self/environ"), &fifo] {
            let error = text(path, SCENARIO).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{}: {error}", path.display());
        }
        assert_eq!(
            text_or_stream(Path::new("/dev/zero"), SECRET).unwrap_err().kind(),
            ErrorKind::FileTooLarge
        );
        let writer = std::thread::spawn({
            let fifo = fifo.clone();
            move || std::fs::write(fifo, "secret\n")
        });
        assert_eq!(text_or_stream(&fifo, SECRET).unwrap(), "secret\n");
        writer.join().unwrap().unwrap();
    }
}
