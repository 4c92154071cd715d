//! A body that stays in its own words does what its value does.

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::Sent;
use crate::context::Clock;
use crate::reference::knobs::{Knobs, Profile};
use crate::reference::provisioning::attributes::as_sent;
use crate::reference::site::Site;
use crate::reference::{Reference, SiteOptions};
use crate::scim::json::body::BodyReader;
use crate::scim::kind::ResourceKind;
use crate::scim::urn;

pub(crate) fn on_site<T>(profile: Profile, act: impl FnOnce(&mut Site) -> T) -> T {
    let reference = Reference::new(Clock::fixed(Timestamp::UNIX_EPOCH));
    let access = reference.create_site(SiteOptions { knobs: Knobs::of(profile), ..SiteOptions::default() });
    reference.on_site(&access.site, act).unwrap()
}

/// A body that has a name twice is not left in its words.
fn in_its_words(text: &str) -> Sent<'_> {
    let value = || Sent::Value(serde_json::from_str(text).unwrap());
    BodyReader::default().read_borrowed(text.as_bytes()).map_or_else(value, Sent::Borrowed)
}

/// What a provider may say, and what is not quite that.
fn member() -> impl Strategy<Value = (&'static str, Value)> {
    let text = || prop::sample::select(vec!["", " ", "Ada", "ada", "a\"b", "é", "ada@example.com"]);
    prop_oneof![
        3 => (prop::sample::select(vec!["userName", "externalId", "displayName", "title", "UserName", "id", "password"]), text())
            .prop_map(|(name, text)| (name, json!(text))),
        2 => (text(), text()).prop_map(|(given, family)| ("name", json!({"givenName": given, "familyName": family}))),
        2 => prop_oneof![Just(json!(true)), Just(json!(false)), Just(json!("False")), Just(json!(null))]
            .prop_map(|active| ("active", active)),
        4 => prop::collection::vec((text(), any::<bool>()), 0..3).prop_map(|emails| {
            let emails = emails.iter().map(|(value, primary)| json!({"value": value, "primary": primary}));
            ("emails", emails.collect())
        }),
        1 => prop::sample::select(vec![json!([urn::USER]), json!([urn::USER, "urn:own"]), json!([]), json!("x")])
            .prop_map(|schemas| ("schemas", schemas)),
        1 => text().prop_map(|text| (urn::ENTERPRISE_USER, json!({"department": text, "manager": {"value": "1"}}))),
        1 => Just(("custom", json!({"a": 1.5}))),
    ]
}

pub(crate) fn body() -> impl Strategy<Value = Map<String, Value>> {
    let usual = json!({
        "schemas": [urn::USER], "userName": "ada", "active": true,
        "emails": [{"value": "ada@example.com", "type": "work", "primary": true}],
    });
    prop::collection::vec(member(), 0..4).prop_map(move |members| {
        let mut body = usual.as_object().unwrap().clone();
        body.extend(members.into_iter().map(|(name, value)| (name.to_owned(), value)));
        body
    })
}

/// What a creation and a replacement say, and the users that they leave.
fn played(profile: Profile, created: &Sent<'_>, replaced: &Sent<'_>) -> Vec<String> {
    let now = Timestamp::UNIX_EPOCH;
    on_site(profile, |site| {
        let mut told = vec![format!("{:?}", site.create_user(created, now))];
        let slot = site.directory.as_ref().unwrap().users.iter().map(|(slot, _)| slot).next();
        told.extend(slot.map(|slot| format!("{:?}", site.replace_user(slot, replaced, now))));
        let users = &site.directory.as_ref().unwrap().users;
        told.extend(
            users.iter().map(|(_, user)| user.attributes.text() + &format!("{:?}", user.attributes.keys())),
        );
        told
    })
}

proptest! {
    #[test]
    fn it_creates_and_replaces_the_same(
        created in body(),
        replaced in body(),
        profile in prop::sample::select(vec![Profile::JsmCustomers, Profile::Rfc]),
    ) {
        let texts = [&created, &replaced].map(|body| Value::Object(body.clone()).to_string());
        let [first, second] = texts.each_ref().map(|text| in_its_words(text));
        let as_words = played(profile, &first, &second);
        let as_values = played(profile, &Value::Object(created).into(), &Value::Object(replaced).into());
        prop_assert_eq!(as_words, as_values);
    }
}

#[test]
fn what_providers_send_is_written_down_as_it_came() {
    let text = json!({"schemas": [urn::USER], "userName": "ada", "emails": [{"value": "a@b.example", "primary": true}]});
    let text = text.to_string();
    let sent = in_its_words(&text);
    on_site(Profile::JsmCustomers, |site| {
        assert!(as_sent(site, ResourceKind::User, sent.borrowed().unwrap()).is_some());
    });
    assert!(in_its_words("{}").borrowed().is_some() && Sent::from(json!({})).borrowed().is_none());
}
