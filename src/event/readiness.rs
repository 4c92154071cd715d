//! Whether a provider can work with the endpoint.

/// The verdict on an IdP family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Readiness {
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
            Self::Ready => "ready",
            Self::Warnings => "warnings",
            Self::NotReady => "not-ready",
        }
    }
}
