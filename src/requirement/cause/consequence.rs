//! What follows from a cause.

use std::borrow::Cow;

use crate::idp::ClientName;
use crate::requirement::model::Requirement;

/// A pair of a scenario and a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenIn {
    /// The scenario's id.
    pub scenario: String,
    /// The client.
    pub client: ClientName,
}

/// What follows from a cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consequence {
    /// The outcome at a checkpoint changed.
    Outcome {
        /// The pair.
        seen_in: SeenIn,
        /// The checkpoint.
        checkpoint: String,
    },
    /// Another requirement is not met because of it.
    Finding {
        /// The pair.
        seen_in: SeenIn,
        /// The requirement.
        requirement: &'static Requirement,
        /// What happened.
        message: String,
    },
    /// The endpoint shows an outcome that the provider cannot handle, or that surprises it.
    Alternative {
        /// The pair.
        seen_in: SeenIn,
        /// Which one, and for whom.
        message: String,
    },
    /// What the administrator would see at the provider.
    Notice {
        /// The pair.
        seen_in: SeenIn,
        /// The words of the provider.
        message: String,
    },
}

impl Consequence {
    /// The pair that shows it.
    pub fn seen_in(&self) -> &SeenIn {
        match self {
            Self::Outcome { seen_in, .. }
            | Self::Finding { seen_in, .. }
            | Self::Alternative { seen_in, .. }
            | Self::Notice { seen_in, .. } => seen_in,
        }
    }

    /// What happened, in words.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Outcome { seen_in, checkpoint } => Cow::Owned(format!(
                "the outcome at checkpoint `{checkpoint}` of {} changed",
                seen_in.scenario
            )),
            Self::Finding { requirement, message, .. } => {
                Cow::Owned(format!("{}: {message}", requirement.id))
            }
            Self::Alternative { message, .. } | Self::Notice { message, .. } => Cow::Borrowed(message),
        }
    }
}
