//! Hides the resources of other people on a foreign endpoint: they are counted, not shown.

use std::borrow::Cow;

use serde_json::Value;

use crate::scim::resource::attribute;

/// A body without foreign resources: those of the run have its id in some name. Bodies that are not resources, such as
/// errors, stay as they are.
pub fn without_theirs<'a>(body: &'a str, run: &str) -> Cow<'a, str> {
    let Ok(mut value) = serde_json::from_str::<Value>(body) else { return Cow::Borrowed(body) };
    let ours = |resource: &Value| resource.to_string().to_lowercase().contains(run);
    for list in ["Resources", "values"] {
        let Some(key) = key_of(&value, list) else { continue };
        let Some(resources) = value.get_mut(&key).and_then(Value::as_array_mut) else { continue };
        let all = resources.len();
        // A text says how many were left out before.
        let counts = |resource: &Value| {
            resource.as_str().is_some_and(|text| text.ends_with(" from outside this run)"))
        };
        resources.retain(|resource| counts(resource) || ours(resource));
        let others = all - resources.len();
        if others == 0 {
            return Cow::Borrowed(body);
        }
        resources.push(Value::from(format!("({others} from outside this run)")));
        return Cow::Owned(value.to_string());
    }
    if attribute::get(&value, "id").is_some() && !ours(&value) {
        return Cow::Borrowed("(a resource from outside this run)");
    }
    Cow::Borrowed(body)
}

fn key_of(value: &Value, name: &str) -> Option<String> {
    value.as_object()?.keys().find(|key| key.eq_ignore_ascii_case(name)).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_are_counted() {
        let body = r#"{"totalResults":3,"Resources":[{"id":"1","userName":"K3F92x01.ada@x"},{"id":"2","userName":"bob"},{"id":"3"}]}"#;
        let shown = without_theirs(body, "k3f92");
        assert_eq!(
            shown,
            r#"{"totalResults":3,"Resources":[{"id":"1","userName":"K3F92x01.ada@x"},"(2 from outside this run)"]}"#
        );
        assert_eq!(
            without_theirs(r#"{"id":"2","userName":"bob"}"#, "k3f92"),
            "(a resource from outside this run)"
        );
    }

    #[test]
    fn what_is_ours_and_what_is_no_resource_stays_to_the_byte() {
        for body in [
            r#"{ "Resources": [ {"userName": "k3f92.ada"} ] }"#,
            r#"{ "detail": "no" }"#,
            "<html>",
            r#"{"id":"2","displayName":"K3F92-Acme"}"#,
        ] {
            assert_eq!(without_theirs(body, "k3f92"), body);
        }
    }
}
