//! How the known failures of the settings did in a run.

use std::sync::Arc;

use crate::settings::Known;

/// How an entry did in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownState {
    /// It was seen, as expected.
    Fails,
    /// Everything that it is about was played, and it was not seen: the entry is to be removed.
    Passes,
    /// Its last day is over.
    Expired,
    /// Not everything that it is about was played.
    Open,
}

impl KnownState {
    /// The word in the JSON report.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fails => "fails",
            Self::Passes => "passes",
            Self::Expired => "expired",
            Self::Open => "open",
        }
    }

    /// Whether it fails the run.
    pub fn is_wrong(self) -> bool {
        matches!(self, Self::Passes | Self::Expired)
    }
}

/// An entry with how it did.
#[derive(Debug, Clone)]
pub struct KnownReport {
    /// The entry.
    pub entry: Arc<Known>,
    /// How it did.
    pub state: KnownState,
}

impl KnownReport {
    /// What is wrong with the entry, and what to do, where something is.
    pub fn complaint(&self) -> Option<String> {
        let Known { scenario, owner, expires, at, .. } = &*self.entry;
        let what = format!("`{}` in `{scenario}`", self.entry.what());
        match self.state {
            KnownState::Passes => Some(format!(
                "{what} is listed as a known failure but no longer occurs: remove the entry at {}",
                at.place()
            )),
            KnownState::Expired => Some(format!(
                "{what} was a known failure until {expires}: fix it, or ask {owner} to renew the entry at {}",
                at.place()
            )),
            KnownState::Fails | KnownState::Open => None,
        }
    }
}
