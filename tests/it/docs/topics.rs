//! The topics of the product's documentation, with the scenarios that play them, or why none can.

/// What a topic has.
pub(crate) enum Has {
    /// Scenarios, by id.
    Scenarios(&'static [&'static str]),
    /// None, for this reason.
    None(&'static str),
}

/// The topics.
pub(crate) const TOPICS: [(&str, Has); 26] = [
    (
        "Understand customer provisioning for Jira Service Management",
        Has::Scenarios(&[
            "users/new-user-becomes-customer",
            "groups/new-group-becomes-organization",
            "users/existing-customer-is-linked",
            "users/leaver-is-deactivated",
        ]),
    ),
    (
        "Configure customer provisioning with an identity provider",
        Has::Scenarios(&[
            "connection/test-connection-finds-nobody",
            "lifecycle/key-regenerated",
            "lifecycle/single-sign-on-came-first",
        ]),
    ),
    (
        "The API key is shown once, and can be made anew",
        Has::Scenarios(&["lifecycle/key-regenerated", "lifecycle/key-regenerated-between-members"]),
    ),
    ("Manage API key expiration for SCIM", Has::Scenarios(&["lifecycle/key-expired"])),
    (
        "Manage group name conflicts when syncing customer organizations",
        Has::Scenarios(&[
            "conflicts/group-takes-over-organization",
            "conflicts/organization-is-kept",
            "conflicts/rename-onto-manual-organization",
            "conflicts/refused-group-is-tried-again",
        ]),
    ),
    (
        "Portal access of a synced organization",
        Has::None("an organization is added to projects in the product; nothing of it is provisioned"),
    ),
    (
        "Adding an organization where Customer Service Management is enabled",
        Has::Scenarios(&[
            "conflicts/organization-made-by-hand-later",
            "lifecycle/an-organization-deleted-by-hand-takes-no-customer",
            "lifecycle/manual-organization-is-edited-by-hand",
        ]),
    ),
    (
        "One identity provider for each site",
        Has::None(
            "a second one is refused before any request of a provider; tests/it/reference/customers/connection.rs has it",
        ),
    ),
    (
        "Disconnect your identity provider for portal-only customers",
        Has::Scenarios(&[
            "lifecycle/provider-disconnected",
            "lifecycle/reconnected-provider-takes-everything-back",
        ]),
    ),
    (
        "Supported identity providers",
        Has::Scenarios(&["users/new-user-becomes-customer", "google/sweep-makes-customers-only"]),
    ),
    (
        "Choose and connect an identity provider for portal-only customers",
        Has::Scenarios(&[
            "connection/test-connection-finds-nobody",
            "connection/wrong-or-missing-key-changes-nothing",
        ]),
    ),
    (
        "The provider's ready-made Atlassian app must not be used",
        Has::None("it goes to another service, that of employees"),
    ),
    (
        "Configure user provisioning with Okta",
        Has::Scenarios(&[
            "okta/active-without-a-path",
            "okta/linked-group-is-renamed",
            "okta/push-now-restores-members",
        ]),
    ),
    (
        "Configure user provisioning with Google Cloud",
        Has::Scenarios(&["google/sweep-makes-customers-only", "google/organizations-made-by-hand-stay"]),
    ),
    (
        "Configure user provisioning for Active Directory or LDAP",
        Has::Scenarios(&["lifecycle/directory-behind-the-provider"]),
    ),
    (
        "Resolve group conflicts when syncing users",
        Has::Scenarios(&["employees/conflicting-group-is-held", "employees/default-group-is-never-synced"]),
    ),
    ("Default groups", Has::Scenarios(&["employees/default-group-is-never-synced"])),
    (
        "Sync user attributes to your organization",
        Has::Scenarios(&[
            "users/profile-change-arrives",
            "users/attributes-without-a-place-are-kept",
            "entra/enterprise-attributes-change",
            "okta/every-attribute-arrives",
        ]),
    ),
    ("Sync user profile photos to your organization", Has::Scenarios(&["users/photo-is-no-concern"])),
    (
        "Provision and sync users from Google Workspace",
        Has::None("it is an integration of its own, without SCIM"),
    ),
    (
        "Link domains to identity provider directories",
        Has::None("customers are people outside; their domains are not linked"),
    ),
    (
        "Connect and sync Azure AD for nested groups",
        Has::Scenarios(&["entra/nested-group-is-not-flattened", "groups/nested-group-by-name-only"]),
    ),
    ("Choose the right Microsoft Azure AD option", Has::Scenarios(&["entra/nested-group-is-not-flattened"])),
    ("Guests and people of unclaimed domains", Has::Scenarios(&["entra/guest-of-another-organization"])),
    ("Limits of a directory", Has::Scenarios(&["lifecycle/directory-is-full", "groups/name-is-too-long"])),
    (
        "Revoke access and delete portal-only accounts",
        Has::Scenarios(&["lifecycle/access-revoked-by-hand", "lifecycle/revoked-by-hand-then-active-again"]),
    ),
];
