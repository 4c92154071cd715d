//! Requirements and findings.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::diag::Diagnostic;
use crate::wire::Exchange;

use super::sign::Sign;

/// How much a breach weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// An RFC's MUST or SHALL, or what a provider cannot do without, is broken.
    Must,
    /// It works, but not as it should: an RFC's SHOULD, or somebody will be surprised.
    Should,
    /// Worth knowing.
    Info,
}

impl Level {
    /// Its name in files and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::Should => "should",
            Self::Info => "info",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whose requirement it is: who wrote it down, or who is hurt by a breach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Concern {
    /// RFC 7643 and RFC 7644.
    Rfc,
    /// Okta.
    Okta,
    /// Microsoft Entra ID.
    Entra,
    /// Google Workspace.
    Google,
    /// Customer provisioning of Jira Service Management.
    Jsm,
}

impl Concern {
    /// Its name in files and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rfc => "rfc",
            Self::Okta => "okta",
            Self::Entra => "entra",
            Self::Google => "google",
            Self::Jsm => "jsm",
        }
    }
}

impl fmt::Display for Concern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A rule with an id, a level and a source.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Requirement {
    /// The stable id: `list-envelope`.
    pub id: &'static str,
    /// How much a breach weighs.
    pub level: Level,
    /// Whose requirement it is.
    pub concerns: &'static [Concern],
    /// What must be true, in one sentence.
    pub text: &'static str,
    /// The RFC's clause or the vendor's document.
    pub source: &'static str,
    /// What goes wrong otherwise.
    pub reasoning: &'static str,
}

/// What a rule says of an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raised {
    /// What is broken.
    pub requirement: &'static Requirement,
    /// What was done wrong: the same word wherever the same is wrong, whoever is hurt. Empty where the requirement says it
    /// all.
    pub key: String,
    /// What happened, as a fragment that begins in lower case.
    pub message: String,
    /// The number of the request that did it, where that is known: mostly a write.
    pub culprit: Option<usize>,
    /// How a script can tell, where the rule says so.
    pub sign: Option<Sign>,
}

/// What of an answer a scenario expected otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The status: whether it was done.
    Status,
    /// The form of the answer: a header, an error's keyword.
    Form,
    /// The content of the body.
    Body,
}

/// One observed breach of a requirement, at its place in a scenario.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What is broken.
    pub requirement: &'static Requirement,
    /// What was done wrong, as in [`Raised`].
    pub key: String,
    /// What happened, as a fragment that begins in lower case.
    pub message: String,
    /// The exchange that shows it.
    pub exchange: Arc<Exchange>,
    /// The request that did it, where that is known: mostly a write.
    pub culprit: Option<Arc<Exchange>>,
    /// How a script can tell, where that is known.
    pub sign: Option<Sign>,
    /// The step of the scenario.
    pub at: Diagnostic,
    /// What of the answer was not as expected, where a scenario's expectation was not met.
    pub part: Option<Part>,
}

impl Finding {
    /// The id of its cause: the requirement's, and after a slash what was done wrong.
    pub fn cause(&self) -> String {
        cause_id(self.requirement, &self.key)
    }

    /// How much it weighs.
    pub fn level(&self) -> Level {
        self.requirement.level
    }
}

/// The id of a cause.
pub(super) fn cause_id(requirement: &Requirement, key: &str) -> String {
    if key.is_empty() { requirement.id.to_owned() } else { format!("{}/{key}", requirement.id) }
}
