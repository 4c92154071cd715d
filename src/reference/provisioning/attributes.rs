//! A body as it is stored: what the client may say, without what only the service provider says.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::size::check_size;
use crate::reference::knobs::Reading;
use crate::reference::site::Site;
use crate::scim::attribute;
use crate::scim::error::{ScimError, ScimType};
use crate::scim::kind::ResourceKind;
use crate::scim::put;
use crate::scim::urn;

/// What a client's body never decides; a password is accepted and forgotten.
const NEVER_STORED: [&str; 5] = ["id", "meta", "groups", "password", urn::ATLASSIAN_EXTERNAL];

/// The attributes of `body` that `site` stores, `schemas` first; null is left out, booleans in strings become booleans.
///
/// # Errors
/// 413 if it holds too much, `invalidSyntax` if the body is no object, `invalidValue` if a value does not fit or a required one is missing.
pub(crate) fn stored(site: &Site, kind: ResourceKind, body: &Value) -> Result<Value, ScimError> {
    let invalid = |detail: String| Err(ScimError::bad_request(ScimType::InvalidSyntax, detail));
    let Value::Object(body) = body else {
        return invalid("the body is not a JSON object".to_owned());
    };
    if site.knobs.requests == Reading::Strict
        && !named(body).any(|urn| urn.eq_ignore_ascii_case(kind.schema()))
    {
        return invalid(format!("\"schemas\" has to name {}", kind.schema()));
    }
    let schemas = schemas(site, kind, body);
    let mut kept = vec![("schemas", Cow::Owned(schemas))];
    for (name, value) in body {
        let dropped = value.is_null()
            || name.eq_ignore_ascii_case("schemas")
            || NEVER_STORED.iter().any(|never| name.eq_ignore_ascii_case(never))
            || (kind == ResourceKind::Group && name.eq_ignore_ascii_case("members"));
        if dropped {
            continue;
        }
        let mut value = Cow::Borrowed(value);
        if urn::is_urn(name) && attribute::get(&value, "schemas").is_some() {
            without_inner_schemas(value.to_mut(), true);
        }
        kept.push((name, value));
    }
    // The object itself counts too.
    check_size(kept.iter().map(|(_, value)| &**value).chain([&Value::Null]))?;
    put::create_of(kind, kept.iter().map(|(name, value)| (*name, &**value)), &site.leniency())
}

/// Takes `schemas` out of a value's extensions, and out of the value itself where that is one: scim2-models puts it there,
/// where RFC 7643 §3.3 knows none.
pub(crate) fn without_inner_schemas(value: &mut Value, is_extension: bool) {
    let Some(object) = value.as_object_mut() else {
        return;
    };
    if is_extension {
        object.retain(|name, _| !name.eq_ignore_ascii_case("schemas"));
        return;
    }
    for (name, value) in object.iter_mut() {
        if urn::is_urn(name) {
            without_inner_schemas(value, true);
        }
    }
}

/// The schemas that the client named, with those that the resource has in any case.
fn schemas(site: &Site, kind: ResourceKind, body: &Map<String, Value>) -> Value {
    let extensions = body
        .iter()
        .filter(|(name, value)| name.to_ascii_lowercase().starts_with("urn:") && !value.is_null())
        .map(|(name, _)| name.as_str());
    let own =
        (kind == ResourceKind::User && site.knobs.atlassian_extension).then_some(urn::ATLASSIAN_EXTERNAL);
    let mut schemas: Vec<&str> = Vec::new();
    for schema in own.into_iter().chain([kind.schema()]).chain(named(body)).chain(extensions) {
        if !schemas.iter().any(|known| known.eq_ignore_ascii_case(schema)) {
            schemas.push(schema);
        }
    }
    schemas.into_iter().map(Value::from).collect()
}

/// The schemas that a body names.
fn named(body: &Map<String, Value>) -> impl Iterator<Item = &str> {
    body.iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("schemas"))
        .and_then(|(_, value)| value.as_array())
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::NEVER_STORED;
    use crate::scim::kind::ResourceKind;
    use crate::scim::schema::{self, Returned};

    /// An answer that is asked for nothing special is the stored text as it is.
    #[test]
    fn what_is_not_returned_by_default_is_never_stored() {
        let all = ResourceKind::ALL.into_iter().flat_map(schema::core_attributes);
        for attribute in all.chain(schema::common_attributes()) {
            let hidden = matches!(attribute.returned, Returned::Never | Returned::Request);
            assert!(!hidden || NEVER_STORED.contains(&attribute.name.as_str()), "{}", attribute.name);
            for part in &attribute.sub_attributes {
                assert!(!matches!(part.returned, Returned::Never | Returned::Request), "{}", part.name);
            }
        }
    }
}
