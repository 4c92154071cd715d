//! The table of defects, and of quirks.

use super::model::DefectRow;

macro_rules! rows {
    ($name:ident: $($topic:literal {
        $($variant:ident $word:literal [$($hurts:ident)*] $shown:literal $source:literal, $story:literal;)*
    })*) => {
        pub(super) const $name: &[DefectRow] = &[$($(DefectRow {
            defect: Defect::$variant,
            name: $word,
            topic: $topic,
            story: $story,
            source: $source,
            hurts: &[$(stringify!($hurts)),*],
            shown_by: $shown,
        },)*)*];
    };
}

macro_rules! table {
    (defects: { $($defects:tt)* } quirks: { $($quirks:tt)* }) => {
        rows! { DEFECTS: $($defects)* }
        rows! { QUIRKS: $($quirks)* }
        switches! { [] $($defects)* $($quirks)* }
    };
}

/// Gathers the variants of all topics into one enum.
macro_rules! switches {
    ([$($known:tt)*] $topic:literal {
        $($variant:ident $word:literal [$($hurts:ident)*] $shown:literal $source:literal, $story:literal;)*
    } $($rest:tt)*) => {
        switches! { [$($known)* $(#[doc = $story] $variant,)*] $($rest)* }
    };
    ([$($known:tt)*]) => {
        /// A deliberate bug, or a quirk.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Defect { $($known)* }
    };
}

// A switch, its name, whom it hurts, a scenario that shows it; where it was seen or which rule it breaks, what happens.
table! {
defects: {
    "filters" {
        InactiveHidden "inactive-hidden" [okta entra google] "users/created-inactive"
            "growthbook; Entra quirk Q20",
            "a lookup does not find inactive users";
        FilterIgnored "filter-ignored" [okta entra google] "users/second-person-is-somebody-else"
            "Entra requirement R4 broken",
            "a filter is ignored and everyone is returned";
        PrefixFilter "prefix-filter" [okta entra] "groups/names-that-begin-alike"
            "FusionAuth #3111; Entra quirk Q13",
            "an equality filter also finds names that only begin that way";
        MissIs404 "miss-is-404" [entra] "connection/test-connection-finds-nobody"
            "Entra quirk Q11",
            "a lookup that finds nobody is answered 404";
    }
    "paging" {
        StartIndexIgnored "start-index-ignored" [okta entra] "connection/second-page-is-another"
            "RFC 7644 §3.4.2.4 broken",
            "every page is the first one";
    }
    "patch" {
        StringFalseIgnored "string-false-ignored" [entra] "entra/active-as-a-string"
            "Entra quirk Q1",
            "the string \"False\" for active is answered 200 and does nothing";
        PathlessActiveIgnored "pathless-active-ignored" [okta] "okta/active-without-a-path"
            "okta-google-others §4, pathless replace",
            "active in the value of an operation without a path does nothing";
        HalfAppliedPatch "half-applied-patch" [okta entra] "groups/refused-operation-undoes-the-others"
            "RFC 7644 §3.5.2 broken",
            "a PATCH that fails halfway leaves its first half behind";
    }
    "memberships" {
        RemoveOneRemovesAll "remove-one-removes-all" [okta entra] "groups/member-removed"
            "AzureAD/SCIMReferenceCode #10; Entra quirk Q3",
            "removing one member removes all of them";
        RemoveByValueListIgnored "remove-by-value-list-ignored" [entra] "groups/last-member-leaves"
            "scim-patch #959; Entra quirk Q3",
            "a removal that lists the members in its value is answered 200 and does nothing";
        AddReplacesMembers "add-replaces-members" [okta entra] "groups/member-added-again"
            "okta-google-others §4",
            "adding members replaces the ones that are there";
        ReAddDoublesMember "re-add-doubles-member" [okta entra] "groups/member-added-again"
            "AzureAD/SCIMReferenceCode #10; Entra quirk Q18",
            "adding a member that is there stores it a second time";
        UnknownMemberIgnored "unknown-member-ignored" [okta entra] "groups/unknown-member-changes-nothing"
            "okta-google-others §4, silent drift",
            "a member that does not exist is dropped without a word";
        RenameWipesMembers "rename-wipes-members" [okta entra] "groups/renamed-in-case-only"
            "langwatch #7131; okta-google-others §4",
            "renaming a group empties it";
        DeleteUserLeavesMember "delete-user-leaves-member" [entra] "entra/deleted-user-leaves-no-member-behind"
            "getsentry/sentry #122540",
            "a deleted user is still listed in its groups";
        PutDropsMemberships "put-drops-memberships" [okta] "okta/import-and-force-sync-change-nothing"
            "okta-google-others §2.1, groups echoed in PUT",
            "a PUT of a user takes it out of all its groups";
    }
    "conflicts" {
        RenameMakesTwin "rename-makes-twin" [okta entra] "conflicts/rename-onto-manual-organization"
            "jsm-customer-provisioning §2, rule 5 broken",
            "a rename onto the name of another organization is accepted";
        DuplicateOrganization "duplicate-organization" [okta entra] "conflicts/organization-is-kept"
            "Entra quirk Q15; jsm-customer-provisioning C-07",
            "a second organization of the same name is accepted";
        CaseTwinsAccepted "case-twins-accepted" [okta entra google] "users/same-name-in-other-case-is-refused"
            "Entra quirk Q14; RFC 7643 §4.1.1",
            "names and addresses that differ only in case are two users";
    }
    "lifecycle" {
        DeactivateDeletes "deactivate-deletes" [okta entra google] "users/returner-gets-the-same-customer"
            "Entra requirement R7 broken",
            "deactivating a user deletes it";
    }
    "shapes" {
        ExcludedAttributesIgnored "excluded-attributes-ignored" [entra] "groups/last-member-leaves"
            "snipe-it #19096; Entra quirk Q12",
            "members are returned although they were excluded";
        ActiveAsString "active-as-string" [entra] "users/user-of-another-client-is-linked"
            "snipe-it #11094; Entra quirk Q22",
            "active is returned as a string";
        CreateWithoutId "create-201-without-id" [okta entra google] "users/user-of-another-client-is-linked"
            "okta-google-others §2.2; Entra requirement R10",
            "a creation is answered 201 without the id";
        StringTotalResults "string-total-results" [okta entra] "users/user-of-another-client-is-linked"
            "okta-google-others §2.2",
            "the numbers of a list are strings";
        PasswordEchoed "password-echoed" [okta] "users/duplicate-is-refused"
            "RFC 7643 §4.1.1, returned: never",
            "the answer to a creation holds the password";
    }
}
quirks: {
    "shapes" {
        MembersAsNull "members-as-null" [] ""
            "RFC 7643 §2.5; okta-google-others §2.2",
            "a group without members says members: null";
    }
}
}
