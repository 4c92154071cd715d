//! The outside world: environment, working directory, terminal and time. It is read once in `main` and handed down, so
//! that tests can replace it.
//!
//! May use: no other room.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// What the process was given.
#[derive(Debug, Clone)]
pub struct Context {
    /// Environment variables. A value may be anything; a name that is not Unicode cannot be asked for.
    pub env: BTreeMap<String, OsString>,
    /// The folder that relative paths start from.
    pub cwd: PathBuf,
    /// Whether standard error is a terminal.
    pub stderr_is_terminal: bool,
    /// Whether standard input is a terminal.
    pub stdin_is_terminal: bool,
    /// What time it is.
    pub clock: Clock,
}

impl Context {
    /// Reads the real world. The only place that does.
    #[expect(clippy::disallowed_methods, reason = "the one place where the environment is read")]
    pub fn from_process() -> Self {
        use std::io::IsTerminal as _;
        Self {
            env: std::env::vars_os()
                .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
                .collect(),
            cwd: std::env::current_dir().unwrap_or_default(),
            stderr_is_terminal: std::io::stderr().is_terminal(),
            stdin_is_terminal: std::io::stdin().is_terminal(),
            clock: Clock::system(),
        }
    }

    /// A variable that is set, not empty, and Unicode.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.env.get(name).and_then(|value| value.to_str()).filter(|value| !value.is_empty())
    }

    /// Why there is no such variable to be used: what follows its name in a message.
    pub fn without(&self, name: &str) -> &'static str {
        match self.env.get(name) {
            Some(value) if value.to_str().is_none() => "is not UTF-8 text",
            Some(_) | None => "is not set or is empty",
        }
    }

    /// Whether a CI service runs us (`CI` is set).
    pub fn is_ci(&self) -> bool {
        self.env.get("CI").is_some_and(|value| !value.is_empty() && value != "false" && value != "0")
    }
}

/// A clock that may be moved forward: system time plus an offset, or a fixed start plus an offset.
///
/// Clones share the offset, so a run and its embedded endpoint see the same time.
#[derive(Debug, Clone)]
pub struct Clock {
    fixed: Option<Timestamp>,
    offset_seconds: Arc<AtomicI64>,
}

impl Clock {
    /// The machine's time.
    pub fn system() -> Self {
        Self { fixed: None, offset_seconds: Arc::new(AtomicI64::new(0)) }
    }

    /// A clock that stands still at `start` until it is moved.
    pub fn fixed(start: Timestamp) -> Self {
        Self { fixed: Some(start), offset_seconds: Arc::new(AtomicI64::new(0)) }
    }

    /// The time now.
    #[expect(clippy::disallowed_methods, reason = "the one place where the time is read")]
    pub fn now(&self) -> Timestamp {
        let base = self.fixed.unwrap_or_else(Timestamp::now);
        let offset = SignedDuration::from_secs(self.offset_seconds.load(Ordering::Relaxed));
        base.saturating_add(offset).unwrap_or(base)
    }

    /// Moves the clock forward, to the end of time at most.
    pub fn advance(&self, seconds: i64) {
        let moved = |offset: i64| Some(offset.saturating_add(seconds));
        // It always says something, so it never fails.
        let _ = self.offset_seconds.fetch_update(Ordering::Relaxed, Ordering::Relaxed, moved);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_moved_beyond_the_end_of_time_stops_there() {
        let clock = Clock::fixed("2026-11-21T10:00:00Z".parse().unwrap());
        for _ in 0..3 {
            let before = clock.now();
            clock.advance(i64::MAX);
            assert!(clock.now() >= before);
        }
        assert_eq!(clock.now(), Timestamp::MAX);
    }
}
