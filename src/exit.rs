//! Exit codes, which are a contract with scripts. They are ordered, so that of several reasons the most important one
//! wins.
//!
//! May use: no other room.

/// Why the process ends, in the order in which one reason outranks another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// All that was judged holds.
    Success,
    /// Only unseen snapshots are left to review.
    Unseen,
    /// The target cannot be judged, or a scenario errored midway and none failed.
    Unjudged,
    /// The endpoint fails what it was held to.
    Failed,
    /// The selection matched nothing, or nothing could be judged.
    Nothing,
    /// A scenario, fixture or snapshot file is invalid; nothing was sent.
    Invalid,
    /// Bad flags or settings.
    Usage,
    /// Interrupted, after cleaning up.
    Interrupted,
    /// A bug in scimsnap.
    Bug,
}

impl Exit {
    /// The process's exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Invalid => 3,
            Self::Unjudged => 4,
            Self::Unseen => 5,
            Self::Nothing => 6,
            Self::Bug => 70,
            Self::Interrupted => 130,
        }
    }

    /// The reason that outranks the other.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        self.max(other)
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn precedence_is_the_published_one() {
        let order = [
            Exit::Bug,
            Exit::Interrupted,
            Exit::Usage,
            Exit::Invalid,
            Exit::Nothing,
            Exit::Failed,
            Exit::Unjudged,
            Exit::Unseen,
            Exit::Success,
        ];
        let codes: Vec<u8> = order.iter().map(|exit| exit.code()).collect();
        assert_eq!(codes, [70, 130, 2, 3, 6, 1, 4, 5, 0]);
        assert!(order.windows(2).all(|pair| pair[0].worse(pair[1]) == pair[0] && pair[0] > pair[1]));
    }
}
