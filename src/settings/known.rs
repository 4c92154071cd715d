//! Known failures: accepted for now, with a reason, an owner and an expiry date.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use glob::{MatchOptions, Pattern};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use toml::Spanned;

use crate::context::Clock;
use crate::diag::{At, Diagnostic};
use crate::idp::ClientName;
use crate::requirement::catalogue;
use crate::suggest::nearest;

use super::dto::{KnownDto, OneOrMore};
use super::locator::Point;

/// `*` stays within a folder, `**` does not.
const GLOB: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

/// A known failure.
#[derive(Debug, Clone)]
pub struct Known {
    /// The globs over scenario ids, as they are written.
    pub scenario: String,
    /// The requirement that is not met.
    pub requirement: &'static str,
    /// The clients that see it; nothing means all.
    pub clients: Option<Vec<ClientName>>,
    /// Why it is accepted for now.
    pub reason: String,
    /// Who takes care of it.
    pub owner: String,
    /// The last day on which it is accepted, in UTC.
    pub expires: Date,
    /// Its place in the settings file.
    pub at: Diagnostic,
    patterns: Vec<Pattern>,
    patterns_at: At,
    ids: BTreeSet<String>,
}

impl Known {
    /// Whether it is about this scenario as this client plays it.
    pub fn is_about(&self, scenario: &str, client: ClientName) -> bool {
        self.ids.contains(scenario) && self.sees(client)
    }

    /// Whether the client is one that sees it.
    pub fn sees(&self, client: ClientName) -> bool {
        self.clients.as_ref().is_none_or(|clients| clients.contains(&client))
    }

    /// The scenarios that it is about, of those that there are.
    pub fn ids(&self) -> &BTreeSet<String> {
        &self.ids
    }

    /// Is about these scenarios only.
    pub fn narrow(&mut self, ids: &BTreeSet<String>) {
        self.ids.retain(|id| ids.contains(id));
    }

    /// Whether its last day is over.
    pub fn has_expired(&self, today: Date) -> bool {
        today > self.expires
    }

    /// Says which scenarios there are. A glob that is about none of them is a mistake.
    pub fn bind<'a>(&mut self, ids: impl IntoIterator<Item = &'a str> + Clone) -> Result<(), Diagnostic> {
        self.ids.clear();
        let mut idle = None;
        for pattern in &self.patterns {
            let mut means = ids.clone().into_iter().filter(|id| pattern.matches_with(id, GLOB)).peekable();
            if means.peek().is_none() {
                idle = idle.or(Some(pattern.as_str()));
            }
            self.ids.extend(means.map(str::to_owned));
        }
        let Some(glob) = idle else { return Ok(()) };
        let message = format!("no scenario matches `{glob}`");
        let diagnostic = Diagnostic::new(&self.at.source, self.patterns_at, message);
        Err(match nearest(glob, ids) {
            Some(near) => diagnostic.label(format!("did you mean `{near}`?")),
            None => diagnostic
                .help("`scimsnap list` shows the ids; `*` matches within a folder, `**` across folders"),
        })
    }
}

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} until {}, {}: {}", self.requirement, self.expires, self.owner, self.reason)
    }
}

/// The day it is, in UTC.
pub fn today(clock: &Clock) -> Date {
    clock.now().to_zoned(TimeZone::UTC).date()
}

/// Checks an entry and points at what is wrong.
pub(super) fn read(entry: Spanned<KnownDto>, place: &Point<'_>) -> Result<Known, Diagnostic> {
    let source = place.source;
    let at = At::of_bytes(&source.text, entry.span());
    let entry = entry.into_inner();
    let point = |range, message: String| place.at(range, &message);
    let globs = entry.scenario.get_ref().words();
    let patterns: Result<Vec<Pattern>, _> = globs.iter().map(|glob| Pattern::new(glob)).collect();
    let patterns =
        patterns.map_err(|error| point(entry.scenario.span(), format!("invalid glob: {}", error.msg)))?;
    if patterns.is_empty() {
        return Err(point(entry.scenario.span(), "this must not be empty".to_owned()));
    }
    let all = catalogue();
    let name = entry.requirement.get_ref();
    let Some(requirement) = all.iter().find(|requirement| requirement.id == *name) else {
        let diagnostic = point(entry.requirement.span(), format!("there is no requirement `{name}`"));
        return Err(match nearest(name, all.iter().map(|requirement| requirement.id)) {
            Some(near) => diagnostic.label(format!("did you mean `{near}`?")),
            None => diagnostic.help("`scimsnap explain` lists them"),
        });
    };
    let clients = entry.idp.map(|idp| all_clients(&idp, place)).transpose()?;
    for text in [&entry.reason, &entry.owner] {
        if text.get_ref().trim().is_empty() {
            return Err(point(text.span(), "this must not be empty".to_owned()));
        }
    }
    let date = entry.expires.get_ref();
    let expires = match (date.date, date.time) {
        (Some(date), None) => {
            let part = |value: u8| i8::try_from(value).unwrap_or(0);
            i16::try_from(date.year)
                .ok()
                .and_then(|year| Date::new(year, part(date.month), part(date.day)).ok())
        }
        _ => None,
    };
    let Some(expires) = expires else {
        return Err(point(entry.expires.span(), "`expires` must be a date".to_owned())
            .help("write it without quotes, for example `expires = 2027-03-31`"));
    };
    Ok(Known {
        scenario: globs.join(", "),
        requirement: requirement.id,
        clients,
        reason: entry.reason.into_inner(),
        owner: entry.owner.into_inner(),
        expires,
        at: Diagnostic::new(source, at, String::new()),
        patterns,
        patterns_at: At::of_bytes(&source.text, entry.scenario.span()),
        ids: BTreeSet::new(),
    })
}

/// The clients that several names mean.
fn all_clients(idp: &Spanned<OneOrMore>, point: &Point<'_>) -> Result<Vec<ClientName>, Diagnostic> {
    let names = idp.get_ref().words().iter();
    let each: Result<Vec<_>, _> = names.map(|name| named(name, idp.span(), point)).collect();
    each.map(|each| each.concat())
}

/// The clients that a name means.
pub(super) fn clients(idp: &Spanned<String>, point: &Point<'_>) -> Result<Vec<ClientName>, Diagnostic> {
    named(idp.get_ref(), idp.span(), point)
}

fn named(name: &str, span: Range<usize>, point: &Point<'_>) -> Result<Vec<ClientName>, Diagnostic> {
    ClientName::select(name).ok_or_else(|| {
        let known = ClientName::selectable();
        let diagnostic = point.at(span, &format!("there is no IdP client `{name}`"));
        match nearest(name, known.iter().copied()) {
            Some(near) => diagnostic.label(format!("did you mean `{near}`?")),
            None => diagnostic.help(format!("the clients are {}", known.join(", "))),
        }
    })
}
