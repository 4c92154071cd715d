use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::json;

use super::{Cursor, Pagination, PaginationMethod, cursor_list_response};
use crate::scim::{ListQuery, ResourceKind, ScimType};

const BOTH: Pagination = Pagination {
    cursor: true,
    index: true,
    default_method: Some(PaginationMethod::Index),
    default_page_size: Some(100),
    max_page_size: Some(250),
    cursor_timeout: Some(600),
};

fn query(text: &str) -> ListQuery {
    ListQuery::parse(text).unwrap()
}

fn now() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

fn cursor_of(text: &str) -> String {
    Cursor { position: "u42".to_owned(), issued: now() }.encode(ResourceKind::User, &query(text))
}

fn position(text: &str, later: i64) -> Result<Option<String>, ScimType> {
    let at = now() + SignedDuration::from_secs(later);
    BOTH.position(ResourceKind::User, &query(text), at)
        .map(|cursor| cursor.map(|cursor| cursor.position))
        .map_err(|error| {
            assert_eq!(error.status, 400);
            error.scim_type.unwrap()
        })
}

#[test]
fn a_cursor_leads_on_in_the_query_that_it_was_made_for() {
    let first = "filter=userName+sw+%22J%22&count=10&sortBy=userName";
    let cursor = cursor_of(&format!("{first}&cursor"));
    assert_eq!(position(&format!("{first}&cursor={cursor}"), 0), Ok(Some("u42".to_owned())));
    assert_eq!(position(&format!("cursor={cursor}&{first}"), 600), Ok(Some("u42".to_owned())));
    assert_eq!(position(&format!("{first}&cursor="), 0), Ok(None));
    assert_eq!(position(first, 0), Ok(None));
}

#[test]
fn a_cursor_of_another_query_is_refused() {
    let cursor = cursor_of("filter=id+pr&count=10&attributes=id");
    for other in [
        "filter=id+pr&count=10",
        "filter=id+pr&count=11&attributes=id",
        "filter=id+pr&attributes=id",
        "filter=id++pr&count=10&attributes=id",
        "filter=id+pr&count=10&excludedAttributes=id",
        "filter=id+pr&count=10&attributes=id&sortBy=id",
        "filter=id+pr&count=10&attributes=id&sortOrder=descending",
    ] {
        assert_eq!(position(&format!("{other}&cursor={cursor}"), 0), Err(ScimType::InvalidCursor), "{other}");
    }
    let same = query(&format!("filter=id+pr&count=10&attributes=id&cursor={cursor}"));
    let error = BOTH.position(ResourceKind::Group, &same, now()).unwrap_err();
    assert_eq!(error.scim_type, Some(ScimType::InvalidCursor));
}

#[test]
fn a_cursor_expires_and_what_is_none_is_invalid() {
    let cursor = cursor_of("");
    assert_eq!(position(&format!("cursor={cursor}"), 601), Err(ScimType::ExpiredCursor));
    let for_ever = Pagination { cursor_timeout: None, ..BOTH };
    let late = now() + SignedDuration::from_hours(24 * 365);
    assert!(for_ever.position(ResourceKind::User, &query(&format!("cursor={cursor}")), late).is_ok());
    for text in ["x", "AAAA", "%00", &cursor[1..], &cursor[..cursor.len() - 2], &format!("{cursor}AAAA")] {
        assert_eq!(position(&format!("cursor={text}"), 0), Err(ScimType::InvalidCursor), "{text}");
    }
}

#[test]
fn a_page_has_one_result_at_least_and_no_more_than_the_largest() {
    for (text, expected) in [
        ("cursor", Ok(Some(100))),
        ("cursor&count=1", Ok(Some(1))),
        ("cursor&count=250", Ok(Some(250))),
        ("cursor&count=0", Err(Some(ScimType::InvalidCount))),
        ("cursor&count=-5", Err(Some(ScimType::InvalidCount))),
        ("cursor&count=251", Err(Some(ScimType::InvalidCount))),
    ] {
        let size = BOTH.page_size(&query(text)).map_err(|error| error.scim_type);
        assert_eq!(size, expected, "{text}");
    }
    let open = Pagination { default_page_size: None, max_page_size: None, ..BOTH };
    assert_eq!(open.page_size(&query("cursor&count=9999")), Ok(Some(9999)));
    assert_eq!(open.page_size(&query("cursor")), Ok(None));
    assert!(open.page_size(&query("cursor&count=0")).is_err());
}

#[test]
fn the_query_says_how_to_page_and_else_the_default_does() {
    let by_default = Pagination { default_method: Some(PaginationMethod::Cursor), ..BOTH };
    let only = Pagination { index: false, default_method: None, ..BOTH };
    let none = Pagination { cursor: false, ..BOTH };
    for (text, index_first, cursor_first, cursors_only) in [
        ("count=5", false, true, true),
        ("cursor&count=5", true, true, true),
        ("startIndex=3", false, false, false),
        ("startIndex=3&cursor", true, true, true),
    ] {
        let query = query(text);
        assert_eq!(BOTH.by_cursor(&query), index_first, "{text}");
        assert_eq!(by_default.by_cursor(&query), cursor_first, "{text}");
        assert_eq!(only.by_cursor(&query), cursors_only, "{text}");
        assert!(!none.by_cursor(&query), "{text}");
    }
}

#[test]
fn what_is_told_is_what_the_rfc_names() {
    assert_eq!(
        BOTH.to_value(),
        json!({"cursor": true, "index": true, "defaultPaginationMethod": "index", "defaultPageSize": 100, "maxPageSize": 250, "cursorTimeout": 600})
    );
    let mut config = json!({"patch": {"supported": true}});
    Pagination { index: true, ..Pagination::default() }.tell(&mut config);
    assert_eq!(config, json!({"patch": {"supported": true}, "pagination": {"cursor": false, "index": true}}));
}

#[test]
fn the_first_and_the_last_page_say_so_by_what_they_lack() {
    let page = cursor_list_response(Some(3), vec![json!({"id": "1"})], Some("n"), None);
    assert_eq!(
        page,
        json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 3, "itemsPerPage": 1, "nextCursor": "n", "Resources": [{"id": "1"}]})
    );
    let last = cursor_list_response(None, vec![], None, Some("p"));
    assert_eq!(last["previousCursor"], "p");
    assert_eq!(
        (last.get("nextCursor"), last.get("totalResults"), &last["Resources"]),
        (None, None, &json!([]))
    );
}

proptest! {
    #[test]
    fn every_position_is_read_back_from_characters_that_need_no_encoding(
        position in any::<String>(),
        filter in prop::option::of(any::<String>()),
        seconds in 0..4_000_000_000i64,
    ) {
        let query = ListQuery { filter, ..ListQuery::default() };
        let cursor = Cursor { position, issued: Timestamp::from_second(seconds).unwrap() };
        let text = cursor.encode(ResourceKind::Group, &query);
        prop_assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)), "{text}");
        let asked = ListQuery { cursor: Some(text), ..query };
        let pagination = Pagination { cursor_timeout: None, ..BOTH };
        prop_assert_eq!(pagination.position(ResourceKind::Group, &asked, now()), Ok(Some(cursor)));
    }

    #[test]
    fn a_damaged_cursor_is_refused(at in any::<prop::sample::Index>(), other in "[A-Za-z0-9_-]") {
        let cursor = cursor_of("");
        let at = at.index(cursor.len());
        prop_assume!(cursor[at..=at] != other);
        let damaged = format!("{}{other}{}", &cursor[..at], &cursor[at + 1..]);
        prop_assert_eq!(position(&format!("cursor={damaged}"), 0), Err(ScimType::InvalidCursor));
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        let asked = ListQuery { cursor: Some(text), ..ListQuery::default() };
        let _ = BOTH.position(ResourceKind::User, &asked, now());
    }
}
