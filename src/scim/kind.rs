//! The two kinds of resources that identity providers write.

use super::urn;

/// A resource type that has an endpoint of its own (RFC 7643 §6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResourceKind {
    /// A user: a customer, where the endpoint is customer provisioning.
    User,
    /// A group: an organization, where the endpoint is customer provisioning.
    Group,
}

impl ResourceKind {
    /// Both kinds, users first, as providers send them.
    pub const ALL: [Self; 2] = [Self::User, Self::Group];

    /// The path of the endpoint below the base URL: `/Users`, `/Groups`.
    pub fn endpoint(self) -> &'static str {
        match self {
            Self::User => "/Users",
            Self::Group => "/Groups",
        }
    }

    /// The name of the resource type: `User`, `Group`.
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
        }
    }

    /// The URN of the core schema.
    pub fn schema(self) -> &'static str {
        match self {
            Self::User => urn::USER,
            Self::Group => urn::GROUP,
        }
    }

    /// Whether the URN, in any case, is that of the core schema or of an extension that resources of this kind can have.
    pub fn has_schema(self, urn: &str) -> bool {
        let extensions: &[&str] = match self {
            Self::User => &[urn::ENTERPRISE_USER, urn::ATLASSIAN_EXTERNAL],
            Self::Group => &[],
        };
        std::iter::once(&self.schema()).chain(extensions).any(|known| known.eq_ignore_ascii_case(urn))
    }

    /// The kind that an endpoint's path names, with or without the leading slash.
    pub fn from_endpoint(path: &str) -> Option<Self> {
        let name = path.trim_start_matches('/');
        Self::ALL.into_iter().find(|kind| &kind.endpoint()[1..] == name)
    }
}

#[cfg(test)]
mod tests {
    use super::ResourceKind;

    #[test]
    fn an_extension_belongs_to_its_kind() {
        let enterprise = crate::scim::urn::ENTERPRISE_USER.to_lowercase();
        assert!(ResourceKind::User.has_schema(&enterprise) && !ResourceKind::Group.has_schema(&enterprise));
        assert!(ResourceKind::ALL.into_iter().all(|kind| kind.has_schema(kind.schema())));
        assert!(!ResourceKind::User.has_schema(ResourceKind::Group.schema()));
    }

    #[test]
    fn an_endpoint_leads_back_to_its_kind() {
        for kind in ResourceKind::ALL {
            assert_eq!(ResourceKind::from_endpoint(kind.endpoint()), Some(kind));
            assert!(kind.schema().ends_with(kind.name()));
        }
        assert_eq!(ResourceKind::from_endpoint("Users"), Some(ResourceKind::User));
        assert_eq!(ResourceKind::from_endpoint("/Me"), None);
    }
}
