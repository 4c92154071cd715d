//! Processes that must come to an end.

use std::process::{Child, Command};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use crate::support::{Outcome, Scimsnap};

/// How long any process of these tests may take, on a machine under load: it only catches what hangs.
const LONG: Duration = Duration::from_mins(5);

/// Runs a command to its end, and kills it where it has none.
pub(crate) fn ended(call: Scimsnap) -> Outcome {
    outcome(call.start())
}

/// Waits for a process, and kills it where it does not end.
pub(crate) fn outcome(child: Child) -> Outcome {
    let id = child.id();
    let (sender, receiver) = channel();
    std::thread::spawn(move || sender.send(child.wait_with_output()));
    match receiver.recv_timeout(LONG) {
        Ok(output) => Outcome::from(output.unwrap()),
        Err(RecvTimeoutError::Timeout) => {
            signal(id, "-KILL");
            panic!("it did not end within {LONG:?}")
        }
        Err(error) => panic!("{error}"),
    }
}

/// Sends a signal to a process of the test's own.
pub(crate) fn signal(id: u32, name: &str) {
    assert!(Command::new("kill").args([name, &id.to_string()]).status().unwrap().success());
}

#[expect(clippy::disallowed_methods, reason = "a thread of the test's own")]
pub(crate) fn wait(time: Duration) {
    std::thread::sleep(time);
}

/// Waits until something holds.
#[track_caller]
pub(crate) fn until(what: &str, holds: impl Fn() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_mins(1), "{what}: not within a minute");
        wait(Duration::from_millis(10));
    }
}
