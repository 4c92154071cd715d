//! The default attribute mapping of an app that is not from the gallery, and the bodies that come of it.
//!
//! Source: docs/providers/entra.md#create-a-user, docs/providers/entra.md#create-a-group.

use serde_json::{Map, Value, json};

use crate::directory::{Group, Person};
use crate::idp::Settings;
use crate::idp::kit::attribute::{Attribute, object, profile};
use crate::idp::kit::urn;
use crate::idp::settings::{MatchAttribute, Source, WORK_EMAIL};

/// Attributes that the sample body has before all other further ones, in its order.
const FIRST: [&str; 4] = ["title", "preferredLanguage", "addresses", "phoneNumbers"];

/// What goes out as `externalId`, by default the `mailNickname`.
pub(crate) fn external_id(person: &Person, settings: &Settings) -> String {
    let source = settings.external_id.unwrap_or(Source::MailNickname);
    let own = person.external_id_or(|| source.of(person).unwrap_or_default());
    settings.mapped("externalId", person, &own)
}

/// What a person is matched by; nothing where the directory has no value for it.
pub(crate) fn match_value(attribute: MatchAttribute, person: &Person, settings: &Settings) -> Option<String> {
    let value = match attribute {
        MatchAttribute::UserName => settings.mapped("userName", person, &person.user_name),
        MatchAttribute::ExternalId => external_id(person, settings),
        MatchAttribute::Email => settings.mapped(WORK_EMAIL, person, &person.email),
    };
    Some(value).filter(|value| !value.is_empty())
}

/// The mapped attributes of a person that have a value, in the order of PATCH operations. An empty source value is
/// never sent: it cannot clear anything.
pub(crate) fn user<'a>(
    person: &'a Person,
    active: bool,
    settings: &'a Settings,
) -> Vec<(Attribute<'a>, Value)> {
    let strings = [
        ("displayName", person.display_name.clone()),
        (WORK_EMAIL, person.email.clone()),
        ("name.givenName", person.given_name.clone()),
        ("name.familyName", person.family_name.clone()),
        ("name.formatted", formatted(person)),
        ("externalId", external_id(person, settings)),
    ];
    let user_name = settings.mapped("userName", person, &person.user_name);
    let mut values =
        vec![(Attribute::parse("userName"), json!(user_name)), (Attribute::parse("active"), json!(active))];
    let is_default = |path: &Attribute<'_>| !settings.mappings.contains_key(path.path().as_str());
    let known = strings.map(|(path, value)| (Attribute::parse(path), settings.mapped(path, person, &value)));
    let further = further(person).into_iter().map(|(attribute, value)| (attribute, value.to_owned()));
    let further = further.filter(|(attribute, _)| is_default(attribute));
    let default: Vec<_> = known.into_iter().chain(further).collect();
    let added: Vec<_> = settings
        .mappings
        .iter()
        .map(|(path, source)| (Attribute::parse(path), source.of(person).unwrap_or_default()))
        .filter(|(attribute, _)| *attribute != Attribute::parse("userName"))
        .filter(|(attribute, _)| !default.iter().any(|(other, _)| other == attribute))
        .collect();
    let filled = default.into_iter().chain(added).filter(|(_, value)| !value.is_empty());
    values.extend(filled.map(|(attribute, value)| (attribute, json!(value))));
    values
}

/// Only whether a person may use the app: all that is written about somebody out of scope.
pub(crate) fn active(active: bool) -> Vec<(Attribute<'static>, Value)> {
    vec![(Attribute::parse("active"), json!(active))]
}

/// What is written about somebody who was deleted and whose name the directory frees: the id of the object before the
/// login name, and that they may not use the app (reported: onyx-dot-app/onyx PR 14074).
pub(crate) fn soft_deleted(person: &Person, settings: &Settings) -> Vec<(Attribute<'static>, Value)> {
    let user_name = settings.mapped("userName", person, &person.user_name);
    let freed = format!("{}{user_name}", person.object_id().simple());
    vec![(Attribute::parse("userName"), json!(freed)), (Attribute::parse("active"), json!(false))]
}

/// The further profile attributes that have a value, those of the sample first.
fn further(person: &Person) -> Vec<(Attribute<'_>, &str)> {
    let mut further = profile(person);
    // Who the manager is comes by reference only, and later.
    further.retain(|(attribute, value)| !value.is_empty() && attribute.name() != "manager");
    further.sort_by_key(|(attribute, _)| {
        let rank = FIRST.iter().position(|name| *name == attribute.root());
        (attribute.is_extension(), rank.unwrap_or(FIRST.len()))
    });
    further
}

/// `Join(" ", [givenName], [surname])`.
fn formatted(person: &Person) -> String {
    [person.given_name.as_str(), person.family_name.as_str()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The body of a user's creation: both dialects write the same, `active` is a boolean, and the enterprise URN is
/// listed even where no enterprise attribute is present.
pub(crate) fn create_user(person: &Person, settings: &Settings) -> Value {
    let mut body = json!({"schemas": [urn::USER, urn::ENTERPRISE]});
    let map = object(&mut body);
    set(map, "externalId", &external_id(person, settings));
    set(map, "userName", &person.user_name);
    map.insert("active".to_owned(), json!(true));
    set(map, "displayName", &person.display_name);
    if !person.email.is_empty() {
        let email = json!({"primary": true, "type": "work", "value": person.email});
        map.insert("emails".to_owned(), json!([email]));
    }
    map.insert("meta".to_owned(), json!({"resourceType": "User"}));
    set(map, "name.formatted", &formatted(person));
    set(map, "name.familyName", &person.family_name);
    set(map, "name.givenName", &person.given_name);
    let (extensions, core): (Vec<_>, Vec<_>) =
        further(person).into_iter().partition(|(attribute, _)| attribute.is_extension());
    for (attribute, value) in core {
        attribute.set(map, json!(value));
    }
    map.entry("roles").or_insert_with(|| json!([]));
    for (attribute, value) in extensions {
        attribute.set(map, json!(value));
    }
    settings.remap(person, map);
    body
}

fn set(body: &mut Map<String, Value>, path: &str, value: &str) {
    if !value.is_empty() {
        Attribute::parse(path).set(body, json!(value));
    }
}

/// The mapped attributes of a group.
pub(crate) fn group(group: &Group) -> Vec<(Attribute<'static>, Value)> {
    vec![
        (Attribute::parse("displayName"), json!(group.display_name)),
        (Attribute::parse("externalId"), json!(group.object_id().to_string())),
    ]
}

/// The body of a group's creation (captured): never with members.
pub(crate) fn create_group(group: &Group) -> Value {
    json!({
        "schemas": [urn::GROUP],
        "externalId": group.object_id().to_string(),
        "displayName": group.display_name,
        "members": [],
        "meta": {"resourceType": "Group"},
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::idp::kit::people::ada;

    #[test]
    fn a_creation_has_the_sample_order_and_no_empty_value() {
        let mut person = ada();
        person.display_name = String::new();
        for (name, value) in [
            ("department", "Support"),
            ("phoneNumbers[type eq \"work\"].value", "000-1"),
            ("title", "Analyst"),
            ("nickName", ""),
        ] {
            person.profile.insert(name.to_owned(), value.to_owned());
        }
        let body = create_user(&person, &Settings::default());
        assert_eq!(
            body.as_object().unwrap().keys().collect::<Vec<_>>(),
            [
                "schemas",
                "externalId",
                "userName",
                "active",
                "emails",
                "meta",
                "name",
                "title",
                "phoneNumbers",
                "roles",
                urn::ENTERPRISE
            ]
        );
        assert_eq!(body["phoneNumbers"], json!([{"type": "work", "value": "000-1"}]));
    }

    #[test]
    fn a_cleared_value_is_not_mapped() {
        let mut person = ada();
        person.given_name = String::new();
        person.profile.insert("title".to_owned(), String::new());
        let paths: Vec<_> =
            user(&person, true, &Settings::default()).iter().map(|(attribute, _)| attribute.path()).collect();
        assert_eq!(
            paths,
            [
                "userName",
                "active",
                "displayName",
                "emails[type eq \"work\"].value",
                "name.familyName",
                "name.formatted",
                "externalId"
            ]
        );
    }
}
