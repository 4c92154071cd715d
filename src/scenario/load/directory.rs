//! Reads the people and groups of the directory.

use std::collections::BTreeMap;

use super::attributes::{address, is_kind, is_urn, manager_id, phone_number};
use super::crowd::people_of;
use super::numbered::numbered;
use super::resolver::{Resolver, at};
use crate::diag::Diagnostic;
use crate::directory::{Directory, Group, Person, PersonState};
use crate::scenario::dto::{AddressDto, GroupDto, PersonDto, ScenarioDto};

/// The directory at the start. Managers and members must be declared.
pub(super) fn directory(dto: &ScenarioDto, resolver: &Resolver<'_>) -> Result<Directory, Diagnostic> {
    for dto in dto.people.values() {
        check_types(dto, resolver)?;
    }
    let people = dto.people.iter().flat_map(|(name, dto)| {
        people_of(name, dto).into_iter().map(move |(key, number)| person(key, dto, number))
    });
    let mut directory = Directory { people: people.collect(), groups: Vec::new() };
    for word in dto.people.values().filter_map(|dto| dto.manager.as_ref()) {
        resolver.person(&directory, word)?;
    }
    for (key, dto) in &dto.groups {
        directory.groups.push(group(key, dto, &directory, resolver)?);
    }
    Ok(directory)
}

/// The types of addresses and telephone numbers, and the URNs of extensions, become parts of paths.
fn check_types(dto: &PersonDto, resolver: &Resolver<'_>) -> Result<(), Diagnostic> {
    let addresses = dto.addresses.iter().map(|(kind, value)| (kind, at(value)));
    let phones = dto.phone_numbers.iter().map(|(kind, value)| (kind, at(value)));
    if let Some((kind, place)) = addresses.chain(phones).find(|(kind, _)| !is_kind(kind)) {
        return Err(resolver
            .error(place, format!("`{kind}` is not a type"))
            .help("a type has letters and digits, as in `work`"));
    }
    for (urn, attributes) in &dto.extensions {
        if let Some((name, value)) = attributes.iter().find(|(name, _)| !is_urn(urn) || !is_kind(name)) {
            return Err(resolver
                .error(at(value), format!("`{urn}:{name}` is not an attribute of an extension"))
                .help("write the URN of the schema, and below it the attributes: `urn:example:2.0:User: {badge: A7}`"));
        }
    }
    Ok(())
}

/// One person of an entry.
fn person(key: String, dto: &PersonDto, number: Option<usize>) -> Person {
    let own = |text: &str| number.map_or_else(|| text.to_owned(), |number| numbered(text, number));
    let user_name = own(&dto.user_name.value);
    let given_name = own(&dto.given_name);
    let family_name = own(dto.family_name.as_deref().unwrap_or_default());
    let full_name = [given_name.as_str(), &family_name].join(" ").trim().to_owned();
    Person {
        key,
        email: dto.email.as_deref().map_or_else(|| user_name.clone(), own),
        user_name,
        display_name: dto.display_name.as_deref().map_or(full_name, own),
        given_name,
        family_name,
        profile: profile(dto).map(|(path, value)| (path, own(value))).collect(),
        manager: dto.manager.as_ref().map(|manager| manager.value.clone()),
        incarnation: 0,
        state: PersonState::Active,
        assigned: false,
        tenant: String::new(),
    }
}

/// What an entry says beyond the names, by path.
fn profile(dto: &PersonDto) -> impl Iterator<Item = (String, &str)> {
    let simple = [
        ("title", &dto.title),
        ("department", &dto.department),
        ("employeeNumber", &dto.employee_number),
        ("costCenter", &dto.cost_center),
        ("organization", &dto.organization),
        ("division", &dto.division),
        ("userType", &dto.user_type),
        ("locale", &dto.locale),
        ("timezone", &dto.timezone),
        ("preferredLanguage", &dto.preferred_language),
        ("nickName", &dto.nick_name),
        ("externalId", &dto.external_id),
    ];
    let simple = simple.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.as_deref()?)));
    let manager = dto.manager_id.as_deref().map(|id| (manager_id(), id));
    let phones = dto.phone_numbers.iter().map(|(kind, value)| (phone_number(kind), value.value.as_str()));
    let addresses = dto.addresses.iter().flat_map(|(kind, parts)| parts_of(kind, &parts.value));
    let extensions = dto.extensions.iter().flat_map(|(urn, attributes)| {
        attributes.iter().map(move |(name, value)| (format!("{urn}:{name}"), value.value.as_str()))
    });
    simple.chain(manager).chain(phones).chain(addresses).chain(extensions)
}

fn parts_of<'a>(kind: &str, dto: &'a AddressDto) -> Vec<(String, &'a str)> {
    let parts = BTreeMap::from([
        ("formatted", &dto.formatted),
        ("streetAddress", &dto.street_address),
        ("locality", &dto.locality),
        ("region", &dto.region),
        ("postalCode", &dto.postal_code),
        ("country", &dto.country),
    ]);
    parts.into_iter().filter_map(|(part, value)| Some((address(kind, part), value.as_deref()?))).collect()
}

fn group(
    key: &str,
    dto: &GroupDto,
    directory: &Directory,
    resolver: &Resolver<'_>,
) -> Result<Group, Diagnostic> {
    let mut members = Vec::new();
    for word in &dto.members {
        members.extend(resolver.people(directory, word)?);
    }
    Ok(Group {
        key: key.to_owned(),
        display_name: dto.display_name.value.clone(),
        members,
        pushed: false,
        tenant: String::new(),
    })
}
