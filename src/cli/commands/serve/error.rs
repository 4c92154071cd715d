//! Errors of `serve`.

use std::net::SocketAddr;

use thiserror::Error;

use crate::exit::Exit;
use crate::reference::{DefectError, KnobError, Profile, ProfileError, StateError};

/// Why the endpoint did not start, or stopped by itself.
#[derive(Debug, Error)]
pub enum ServeError {
    /// `--knob` without `=`
    #[error("`{0}` does not have the form knob=value")]
    KnobForm(String),
    /// The profile is unknown.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// The site in the state file has another profile, and what it holds may not fit into this one.
    #[error("the site in the state file has the profile `{0}`: omit --profile, or choose another --site")]
    OtherProfile(Profile),
    /// The site in the state file has another directory.
    #[error("the site in the state file has another directory: omit --directory")]
    OtherDirectory,
    /// The state file cannot be used.
    #[error(transparent)]
    State(#[from] StateError),
    /// A knob or its value is unknown.
    #[error(transparent)]
    Knob(#[from] KnobError),
    /// A defect is unknown.
    #[error(transparent)]
    Defect(#[from] DefectError),
    /// The variable with the API key is not set.
    #[error("the environment variable `{0}` {1}")]
    NoToken(String, &'static str),
    /// What should be the name of the variable is none, and may be the key.
    #[error("--token-env takes the name of an environment variable, and this looks like the API key itself")]
    NotAName,
    /// The directory's id cannot stand in a path.
    #[error("`{0}` cannot be a directory id: use letters, digits, `-`, `_` and `.`")]
    DirectoryForm(String),
    /// What is allowed is no name of a host.
    #[error("`{0}` is not a host name: --allow-host takes a name without a port, such as `scimsnap`")]
    HostForm(String),
    /// Others could reach the endpoint, with a key that nobody chose.
    #[error(
        "`{0}` can be reached from other machines: choose an API key with --token-env, and do not pass --seed"
    )]
    Exposed(SocketAddr),
    /// The port is taken.
    #[error(
        "`{0}` is busy: another program listens there; choose another port with --listen, or a free one with port 0"
    )]
    Busy(SocketAddr),
    /// The port cannot be opened.
    #[error("cannot listen on `{address}` ({source})")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The listener failed, or the result could not be written.
    #[error("the endpoint stopped")]
    Io(#[from] std::io::Error),
}

impl ServeError {
    /// The exit code that belongs to the error.
    pub fn exit(&self) -> Exit {
        match self {
            Self::KnobForm(_)
            | Self::Profile(_)
            | Self::OtherProfile(_)
            | Self::OtherDirectory
            | Self::State(_)
            | Self::Knob(_)
            | Self::Defect(_)
            | Self::NoToken(..)
            | Self::NotAName
            | Self::DirectoryForm(_)
            | Self::HostForm(_)
            | Self::Exposed(_) => Exit::Usage,
            Self::Busy(_) | Self::Listen { .. } | Self::Io(_) => Exit::Unjudged,
        }
    }
}
