//! What a path means for a resource of a kind.

use serde_json::Value;

use crate::scim::attr_path::is_core;
use crate::scim::resource::attribute::get;
use crate::scim::schema::{self, AttributeDef, AttributeType, Mutability};
use crate::scim::{AttrPath, Filter, Leniency, Path, ResourceKind, ScimError, ScimType, urn};

/// Where an operation applies.
pub(super) enum Target<'p> {
    /// The resource itself: the path is the URN of its core schema.
    Resource,
    /// A whole extension.
    Extension(String),
    /// An attribute, or a part of it.
    Attribute(AttributeTarget<'p>),
}

/// An attribute, or a part of it.
pub(super) struct AttributeTarget<'p> {
    /// The URN of the extension in which it stands.
    pub(super) extension: Option<String>,
    /// The name, in its canonical spelling where a schema has it.
    pub(super) name: String,
    /// What the schema says about it.
    pub(super) definition: Option<&'static AttributeDef>,
    /// The filter that selects some of its values.
    pub(super) filter: Option<&'p Filter>,
    /// The sub-attribute.
    pub(super) sub: Option<Sub>,
}

/// A sub-attribute.
pub(super) struct Sub {
    /// The name, in its canonical spelling where a schema has it.
    pub(super) name: String,
    /// What the schema says about it.
    pub(super) definition: Option<&'static AttributeDef>,
}

impl<'p> Target<'p> {
    /// `invalidPath` where the schema has no such attribute and unknown ones are refused, or where a simple attribute is
    /// treated as a complex one.
    pub(super) fn of(
        path: &'p Path,
        kind: ResourceKind,
        resource: &Value,
        leniency: &Leniency,
    ) -> Result<Self, ScimError> {
        let attr = &path.attr;
        if attr.is_container() {
            return Self::container(&attr.name, kind, leniency);
        }
        if let Some(target) = Self::in_longer_urn(path, resource) {
            return Ok(target);
        }
        let extension = match attr.schema.as_deref() {
            Some(schema) if is_core(schema) => None,
            Some(schema) => Some(canonical_urn(schema).to_owned()),
            None => unqualified(attr, kind, resource),
        };
        let refused = attr.schema.is_none() && extension.is_some() && !leniency.unqualified_extension;
        let definition = schema::attribute(kind, &attr.parent()).filter(|_| !refused);
        if definition.is_none() && !leniency.unknown_attributes {
            return Err(invalid(path, "is not an attribute of the schema"));
        }
        let simple = definition.is_some_and(|def| def.data_type != AttributeType::Complex);
        let sub = path.sub_attribute().map(|name| {
            let definition = definition.and_then(|def| def.sub(name));
            Sub { name: definition.map_or(name, |def| &def.name).to_owned(), definition }
        });
        if simple && sub.is_some() {
            return Err(invalid(path, "leads into an attribute without sub-attributes"));
        }
        if simple && path.filter.is_some() && !definition.is_some_and(|def| def.multi_valued) {
            return Err(invalid(path, "filters a single-valued attribute"));
        }
        let unknown = |sub: &Sub| definition.is_some() && sub.definition.is_none();
        if sub.as_ref().is_some_and(unknown) && !leniency.unknown_attributes {
            return Err(invalid(path, "is not a sub-attribute of the schema"));
        }
        Ok(Self::Attribute(AttributeTarget {
            extension: extension.filter(|_| !refused),
            name: definition.map_or(&attr.name, |def| &def.name).clone(),
            definition,
            filter: path.filter.as_ref(),
            sub,
        }))
    }

    fn container(name: &str, kind: ResourceKind, leniency: &Leniency) -> Result<Self, ScimError> {
        if name.eq_ignore_ascii_case(kind.schema()) {
            return Ok(Self::Resource);
        }
        let enterprise = kind == ResourceKind::User && name.eq_ignore_ascii_case(urn::ENTERPRISE_USER);
        if is_core(name) || !(enterprise || leniency.unknown_attributes) {
            let detail = format!("{name:?} is not a schema of a {}", kind.name());
            return Err(ScimError::bad_request(ScimType::InvalidPath, detail));
        }
        Ok(Self::Extension(canonical_urn(name).to_owned()))
    }

    /// An extension whose URN could not be told from an attribute of a shorter one, but that the resource has.
    fn in_longer_urn(path: &'p Path, resource: &Value) -> Option<Self> {
        let schema = path.attr.schema.as_deref()?;
        let longer = format!("{schema}:{}", path.attr.name);
        if path.filter.is_some() {
            return None;
        }
        if get(resource, schema).is_some() || !get(resource, &longer)?.is_object() {
            return None;
        }
        let Some(name) = &path.attr.sub else {
            return Some(Self::Extension(longer));
        };
        Some(Self::Attribute(AttributeTarget {
            extension: Some(longer),
            name: name.clone(),
            definition: None,
            filter: None,
            sub: None,
        }))
    }
}

impl AttributeTarget<'_> {
    /// Whether only the service provider may write here.
    pub(super) fn is_read_only(&self) -> bool {
        let sub = self.sub.as_ref().and_then(|sub| sub.definition);
        [self.definition, sub].into_iter().flatten().any(|def| def.mutability == Mutability::ReadOnly)
    }

    /// Whether a resource cannot be without it.
    pub(super) fn is_required(&self) -> bool {
        self.definition.is_some_and(|def| def.required)
    }

    /// `mutability`, and why.
    pub(super) fn mutability(&self, why: &str) -> ScimError {
        let detail = match &self.sub {
            Some(sub) => format!("\"{}.{}\" {why}", self.name, sub.name),
            None => format!("\"{}\" {why}", self.name),
        };
        ScimError::bad_request(ScimType::Mutability, detail)
    }
}

/// The extension that an attribute without a URN belongs to, unless it stands in the resource itself.
fn unqualified(attr: &AttrPath, kind: ResourceKind, resource: &Value) -> Option<String> {
    if kind != ResourceKind::User || get(resource, &attr.name).is_some() {
        return None;
    }
    schema::extension_of(&attr.name).map(str::to_owned)
}

/// The URN as its schema spells it.
fn canonical_urn(text: &str) -> &str {
    urn::RESOURCE_SCHEMAS.into_iter().find(|known| known.eq_ignore_ascii_case(text)).unwrap_or(text)
}

fn invalid(path: &Path, why: &str) -> ScimError {
    ScimError::bad_request(ScimType::InvalidPath, format!("\"{path}\" {why}"))
}
