//! Known failures: accepted for now, with a reason, an owner and an expiry date.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use glob::Pattern;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use toml::Spanned;

use crate::context::Clock;
use crate::diag::{At, Diagnostic};
use crate::idp::ClientName;
use crate::requirement::{catalogue, kin};
use crate::scenario::catalogue::GLOB;
use crate::suggest::nearest;

use super::dto::{KnownDto, OneOrMore};
use super::locator::Point;

/// A known failure.
#[derive(Debug, Clone)]
pub struct Known {
    /// The globs over scenario ids, as they are written.
    pub scenario: String,
    /// The globs over the ids of requirements that are not met, as they are written; those of the causes, where only causes
    /// are named.
    pub requirement: String,
    /// The globs over the ids of causes, as they are written; nothing means every cause of these requirements.
    pub cause: Option<String>,
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
    requirements: Vec<Pattern>,
    causes: Vec<Pattern>,
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

    /// Whether it is about this cause of failure, and thus about all that follows from it.
    pub fn covers(&self, requirement: &str, cause: &str) -> bool {
        let fits = |patterns: &[Pattern], id: &str| {
            patterns.is_empty() || patterns.iter().any(|pattern| pattern.matches_with(id, GLOB))
        };
        // A report shows causes combined that are one fault.
        let is_kin = || {
            let shown = kin(cause);
            let is_meant =
                |pattern: &Pattern| kin(pattern.as_str()) == shown || pattern.matches_with(&shown, GLOB);
            self.causes.iter().any(is_meant)
        };
        fits(&self.requirements, requirement) && (fits(&self.causes, cause) || is_kin())
    }

    /// Whether it is about every breach of this requirement, be it one that follows from something else.
    pub fn names(&self, requirement: &str) -> bool {
        self.causes.is_empty() && self.covers(requirement, requirement)
    }

    /// What it is about, as it is written.
    pub fn what(&self) -> &str {
        self.cause.as_deref().unwrap_or(&self.requirement)
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
        write!(f, "{} until {}, {}: {}", self.what(), self.expires, self.owner, self.reason)
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
    let scenarios = patterns(&entry.scenario, place)?;
    let requirements = entry.requirement.as_ref().map(|ids| checked(ids, place)).transpose()?;
    let causes = entry.cause.as_ref().map(|ids| checked(ids, place)).transpose()?;
    if requirements.is_none() && causes.is_none() {
        let what = "a known failure has a `requirement` or a `cause`";
        let help = "every report shows the id of a cause, such as `one-removed-member/wiped`";
        return Err(Diagnostic::new(source, at, what.to_owned()).help(help));
    }
    let clients = entry.idp.map(|idp| all_clients(&idp, place)).transpose()?;
    for (text, help) in [
        (&entry.reason, "say why the failure is accepted for now"),
        (&entry.owner, "name the person or the team who takes care of it"),
    ] {
        if text.get_ref().trim().is_empty() {
            return Err(point(text.span(), "this must not be empty".to_owned()).help(help));
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
        scenario: entry.scenario.get_ref().words().join(", "),
        requirement: written(entry.requirement.as_ref()).unwrap_or_else(|| breached(entry.cause.as_ref())),
        cause: written(entry.cause.as_ref()),
        clients,
        reason: entry.reason.into_inner(),
        owner: entry.owner.into_inner(),
        expires,
        at: Diagnostic::new(source, at, String::new()),
        patterns: scenarios,
        patterns_at: At::of_bytes(&source.text, entry.scenario.span()),
        requirements: requirements.unwrap_or_default(),
        causes: causes.unwrap_or_default(),
        ids: BTreeSet::new(),
    })
}

/// Globs, as they are written.
fn written(globs: Option<&Spanned<OneOrMore>>) -> Option<String> {
    globs.map(|globs| globs.get_ref().words().join(", "))
}

/// The requirements of causes, each once.
fn breached(causes: Option<&Spanned<OneOrMore>>) -> String {
    let causes = causes.map_or(&[][..], |causes| causes.get_ref().words());
    let ids: BTreeSet<&str> = causes.iter().map(|cause| requirement_of(cause)).collect();
    ids.into_iter().collect::<Vec<_>>().join(", ")
}

/// The requirement in the id of a cause.
fn requirement_of(cause: &str) -> &str {
    cause.split_once('/').map_or(cause, |(requirement, _)| requirement)
}

/// One glob, or several.
fn patterns(globs: &Spanned<OneOrMore>, place: &Point<'_>) -> Result<Vec<Pattern>, Diagnostic> {
    let words = globs.get_ref().words();
    let all: Result<Vec<Pattern>, _> = words.iter().map(|glob| Pattern::new(glob)).collect();
    let all = all.map_err(|error| place.at(globs.span(), &format!("invalid glob: {}", error.msg)))?;
    if all.is_empty() { Err(place.at(globs.span(), "this must not be empty")) } else { Ok(all) }
}

/// Globs over ids of requirements or causes. One whose requirement does not exist is a mistake.
fn checked(globs: &Spanned<OneOrMore>, place: &Point<'_>) -> Result<Vec<Pattern>, Diagnostic> {
    let all = catalogue();
    for glob in globs.get_ref().words() {
        let name = requirement_of(glob);
        let Ok(pattern) = Pattern::new(name) else { continue };
        if all.iter().any(|requirement| pattern.matches_with(requirement.id, GLOB)) {
            continue;
        }
        let diagnostic = place.at(globs.span(), &format!("there is no requirement `{name}`"));
        return Err(match nearest(name, all.iter().map(|requirement| requirement.id)) {
            Some(near) => diagnostic.label(format!("did you mean `{near}`?")),
            None => diagnostic.help("`scimsnap explain` lists them"),
        });
    }
    patterns(globs, place)
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
