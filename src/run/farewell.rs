//! What is left to say when a process ends at once: which run's ledger is still there, and how to go on from it.

use std::sync::Mutex;

use crate::lock::lock;

/// Signals and panics come from outside of all that is handed down, so there is one for the process.
static OPEN: Mutex<Open> = Mutex::new(Open { run: None, flags: String::new() });

#[derive(Debug)]
struct Open {
    /// The run whose ledger is on disk.
    run: Option<String>,
    /// The flags that name its target.
    flags: String,
}

impl Open {
    fn clean_command(&self) -> Option<String> {
        self.run.as_ref().map(|run| format!("scimsnap clean --run {run}{}", self.flags))
    }
}

/// Notes the flags that name the target of the next run, each with a space before it.
pub fn aim(flags: &str) {
    flags.clone_into(&mut lock(&OPEN).flags);
}

/// Notes that a run has a ledger from now on.
pub(super) fn begin(run: &str) {
    lock(&OPEN).run = Some(run.to_owned());
}

/// Notes that a run has said itself what it leaves, or has left nothing.
pub(super) fn end() {
    lock(&OPEN).run = None;
}

/// The command that removes what the run under way has created, where there is one.
pub fn clean_command() -> Option<String> {
    lock(&OPEN).clean_command()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_run_under_way_has_something_to_clean() {
        let mut open = Open { run: None, flags: " --target staging".to_owned() };
        assert_eq!(open.clean_command(), None);
        open.run = Some("k1234".to_owned());
        assert_eq!(open.clean_command().as_deref(), Some("scimsnap clean --run k1234 --target staging"));
    }
}
