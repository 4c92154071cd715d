//! Whether a provider can work with the endpoint.

/// The verdict on an IdP family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Readiness {
    /// Not enough of its pack was played, and nothing that was played fails.
    NotJudged,
    /// All that was judged holds.
    Ready,
    /// It will work, with surprises.
    Warnings,
    /// It will not work.
    NotReady,
}

impl Readiness {
    /// The word in the JSON report.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotJudged => "not-judged",
            Self::Ready => "ready",
            Self::Warnings => "warnings",
            Self::NotReady => "not-ready",
        }
    }
}

/// What a scenario decides about the provider that plays it. One's own decides nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Decides {
    /// Whether it is in the pack `ready`.
    pub in_pack: bool,
    /// Whether it names the provider.
    pub names: bool,
}

/// How much of the pack `ready` a provider played.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Coverage {
    /// The number of scenarios of its pack that were played.
    pub played: usize,
    /// The number of scenarios in its pack.
    pub pack: usize,
}
