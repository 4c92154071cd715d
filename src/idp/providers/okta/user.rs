//! Okta's user bodies: what it creates, and the endpoint's own representation that it sends back changed.

use serde_json::{Map, Value, json};

use crate::directory::Person;
use crate::idp::Settings;
use crate::idp::kit::app::name;
use crate::idp::kit::attribute::{Attribute, object, profile};
use crate::idp::kit::resource::{field, slot};
use crate::idp::kit::urn;
use crate::idp::settings::WORK_EMAIL;

/// The locale of the default mapping.
const LOCALE: &str = "en-US";

/// The body of a creation, in the captured order of keys. Empty further attributes are left out.
pub(crate) fn create_body(person: &Person, password: &str, settings: &Settings) -> Value {
    let mut body = json!({
        "schemas": [urn::USER],
        "userName": person.user_name,
        "name": name(person),
        "emails": [{"primary": true, "value": person.email, "type": "work"}],
        "displayName": person.display_name,
        "locale": LOCALE,
        "externalId": external_id(person),
        "groups": [],
        "password": password,
        "active": true,
    });
    for (attribute, value) in profile(person).into_iter().filter(|(_, value)| !value.is_empty()) {
        attribute.set(object(&mut body), json!(value));
    }
    settings.remap(person, object(&mut body));
    body
}

/// The endpoint's representation with all mapped attributes overwritten: its order, its unknown attributes and its
/// `meta` and `groups` go back as they came. A cleared attribute is an empty string, and what is not mapped stays.
pub(crate) fn with_profile(resource: &Value, person: &Person, settings: &Settings) -> Map<String, Value> {
    let mut echo = resource.clone();
    let body = object(&mut echo);
    let is_default = |path: &str| !settings.mappings.contains_key(path);
    for (path, value) in [
        ("externalId", external_id(person).as_str()),
        ("userName", &person.user_name),
        ("name.givenName", &person.given_name),
        ("name.familyName", &person.family_name),
    ] {
        // Who never had a family name gets none; one that was cleared is an empty string.
        let is_missing = value.is_empty() && Attribute::parse(path).get(resource).is_none();
        if is_default(path) && !is_missing {
            Attribute::parse(path).set(body, json!(value));
        }
    }
    if is_default(WORK_EMAIL) {
        set_email(body, &person.email);
    }
    for (name, value) in [("displayName", person.display_name.as_str()), ("locale", LOCALE)] {
        if is_default(name) {
            *slot(body, name) = json!(value);
        }
    }
    let is_mapped = |attribute: &Attribute<'_>| settings.maps(*attribute);
    for (attribute, value) in profile(person).into_iter().filter(|(attribute, _)| !is_mapped(attribute)) {
        attribute.set(body, json!(value));
    }
    for (path, source) in &settings.mappings {
        if let Some(value) = source.of(person) {
            Attribute::parse(path).set(body, json!(value));
        }
    }
    body.clone()
}

/// What goes out as `externalId`, by default the id of the person at Okta.
pub(super) fn external_id(person: &Person) -> String {
    person.external_id_or(|| person.okta_id())
}

/// The endpoint's representation, deactivated (captured: with the `externalId`, and nothing else changed).
pub(crate) fn deactivated(resource: &Value, person: &Person) -> Value {
    let mut echo = resource.clone();
    let body = object(&mut echo);
    *slot(body, "externalId") = json!(external_id(person));
    *slot(body, "active") = json!(false);
    echo
}

/// Sets the work address: the element of that type, else the primary one, keeps its other sub-attributes.
fn set_email(body: &mut Map<String, Value>, email: &str) {
    let place = slot(body, "emails");
    let fresh = json!({"primary": true, "value": email, "type": "work"});
    let Value::Array(emails) = place else {
        *place = json!([fresh]);
        return;
    };
    let is_work = |element: &Value| field(element, "type").is_some_and(|kind| kind == "work");
    let is_primary = |element: &Value| field(element, "primary").is_some_and(|primary| primary == true);
    let index = emails.iter().position(is_work).or_else(|| emails.iter().position(is_primary));
    match index {
        Some(index) => *slot(object(&mut emails[index]), "value") = json!(email),
        None => emails.push(fresh),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::idp::kit::people::ada;

    #[test]
    fn what_the_endpoint_alone_knows_goes_back_in_its_order() {
        let resource = json!({
            "meta": {"version": "W/\"1\""},
            "id": "1",
            "name": {"formatted": "A. Byron", "givenName": "A."},
            "emails": [{"value": "h@example.com", "type": "home"}, {"value": "old@example.com", "type": "work", "display": "x"}],
            "x-colour": "green",
            "active": false,
        });
        let echo = Value::Object(with_profile(&resource, &ada(), &Settings::default()));
        assert_eq!(
            echo.as_object().unwrap().keys().take(6).collect::<Vec<_>>(),
            ["meta", "id", "name", "emails", "x-colour", "active"]
        );
        assert_eq!(echo["name"], json!({"formatted": "A. Byron", "givenName": "Ada", "familyName": "Byron"}));
        assert_eq!(
            echo["emails"],
            json!([{"value": "h@example.com", "type": "home"}, {"value": "ada@example.com", "type": "work", "display": "x"}])
        );
        assert_eq!(echo["active"], json!(false), "a profile push does not activate");
        assert_eq!(echo["meta"], resource["meta"]);
    }

    #[test]
    fn the_address_goes_to_the_work_element_else_to_the_primary_one_else_it_is_added() {
        for (found, expected) in [
            (
                json!([{"value": "p@example.com", "primary": true}, {"value": "o@example.com"}]),
                json!([{"value": "ada@example.com", "primary": true}, {"value": "o@example.com"}]),
            ),
            (
                json!([{"value": "o@example.com"}]),
                json!([{"value": "o@example.com"}, {"primary": true, "value": "ada@example.com", "type": "work"}]),
            ),
            (json!(null), json!([{"primary": true, "value": "ada@example.com", "type": "work"}])),
        ] {
            let echo = with_profile(&json!({"emails": found}), &ada(), &Settings::default());
            assert_eq!(echo["emails"], expected);
        }
    }

    #[test]
    fn a_locale_of_the_profile_wins_over_the_default() {
        assert_eq!(with_profile(&json!({}), &ada(), &Settings::default())["locale"], json!("en-US"));
        let mut person = ada();
        person.profile.insert("locale".to_owned(), "de-DE".to_owned());
        let echo = with_profile(&json!({"locale": "fr-FR"}), &person, &Settings::default());
        assert_eq!(echo["locale"], json!("de-DE"));
    }

    #[test]
    fn a_cleared_attribute_is_an_empty_string_on_update_and_absent_on_creation() {
        let mut person = ada();
        person.profile.insert("title".to_owned(), String::new());
        assert_eq!(with_profile(&json!({}), &person, &Settings::default())["title"], json!(""));
        assert_eq!(create_body(&person, "p", &Settings::default()).get("title"), None);
    }

    #[test]
    fn enterprise_attributes_stand_under_their_urn_without_being_announced() {
        let mut person = ada();
        person.profile.insert("department".to_owned(), "Support".to_owned());
        let body = create_body(&person, "p", &Settings::default());
        assert_eq!(body[urn::ENTERPRISE], json!({"department": "Support"}));
        assert_eq!(body["schemas"], json!([urn::USER]));
    }
}
