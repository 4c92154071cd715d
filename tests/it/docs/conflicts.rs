//! What may happen to a group's name, under each conflict setting and with each provider that sends groups: the scenario
//! that plays it, or why there is none.

use scimsnap::idp::ClientName;

/// What plays a case under one setting.
pub(crate) enum Cell {
    /// A scenario, by its id.
    Plays(&'static str),
    /// None, for this reason.
    None(&'static str),
}

use Cell::{None, Plays};

/// A case, with what plays it where conflicts are synced and where they are skipped, and the providers who do not have it.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) sync: Cell,
    pub(crate) skip: Cell,
    pub(crate) without: &'static [(ClientName, &'static str)],
}

const fn case(name: &'static str, sync: Cell, skip: Cell) -> Case {
    Case { name, sync, skip, without: &[] }
}

/// Providers who play none of it, or only what names them, and why.
pub(crate) const APART: [(ClientName, &str); 6] = [
    (ClientName::Rfc, "is no provider, and sends literal requests only"),
    (ClientName::Google, "sends users only"),
    (ClientName::Auth0, "sends users only"),
    (
        ClientName::Onelogin,
        "renames and deletes no group by any request that is known; it plays the cases without",
    ),
    (
        ClientName::Onelogin1,
        "writes members in the words of SCIM 1.1, which the embedded endpoint does not take, and renames no group; `onelogin/…` plays what it does",
    ),
    (
        ClientName::Keycloak,
        "marks no address as the primary one, so that the endpoint has to be told to take its users; `conflicts/organization-of-an-earlier-directory` tells it",
    ),
];

const EMPTY: &str = "creates groups without members";

/// Who cannot have a group's members in its creation.
const FILLED_LATER: &[(ClientName, &str)] = &[
    (ClientName::Entra, EMPTY),
    (ClientName::EntraScim2, EMPTY),
    (ClientName::Authentik, EMPTY),
    (ClientName::Jumpcloud, EMPTY),
    (ClientName::Pingfederate, EMPTY),
    (ClientName::Rippling, EMPTY),
];

/// The cases.
pub(crate) const CASES: [Case; 26] = [
    case(
        "an organization of the name was made by hand",
        Plays("conflicts/group-takes-over-organization"),
        Plays("conflicts/organization-is-kept"),
    ),
    case(
        "an earlier directory left it behind",
        Plays("conflicts/organization-of-an-earlier-directory"),
        Plays("conflicts/organization-of-an-earlier-directory-under-skip"),
    ),
    Case {
        name: "another client of the same directory made it",
        sync: Plays("groups/group-of-another-client-is-linked"),
        skip: Plays("conflicts/group-of-another-client-is-linked-under-skip"),
        without: &[(
            ClientName::Authentik,
            "links after the conflict, and compares members later: `authentik/group-conflict-is-linked`",
        )],
    },
    case(
        "it differs in case",
        Plays("conflicts/organization-in-other-case"),
        Plays("conflicts/organization-in-other-case-is-kept"),
    ),
    case(
        "it differs in case, and names are compared exactly",
        Plays("conflicts/organization-in-other-case-is-another"),
        Plays("conflicts/organization-in-other-case-is-another-under-skip"),
    ),
    case(
        "the group's name has a space after it",
        Plays("conflicts/organization-with-space-after-the-name"),
        Plays("conflicts/organization-with-space-after-the-name-is-kept"),
    ),
    case(
        "the group's name has a space before it",
        Plays("conflicts/organization-with-space-before-the-name"),
        Plays("conflicts/organization-with-space-before-the-name-is-kept"),
    ),
    case(
        "it has another Unicode form",
        Plays("conflicts/organization-in-other-unicode-form"),
        Plays("conflicts/organization-in-other-unicode-form-under-skip"),
    ),
    case(
        "a rename onto the name of one made by hand",
        Plays("conflicts/rename-onto-manual-organization"),
        Plays("conflicts/rename-onto-manual-organization-under-skip"),
    ),
    case(
        "a rename onto the name of another group",
        Plays("conflicts/rename-onto-synced-organization"),
        Plays("conflicts/rename-onto-synced-organization-under-skip"),
    ),
    case(
        "a rename onto a name that differs in case",
        Plays("conflicts/rename-onto-a-name-in-other-case"),
        Plays("conflicts/rename-onto-a-name-in-other-case-under-skip"),
    ),
    case(
        "a rename onto a name that differs by a space",
        Plays("conflicts/rename-onto-a-name-with-space"),
        Plays("conflicts/rename-onto-a-name-with-space-under-skip"),
    ),
    case(
        "a rename onto a name that was freed by hand",
        Plays("conflicts/rename-onto-a-name-freed-by-hand"),
        Plays("conflicts/rename-onto-a-name-freed-by-hand-under-skip"),
    ),
    case(
        "a rename away and back",
        Plays("conflicts/rename-away-and-back"),
        Plays("conflicts/rename-away-and-back-under-skip"),
    ),
    case(
        "two groups swap their names",
        Plays("conflicts/names-are-swapped"),
        Plays("conflicts/names-are-swapped-under-skip"),
    ),
    case(
        "a name is freed and another group takes it",
        Plays("groups/freed-name-goes-to-another-group"),
        Plays("conflicts/freed-name-goes-to-another-group-under-skip"),
    ),
    case(
        "a group is deleted and made anew",
        Plays("conflicts/group-deleted-and-made-anew"),
        Plays("conflicts/group-deleted-and-made-anew-under-skip"),
    ),
    case(
        "two groups of one name at the source",
        Plays("groups/two-groups-of-one-name"),
        Plays("conflicts/two-groups-of-one-name-under-skip"),
    ),
    case(
        "the setting is turned between a group's creation and its members",
        Plays("conflicts/setting-is-turned-to-skip-before-the-members-come"),
        Plays("conflicts/setting-is-turned-to-sync-before-the-members-come"),
    ),
    case(
        "the setting is turned when all is there",
        Plays("conflicts/adopted-organization-stays-synced"),
        Plays("conflicts/skipped-group-stays-skipped"),
    ),
    case(
        "the setting is turned after a refusal",
        None("nothing is refused where conflicts are synced"),
        Plays("conflicts/refused-group-is-tried-again"),
    ),
    Case {
        name: "members in the creation",
        sync: Plays("okta/creation-with-members-takes-over"),
        skip: Plays("conflicts/creation-with-members-is-kept-out"),
        without: FILLED_LATER,
    },
    case(
        "members later",
        Plays("conflicts/members-come-later"),
        Plays("conflicts/members-come-later-under-skip"),
    ),
    case(
        "no members",
        Plays("conflicts/empty-group-takes-over-organization"),
        Plays("conflicts/empty-group-is-kept-out"),
    ),
    case(
        "the organization in the way is deleted by hand",
        None("nothing is in the way where conflicts are synced"),
        Plays("conflicts/organization-deleted-by-hand"),
    ),
    case(
        "the organization in the way is renamed by hand",
        None("nothing is in the way where conflicts are synced"),
        Plays("conflicts/organization-renamed-by-hand"),
    ),
];
