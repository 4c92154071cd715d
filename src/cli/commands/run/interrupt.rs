//! Interrupting a run with Ctrl-C.

use crate::cli::output::{fail, last_words};
use crate::cli::signals::{Asked, Signals};
use crate::exit::Exit;
use crate::run::Cancel;

/// The first Ctrl-C (or SIGTERM, as CI services send, or SIGHUP) lets what is under way be cleaned up; the second ends the
/// process, and so does SIGQUIT. What may be left then is said with the command that removes it.
pub(super) async fn interrupted_twice(cancel: &Cancel) {
    let Ok(mut signals) = Signals::new() else {
        // Without a handler the signal ends the process by itself.
        return std::future::pending().await;
    };
    let mut is_cleaning_up = false;
    loop {
        if signals.next().await == Asked::StopAtOnce || is_cleaning_up {
            break;
        }
        is_cleaning_up = true;
        cancel.cancel();
        fail(Exit::Interrupted, &"interrupted: cleaning up; press Ctrl-C again to stop immediately", None);
    }
    let doing = if is_cleaning_up { "while cleaning up" } else { "in the middle of the run" };
    last_words(Exit::Interrupted, &format!("stopped immediately, {doing}"));
}
