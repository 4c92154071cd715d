//! The bugs that the application can have.

/// One way of getting SCIM wrong, as public reports tell it of real applications.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bug {
    /// Removing one member by a value path removes everybody.
    RemovalEmptiesTheGroup,
    /// Adding members replaces those that are there.
    AdditionReplacesMembers,
    /// PUT of a group leaves its members as they were.
    PutKeepsMembers,
    /// PATCH of a group fails.
    GroupsRefusePatch,
    /// A group's new name is answered and not stored.
    RenameIsForgotten,
    /// Members who are deactivated leave their groups.
    DeactivationLeavesGroups,
    /// `"False"` as a text changes nothing.
    TextIsNoBoolean,
    /// Operations without a path change nothing.
    PathlessIsIgnored,
    /// Only the first operation of a PATCH is applied.
    OnlyTheFirstOperation,
    /// Operations that begin with a capital letter are refused.
    CapitalsAreRefused,
    /// A user who is created inactive is active.
    BornActive,
    /// A user who is deactivated is deleted.
    DeactivationDeletes,
    /// Users who are inactive are not found by their names.
    InactiveAreHidden,
    /// User names are compared with regard to case in lookups.
    LookupsHeedCase,
    /// A second user of the same name is created.
    UserNamesAreNotUnique,
    /// DELETE of a user is answered and not done.
    DeletionDoesNothing,
    /// DELETE of a group is not there.
    GroupsCannotBeDeleted,
    /// Lookups ignore their filters.
    FilterIsIgnored,
    /// `totalResults` counts the page.
    TotalIsThePage,
    /// The answer to a creation is 200.
    CreationIs200,
    /// The password is shown.
    PasswordIsShown,
    /// `externalId` is not kept.
    ExternalIdIsDropped,
    /// The enterprise extension is not kept.
    ExtensionIsDropped,
}
