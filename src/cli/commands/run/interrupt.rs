//! Interrupting a run with Ctrl-C.

use crate::cli::output::{fail, last_words};
use crate::cli::signals::{Asked, Signals};
use crate::counted::counted;
use crate::exit::Exit;
use crate::run::{Cancel, farewell};

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
        let (doing, help) = doing(cancel.at_play(), farewell::clean_command().as_deref());
        cancel.cancel();
        let error = format!("interrupted: {doing}; press Ctrl-C again to stop immediately");
        fail(Exit::Interrupted, &error, help.as_deref());
    }
    let doing = if is_cleaning_up { "while cleaning up" } else { "in the middle of the run" };
    last_words(Exit::Interrupted, &format!("stopped immediately, {doing}"));
}

/// What is done once a run is interrupted, and how to go on from there for whoever does not wait for it. Without a ledger,
/// nothing was created at anybody's endpoint.
fn doing(at_play: usize, clean: Option<&str>) -> (String, Option<String>) {
    let runs = counted(at_play, "run");
    match clean {
        None if at_play == 0 => ("stopping".to_owned(), None),
        None => (format!("stopping {runs}"), None),
        Some(command) => {
            let doing =
                if at_play == 0 { "cleaning up".to_owned() } else { format!("cleaning up after {runs}") };
            let help = format!("the ledger keeps what is not removed yet; `{command}` removes it later");
            (doing, Some(help))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_what_is_done_and_where_to_go_on() {
        let (doing_now, help) = doing(3, Some("scimsnap clean --run k1234"));
        assert_eq!(doing_now, "cleaning up after 3 runs");
        assert!(help.unwrap().contains("`scimsnap clean --run k1234`"));
        assert_eq!(doing(1, None), ("stopping 1 run".to_owned(), None));
    }
}
