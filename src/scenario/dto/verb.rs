//! The verbs of steps: those of events, and those that are no events of the directory.

use crate::directory::verb::{Verb, verbs};

verbs! {
    /// A verb of a step that is no event of the directory.
    pub(crate) enum Other {
        Together = "together",
        Admin = "admin",
        Request = "request",
        AtOnce = "at-once",
        Lose = "lose",
        Intercept = "intercept",
        Checkpoint = "checkpoint",
    }
}

/// The verb of a step.
#[derive(Debug, Clone, Copy)]
pub(crate) enum StepVerb {
    /// An event happens in the directory.
    Event(Verb),
    /// Something else.
    Other(Other),
}

impl StepVerb {
    /// Every verb.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        Verb::all().map(Self::Event).chain(Other::ALL.iter().copied().map(Self::Other))
    }

    /// The word in files.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Event(verb) => verb.as_str(),
            Self::Other(verb) => verb.as_str(),
        }
    }

    /// The verb of that word, or what is wrong with the word.
    pub(crate) fn parse(word: &str) -> Result<Self, String> {
        Self::all().find(|verb| verb.as_str() == word).ok_or_else(|| {
            let words: Vec<&str> = Self::all().map(Self::as_str).collect();
            match crate::suggest::nearest(word, words.iter().copied()) {
                Some(near) => format!("there is no step `{word}`; did you mean `{near}`?"),
                None => format!("there is no step `{word}`; the steps are {}", words.join(", ")),
            }
        })
    }
}
