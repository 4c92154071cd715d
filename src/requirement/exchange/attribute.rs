//! The attributes that every provider writes, whose last sent values the rules remember.

use serde_json::Value;

use crate::scim::resource::attribute::{get, is_unassigned};
use crate::scim::{AttrPath, ResourceKind};

/// An attribute whose value is held against later reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Attribute {
    UserName,
    ExternalId,
    GivenName,
    FamilyName,
    DisplayName,
    Active,
    WorkEmail,
}

impl Attribute {
    const USER: [Self; 7] = [
        Self::UserName,
        Self::ExternalId,
        Self::GivenName,
        Self::FamilyName,
        Self::DisplayName,
        Self::Active,
        Self::WorkEmail,
    ];

    /// Those of a kind.
    pub(crate) fn of(kind: ResourceKind) -> &'static [Self] {
        match kind {
            ResourceKind::User => &Self::USER,
            ResourceKind::Group => &[Self::ExternalId, Self::DisplayName],
        }
    }

    /// The name that people look it up by.
    pub(crate) fn key(kind: ResourceKind) -> Self {
        match kind {
            ResourceKind::User => Self::UserName,
            ResourceKind::Group => Self::DisplayName,
        }
    }

    /// How reports name it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::UserName => "userName",
            Self::ExternalId => "externalId",
            Self::GivenName => "name.givenName",
            Self::FamilyName => "name.familyName",
            Self::DisplayName => "displayName",
            Self::Active => "active",
            Self::WorkEmail => "emails",
        }
    }

    /// Its place in the answer to a read.
    pub(crate) fn place(self, is_list: bool) -> String {
        let root = if is_list { "body/Resources/*" } else { "body" };
        let path = if self == Self::WorkEmail { "emails/*/value" } else { self.as_str() };
        format!("{root}/{}", path.replace('.', "/"))
    }

    /// The attribute that a path leads to.
    pub(crate) fn at(kind: ResourceKind, path: &AttrPath) -> Option<Self> {
        let parent = path.parent();
        Self::of(kind).iter().copied().find(|attribute| match (attribute, path.sub.as_deref()) {
            (Self::GivenName, Some(sub)) => parent.is("name") && sub.eq_ignore_ascii_case("givenName"),
            (Self::FamilyName, Some(sub)) => parent.is("name") && sub.eq_ignore_ascii_case("familyName"),
            (Self::GivenName | Self::FamilyName | Self::WorkEmail, None) | (_, Some(_)) => false,
            (simple, None) => path.is(simple.as_str()),
        })
    }

    /// Its value in a resource, sent or read; nothing where it has none.
    pub(crate) fn value(self, resource: &Value) -> Option<&Value> {
        let value = match self {
            Self::GivenName => get(get(resource, "name")?, "givenName"),
            Self::FamilyName => get(get(resource, "name")?, "familyName"),
            Self::WorkEmail => work_email(get(resource, "emails")?),
            simple => get(resource, simple.as_str()),
        };
        value.filter(|value| !is_unassigned(value))
    }
}

/// The name of an attribute without its sub-attribute.
pub(crate) fn parent(name: &'static str) -> &'static str {
    name.split_once('.').map_or(name, |(parent, _)| parent)
}

/// The work address: the one of that type, else the only one.
pub(crate) fn work_email(emails: &Value) -> Option<&Value> {
    let emails = emails.as_array()?;
    let is_work = |email: &&Value| {
        get(email, "type").and_then(Value::as_str).is_some_and(|kind| kind.eq_ignore_ascii_case("work"))
    };
    let mut work = emails.iter().filter(is_work);
    match (work.next(), work.next(), emails.as_slice()) {
        (Some(one), None, _) | (None, None, [one]) => get(one, "value"),
        _ => None,
    }
}
