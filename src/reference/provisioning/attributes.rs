//! A body as it is stored: what the client may say, without what only the service provider says.

use std::borrow::Cow;

use serde_json::Value;

use super::size::check_size;
use crate::reference::knobs::Reading;
use crate::reference::site::Site;
use crate::reference::store::{Document, UserKeys};
use crate::scim::error::{ScimError, ScimType};
use crate::scim::json::Json;
use crate::scim::kind::ResourceKind;
use crate::scim::resource::attribute;
use crate::scim::resource::canonical::is_canonical;
use crate::scim::resource::put;
use crate::scim::urn;

/// What a client's body never decides; a password is accepted and forgotten.
const NEVER_STORED: [&str; 5] = ["id", "meta", "groups", "password", urn::ATLASSIAN_EXTERNAL];

/// What can be asked for an attribute.
pub(super) trait Attributes {
    /// What the attributes are.
    type Json: Json;
    /// The attribute's value.
    fn attribute(&self, name: &str) -> Option<&Self::Json>;
}

impl Attributes for Value {
    type Json = Self;

    fn attribute(&self, name: &str) -> Option<&Self> {
        attribute::get(self, name)
    }
}

/// Attributes as they are stored, borrowed where they came so.
pub(super) struct Stored<'a, J: Json = Value> {
    schemas: Value,
    /// All but `schemas`. A name that a schema has is spelled as there.
    members: Vec<(Cow<'a, str>, Cow<'a, J>)>,
}

impl<J: Json> Attributes for Stored<'_, J> {
    type Json = J;

    fn attribute(&self, name: &str) -> Option<&J> {
        let exact = self.members.iter().find(|(own, _)| own == name);
        let found = exact.or_else(|| self.members.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)));
        found.map(|(_, value)| &**value)
    }
}

impl<'a, J: Json> Stored<'a, J> {
    /// Sets an attribute, at the end where it is new.
    pub(super) fn set(&mut self, name: &'a str, value: J) {
        match self.members.iter_mut().find(|(own, _)| own.eq_ignore_ascii_case(name)) {
            Some((_, present)) => *present = Cow::Owned(value),
            None => self.members.push((name.into(), Cow::Owned(value))),
        }
    }

    /// As they are written down.
    pub(super) fn document(&self, keys: UserKeys<&str>) -> Document {
        let others = self.members.iter().map(|(name, value)| (&**name, &**value));
        Document::of_members(&self.schemas, others, keys)
    }

    /// As one object, `schemas` first.
    pub(super) fn into_value(self) -> Value {
        let members =
            self.members.into_iter().map(|(name, value)| (name.into_owned(), value.as_value().into_owned()));
        Value::Object([("schemas".to_owned(), self.schemas)].into_iter().chain(members).collect())
    }
}

impl<'a> Stored<'a> {
    /// Attributes of which somebody else knows that they can be stored.
    pub(super) fn of(attributes: &'a Value) -> Self {
        let members = attributes.as_object().into_iter().flatten();
        let others = members.filter(|(name, _)| !name.eq_ignore_ascii_case("schemas"));
        Self {
            schemas: attribute::get(attributes, "schemas").cloned().unwrap_or_default(),
            members: others.map(|(name, value)| (name.into(), Cow::Borrowed(value))).collect(),
        }
    }
}

impl From<Value> for Stored<'_> {
    fn from(attributes: Value) -> Self {
        let Value::Object(mut attributes) = attributes else {
            return Self { schemas: Value::Null, members: Vec::new() };
        };
        Self {
            schemas: attributes.shift_remove("schemas").unwrap_or_default(),
            members: attributes.into_iter().map(|(name, value)| (name.into(), Cow::Owned(value))).collect(),
        }
    }
}

/// What [`stored`] says, as one object, `schemas` first.
///
/// # Errors
/// Those of [`stored`].
pub(crate) fn stored_value(site: &Site, kind: ResourceKind, body: &Value) -> Result<Value, ScimError> {
    stored(site, kind, body).map(Stored::into_value)
}

/// What [`stored`] says where it is what was sent: to see that costs a fraction of what it costs to make it so. None says
/// nothing.
pub(super) fn as_sent<'a, J: Json>(site: &Site, kind: ResourceKind, body: &'a J) -> Option<Stored<'a, J>> {
    if lacks_schema(site, kind, body) {
        return None;
    }
    let kept = body.members()?.filter(|(name, value)| !is_dropped(kind, name, *value));
    let members: Vec<_> = kept.map(|(name, value)| (Cow::Borrowed(name), Cow::Borrowed(value))).collect();
    let schemas = schemas(site, kind, body);
    // The object and its schemas count too.
    check_size(schemas.len() + 2, members.iter().map(|(_, value)| &**value)).ok()?;
    let is_canonical = members.iter().all(|(name, value)| is_canonical(kind, name, &**value));
    let schemas = core_first(kind, schemas).filter(|_| is_canonical)?;
    let of_name = |name: &str| members.iter().find(|(own, _)| own == name).map(|(_, value)| &**value);
    put::check_required(kind, of_name).ok()?;
    Some(Stored { schemas, members })
}

/// The attributes of `body` that `site` stores; null is left out, booleans in strings become booleans.
///
/// # Errors
/// 413 if it holds too much, `invalidSyntax` if the body is no object, `invalidValue` if a value does not fit or a required one is missing.
pub(super) fn stored<'a>(site: &Site, kind: ResourceKind, body: &'a Value) -> Result<Stored<'a>, ScimError> {
    if let Some(stored) = as_sent(site, kind, body) {
        return Ok(stored);
    }
    let invalid = |detail: String| Err(ScimError::bad_request(ScimType::InvalidSyntax, detail));
    let Value::Object(members) = body else {
        return invalid("the body is not a JSON object".to_owned());
    };
    if lacks_schema(site, kind, body) {
        return invalid(format!("\"schemas\" has to name {}", kind.schema()));
    }
    let mut kept = Vec::with_capacity(members.len());
    for (name, value) in members.iter().filter(|(name, value)| !is_dropped(kind, name, *value)) {
        let mut value = Cow::Borrowed(value);
        if urn::is_urn(name) && attribute::get(&value, "schemas").is_some() {
            without_inner_schemas(value.to_mut(), true);
        }
        kept.push((name.as_str(), value));
    }
    let schemas = schemas(site, kind, body);
    check_size(schemas.len() + 2, kept.iter().map(|(_, value)| &**value))?;
    let schemas = Value::from(schemas);
    let members = [("schemas", &schemas)].into_iter();
    let members = members.chain(kept.iter().map(|(name, value)| (*name, &**value)));
    put::create_of(kind, members, &site.leniency()).map(Stored::from)
}

/// Whether a body does not name the schema of its kind, where the site is strict about it.
fn lacks_schema<J: Json>(site: &Site, kind: ResourceKind, body: &J) -> bool {
    site.knobs.requests == Reading::Strict && !named(body).any(|urn| urn.eq_ignore_ascii_case(kind.schema()))
}

/// Whether a member of a body is nothing that it decides.
fn is_dropped<J: Json>(kind: ResourceKind, name: &str, value: &J) -> bool {
    value.is_nothing() || name.eq_ignore_ascii_case("schemas") || !is_stored(kind, name)
}

/// Whether an attribute is kept as a body says it; members are, elsewhere.
pub(crate) fn is_stored(kind: ResourceKind, name: &str) -> bool {
    !NEVER_STORED.iter().any(|never| name.eq_ignore_ascii_case(never))
        && (kind == ResourceKind::User || !name.eq_ignore_ascii_case("members"))
}

/// The schemas in the order in which they are stored; none where that takes more than an order.
fn core_first(kind: ResourceKind, schemas: Vec<&str>) -> Option<Value> {
    const FEW: usize = 8;
    let core = kind.schema();
    let is_plain =
        schemas.len() <= FEW && schemas.contains(&core) && schemas.iter().all(|urn| kind.has_schema(urn));
    let others = schemas.into_iter().filter(|urn| *urn != core);
    is_plain.then(|| std::iter::once(core).chain(others).map(Value::from).collect())
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
fn schemas<'a, J: Json>(site: &Site, kind: ResourceKind, body: &'a J) -> Vec<&'a str> {
    let extensions = body
        .members()
        .into_iter()
        .flatten()
        .filter(|(name, value)| urn::is_urn(name) && !value.is_nothing())
        .map(|(name, _)| name);
    let own =
        (kind == ResourceKind::User && site.knobs.atlassian_extension).then_some(urn::ATLASSIAN_EXTERNAL);
    let mut schemas: Vec<&str> = Vec::new();
    for schema in own.into_iter().chain([kind.schema()]).chain(named(body)).chain(extensions) {
        if !schemas.iter().any(|known| known.eq_ignore_ascii_case(schema)) {
            schemas.push(schema);
        }
    }
    schemas
}

/// The schemas that a body names.
fn named<J: Json>(body: &J) -> impl Iterator<Item = &str> {
    let schemas = body.members().into_iter().flatten().find(|(name, _)| name.eq_ignore_ascii_case("schemas"));
    schemas.and_then(|(_, value)| value.elements()).unwrap_or_default().iter().filter_map(J::text)
}

#[cfg(test)]
mod tests {
    use super::NEVER_STORED;
    use crate::scim::kind::ResourceKind;
    use crate::scim::schema::{self, Mutability, Returned};

    /// A PUT of a user looks at the current one for `active` only.
    #[test]
    fn what_a_put_of_a_user_keeps_is_never_stored() {
        let kept = |attribute: &&schema::AttributeDef| attribute.mutability != Mutability::ReadWrite;
        let all = schema::core_attributes(ResourceKind::User).iter().chain(schema::common_attributes());
        for attribute in all {
            let keeps = kept(&attribute)
                || (attribute.multi_valued
                    && attribute.sub_attributes.iter().any(|part| part.mutability == Mutability::Immutable));
            assert!(!keeps || NEVER_STORED.contains(&attribute.name.as_str()), "{}", attribute.name);
        }
    }

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
