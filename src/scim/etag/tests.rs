use super::{Condition, ETag, Outcome, Preconditions};
use proptest::prelude::*;

fn condition(line: &str) -> Condition {
    Condition::parse([line]).unwrap().unwrap()
}

fn tag(text: &str) -> ETag {
    ETag::parse(text).unwrap_or_else(|| panic!("{text}"))
}

#[test]
fn a_version_becomes_a_weak_tag_unless_it_is_one() {
    for (version, expected) in [
        ("7", r#"W/"7""#),
        (r#"W/"7""#, r#"W/"7""#),
        (r#""7""#, r#""7""#),
        ("a b", r#"W/"a%20b""#),
        ("a%20b", r#"W/"a%2520b""#),
        (r#"""#, r#"W/"%22""#),
        ("ä", r#"W/"%C3%A4""#),
        ("", r#"W/"""#),
    ] {
        assert_eq!(ETag::of_version(version).to_string(), expected, "{version}");
    }
}

#[test]
fn what_is_no_tag_is_none() {
    for text in ["7", "W/7", "w/\"7\"", "\"7", "\"7\"x", "\"a b\"", "*", ""] {
        assert_eq!(ETag::parse(text), None, "{text}");
    }
}

#[test]
fn lists_are_read_with_their_commas_and_over_several_lines() {
    let expected = Condition::Tags(vec![tag(r#"W/"1""#), tag(r#""a,b""#), tag(r#"W/"3""#)]);
    assert_eq!(condition(r#"W/"1" , "a,b",,	W/"3","#), expected);
    assert_eq!(Condition::parse([r#"W/"1", "a,b""#, r#"W/"3""#]), Ok(Some(expected)));
    assert_eq!(condition(" * "), Condition::Any);
    assert_eq!(Condition::parse([]), Ok(None));
}

#[test]
fn a_condition_that_cannot_be_read_is_never_fulfilled() {
    for lines in [&["7"][..], &[""], &[","], &["W/\"1\" W/\"2\""], &["*, \"1\""], &["*", "\"1\""], &["\"1"]] {
        let error = Condition::parse(lines.iter().copied()).unwrap_err();
        assert_eq!(error.status, 400, "{lines:?}");
    }
}

#[test]
fn conditions_are_judged_as_the_rfc_says() {
    use Outcome::{NotModified, PreconditionFailed, Proceed};
    let now = tag(r#"W/"2""#);
    // If-Match, If-None-Match, whether there is a resource, outcome of a read, outcome of a write.
    for (if_match, if_none_match, exists, read, write) in [
        (None, None, true, Proceed, Proceed),
        (Some(r#"W/"2""#), None, true, Proceed, Proceed),
        (Some(r#""2""#), None, true, Proceed, Proceed),
        (Some(r#"W/"1", W/"2""#), None, true, Proceed, Proceed),
        (Some(r#"W/"1""#), None, true, PreconditionFailed, PreconditionFailed),
        (Some(r#"W/"2""#), None, false, PreconditionFailed, PreconditionFailed),
        (Some("*"), None, true, Proceed, Proceed),
        (Some("*"), None, false, PreconditionFailed, PreconditionFailed),
        (None, Some(r#"W/"2""#), true, NotModified, PreconditionFailed),
        (None, Some(r#"W/"1""#), true, Proceed, Proceed),
        (None, Some("*"), true, NotModified, PreconditionFailed),
        (None, Some("*"), false, Proceed, Proceed),
        (Some(r#"W/"1""#), Some(r#"W/"2""#), true, PreconditionFailed, PreconditionFailed),
        (Some(r#"W/"2""#), Some(r#"W/"2""#), true, NotModified, PreconditionFailed),
    ] {
        let conditions = Preconditions::parse(if_match, if_none_match).unwrap();
        let current = exists.then_some(&now);
        let case = format!("{if_match:?} {if_none_match:?} {exists}");
        assert_eq!(conditions.judge(true, current), read, "{case}");
        assert_eq!(conditions.judge(false, current), write, "{case}");
        let status = conditions.check_write(current).map_err(|error| error.status);
        assert_eq!(status, if write == Proceed { Ok(()) } else { Err(412) }, "{case}");
    }
}

#[test]
fn a_bulk_operations_version_is_an_if_match() {
    let stale = Preconditions::of_version("1");
    assert_eq!(stale.judge(false, Some(&ETag::of_version("2"))), Outcome::PreconditionFailed);
    assert_eq!(stale.judge(false, Some(&ETag::of_version(r#"W/"1""#))), Outcome::Proceed);
}

proptest! {
    #[test]
    fn every_version_makes_a_tag_that_is_read_back(version in "\\PC*") {
        let made = ETag::of_version(&version);
        prop_assert_eq!(ETag::parse(&made.to_string()), Some(made.clone()));
        prop_assert_eq!(condition(&made.to_string()), Condition::Tags(vec![made]));
    }

    #[test]
    fn different_versions_make_different_tags(one in "[a%2 \"ä]{0,4}", other in "[a%2 \"ä]{0,4}") {
        // A version that is a tag already stands for itself.
        prop_assume!(ETag::parse(&one).is_none() && ETag::parse(&other).is_none());
        prop_assert_eq!(ETag::of_version(&one) == ETag::of_version(&other), one == other);
    }

    #[test]
    fn any_header_is_read_or_refused(line in "[\\PC\t]*") {
        let _ = Condition::parse([line.as_str()]);
    }
}
