//! Reads the people and groups of the directory.

use super::resolver::Resolver;
use crate::diag::Diagnostic;
use crate::directory::{Directory, Group, Person, PersonState};
use crate::scenario::dto::{GroupDto, PersonDto, ScenarioDto};

/// The directory at the start. Managers and members must be declared.
pub(super) fn directory(dto: &ScenarioDto, resolver: &Resolver<'_>) -> Result<Directory, Diagnostic> {
    let directory = Directory {
        people: dto.people.iter().map(|(key, dto)| person(key, dto)).collect(),
        groups: dto.groups.iter().map(|(key, dto)| group(key, dto)).collect(),
    };
    let managers = dto.people.values().filter_map(|dto| dto.manager.as_ref());
    for word in managers.chain(dto.groups.values().flat_map(|dto| &dto.members)) {
        resolver.person(&directory, word)?;
    }
    Ok(directory)
}

fn person(key: &str, dto: &PersonDto) -> Person {
    let further = [
        ("title", &dto.title),
        ("department", &dto.department),
        ("employeeNumber", &dto.employee_number),
        ("preferredLanguage", &dto.preferred_language),
        ("nickName", &dto.nick_name),
    ];
    Person {
        key: key.to_owned(),
        user_name: dto.user_name.value.clone(),
        email: dto.email.clone().unwrap_or_else(|| dto.user_name.value.clone()),
        given_name: dto.given_name.clone(),
        family_name: dto.family_name.clone(),
        display_name: dto
            .display_name
            .clone()
            .unwrap_or_else(|| format!("{} {}", dto.given_name, dto.family_name)),
        profile: further
            .into_iter()
            .filter_map(|(name, value)| value.clone().map(|value| (name.to_owned(), value)))
            .collect(),
        manager: dto.manager.as_ref().map(|manager| manager.value.clone()),
        incarnation: 0,
        state: PersonState::Active,
        assigned: false,
        tenant: String::new(),
    }
}

fn group(key: &str, dto: &GroupDto) -> Group {
    Group {
        key: key.to_owned(),
        display_name: dto.display_name.value.clone(),
        members: dto.members.iter().map(|member| member.value.clone()).collect(),
        pushed: false,
        tenant: String::new(),
    }
}
