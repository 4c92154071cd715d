use proptest::prelude::*;
use serde_json::{Value, json};

use crate::scim::filter::arbitrary::any_filter;
use crate::scim::{Filter, Leniency, ResourceKind};

fn ada() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": "U1",
        "externalId": "Ext-1",
        "userName": "Ada@Example.com",
        "displayName": "Ada Müller",
        "active": true,
        "title": "",
        "nickName": null,
        "name": {"givenName": "Ada", "familyName": "Byron"},
        "emails": [
            {"type": "work", "value": "ada@example.com", "primary": true},
            {"type": "home", "value": "ada@home.example"}
        ],
        "roles": [],
        "phoneNumbers": [{"value": ""}],
        "shoeSize": 37,
        "tags": ["a", "B"],
        "meta": {"lastModified": "2026-01-02T03:04:05Z", "created": "2026-01-01T00:00:00.000+02:00"},
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "R&D", "manager": {"value": "M1"}}
    })
}

fn matches(text: &str) -> bool {
    Filter::parse(text, &Leniency::all()).unwrap().matches(ResourceKind::User, &ada())
}

#[test]
fn filters_that_match() {
    for text in [
        "userName eq \"ada@example.COM\"",
        "USERNAME eq \"ada@example.com\"",
        "urn:ietf:params:scim:schemas:core:2.0:User:userName eq \"ada@example.com\"",
        "displayName eq \"ADA MÜLLER\"",
        "displayName co \"mül\"",
        "userName sw \"ada\" and userName ew \".COM\"",
        "externalId eq \"Ext-1\"",
        "id eq \"U1\" and manager eq \"m1\"",
        "active eq true",
        "active eq \"True\"",
        "active ne false",
        "emails eq \"ADA@home.example\"",
        "emails co \"home\"",
        "emails.value eq \"ada@example.com\"",
        "emails[type eq \"work\" and value eq \"ada@example.com\"]",
        "emails[type eq \"work\"].value eq \"ADA@example.com\"",
        "emails[primary eq \"true\"]",
        "emails[not (type eq \"work\")]",
        "name.familyName gt \"Aaron\" and name.familyName lt \"c\"",
        "shoeSize gt 36.5 and shoeSize le 37 and shoeSize eq 37.0",
        "tags eq \"b\"",
        "tags[value eq \"a\"]",
        "meta.lastModified gt \"2026-01-02T03:04:04.999Z\"",
        "meta.lastModified eq \"2026-01-02T04:04:05+01:00\"",
        "meta.lastModified ge \"2026-01-02T03:04:05\"",
        "meta.created lt \"2025-12-31T22:30:00Z\"",
        "meta.created sw \"2026\"",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq \"r&d\"",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq \"m1\"",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User pr",
        "emails pr and name pr and active pr and shoeSize pr",
        "title eq null and nickName eq null and userName ne null",
        "profileUrl ne \"x\"",
        "userName ne \"bob\"",
    ] {
        assert!(matches(text), "{text}");
    }
}

#[test]
fn filters_that_do_not() {
    for text in [
        "userName eq \"ada\"",
        "userName sw \"da@\"",
        "displayName eq \"Ada Muller\"",
        "externalId eq \"ext-1\"",
        "id eq \"u1\"",
        "active eq false",
        "active eq \"yes\"",
        "active co \"t\"",
        "emails[type eq \"home\" and value eq \"ada@example.com\"]",
        "emails[type eq \"home\"].value eq \"ada@example.com\"",
        "emails.type ne \"work\"",
        "emails ne \"ada@example.com\"",
        "name eq \"Ada\"",
        "shoeSize eq \"37\"",
        "shoeSize co 3",
        "userName eq 1",
        "tags[value eq \"c\"]",
        "meta.lastModified lt \"2026-01-02T03:04:05Z\"",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:userName eq \"ada@example.com\"",
        "urn:example:2.0:User:department eq \"r&d\"",
        "title pr",
        "nickName pr",
        "roles pr",
        "phoneNumbers pr",
        "profileUrl pr",
        "profileUrl eq \"\"",
        "profileUrl gt \"\"",
        "userName eq null",
    ] {
        assert!(!matches(text), "{text}");
    }
}

#[test]
fn a_groups_members_are_found_by_id() {
    let group = json!({"displayName": "Acme", "members": [{"value": "1"}, {"value": "2"}]});
    let matches =
        |text: &str| Filter::parse(text, &Leniency::none()).unwrap().matches(ResourceKind::Group, &group);
    assert!(
        matches("members eq \"2\"")
            && matches("members.value eq \"1\"")
            && matches("members[value eq \"2\"]")
    );
    assert!(!matches("members eq \"3\"") && !matches("displayName sw \"cme\""));
}

proptest! {
    #[test]
    fn logic_holds(a in any_filter(), b in any_filter()) {
        let matches = |filter: &Filter| filter.matches(ResourceKind::User, &ada());
        let not = |filter: &Filter| Filter::Not(Box::new(filter.clone()));
        let (is_a, is_b) = (matches(&a), matches(&b));
        prop_assert_eq!(matches(&not(&a)), !is_a);
        prop_assert_eq!(matches(&Filter::and(vec![a.clone(), b.clone()])), is_a && is_b);
        prop_assert_eq!(matches(&Filter::or(vec![a, b])), is_a || is_b);
    }

    #[test]
    fn unequal_is_not_equal(attribute in prop::sample::select(vec!["userName", "emails", "emails.type", "title", "active", "profileUrl", "shoeSize"]), value in "(ada|work|true|)") {
        let equal = format!("{attribute} eq \"{value}\"");
        prop_assert_eq!(matches(&format!("{attribute} ne \"{value}\"")), !matches(&equal));
    }

    #[test]
    fn what_is_printed_matches_alike(filter in any_filter()) {
        let again = Filter::parse(&filter.to_string(), &Leniency::all()).unwrap();
        prop_assert_eq!(again.matches(ResourceKind::User, &ada()), filter.matches(ResourceKind::User, &ada()));
    }
}
