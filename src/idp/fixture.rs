//! The fixtures: the requests of each provider for an event, written by hand from docs/providers, with evidence marks.
//!
//! Tests hold the clients against them; `explain` and the documentation show them. `fixtures/README.md` describes the
//! format.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::directory::Event;

use super::{Family, Settings};

/// One event of one provider, with the requests that it makes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fixture {
    /// The provider's family.
    pub provider: String,
    /// The clients that send exactly this.
    pub clients: Vec<String>,
    /// The event, by its verb.
    pub event: String,
    /// Which of several cases of the event it is; none for the plain one.
    pub case: Option<String>,
    /// What it is about.
    pub title: String,
    /// Where the facts say something that the requests cannot show.
    pub note: Option<String>,
    /// What the administrator has set.
    #[serde(default)]
    pub settings: Settings,
    /// The fixtures that come before, as `event` or `event.case`.
    #[serde(default)]
    pub given: Vec<String>,
    /// What happens, all at once.
    pub act: Vec<Event>,
    /// The requests, in order; none where the provider sends nothing.
    pub requests: Vec<Expected>,
    /// What the administrator is told, each as a part of the text.
    #[serde(default)]
    pub notices: Vec<String>,
}

/// A request that a provider sends, and what the endpoint answers so that it goes on.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// How well it is known.
    pub evidence: Evidence,
    /// Where from.
    pub source: String,
    /// The method.
    pub method: String,
    /// The raw target below the base URL.
    pub target: String,
    /// The headers, `Authorization`, `Host` and `Content-Length` apart.
    pub headers: BTreeMap<String, String>,
    /// Headers that the provider does not send.
    #[serde(default)]
    pub absent: Vec<String>,
    /// The body, where there is one.
    pub body: Option<Value>,
    /// Whether the order of the body's keys is known too.
    pub key_order: bool,
    /// What the endpoint answers.
    pub answer: Reply,
}

/// How well something is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// The vendor's documentation says so.
    Documented,
    /// It was seen on the wire.
    Captured,
    /// The client's own source or tests do so; it was not seen on the wire.
    Source,
    /// Somebody reported it.
    Reported,
    /// It follows from what is known.
    Inferred,
}

/// An endpoint's answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The body, where there is one.
    pub body: Option<Value>,
}

impl Fixture {
    /// Its name: `event` or `event.case`.
    pub fn name(&self) -> String {
        match &self.case {
            Some(case) => format!("{}.{case}", self.event),
            None => self.event.clone(),
        }
    }

    /// Every fixture, with its path below `fixtures`, in the order of the paths.
    pub fn all() -> Vec<(String, serde_json::Result<Self>)> {
        let mut all: Vec<_> = Files::iter()
            .filter(|path| {
                let folders = Family::ALL.map(|family| format!("{family}/"));
                path.ends_with(".json") && folders.iter().any(|folder| path.starts_with(folder.as_str()))
            })
            .filter_map(|path| {
                let file = Files::get(&path)?;
                Some((path.into_owned(), serde_json::from_slice(&file.data)))
            })
            .collect();
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        all
    }
}

#[derive(rust_embed::RustEmbed)]
#[folder = "fixtures/"]
struct Files;
