#![expect(clippy::needless_pass_by_value, reason = "literals read better without a reference before each")]

use serde_json::{Value, json};

use crate::scim::{Leniency, Op, PatchRequest, Path, ScimType, urn};

fn body(operations: Value) -> Value {
    json!({"schemas": [urn::PATCH_OP], "Operations": operations})
}

fn refusal(body: &Value, leniency: &Leniency) -> (u16, Option<ScimType>) {
    let error = PatchRequest::parse(body, leniency).unwrap_err();
    (error.status, error.scim_type)
}

#[test]
fn operations_are_read() {
    let read = PatchRequest::parse(
        &body(json!([
            {"op": "Add", "path": "members", "value": [{"value": "1"}], "name": "addMember"},
            {"op": "REMOVE", "path": "members[value eq \"1\"]"},
            {"OP": "replace", "value": {"active": false}},
            {"op": "replace", "path": "title", "value": null},
        ])),
        &Leniency::all(),
    )
    .unwrap();
    let ops: Vec<Op> = read.operations.iter().map(|operation| operation.op).collect();
    assert_eq!(ops, [Op::Add, Op::Remove, Op::Replace, Op::Replace]);
    let members = |index: usize| read.operations[index].path.as_ref().is_some_and(Path::is_members);
    assert!(members(0) && members(1) && !members(2) && !members(3));
    assert_eq!(read.operations[1].value, None);
    assert_eq!(read.operations[3].value, Some(Value::Null));
}

#[test]
fn broken_bodies_are_refused() {
    let invalid = |scim_type| (400, Some(scim_type));
    for (body, expected) in [
        (json!([]), invalid(ScimType::InvalidSyntax)),
        (json!({"schemas": [urn::PATCH_OP]}), invalid(ScimType::InvalidSyntax)),
        (body(json!({"op": "add"})), invalid(ScimType::InvalidSyntax)),
        (body(json!(["add"])), invalid(ScimType::InvalidSyntax)),
        (body(json!([{"path": "title", "value": 1}])), invalid(ScimType::InvalidSyntax)),
        (body(json!([{"op": "move", "path": "title", "value": 1}])), invalid(ScimType::InvalidSyntax)),
        (body(json!([{"op": "add", "path": 7, "value": 1}])), invalid(ScimType::InvalidPath)),
        (body(json!([{"op": "add", "path": "a b", "value": 1}])), invalid(ScimType::InvalidPath)),
        (
            body(json!([{"op": "add", "path": "emails[type is 1]", "value": 1}])),
            invalid(ScimType::InvalidFilter),
        ),
        (body(json!([{"op": "add", "path": "title"}])), invalid(ScimType::InvalidValue)),
        (body(json!([{"op": "remove"}])), invalid(ScimType::NoTarget)),
    ] {
        assert_eq!(refusal(&body, &Leniency::all()), expected, "{body}");
        assert_eq!(refusal(&body, &Leniency::none()), expected, "{body}");
    }
}

#[test]
fn leniencies_of_the_body_can_be_withdrawn() {
    for lenient in [
        json!({"Operations": [{"op": "remove", "path": "title"}]}),
        json!({"schemas": [urn::PATCH_OP], "operations": [{"op": "remove", "path": "title"}]}),
        body(json!([])),
        body(json!([{"op": "Remove", "path": "title"}])),
    ] {
        assert!(PatchRequest::parse(&lenient, &Leniency::all()).is_ok(), "{lenient}");
        assert_eq!(refusal(&lenient, &Leniency::none()), (400, Some(ScimType::InvalidSyntax)), "{lenient}");
    }
}

#[test]
fn there_is_a_limit_of_operations() {
    let two = body(json!([{"op": "remove", "path": "a"}, {"op": "remove", "path": "b"}]));
    assert!(PatchRequest::parse_with_limit(&two, &Leniency::all(), 2).is_ok());
    let error = PatchRequest::parse_with_limit(&two, &Leniency::all(), 1).unwrap_err();
    assert_eq!((error.status, error.scim_type), (413, None));
    let many = body(Value::Array(vec![
        json!({"op": "remove", "path": "a"});
        crate::scim::patch::MAX_OPERATIONS + 1
    ]));
    assert_eq!(refusal(&many, &Leniency::all()), (413, None));
}
