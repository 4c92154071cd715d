//! Rules of a target: its mail domain, the attributes to send, and the alternatives that it must show.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::Diagnostic;
use crate::idp::ClientName;
use crate::scenario::catalogue::bundled;
use crate::suggest::nearest;
use crate::wire::HouseRules;

use super::dto::TargetDto;
use super::locator::Point;

/// Checks the rules and points at what is wrong.
pub(super) fn read(target: &mut TargetDto, point: &Point<'_>) -> Result<HouseRules, Diagnostic> {
    let domain = match target.domain.take() {
        Some(domain) if !is_domain(domain.get_ref()) => {
            return Err(point
                .at(domain.span(), "this is not a mail domain")
                .help("for example `staging.app.example`"));
        }
        domain => domain.map(toml::Spanned::into_inner),
    };
    let mut person_defaults = BTreeMap::new();
    for (name, value) in std::mem::take(&mut target.person_defaults) {
        if !ClientName::ALL.iter().any(|client| client.sends(name.get_ref())) {
            let message = format!("no provider sends `{}`", name.get_ref());
            return Err(point
                .at(name.span(), &message)
                .help("use an attribute such as `title` or `department`"));
        }
        person_defaults.insert(name.into_inner(), value);
    }
    let mut alternatives = BTreeMap::new();
    let written = std::mem::take(&mut target.alternatives);
    let known = if written.is_empty() { BTreeMap::new() } else { behaviours() };
    for (behaviour, alternative) in written {
        let Some(names) = known.get(behaviour.get_ref()) else {
            let diagnostic =
                point.at(behaviour.span(), &format!("there is no behaviour `{}`", behaviour.get_ref()));
            return Err(near(diagnostic, behaviour.get_ref(), known.keys()));
        };
        if !names.contains(alternative.get_ref()) {
            let message = format!("`{}` has no alternative `{}`", behaviour.get_ref(), alternative.get_ref());
            return Err(near(point.at(alternative.span(), &message), alternative.get_ref(), names));
        }
        alternatives.insert(behaviour.into_inner(), alternative.into_inner());
    }
    Ok(HouseRules {
        domain,
        person_defaults,
        max_people: target.max_people,
        alternatives,
        exclusive: target.exclusive,
    })
}

fn is_domain(text: &str) -> bool {
    text.contains('.') && text.split('.').all(|label| !label.is_empty()) && !text.contains(['@', ' ', '/'])
}

/// The alternatives of every behaviour in the catalogue.
fn behaviours() -> BTreeMap<String, BTreeSet<String>> {
    let mut behaviours: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for scenario in bundled().iter().filter_map(|entry| entry.load().ok()) {
        if let Some(behaviour) = scenario.behaviour {
            let names = scenario.alternatives.into_iter().map(|alternative| alternative.name);
            behaviours.entry(behaviour).or_default().extend(names);
        }
    }
    behaviours
}

fn near<'a>(diagnostic: Diagnostic, name: &str, all: impl IntoIterator<Item = &'a String>) -> Diagnostic {
    let all: Vec<&str> = all.into_iter().map(String::as_str).collect();
    match nearest(name, all.iter().copied()) {
        Some(near) => diagnostic.label(format!("did you mean `{near}`?")),
        None => diagnostic.help(format!("the names are {}", all.join(", "))),
    }
}
