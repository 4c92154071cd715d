//! The defects inside the handler, one struct of switches for each seam: no layer around the handler could play them.

use std::collections::BTreeSet;

use super::table::Defect;

macro_rules! seams {
    ($($(#[$doc:meta])+ $name:ident: $seam:ident {
        $($(#[$what:meta])+ $question:ident: $defect:ident,)+
    })+) => {
        $(
            $(#[$doc])+
            #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
            pub(crate) struct $seam {
                $($(#[$what])+ pub(crate) $question: bool,)+
            }
        )+

        /// All switches; on a sound endpoint every one is off.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub(crate) struct Seams {
            $($(#[$doc])+ pub(crate) $name: $seam,)+
        }

        impl Seams {
            /// The switches of these defects.
            pub(super) fn of(chosen: &BTreeSet<Defect>) -> Self {
                Self {
                    $($name: $seam { $($question: chosen.contains(&Defect::$defect),)+ },)+
                }
            }
        }

        /// The defects that have a switch.
        #[cfg(test)]
        pub(super) const SWITCHED: &[Defect] = &[$($(Defect::$defect,)+)+];
    };
}

seams! {
    /// Reading bodies.
    reading: Reading {
        /// A boolean as a string is refused.
        string_booleans_refused: StringBooleanRefused,
        /// An operation that begins with a capital is refused.
        capital_ops_refused: CapitalOpRefused,
        /// A value whose keys are paths is refused.
        path_keys_refused: PathKeysRefused,
        /// A string in place of a complex value is refused.
        manager_string_refused: ManagerStringRefused,
        /// What clients cannot write is refused.
        read_only_refused: IdInPatchRefused,
    }
    /// Lookups in an index.
    lookup: Lookup {
        /// Names that begin with the value are found too.
        prefix: PrefixFilter,
        /// Names are found in their own case only.
        case_sensitive: FilterCaseSensitive,
    }
    /// Lists, their order and their pages.
    listing: Listing {
        /// Inactive users are left out.
        inactive_hidden: InactiveHidden,
        /// Every other list is in the opposite order.
        unstable_order: UnstableOrder,
        /// Every page is the first one.
        start_ignored: StartIndexIgnored,
        /// `startIndex` counts from 0.
        zero_based: ZeroBasedStartIndex,
        /// A page behind the end is the last one again.
        last_page_repeated: LastPageRepeated,
    }
    /// Comparing names.
    names: Names {
        /// Names of groups that differ only in case are two.
        group_case_matters: GroupCaseTwins,
        /// Names and addresses of users that differ only in case are two.
        user_case_matters: CaseTwinsAccepted,
    }
    /// Carrying out a PATCH.
    patch: Patching {
        /// A PATCH that fails halfway leaves its first half behind.
        half_applied: HalfAppliedPatch,
        /// Attributes that it does not mention are cleared.
        clears_rest: PatchClearsRest,
    }
    /// Membership in groups.
    membership: Membership {
        /// The member after the named one is removed.
        wrong_one_removed: WrongMemberRemoved,
        /// Removing an absent member is refused.
        absent_refused: RemoveAbsentIs404,
        /// Adding a present member is refused.
        present_refused: ReAddIs409,
        /// Adding a present member stores it twice.
        doubled: ReAddDoublesMember,
        /// A PUT leaves the members as they are.
        put_ignored: PutMembersIgnored,
        /// A former member cannot come back.
        rejoining_ignored: RejoiningIgnored,
        /// Joining a group means leaving the others.
        one_group_each: OneOrganizationEach,
        /// Joining a group does not join its organization.
        joining_stays_in_scim: JoiningStaysInScim,
        /// Leaving a group does not leave its organization.
        leaving_stays_in_scim: LeavingStaysInScim,
    }
    /// Groups and their organizations.
    groups: Groups {
        /// A rename onto the name of another organization is accepted.
        rename_makes_twin: RenameMakesTwin,
        /// A second group of the same name is accepted.
        twins_accepted: DuplicateOrganization,
        /// A name that a group has given up stays taken.
        old_name_kept: OldNameStaysTaken,
        /// A refused rename is stored all the same.
        refused_rename_sticks: RefusedRenameSticks,
        /// A rename removes all members.
        rename_wipes_members: RenameWipesMembers,
        /// A group takes an organization over, whatever the setting.
        always_synced: SkipIsSync,
        /// A group is kept from the organization of its name, whatever the setting.
        always_skipped: SyncIsSkip,
    }
    /// Users and their customers.
    users: Users {
        /// The creation of a user that exists overwrites it.
        duplicate_taken_over: DuplicateTakenOver,
        /// A customer who was made by hand gets a twin.
        customer_not_linked: CustomerNotLinked,
        /// A customer who is linked loses the organizations made by hand.
        linking_empties_customer: LinkingEmptiesCustomer,
        /// A PUT takes the user out of all groups.
        put_drops_memberships: PutDropsMemberships,
        /// A deactivated user stays inactive.
        reactivation_ignored: ReactivationIgnored,
        /// A refused change is stored all the same.
        refused_change_sticks: RefusedUserChangeSticks,
        /// A new login name is refused.
        rename_refused: UserRenameRefused,
        /// A new login name makes a new id.
        rename_changes_id: RenameChangesId,
        /// Deactivating deletes.
        deactivating_deletes: DeactivateDeletes,
        /// Deactivating does not reach the customer.
        deactivating_stays_in_scim: DeactivationStaysInScim,
    }
}
