use proptest::prelude::*;

use crate::scim::filter::arbitrary::any_filter;
use crate::scim::filter::parse::{MAX_DEPTH, MAX_TERMS, Parser};
use crate::scim::{Filter, Leniency, Path, ScimError, ScimType};

fn parse(text: &str) -> Filter {
    Filter::parse(text, &Leniency::all()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The filter with the parentheses that it means.
fn printed(text: &str) -> String {
    parse(text).to_string()
}

#[test]
fn precedence_is_not_then_and_then_or() {
    for (text, expected) in [
        ("a pr or b pr and c pr", "a pr or b pr and c pr"),
        ("(a pr or b pr) and c pr", "(a pr or b pr) and c pr"),
        ("a pr and (b pr and c pr)", "a pr and b pr and c pr"),
        ("not (a pr) and b pr", "not (a pr) and b pr"),
        ("not (a pr and b pr)", "not (a pr and b pr)"),
        ("not(not(a pr))", "not (not (a pr))"),
        ("((((a pr))))", "a pr"),
    ] {
        assert_eq!(printed(text), expected);
    }
    assert_eq!(parse("a pr or b pr and c pr"), Filter::or(vec![parse("a pr"), parse("b pr and c pr")]));
    assert_eq!(parse("a pr and b pr or c pr"), Filter::or(vec![parse("a pr and b pr"), parse("c pr")]));
    assert_eq!(parse("not (a pr) or b pr"), Filter::or(vec![parse("not (a pr)"), parse("b pr")]));
}

#[test]
fn case_and_spaces_do_not_matter() {
    for text in [
        "USERNAME EQ \"a\" AND active eq true",
        "  USERNAME  eq  \"a\"  And\tactive Eq true ",
        "(USERNAME eq \"a\")and(active eq true)",
    ] {
        assert_eq!(printed(text), "USERNAME eq \"a\" and active eq true");
    }
}

#[test]
fn every_literal_is_read() {
    for text in [
        "a eq \"\"",
        "a eq \"q\\\"uote \\\\ back\"",
        "a eq -1",
        "a eq 1.5",
        "a eq 18446744073709551615",
        "a eq true",
        "a eq false",
        "a eq null",
        "a ne null",
    ] {
        assert_eq!(printed(text), text);
    }
    assert_eq!(parse("a eq \"\\u00e9\\/\""), parse("a eq \"é/\""));
    assert_eq!(printed("a eq 1e2"), "a eq 100.0");
}

#[test]
fn what_providers_send_is_read() {
    for (text, expected) in [
        ("emails[type eq \"work\"].value eq \"x\"", "emails[type eq \"work\" and value eq \"x\"]"),
        (
            "emails[type eq \"work\"].value pr and active eq true",
            "emails[type eq \"work\" and value pr] and active eq true",
        ),
        (
            "emails[type eq \"a\" or type eq \"b\"].value eq \"x\"",
            "emails[(type eq \"a\" or type eq \"b\") and value eq \"x\"]",
        ),
        ("roles[primary eq \"True\"]", "roles[primary eq \"True\"]"),
        ("active eq False", "active eq false"),
        ("id eq \"u\" and manager eq \"m\"", "id eq \"u\" and manager eq \"m\""),
        (
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.department eq \"x\"",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq \"x\"",
        ),
    ] {
        assert_eq!(printed(text), expected);
        if text != expected || text.contains("True") {
            let strict = Filter::parse(text, &Leniency::none());
            assert!(strict.is_err(), "{text}");
        }
    }
}

#[test]
fn a_filter_names_the_attributes_that_it_is_about() {
    let filter = parse("not (a.b eq 1) and (emails[type eq \"work\"] or urn:x:2.0:User:c pr) or a.b pr");
    let paths: Vec<String> = filter.paths().into_iter().map(ToString::to_string).collect();
    assert_eq!(paths, ["a.b", "emails", "urn:x:2.0:User:c", "a.b"]);
}

#[test]
fn errors_point_at_what_is_wrong() {
    for (text, span, message) in [
        ("", 0..0, "expected an attribute"),
        ("   ", 3..3, "expected an attribute"),
        ("userName", 8..8, "operator"),
        ("userName is \"a\"", 9..11, "operator"),
        ("userName eq", 11..11, "expected a value"),
        ("userName eq bob", 12..15, "double quotes"),
        ("userName eq 'bob'", 12..13, "double quotes"),
        ("userName eq \"bob", 12..16, "is not closed"),
        ("userName eq \"b\\x\"", 12..17, "not a JSON string"),
        ("userName eq 01", 12..14, "expected a value"),
        ("userName eq \"a\" und active pr", 16..19, "\"and\""),
        ("userName eq \"a\")", 15..16, "has no opening one"),
        ("userName eq \"a\"]", 15..16, "has no opening one"),
        ("(userName pr", 0..1, "\")\" for this is missing"),
        ("emails[type pr", 6..7, "\"]\" for this is missing"),
        ("emails[type pr)", 14..14, "\"]\""),
        ("a pr and", 8..8, "expected an attribute"),
        ("not a pr", 4..5, "operator"),
        ("emails[a[b pr] pr]", 8..9, "cannot contain another"),
        ("emails[a pr]. eq 1", 13..13, "sub-attribute"),
        ("9a pr", 0..2, "begins with a letter"),
        ("a.b.c pr", 2..5, "letters"),
        ("active gt true", 10..14, "cannot compare"),
        ("active gt \"true\"", 10..16, "cannot compare"),
        ("emails.primary lt false", 18..23, "cannot compare"),
        ("emails[primary ge true]", 18..22, "cannot compare"),
        ("x509Certificates.value gt \"a\"", 26..29, "cannot compare"),
        ("title lt null", 9..13, "cannot compare"),
        ("meta.created gt \"soon\"", 16..22, "date and time"),
        ("meta[lastModified eq \"\"]", 21..23, "date and time"),
    ] {
        let error = Filter::parse(text, &Leniency::all()).unwrap_err();
        assert_eq!(error.span, span, "{text}: {error}");
        assert!(error.message.contains(message), "{text}: {error}");
        let answered = ScimError::from(error);
        assert_eq!((answered.status, answered.scim_type), (400, Some(ScimType::InvalidFilter)));
    }
}

#[test]
fn hostile_filters_are_refused_early() {
    let nested =
        |open: &str, close: &str, depth: usize| format!("{}a pr{}", open.repeat(depth), close.repeat(depth));
    for (open, close) in [("(", ")"), ("not (", ")")] {
        assert!(Filter::parse(&nested(open, close, MAX_DEPTH), &Leniency::all()).is_ok());
        for depth in [MAX_DEPTH + 1, 100_000] {
            let error = Filter::parse(&nested(open, close, depth), &Leniency::all()).unwrap_err();
            assert!(error.message.contains("deeper"), "{error}");
        }
    }
    let chain = |terms: usize| vec!["a pr"; terms].join(" or ");
    assert!(Filter::parse(&chain(MAX_TERMS), &Leniency::all()).is_ok());
    let error = Filter::parse(&chain(MAX_TERMS + 1), &Leniency::all()).unwrap_err();
    assert!(error.message.contains("comparisons"), "{error}");
    assert!(Filter::parse(&"(".repeat(1_000_000), &Leniency::all()).is_err());
}

#[test]
fn one_equality_is_told_from_the_rest() {
    let name = parse("userName Eq \"a\"");
    let (path, value) = name.equality().unwrap();
    assert_eq!((path.to_string().as_str(), value), ("userName", "a"));
    assert!(parse("(userName eq \"a\")").equality().is_some());
    for text in [
        "userName ne \"a\"",
        "userName eq 1",
        "userName eq \"a\" and id pr",
        "not (userName eq \"a\")",
        "emails[value eq \"a\"]",
    ] {
        assert!(parse(text).equality().is_none(), "{text}");
    }
}

fn filter_like() -> impl Strategy<Value = String> {
    let token = prop::sample::select(vec![
        "userName",
        "emails.type",
        "emails",
        "active",
        "urn:ietf:params:scim:schemas:core:2.0:User:userName",
        "eq",
        "ne",
        "co",
        "pr",
        "gt",
        "and",
        "or",
        "not",
        "(",
        ")",
        "[",
        "]",
        "\"a\"",
        "\"\"",
        "true",
        "null",
        "1",
        "1.5",
        "-2e3",
        ".value",
        "'",
        "\\",
    ]);
    prop::collection::vec((token, prop::sample::select(vec![" ", " ", " ", "", "  "])), 0..12)
        .prop_map(|tokens| tokens.into_iter().flat_map(|(token, space)| [token, space]).collect())
}

proptest! {
    #[test]
    fn a_lookup_is_read_as_any_filter(
        name in "not|pr|active|userName|externalId|[a-zA-Z0-9_]{1,4}",
        word in "eq|EQ|ne",
        space in " |  ",
        value in "[a-zA-Z@. \"\\\\()é\t\u{7f}]{0,8}",
        rest in " ?|\\)",
    ) {
        let text = format!("{name}{space}{word} \"{value}\"{rest}");
        for leniency in [Leniency::all(), Leniency::none()] {
            let read = Parser::new(&text, &leniency).filter();
            prop_assert_eq!(Filter::parse(&text, &leniency), read);
        }
    }

    #[test]
    fn what_is_printed_is_parsed_the_same(filter in any_filter()) {
        prop_assert_eq!(Filter::parse(&filter.to_string(), &Leniency::all()), Ok(filter));
    }

    #[test]
    fn any_text_is_parsed_or_refused_within_its_bounds(text in prop_oneof![any::<String>(), filter_like()]) {
        for leniency in [Leniency::all(), Leniency::none()] {
            match Filter::parse(&text, &leniency) {
                Ok(filter) => prop_assert_eq!(Filter::parse(&filter.to_string(), &leniency), Ok(filter)),
                Err(error) => prop_assert!(text.get(error.span).is_some()),
            }
        }
    }

    #[test]
    fn what_another_parser_takes_is_taken_and_means_the_same(text in prop_oneof![any_filter().prop_map(|filter| filter.to_string()), filter_like()]) {
        // Two refusals go beyond the grammar: RFC 7644 §3.4.2.2 orders no booleans, and no sub-attribute has several
        // values among which a path could select.
        let meant = |message: &str| message.contains("cannot compare") || message.contains("only an attribute");
        // Nor is it a name or a URN what has colons and does not begin like a URN.
        prop_assume!(text.match_indices("urn:").all(|(at, _)| !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric())));
        if let Ok(theirs) = text.parse::<scim_v2::filter::Filter>() {
            match Filter::parse(&text, &Leniency::all()) {
                Ok(ours) => prop_assert_eq!(Ok(ours), Filter::parse(&theirs.to_string(), &Leniency::all())),
                Err(error) => prop_assert!(meant(&error.message), "{text}: {error}"),
            }
        }
        if let Ok(theirs) = text.parse::<scim_v2::filter::PatchPath>() {
            match Path::parse(&text, &Leniency::all()) {
                Ok(ours) => prop_assert_eq!(Ok(ours), Path::parse(&theirs.to_string(), &Leniency::all())),
                Err(error) => prop_assert!(meant(&error.message), "{text}: {error}"),
            }
        }
    }

    #[test]
    fn what_strict_parsing_takes_lenient_parsing_takes_alike(text in filter_like()) {
        if let Ok(strict) = Filter::parse(&text, &Leniency::none()) {
            prop_assert_eq!(Filter::parse(&text, &Leniency::all()), Ok(strict));
        }
    }
}
