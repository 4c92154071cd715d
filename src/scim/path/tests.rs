use proptest::prelude::*;

use super::Path;
use crate::scim::filter::arbitrary::{any_attr_path, any_element_filter};
use crate::scim::{AttrPath, Filter, Leniency, PathError, ScimError, ScimType};

fn parse(text: &str) -> Path {
    Path::parse(text, &Leniency::all()).unwrap()
}

fn refused(text: &str) -> PathError {
    Path::parse(text, &Leniency::all()).unwrap_err()
}

#[test]
fn paths_come_apart_where_they_should() {
    let path = parse("Emails[type eq \"work\"].Value");
    assert_eq!(path.attr, AttrPath::of("Emails"));
    assert_eq!(path.filter, Some(Filter::eq(AttrPath::of("type"), "work")));
    assert_eq!(path.sub_attribute(), Some("Value"));
    let path = parse("name.givenName");
    assert_eq!(
        (path.attr.name.as_str(), path.sub_attribute(), &path.sub),
        ("name", Some("givenName"), &None)
    );
    let path = parse("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager[value eq \"1\"]");
    assert_eq!(path.attr.name, "manager");
    assert!(path.filter.is_some());
}

#[test]
fn members_are_told_from_the_rest() {
    for text in [
        "members",
        "MEMBERS",
        "members[value eq \"1\"]",
        "members.value",
        "urn:ietf:params:scim:schemas:core:2.0:Group:members",
    ] {
        assert!(parse(text).is_members(), "{text}");
    }
    for text in ["membersOf", "name.members", "displayName", "urn:x:2.0:Group:members"] {
        assert!(!parse(text).is_members(), "{text}");
    }
}

#[test]
fn errors_point_at_what_is_wrong() {
    for (text, span, in_filter) in [
        ("", 0..0, false),
        ("emails[type eq \"work\"", 6..7, true),
        ("emails[]", 7..8, true),
        ("emails[type eq work]", 15..19, true),
        ("emails[type eq \"work\"] .value", 23..29, false),
        ("emails[type eq \"work\"].", 23..23, false),
        ("emails[type eq \"work\"].a.b", 23..26, false),
        ("name.a[b pr]", 0..6, false),
        ("members extra", 8..13, false),
        ("  9 ", 2..3, false),
        ("(members)", 0..0, false),
        ("9", 0..1, false),
    ] {
        let error = refused(text);
        assert_eq!((error.span.clone(), error.in_filter), (span, in_filter), "{text}: {error}");
        let expected = if in_filter { ScimType::InvalidFilter } else { ScimType::InvalidPath };
        assert_eq!(ScimError::from(error).scim_type, Some(expected));
    }
}

proptest! {
    #[test]
    fn what_is_printed_is_parsed_the_same(
        attr in any_attr_path(),
        filter in prop::option::of(any_element_filter()),
        sub in prop::option::of("[a-z]{1,8}"),
    ) {
        let selects = filter.is_some();
        let path = Path {
            attr: if selects { attr.parent() } else { attr },
            filter,
            sub: sub.filter(|_| selects),
        };
        prop_assert_eq!(Path::parse(&path.to_string(), &Leniency::none()), Ok(path));
    }

    #[test]
    fn any_text_is_parsed_or_refused_within_its_bounds(text in "(\\PC|[\\[\\]().\" ]|value|eq){0,40}") {
        for leniency in [Leniency::all(), Leniency::none()] {
            if let Err(error) = Path::parse(&text, &leniency) {
                prop_assert!(text.get(error.span).is_some());
            }
        }
    }
}
