//! Definitions of attributes (RFC 7643 §4, §7, §8.7): type, mutability, uniqueness, case. The schemas themselves are data
//! in `fixtures/scim/schemas`.
//!
//! May use, of `scim`: `attr_path`, `json`, `kind`, `urn`.

pub mod json_schema;

use std::sync::OnceLock;

use serde::Deserialize;

use super::attr_path::is_core;
use super::{AttrPath, ResourceKind, urn};

/// An attribute's data type (RFC 7643 §2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AttributeType {
    /// Text.
    String,
    /// True or false.
    Boolean,
    /// A number.
    Decimal,
    /// A whole number.
    Integer,
    /// A date and time, as in XML Schema.
    DateTime,
    /// Bytes in base64.
    Binary,
    /// A URI.
    Reference,
    /// Sub-attributes.
    Complex,
}

/// Who may write an attribute, and when (RFC 7643 §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Mutability {
    /// The service provider only.
    ReadOnly,
    /// Anybody, at any time.
    ReadWrite,
    /// Anybody, once.
    Immutable,
    /// Anybody, and nobody reads it.
    WriteOnly,
}

/// When an attribute is returned (RFC 7643 §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Returned {
    /// Always, even where it is excluded.
    Always,
    /// Never.
    Never,
    /// Unless it is excluded, or others are asked for.
    Default,
    /// Only where it is asked for.
    Request,
}

/// Where a value has to be unique (RFC 7643 §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Uniqueness {
    /// Nowhere.
    None,
    /// Among the endpoint's resources of this kind.
    Server,
    /// Everywhere.
    Global,
}

/// What a schema says about one attribute.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttributeDef {
    /// The name, in its canonical spelling.
    pub name: String,
    /// The data type.
    #[serde(rename = "type")]
    pub data_type: AttributeType,
    /// Whether there can be several values.
    pub multi_valued: bool,
    /// Whether a resource must have it.
    pub required: bool,
    /// Whether comparing minds the case.
    #[serde(default)]
    pub case_exact: bool,
    /// Who may write it.
    pub mutability: Mutability,
    /// When it is returned.
    pub returned: Returned,
    /// Where it has to be unique.
    pub uniqueness: Uniqueness,
    /// The usual values, such as `work` and `home`.
    #[serde(default)]
    pub canonical_values: Vec<String>,
    /// The sub-attributes of a complex attribute.
    #[serde(default)]
    pub sub_attributes: Vec<AttributeDef>,
}

impl AttributeDef {
    /// The sub-attribute of that name, in any case.
    pub fn sub(&self, name: &str) -> Option<&Self> {
        find(&self.sub_attributes, name)
    }
}

#[derive(Debug, Default, Deserialize)]
struct Schema {
    attributes: Vec<AttributeDef>,
}

/// The text of the User schema, as `/Schemas` shows it.
pub(crate) const USER_JSON: &str = include_str!("../../../fixtures/scim/schemas/User.json");
/// The text of the Group schema.
pub(crate) const GROUP_JSON: &str = include_str!("../../../fixtures/scim/schemas/Group.json");
/// The text of the enterprise extension.
pub(crate) const ENTERPRISE_USER_JSON: &str =
    include_str!("../../../fixtures/scim/schemas/EnterpriseUser.json");
const COMMON_JSON: &str = include_str!("../../../fixtures/scim/schemas/Common.json");

struct Schemas {
    common: Schema,
    user: Schema,
    group: Schema,
    enterprise: Schema,
}

fn schemas() -> &'static Schemas {
    static SCHEMAS: OnceLock<Schemas> = OnceLock::new();
    // The texts are the crate's own, and a test reads each of them.
    let read = |text: &str| serde_json::from_str(text).unwrap_or_default();
    SCHEMAS.get_or_init(|| Schemas {
        common: read(COMMON_JSON),
        user: read(USER_JSON),
        group: read(GROUP_JSON),
        enterprise: read(ENTERPRISE_USER_JSON),
    })
}

fn find<'a>(attributes: &'a [AttributeDef], name: &str) -> Option<&'a AttributeDef> {
    attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}

/// What is known about the attribute at the path, or about its sub-attribute.
///
/// An attribute of the enterprise extension is found without its URN as well, unless the core schema has one of that name.
/// Attributes that no schema knows count as strings without case that anybody may write.
pub fn attribute(kind: ResourceKind, path: &AttrPath) -> Option<&'static AttributeDef> {
    let found = top_level(kind, path.schema.as_deref(), &path.name)?;
    match &path.sub {
        None => Some(found),
        Some(sub) => found.sub(sub),
    }
}

/// What is known about a top-level attribute, as [`attribute`] finds it.
pub(crate) fn top_level(
    kind: ResourceKind,
    schema: Option<&str>,
    name: &str,
) -> Option<&'static AttributeDef> {
    let all = schemas();
    let core = match kind {
        ResourceKind::User => &all.user,
        ResourceKind::Group => &all.group,
    };
    let in_core = || find(&core.attributes, name).or_else(|| find(&all.common.attributes, name));
    let in_enterprise = || match kind {
        ResourceKind::User => find(&all.enterprise.attributes, name),
        ResourceKind::Group => None,
    };
    match schema {
        None => in_core().or_else(in_enterprise),
        Some(schema) if is_core(schema) => in_core(),
        Some(schema) if schema.eq_ignore_ascii_case(urn::ENTERPRISE_USER) => in_enterprise(),
        Some(_) => None,
    }
}

/// The top-level attributes of a kind's core schema, without those that every resource has.
pub fn core_attributes(kind: ResourceKind) -> &'static [AttributeDef] {
    match kind {
        ResourceKind::User => &schemas().user.attributes,
        ResourceKind::Group => &schemas().group.attributes,
    }
}

/// The attributes that every resource has: `schemas`, `id`, `externalId`, `meta` (RFC 7643 §3.1).
pub fn common_attributes() -> &'static [AttributeDef] {
    &schemas().common.attributes
}

/// The attributes of the enterprise extension.
pub fn enterprise_attributes() -> &'static [AttributeDef] {
    &schemas().enterprise.attributes
}

/// The URN of the extension to which an attribute belongs that stands without its URN, where no core schema has it.
pub(crate) fn extension_of(name: &str) -> Option<&'static str> {
    let all = schemas();
    let in_core =
        [&all.user, &all.group, &all.common].iter().any(|schema| find(&schema.attributes, name).is_some());
    (!in_core && find(&all.enterprise.attributes, name).is_some()).then_some(urn::ENTERPRISE_USER)
}

#[cfg(test)]
mod tests {
    use super::{
        AttributeDef, AttributeType, COMMON_JSON, ENTERPRISE_USER_JSON, GROUP_JSON, Mutability, Returned,
        Schema, USER_JSON, Uniqueness, attribute,
    };
    use crate::scim::{AttrPath, ResourceKind};

    fn def(kind: ResourceKind, text: &str) -> Option<&'static AttributeDef> {
        attribute(kind, &AttrPath::parse(text).unwrap())
    }

    #[test]
    fn every_schema_can_be_read() {
        for (text, count) in [(USER_JSON, 21), (GROUP_JSON, 2), (ENTERPRISE_USER_JSON, 6), (COMMON_JSON, 4)] {
            let schema: Schema = serde_json::from_str(text).unwrap();
            assert_eq!(schema.attributes.len(), count);
        }
    }

    #[test]
    fn attributes_are_what_the_rfc_says() {
        let user_name = def(ResourceKind::User, "USERNAME").unwrap();
        assert!(user_name.required && !user_name.case_exact);
        assert_eq!(user_name.uniqueness, Uniqueness::Server);
        let password = def(ResourceKind::User, "password").unwrap();
        assert_eq!((password.mutability, password.returned), (Mutability::WriteOnly, Returned::Never));
        let external_id = def(ResourceKind::Group, "externalId").unwrap();
        assert!(external_id.case_exact);
        let created = def(ResourceKind::User, "meta.created").unwrap();
        assert_eq!(created.data_type, AttributeType::DateTime);
        let groups = def(ResourceKind::User, "groups").unwrap();
        assert_eq!(groups.mutability, Mutability::ReadOnly);
        let member = def(ResourceKind::Group, "members.value").unwrap();
        assert_eq!(member.mutability, Mutability::Immutable);
        assert_eq!(
            def(ResourceKind::User, "emails.type").unwrap().canonical_values,
            ["work", "home", "other"]
        );
        assert!(def(ResourceKind::User, "name.nickname").is_none());
    }

    #[test]
    fn the_enterprise_extension_is_a_users_only() {
        let qualified = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value";
        assert!(def(ResourceKind::User, qualified).is_some());
        assert!(def(ResourceKind::User, "manager.value").is_some());
        assert!(def(ResourceKind::Group, qualified).is_none());
        assert!(def(ResourceKind::User, "urn:example:2.0:User:manager").is_none());
    }
}
