//! A terminal, and all that a program writes to it.

use std::io::Read as _;
use std::os::fd::OwnedFd;
use std::thread::JoinHandle;

use rustix::fs::{Mode, OFlags, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// A terminal of so many columns.
pub(crate) struct Screen {
    /// What a program has as its standard streams.
    user: Option<OwnedFd>,
    seen: JoinHandle<Vec<u8>>,
}

impl Screen {
    pub(crate) fn new(columns: u16) -> Self {
        let control = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&control).unwrap();
        unlockpt(&control).unwrap();
        let name = ptsname(&control, Vec::new()).unwrap().into_string().unwrap();
        // Whoever leads a session would get it as their own, and be hung up on in the end.
        let user = open(name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
        let size = Winsize { ws_row: 40, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&user, size).unwrap();
        let seen = std::thread::spawn(move || {
            let (mut control, mut seen) = (std::fs::File::from(control), Vec::new());
            let mut piece = [0; 4096];
            // Once nobody writes any more, reading fails.
            while let Ok(length @ 1..) = control.read(&mut piece) {
                seen.extend_from_slice(&piece[..length]);
            }
            seen
        });
        Self { user: Some(user), seen }
    }

    /// One of the standard streams of a program.
    pub(crate) fn stream(&self) -> OwnedFd {
        self.user.as_ref().unwrap().try_clone().unwrap()
    }

    /// All that was written, with the escape sequences that moved about.
    pub(crate) fn seen(mut self) -> String {
        drop(self.user.take());
        String::from_utf8_lossy(&self.seen.join().unwrap()).into_owned()
    }
}
