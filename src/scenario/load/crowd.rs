//! Many people from one entry: `crowd: {count: 103, userName: "p{n}@example.com"}`.

use std::collections::{BTreeMap, BTreeSet};

use super::numbered::{Crowds, NUMBER, member, numbered};
use super::resolver::{Resolver, at};
use crate::diag::Diagnostic;
use crate::scenario::dto::{PersonDto, ScenarioDto};

/// The most people that a file may make. A provider sends several requests for each.
const MOST_PEOPLE: usize = 5000;

/// The generators of a file, with everything that a number, a pattern or a name can have wrong.
pub(super) fn crowds(dto: &ScenarioDto, resolver: &Resolver<'_>) -> Result<Crowds, Diagnostic> {
    let mut crowds = Crowds::new();
    let mut people = 0;
    for (name, dto) in &dto.people {
        let Some(count) = &dto.count else { continue };
        let wanted = usize::try_from(count.value).unwrap_or(usize::MAX);
        people += wanted;
        if wanted == 0 || people > MOST_PEOPLE {
            let all = if people == wanted { String::new() } else { format!(" after {}", people - wanted) };
            return Err(resolver
                .error(at(count), format!("a file can make 1 to {MOST_PEOPLE} people, not {wanted}{all}"))
                .help("the providers send several requests for each person"));
        }
        if !dto.user_name.value.contains(NUMBER) {
            return Err(resolver
                .error(at(&dto.user_name), format!("`{name}` makes {wanted} people of the same userName"))
                .help(format!("write the number as {NUMBER}, as in `p{NUMBER}@example.com`")));
        }
        crowds.insert(name.clone(), wanted);
    }
    check_names(dto, &crowds, resolver)?;
    Ok(crowds)
}

/// No generator may make somebody whose key or userName is another's.
fn check_names(dto: &ScenarioDto, crowds: &Crowds, resolver: &Resolver<'_>) -> Result<(), Diagnostic> {
    let mut keys: BTreeSet<String> = BTreeSet::new();
    let mut user_names: BTreeMap<String, String> = BTreeMap::new();
    let is_crowd = |name: &String| crowds.contains_key(name);
    let (single, many): (Vec<_>, Vec<_>) = dto.people.iter().partition(|(name, _)| !is_crowd(name));
    for (name, dto) in single {
        keys.insert(name.clone());
        user_names.insert(dto.user_name.value.to_lowercase(), name.clone());
    }
    for (name, dto) in many {
        for number in 1..=crowds.get(name).copied().unwrap_or_default() {
            let key = member(name, number);
            if !keys.insert(key.clone()) {
                let message = format!("`{name}` makes a person `{key}`, who is there already");
                return Err(resolver.error(at(&dto.user_name), message));
            }
            let user_name = numbered(&dto.user_name.value, number);
            if let Some(other) = user_names.insert(user_name.to_lowercase(), key.clone()) {
                let message = format!("`{key}` and `{other}` have the same userName, `{user_name}`");
                return Err(resolver.error(at(&dto.user_name), message));
            }
        }
    }
    Ok(())
}

/// The keys and numbers of the people that an entry makes; the number only where it is a generator.
pub(super) fn people_of(name: &str, dto: &PersonDto) -> Vec<(String, Option<usize>)> {
    match &dto.count {
        None => vec![(name.to_owned(), None)],
        Some(count) => {
            let count = usize::try_from(count.value).unwrap_or_default();
            (1..=count).map(|number| (member(name, number), Some(number))).collect()
        }
    }
}
