use proptest::prelude::*;
use serde_json::{Value, json};

use super::{BodyReader, DEEPEST, MAX_DEPTH};
use crate::scim::ScimType;

fn read(bytes: impl AsRef<[u8]>) -> Result<Value, String> {
    BodyReader::default().read(bytes.as_ref()).map_err(|error| {
        assert_eq!((error.status, error.scim_type), (400, Some(ScimType::InvalidSyntax)));
        error.detail
    })
}

fn nested(open: &str, close: &str, depth: usize) -> String {
    format!("{}null{}", open.repeat(depth), close.repeat(depth))
}

#[test]
fn what_is_no_single_json_value_is_refused() {
    for (bytes, said) in [
        (&b""[..], "empty"),
        (b"   ", "EOF"),
        (b"{", "EOF"),
        (b"{\"a\":1,}", "trailing comma"),
        (b"{'a':1}", "key must be a string"),
        (b"{\"a\":NaN}", "expected value"),
        (b"{} {}", "trailing characters"),
        (b"{}\0", "trailing characters"),
        (b"{\"a\":\"\0\"}", "control character"),
        (b"{\"a\":\"\xff\"}", "not UTF-8, at byte 6"),
        (b"{\"a\":\"\xed\xa0\x80\"}", "not UTF-8"),
        (b"{\"a\":\"\\ud800\"}", "escape"),
        (b"\xef\xbb\xbf{}", "expected value"),
        (b"{\"a\":1e999}", "out of range"),
        (b"{\"a\":-1e999}", "out of range"),
        (b"{\"a\":01}", "invalid number"),
    ] {
        let detail = read(bytes).unwrap_err();
        assert!(detail.contains(said), "{}: {detail}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn what_is_odd_but_json_is_read() {
    assert_eq!(
        read(r#" {"a":"\u0000","b":[1,-1,1.5,true,null]} "#).unwrap(),
        json!({"a": "\0", "b": [1, -1, 1.5, true, null]})
    );
    assert_eq!(read("18446744073709551615").unwrap(), json!(u64::MAX));
    assert_eq!(read("123456789012345678901234567890").unwrap(), json!(1.234_567_890_123_456_8e29));
    assert!(read("9".repeat(400)).unwrap_err().contains("out of range"));
    let long = format!("\"{}\"", "x".repeat(3_000_000));
    assert_eq!(read(long).unwrap().as_str().map(str::len), Some(3_000_000));
}

#[test]
fn nesting_is_limited_to_the_level() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        assert!(read(nested(open, close, MAX_DEPTH)).is_ok());
        for depth in [MAX_DEPTH + 1, 1_000_000] {
            assert!(read(nested(open, close, depth)).unwrap_err().contains("nested deeper than 64"));
        }
        let three = BodyReader { max_depth: 3, ..BodyReader::default() };
        assert!(three.read(nested(open, close, 3).as_bytes()).is_ok());
        assert!(three.read(nested(open, close, 4).as_bytes()).is_err());
        let deepest = BodyReader { max_depth: usize::MAX, ..BodyReader::default() };
        assert!(deepest.read(nested(open, close, DEEPEST).as_bytes()).is_ok());
        assert!(
            deepest
                .read(nested(open, close, DEEPEST + 1).as_bytes())
                .unwrap_err()
                .detail
                .contains("nested deeper")
        );
    }
}

#[test]
fn a_name_stands_once_in_an_object_unless_the_last_one_may_count() {
    let lenient = BodyReader { duplicate_names: true, ..BodyReader::default() };
    for (body, last) in [
        (r#"{"a":1,"b":2,"a":3}"#, json!({"a": 3, "b": 2})),
        (r#"{"a":1,"\u0061":3}"#, json!({"a": 3})),
        (r#"[{"x":{"value":1,"value":2}}]"#, json!([{"x": {"value": 2}}])),
        (r#"{"userName":"a","USERNAME":"b"}"#, json!({"userName": "a", "USERNAME": "b"})),
    ] {
        assert!(read(body).unwrap_err().contains("appears twice"), "{body}");
        assert_eq!(lenient.read(body.as_bytes()).unwrap(), last, "{body}");
    }
    assert_eq!(read(r#"{"a":{"a":1},"b":{"a":1}}"#).unwrap(), json!({"a": {"a": 1}, "b": {"a": 1}}));
    let name = "n".repeat(1_000_000);
    let detail = read(format!(r#"{{"{name}":1,"{name}":2}}"#)).unwrap_err();
    assert!(detail.len() < 300, "{}", detail.len());
}

#[test]
fn an_object_of_many_names_takes_no_longer_than_its_length() {
    let members: Vec<String> = (0..200_000).map(|index| format!("\"n{index}\":{index}")).collect();
    assert_eq!(
        read(format!("{{{}}}", members.join(","))).unwrap().as_object().map(serde_json::Map::len),
        Some(200_000)
    );
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter_map("finite", |number| number.is_finite().then(|| json!(number))),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{0,3}", inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back_with_its_order(value in any_json()) {
        let text = value.to_string();
        let back = read(&text).unwrap();
        // The text has the order of the names, which comparing values ignores.
        prop_assert_eq!(back.to_string(), text);
    }

    #[test]
    fn what_is_taken_is_what_the_plain_reader_takes(bytes in prop_oneof![
        prop::collection::vec(any::<u8>(), 0..40),
        "[\\[\\]{}\":,0-9a-z\\\\ .-]{0,40}".prop_map(String::into_bytes),
    ]) {
        let lenient = BodyReader { duplicate_names: true, ..BodyReader::default() };
        let plain: Result<Value, _> = serde_json::from_slice(&bytes);
        prop_assert_eq!(lenient.read(&bytes).ok(), plain.ok());
    }

    #[test]
    fn what_stays_in_its_text_is_what_is_read(
        text in prop_oneof![
            any_json().prop_map(|value| value.to_string()),
            // Names that are there twice, in another case, and more than fits.
            prop::collection::vec("[aAbB]{1,2}|x\\\\u0061", 0..5).prop_map(|names| {
                let members: Vec<String> = names.iter().map(|name| format!("\"{name}\":{{\"a\":1}}")).collect();
                format!("{{{}}}", members.join(","))
            }),
            (MAX_DEPTH - 1..MAX_DEPTH + 2).prop_map(|depth| nested("[", "]", depth)),
            (MAX_DEPTH - 1..MAX_DEPTH + 2).prop_map(|depth| nested("{\"a\":", "}", depth)),
            "[\\[\\]{}\":,0-9a-z\\\\ .-]{0,40}",
        ],
    ) {
        if let Some(borrowed) = BodyReader::default().read_borrowed(text.as_bytes()) {
            prop_assert_eq!(read(&text).unwrap().to_string(), Value::from(&borrowed).to_string());
        }
    }
}

#[test]
fn what_providers_send_stays_in_its_text() {
    let in_its_text = |text: &str| BodyReader::default().read_borrowed(text.as_bytes()).is_some();
    assert!(in_its_text(
        r#"{"userName":"ada","name":{"givenName":"A\u0064a"},"emails":[{"value":"a@example.com"}]}"#
    ));
    for text in ["", "{", r#"{"a":1,"A":2}"#, r#"{"b":{"a":1,"\u0061":2}}"#] {
        assert!(!in_its_text(text), "{text}");
    }
    assert!(BodyReader::default().read_borrowed(b"\"\xff\"").is_none());
}
