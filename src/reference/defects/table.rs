//! The table of defects, and of quirks.

/// Where a defect acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Before the body is read: refuses a request, or admits one that should be refused.
    Gate,
    /// Between reading and writing: makes concurrent requests wait for one another.
    Race,
    /// Before the handler: rewrites the request, or answers it in the handler's place.
    Request,
    /// After the handler: rewrites the answer.
    Response,
    /// Inside the handler, as a switch at one of the `Seams`.
    Inside,
}

/// A defect with its story, for a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DefectRow {
    /// The switch.
    pub defect: Defect,
    /// The name, as `--defect` takes it.
    pub name: &'static str,
    /// What it is about: `filters`, `memberships`, …
    pub topic: &'static str,
    /// What the provider does wrong, in one sentence.
    pub story: &'static str,
    /// Where it was seen, or which rule it breaks.
    pub source: &'static str,
    /// The layers in which it acts.
    pub layers: &'static [Layer],
    /// The families of clients that it hurts; none for a quirk.
    pub hurts: &'static [&'static str],
    /// A scenario that shows it; empty for a quirk, which none may show.
    pub shown_by: &'static str,
}

macro_rules! rows {
    ($name:ident: $($topic:literal {
        $($variant:ident $word:literal $($layer:ident)+ [$($hurts:ident)*] $shown:literal
            $source:literal, $story:literal;)*
    })*) => {
        pub(super) static $name: &[DefectRow] = &[$($(DefectRow {
            defect: Defect::$variant,
            name: $word,
            topic: $topic,
            story: $story,
            source: $source,
            layers: &[$(Layer::$layer),+],
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
        $($variant:ident $word:literal $($layer:ident)+ [$($hurts:ident)*] $shown:literal
            $source:literal, $story:literal;)*
    } $($rest:tt)*) => {
        switches! { [$($known)* $(#[doc = $story] $variant,)*] $($rest)* }
    };
    ([$($known:tt)*]) => {
        /// A deliberate bug, or a quirk.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Defect { $($known)* }
    };
}

// A defect, its name, its layers, whom it hurts, a scenario that shows it; where it was seen or which rule it breaks, what
// happens.
table! {
defects: {
    "filters" {
        FilterIgnored "filter-ignored" Request [okta entra google] "users/second-person-is-somebody-else"
            "docs/providers/entra.md#required-filters broken",
            "filters are ignored, and every resource is returned";
        GroupFilterIgnored "group-filter-ignored" Request [okta entra] "groups/names-that-begin-alike"
            "open-webui/open-webui #21543",
            "filters on groups are ignored, and a lookup of a group returns all groups";
        GroupFilterRefused "group-filter-refused" Request [okta entra] "groups/new-group-becomes-organization"
            "ssoready/ssoready #232; okta/okta-developer-docs #3506",
            "a filter on groups returns 400";
        PrefixFilter "prefix-filter" Inside [okta entra] "groups/names-that-begin-alike"
            "FusionAuth/fusionauth-issues #3111; docs/providers/entra.md#prefix-matches",
            "an equality filter also finds names that only begin with the value";
        FilterCaseSensitive "filter-case-sensitive" Inside [okta entra] "users/user-of-another-client-in-other-case-is-linked"
            "zulip/zulip #21758; docs/providers/entra.md#required-case-insensitive-filters",
            "lookups are case-sensitive, but uniqueness is not";
        PlusIsNoSpace "plus-is-no-space" Request [entra] "users/new-user-becomes-customer"
            "docs/providers/entra.md#query-encoding",
            "a plus in the query is not decoded, so that Entra's filters cannot be read";
        SpaceEndsValue "space-ends-filter-value" Request [okta entra] "groups/unusual-signs-in-the-name"
            "audriga/scim-server-php #1; kanidm/kanidm #3673",
            "filters are split at spaces, and a value with a space returns 400";
        FilterDecodedTwice "filter-decoded-twice" Request [okta entra google] "users/unusual-signs-in-the-login-name"
            "docs/providers/entra.md#special-characters-in-filters",
            "a plus in the address of a lookup becomes a space";
        ApostropheBreaksFilter "apostrophe-breaks-filter" Request [okta entra google] "users/unusual-signs-in-the-login-name"
            "wso2/product-is #6631; docs/providers/entra.md#special-characters-in-filters",
            "an apostrophe in a filter returns 500";
        EscapesKept "escaped-quote-not-found" Request [okta entra] "groups/unusual-signs-in-the-name"
            "Captain-P-Goldfish/SCIM-SDK #913; kanidm/kanidm #3673",
            "an escaped quotation mark in a filter keeps its backslash, and the name is not found";
        NonAsciiFilterRefused "non-ascii-filter-refused" Request [okta entra] "groups/unusual-signs-in-the-name"
            "apache/directory-scimple #564, #981",
            "a filter with a non-ASCII letter returns 400";
        MissIs404 "miss-is-404" Response [entra] "connection/test-connection-finds-nobody"
            "docs/providers/entra.md#random-probe",
            "a lookup without a match returns 404";
        InactiveHidden "inactive-hidden" Inside [okta entra google] "users/returner-gets-the-same-customer"
            "growthbook/growthbook #1680; docs/providers/entra.md#hidden-inactive-users",
            "lookups do not find inactive users";
    }
    "paging" {
        StartIndexIgnored "start-index-ignored" Inside [okta entra] "connection/second-page-is-another"
            "scimmyjs/scimmy #21; RFC 7644 §3.4.2.4 broken",
            "every page is the first page";
        ZeroBasedStartIndex "zero-based-start-index" Inside [okta entra] "connection/second-page-is-another"
            "simpleidserver/SimpleIdServer #185; osiam/server #7",
            "startIndex counts from 0, and the first resource is on no page";
        CountIgnored "count-ignored" Request [okta entra] "connection/second-page-is-another"
            "wso2/product-is #5362",
            "a page contains all resources, whatever count says";
        FilterTotalIsAll "filter-total-is-all" Response [okta entra] "users/second-person-is-somebody-else"
            "wso2/product-is #12813; RFC 7644 §3.4.2 broken",
            "totalResults of a lookup counts all resources, whatever the filter says";
        TotalIsPageSize "total-is-page-size" Response [okta entra] "connection/second-page-is-another"
            "wso2/product-is #7320, #13823",
            "totalResults is the size of the page";
        LastPageRepeated "last-page-repeated" Inside [okta entra] "connection/page-behind-the-end"
            "wso2/product-is #13752",
            "a page beyond the end repeats the last resources";
        PageBehindEndRefused "page-behind-end-refused" Response [okta entra] "connection/page-behind-the-end"
            "RFC 7644 §3.4.2, no match is 200",
            "a page beyond the end returns 404";
        UnstableOrder "unstable-order" Inside [okta entra] "connection/second-page-is-another"
            "RFC 7644 §3.4.2.4, pages of one result",
            "every other list is in reverse order, so that pages overlap";
    }
    "patch" {
        StringFalseIgnored "string-false-ignored" Request [entra] "entra/active-as-a-string"
            "docs/providers/entra.md#string-booleans",
            "the string \"False\" for active returns 200 and does nothing";
        StringFalseIsTrue "string-false-is-true" Request [entra] "entra/active-as-a-string"
            "scimmyjs/scimmy #51, #86; docs/providers/entra.md#string-booleans",
            "the string \"False\" for active counts as true, like any text";
        StringBooleanRefused "string-boolean-refused" Inside [entra] "entra/active-as-a-string"
            "Captain-P-Goldfish/scim-for-keycloak #119; docs/providers/entra.md#string-booleans",
            "a boolean as a string returns 400";
        CapitalOpRefused "capital-op-refused" Inside [entra] "users/leaver-is-deactivated"
            "docs/providers/entra.md#capitalised-operations",
            "an operation named Add, Replace or Remove returns 400";
        PathlessActiveIgnored "pathless-active-ignored" Request [okta] "okta/active-without-a-path"
            "docs/providers/okta.md#pathless-replace",
            "active in the value of an operation without a path is ignored";
        PathKeysRefused "path-keys-refused" Inside [entra] "users/profile-change-arrives"
            "pond/scimitar #123; docs/providers/entra.md#path-keys",
            "a value with paths as keys returns 400";
        PathKeysIgnored "path-keys-ignored" Request [entra] "users/profile-change-arrives"
            "grokability/snipe-it #19115; docs/providers/entra.md#path-keys",
            "a value with paths as keys returns 200, and these keys do nothing";
        ValuePathIgnored "value-path-ignored" Request [entra] "users/renamed-user-keeps-her-organization"
            "thomaspoignant/scim-patch #176; docs/providers/entra.md#value-paths-that-create",
            "a path with a filter returns 200 and does nothing";
        ManagerStringRefused "manager-string-refused" Inside [entra] "entra/manager-changes"
            "Captain-P-Goldfish/SCIM-SDK #686; docs/providers/entra.md#manager-in-many-forms",
            "a manager as a plain string returns 400";
        IdInPatchRefused "id-in-patch-refused" Inside [okta] "groups/group-renamed"
            "docs/providers/okta.md#id-in-the-value-of-a-patch",
            "a PATCH that repeats the id, as Okta sends it, returns 400";
        EmptyValueRefused "empty-value-refused" Request [okta] "okta/empty-values-are-accepted"
            "docs/providers/okta-tests.md#plan-update, case C9337",
            "an empty string, which clears an attribute, returns 400";
        UnknownSchemaRefused "unknown-schema-refused" Request [google] "users/new-user-becomes-customer"
            "docs/providers/google.md#create-a-user; docs/providers/entra.md#foreign-schema-uris",
            "a body with a schema of another version or vendor returns 400";
        PatchEmptiesTitle "patch-empties-title" Request [okta entra] "okta/full-profile-stays"
            "pond/scimitar #6; RFC 7644 §3.5.2 broken",
            "a PATCH of active also empties the title";
        FirstOperationOnly "first-operation-only" Request [entra] "users/renamed-user-keeps-her-organization"
            "RFC 7644 §3.5.2 broken",
            "only the first of several operations in a PATCH is applied";
        HalfAppliedPatch "half-applied-patch" Inside [okta entra] "groups/refused-operation-undoes-the-others"
            "Captain-P-Goldfish/SCIM-SDK #200; python-scim/scim2-models #155",
            "a PATCH that fails halfway keeps its first half";
        NoOpPatchRefused "no-op-patch-refused" Request Response [okta entra] "groups/member-added-again"
            "better-auth/better-auth #8549",
            "a PATCH that changes nothing returns 400";
        PatchClearsRest "patch-clears-the-rest" Inside [okta entra] "users/leaver-is-deactivated"
            "RFC 7644 §3.5.2 broken",
            "a PATCH works like a PUT: attributes that it does not mention are cleared";
        PatchUnsupported "patch-unsupported" Request [okta entra] "users/leaver-is-deactivated"
            "unitycatalog/unitycatalog #423",
            "PATCH returns 501, so that nobody can be deactivated";
        PatchWithoutBody "patch-200-without-body" Response [okta entra] "groups/member-joins"
            "RFC 7644 §3.5.2 broken",
            "a PATCH returns 200 without the resource";
    }
    "memberships" {
        RemoveOneRemovesAll "remove-one-removes-all" Request [okta entra] "groups/member-removed"
            "AzureAD/SCIMReferenceCode #10; docs/providers/entra.md#removal-by-value-list",
            "removing one member removes all of them";
        WrongMemberRemoved "wrong-member-removed" Inside [okta entra] "groups/member-removed"
            "FusionAuth/fusionauth-issues #2834",
            "members are removed by an outdated position in the list, so that the wrong one goes";
        RemoveIgnored "remove-ignored" Request [okta entra] "groups/member-removed"
            "better-auth/better-auth #10422",
            "removals of members return 200 and do nothing";
        RemoveByValueListIgnored "remove-by-value-list-ignored" Request [entra] "entra/several-members-removed-by-value"
            "thomaspoignant/scim-patch #959; docs/providers/entra.md#removal-by-value-list",
            "a removal that lists the members in its value returns 200 and does nothing";
        RemoveByValueListRefused "remove-by-value-list-refused" Request [entra] "entra/several-members-removed-by-value"
            "Captain-P-Goldfish/SCIM-SDK #149, #167; pond/scimitar #43",
            "a removal that lists the members in its value returns 400";
        RemoveAbsentIs404 "remove-absent-is-404" Inside [okta entra] "groups/absent-member-is-removed"
            "Infisical/infisical #6471; docs/providers/entra.md#repeated-member-changes",
            "removing somebody who is not a member returns 404";
        AddReplacesMembers "add-replaces-members" Request [okta entra] "groups/member-joins"
            "docs/providers/okta.md#add-must-append",
            "adding members replaces the existing ones";
        ReplaceMembersAdds "replace-members-adds" Request [okta entra] "okta/push-now-takes-strangers-out"
            "keycloak/keycloak #52752; PostHog/posthog #47336",
            "replacing the members only adds members, and nobody ever leaves";
        ReAddDoublesMember "re-add-doubles-member" Inside [okta entra] "groups/member-added-again"
            "AzureAD/SCIMReferenceCode #10; docs/providers/entra.md#repeated-member-changes",
            "adding an existing member stores it a second time";
        ReAddIs409 "re-add-is-409" Inside [okta entra] "groups/member-added-again"
            "simpleidserver/SimpleIdServer #245, #256; docs/providers/entra.md#repeated-member-changes",
            "adding an existing member returns 409";
        FirstMemberOnly "first-member-only" Request [okta] "okta/push-now-restores-members"
            "docs/providers/entra.md#required-several-members",
            "only the first of several members in one operation is added";
        UntypedMemberIgnored "untyped-member-ignored" Request [okta entra] "groups/new-group-becomes-organization"
            "docs/providers/okta.md#member-without-a-type",
            "a member without a type is silently dropped";
        UnknownMemberIgnored "unknown-member-ignored" Request [okta entra] "groups/unknown-member-changes-nothing"
            "docs/providers/okta.md#no-check-after-a-patch",
            "an unknown member is silently dropped";
        MembersOnCreateIgnored "members-on-create-ignored" Request [okta] "okta/creation-with-members-takes-over"
            "docs/providers/okta.md#push-a-group",
            "the initial members of a new group are dropped";
        PutMembersIgnored "put-members-ignored" Inside [okta] "groups/member-removed"
            "RFC 7644 §3.5.1 broken",
            "a PUT of a group does not change its members";
        PutDropsMemberships "put-drops-memberships" Inside [okta] "groups/profile-change-keeps-organization"
            "docs/providers/okta.md#groups-echoed-in-a-put",
            "a PUT of a user removes it from all its groups";
        RenameWipesMembers "rename-wipes-members" Inside [okta entra] "groups/group-renamed"
            "langwatch/langwatch #7131; docs/providers/okta.md#rename-must-keep-members",
            "renaming a group empties it";
        RejoiningIgnored "rejoining-ignored" Inside [okta entra] "groups/member-leaves-and-comes-back"
            "docs/providers/entra.md#memberships-after-a-restore",
            "a removed member cannot be added to the group again";
        OneOrganizationEach "one-organization-each" Inside [okta entra] "groups/person-in-two-organizations"
            "against docs/jira-service-management.md#objects",
            "a user who joins a group leaves all others";
        NestedGroupFlattened "nested-group-flattened" Request [entra] "entra/nested-group-is-not-flattened"
            "docs/providers/entra.md#nested-groups",
            "the members of a nested group become direct members";
        JoiningStaysInScim "joining-stays-in-scim" Inside [okta entra] "groups/member-joins"
            "against docs/jira-service-management.md#objects",
            "a user who joins a group is a member over SCIM but not in the organization";
        LeavingStaysInScim "leaving-stays-in-scim" Inside [okta entra] "groups/member-removed"
            "against docs/jira-service-management.md#objects",
            "a user who leaves a group is not a member over SCIM but still in the organization";
        DeleteUserLeavesMember "delete-user-leaves-member" Request [entra] "entra/deleted-user-leaves-no-member-behind"
            "getsentry/sentry #122540",
            "a deleted user is still listed in its groups";
        GroupDeletesMembers "group-deletes-members" Request [okta entra] "groups/deleted-group-takes-its-organization"
            "RFC 7644 §3.6, the resource that is named",
            "deleting a group deletes its members";
    }
    "conflicts" {
        RenameMakesTwin "rename-makes-twin" Inside [okta entra] "conflicts/rename-onto-synced-organization"
            "against docs/jira-service-management.md#rename-onto-an-existing-name",
            "a group can be renamed to the name of another organization";
        DuplicateOrganization "duplicate-organization" Inside [okta entra] "conflicts/second-group-of-a-name-is-refused"
            "docs/providers/entra.md#two-groups-of-one-name; docs/jira-service-management.md#two-groups-of-one-name",
            "a second organization of the same name is accepted";
        GroupCaseTwins "group-case-twins-accepted" Inside [okta entra] "conflicts/second-group-in-other-case-is-refused"
            "docs/providers/entra.md#required-case-insensitive-filters; RFC 7643 §8.7.1",
            "group names that differ only in case make two organizations";
        CaseTwinsAccepted "case-twins-accepted" Inside [okta entra google] "users/same-name-in-other-case-is-refused"
            "langfuse/langfuse #13528; docs/providers/entra.md#filter-values-in-another-case",
            "names and addresses that differ only in case make two users";
        PutConflictsWithItself "put-conflicts-with-itself" Request [okta google] "users/profile-change-arrives"
            "lightdash/lightdash #15035; RFC 7644 §3.5.1 broken",
            "a PUT that keeps the login name returns 409";
        DuplicateIs400 "duplicate-is-400" Response [okta entra google] "users/duplicate-is-refused"
            "FusionAuth/fusionauth-issues #1776; imulab/go-scim #65",
            "a taken name returns 400";
        DuplicateIs500 "duplicate-is-500" Response [okta entra google] "users/duplicate-is-refused"
            "RFC 7644 §3.3 broken",
            "a taken name returns 500";
        DuplicateTakenOver "duplicate-taken-over" Inside [okta entra google] "users/duplicate-is-refused"
            "onyx-dot-app/onyx #8959; RFC 7644 §3.3 broken",
            "creating an existing user returns 201 and overwrites it";
        ConflictWithoutKeyword "conflict-without-keyword" Response [okta entra] "users/duplicate-is-refused"
            "getsentry/sentry #117860",
            "a 409 does not mention uniqueness";
        OldNameStaysTaken "old-name-stays-taken" Inside [okta entra] "groups/freed-name-goes-to-another-group"
            "eneo-ai/eneo #461; docs/providers/entra.md#names-of-deleted-groups",
            "a former name of a group cannot be used by another group";
        RefusedRenameSticks "refused-rename-sticks" Inside [okta entra] "conflicts/rename-onto-synced-organization"
            "RFC 7644 §3.5.2 broken",
            "a rename that returns 409 takes effect anyway";
        RefusedUserChangeSticks "refused-user-change-sticks" Inside [okta entra] "users/rename-onto-a-taken-name-is-refused"
            "RFC 7644 §3.5.2 broken",
            "a new login name that returns 409 takes effect anyway";
        SkipIsSync "skip-is-sync" Inside [okta entra] "conflicts/skipped-group-stays-skipped"
            "against docs/jira-service-management.md#the-setting",
            "a group takes over an organization although the setting is to skip it";
        SyncIsSkip "sync-is-skip" Inside [okta entra] "conflicts/adopted-organization-stays-synced"
            "against docs/jira-service-management.md#the-setting",
            "a group does not take over the organization of the same name although the setting is to sync it";
        CustomerNotLinked "customer-not-linked" Inside [okta entra google] "users/existing-customer-is-linked"
            "against docs/jira-service-management.md#operations",
            "a customer created by hand gets a duplicate";
        LinkingEmptiesCustomer "linking-empties-customer" Inside [okta entra google] "users/existing-customer-is-linked"
            "against docs/jira-service-management.md#operations",
            "a linked customer loses the organizations created by hand";
    }
    "lifecycle" {
        DeactivateDeletes "deactivate-deletes" Inside [okta entra google] "users/leaver-is-deactivated"
            "sourcegraph/sourcegraph #49017; docs/providers/entra.md#required-soft-deletion broken",
            "deactivating a user deletes it";
        DeactivationStaysInScim "deactivation-stays-in-scim" Inside [okta entra google] "users/leaver-is-deactivated"
            "against docs/jira-service-management.md#operations",
            "a user deactivated over SCIM keeps access to the portal";
        ReactivationIgnored "reactivation-ignored" Inside [okta entra google] "users/returner-gets-the-same-customer"
            "docs/providers/entra.md#required-soft-deletion broken",
            "a deactivated user cannot be reactivated";
        CreatedAlwaysActive "created-always-active" Request [okta entra google] "users/created-inactive"
            "RFC 7644 §3.3 broken",
            "a user created inactive is active";
        UserRenameRefused "user-rename-refused" Inside [okta entra] "users/renamed-user-keeps-her-organization"
            "RFC 7643 §4.1.1, userName is readWrite",
            "a new login name returns 400";
        RenameChangesId "rename-changes-id" Inside [okta entra] "users/renamed-user-keeps-her-organization"
            "RFC 7643 §3.1 broken",
            "the id is derived from the login name and changes with it";
        DeletedUserStays "deleted-user-stays" Request [entra] "users/deleted-user-is-not-found"
            "wireapp/wire-server #548; RFC 7644 §3.6 broken",
            "a deletion returns 204 but only deactivates";
        MissingIs400 "missing-is-400" Response [okta entra] "groups/deleted-group-is-not-found"
            "RFC 7644 §3.6 broken",
            "an unknown id returns 400";
        DeletedTwice "deleted-twice" Response [okta entra] "groups/deleted-group-is-not-found"
            "wireapp/wire-server #660",
            "a second deletion returns 204";
        AnyKeyAccepted "any-key-accepted" Gate [okta entra google] "connection/wrong-or-missing-key-changes-nothing"
            "RFC 7644 §2 broken",
            "any Authorization header grants access";
        LongerKeyAccepted "longer-key-accepted" Gate [okta entra google] "connection/key-that-is-not-whole-opens-nothing"
            "RFC 7644 §2 broken, as where a hash takes the first 72 bytes alone",
            "a key is accepted that goes on behind the right one";
        ExpiredKeyAccepted "expired-key-accepted" Gate [okta entra] "lifecycle/key-expired"
            "against docs/jira-service-management.md#the-api-key",
            "API keys never expire";
    }
    "errors" {
        ErrorStatusAsNumber "error-status-as-number" Response [okta entra] "users/duplicate-is-refused"
            "Captain-P-Goldfish/SCIM-SDK #834; pingidentity/scim2 #87",
            "the status of an error is a number";
        ErrorSchemasAsString "error-schemas-as-string" Response [okta entra] "users/duplicate-is-refused"
            "wso2/product-is #3572",
            "`schemas` of an error is a string";
        ErrorNested "error-nested" Response [okta entra] "users/duplicate-is-refused"
            "simpleidserver/SimpleIdServer #227",
            "errors are wrapped in another object";
        ErrorAsPage "error-as-page" Response [okta entra] "users/duplicate-is-refused"
            "docs/providers/okta.md#error-page-that-is-not-json",
            "errors are HTML pages";
        RefusalAnswered200 "refusal-answered-200" Response [okta entra google] "users/duplicate-is-refused"
            "RFC 7644 §3.12 broken",
            "errors return 200 with the error in the body";
    }
    "transport" {
        UserAgentRequired "user-agent-required" Gate [entra] "users/new-user-becomes-customer"
            "kortix-ai/suna #7297; docs/providers/entra.md#no-user-agent-and-no-accept",
            "a request without a User-Agent returns 403";
        AcceptRequired "accept-required" Gate [entra] "users/new-user-becomes-customer"
            "MicrosoftDocs/azure-docs #94189; pond/scimitar 2.0.2; docs/providers/entra.md#no-user-agent-and-no-accept",
            "a request without an Accept returns 406";
        ScimJsonRefused "scim-json-refused" Gate [okta entra] "users/new-user-becomes-customer"
            "better-auth/better-auth #6365; medplum/medplum #4143",
            "a body of type application/scim+json returns 415";
        PlainJsonRefused "plain-json-refused" Gate [google] "users/new-user-becomes-customer"
            "indigo-iam/iam #1285; scimmyjs/scimmy-routers #22",
            "a body of type application/json returns 415";
        UnknownParameterRefused "unknown-parameter-refused" Gate [entra] "entra/flag-in-the-query-is-ignored"
            "docs/providers/entra.md#flag-in-the-tenant-url",
            "a query parameter that the RFC does not define returns 400";
        JsonAsText "json-as-text" Response [okta entra google] "users/new-user-becomes-customer"
            "RFC 7644 §8.1 broken",
            "JSON is returned as text/plain";
        BomBeforeJson "bom-before-json" Response [okta entra google] "users/new-user-becomes-customer"
            "RFC 8259 §8.1 broken",
            "JSON starts with a byte order mark";
    }
    "discovery" {
        SchemasAsBareArray "schemas-as-bare-array" Response [entra] "connection/discovery"
            "pond/scimitar #117; PowerDMS/Owin.Scim #44",
            "the list of schemas is a plain array";
        SchemaWithoutSchemas "schema-without-schemas" Response [entra] "connection/what-the-endpoint-says-of-itself"
            "apache/directory-scimple #1012",
            "schema resources do not name their own schema";
        GroupSchemaMissing "group-schema-missing" Response [entra] "connection/what-the-endpoint-says-of-itself"
            "docs/providers/entra-tests.md#schema-discoverability",
            "the schema of groups is not listed";
        ConfigWithoutSchemes "config-without-schemes" Response [entra] "connection/what-the-endpoint-says-of-itself"
            "RFC 7643 §5 broken",
            "the configuration does not say how to authenticate";
        ResourceTypesMissing "resource-types-missing" Request [okta entra] "connection/what-the-endpoint-says-of-itself"
            "RFC 7644 §4 broken",
            "the list of resource types returns 404";
    }
    "concurrency" {
        ConcurrentMembersLost "concurrent-members-lost" Race [entra] "groups/members-added-at-once"
            "scimmyjs/scimmy #79; FusionAuth/fusionauth-issues #2869; Captain-P-Goldfish/SCIM-SDK #646",
            "if two members are added at the same time, one is lost";
        ConcurrentIsBusy "concurrent-is-busy" Race [entra] "groups/members-added-at-once"
            "docs/providers/okta.md#answer-5xx; Infisical/infisical #6471",
            "if a group is changed twice at the same time, one change returns 500";
        ConcurrentChangeLost "concurrent-change-lost" Race [okta entra] "users/changed-at-once"
            "Captain-P-Goldfish/SCIM-SDK #646; Captain-P-Goldfish/scim-for-keycloak #90",
            "if a user is changed twice at the same time, one change is lost";
        ConcurrentTwins "concurrent-twins" Race [okta entra] "users/created-at-once"
            "BerriAI/litellm #34162",
            "creating a user twice at the same time makes two users";
        ConcurrentTwinGroups "concurrent-twin-groups" Race [okta entra] "groups/created-at-once"
            "BerriAI/litellm #34162",
            "creating a group twice at the same time makes two organizations";
    }
    "consistency" {
        StaleMembers "stale-members" Request [okta entra] "groups/member-joins"
            "fleetdm/fleet #50724",
            "a PATCH of a group starts from outdated members";
        LookupLags "lookup-lags" Response [okta entra google] "entra/restart-changes-nothing"
            "jelhub/scimgateway #168; auth0/node-auth0 #472",
            "the first lookup of a new user or group does not find it";
        CreatedUnreadable "created-unreadable" Request Response [okta entra] "users/profile-change-arrives"
            "jelhub/scimgateway #168",
            "the first read of a new user or group returns 404";
        ReadLags "read-lags" Request Response [okta entra] "users/suspended-and-back"
            "fleetdm/fleet #50724",
            "the first read after a change returns the old state";
        DeletionLags "deletion-lags" Request Response [entra] "groups/deleted-group-takes-its-organization"
            "RFC 7644 §3.6 broken",
            "the first list after a deletion still contains the deleted resource";
    }
    "shapes" {
        ExcludedAttributesIgnored "excluded-attributes-ignored" Request [entra] "groups/group-renamed"
            "grokability/snipe-it #19096; docs/providers/entra.md#members-in-spite-of-excludedattributes",
            "members are returned although excludedAttributes excludes them";
        ActiveAsString "active-as-string" Response [entra] "users/new-user-becomes-customer"
            "grokability/snipe-it #11094; docs/providers/entra.md#wrong-json-types",
            "active is returned as a string";
        ActiveAsNumber "active-as-number" Response [entra] "users/new-user-becomes-customer"
            "grokability/snipe-it #11094; docs/providers/entra.md#wrong-json-types",
            "active is returned as 1 or 0";
        IdAsNumber "id-as-number" Response [okta entra google] "users/new-user-becomes-customer"
            "limosa-io/laravel-scim-server #40",
            "ids are numbers";
        IdMissingInList "id-missing-in-list" Response [okta entra google] "users/returner-gets-the-same-customer"
            "docs/providers/entra.md#required-ids",
            "resources in a list have no id";
        ResourceWithoutSchemas "resource-without-schemas" Response [okta entra google] "users/change-whose-answer-was-lost"
            "RFC 7643 §3 broken",
            "resources do not name their schemas";
        CreateWithoutId "create-201-without-id" Response [okta entra google] "users/new-user-becomes-customer"
            "docs/providers/okta.md#creation-answered-without-an-id; docs/providers/entra.md#required-ids",
            "a creation returns 201 without the id";
        CreateWithoutBody "create-201-without-body" Response [okta entra google] "users/new-user-becomes-customer"
            "docs/providers/okta.md#answers-that-okta-cannot-use",
            "a creation returns 201 without the resource";
        ListAsBareArray "list-as-bare-array" Response [okta entra google] "users/new-user-becomes-customer"
            "docs/providers/entra.md#answer-that-cannot-be-parsed",
            "a list is a plain array";
        HitWithoutList "hit-without-list" Response [okta entra google] "users/user-of-another-client-is-linked"
            "docs/providers/entra.md#answer-that-cannot-be-parsed",
            "a lookup with one match returns the resource without a list";
        StringTotalResults "string-total-results" Response [okta entra] "users/new-user-becomes-customer"
            "docs/providers/okta.md#answers-that-okta-cannot-use",
            "the counts of a list are strings";
        GroupWithoutMembers "group-without-members" Response [okta] "groups/member-removed"
            "docs/providers/okta.md#members-of-a-group-in-an-answer",
            "groups are returned without their members";
        MemberWithoutValue "member-without-value" Response [okta] "groups/member-joins"
            "RFC 7643 §4.2",
            "members have a name and an address but no id";
        WriteAnswerAlwaysActive "write-answer-always-active" Response [okta entra google] "users/suspended-and-back"
            "open-webui/open-webui #30074; RFC 7644 §3.5.2 broken",
            "the answer to a PATCH or PUT says that the user is active, also after a deactivation";
        UserGroupsEmpty "user-groups-empty" Response [rfc] "rfc/groups-of-a-user-are-true"
            "RFC 7643 §4.1.2 broken",
            "groups of a user is always an empty list";
        FormattedNameIsLogin "formatted-name-is-login" Response [okta entra google] "users/profile-change-arrives"
            "RFC 7643 §4.1.1 broken",
            "name.formatted is the login name";
        UserNameLowercased "user-name-lowercased" Response [entra] "users/capitals-in-the-login-name"
            "docs/providers/entra.md#required-values-as-sent",
            "login names are returned in lower case";
        DisplayNameRewritten "display-name-rewritten" Response [okta entra google] "users/new-user-becomes-customer"
            "docs/providers/entra.md#required-values-as-sent",
            "the display name is returned as the login name";
        NamesEscaped "names-escaped" Response [okta entra] "groups/unusual-signs-in-the-name"
            "docs/providers/entra.md#required-values-as-sent",
            "an ampersand in a name is returned HTML-escaped";
        NonAsciiMangled "non-ascii-mangled" Response [okta entra] "groups/unusual-signs-in-the-name"
            "docs/providers/entra.md#required-values-as-sent",
            "non-ASCII letters are garbled";
        PasswordEchoed "password-echoed" Response [okta] "users/new-user-becomes-customer"
            "RFC 7643 §4.1.1, returned: never",
            "the response to a creation contains the password";
    }
    "standard" {
        ResourceTypeIsEndpoint "resource-type-is-endpoint" Response [rfc] "rfc/what-a-resource-says-of-itself"
            "RFC 7643 §3.1 broken",
            "meta.resourceType is the name of the endpoint, such as Users";
        ExtensionUnlisted "extension-unlisted" Response [rfc] "rfc/what-a-resource-says-of-itself"
            "RFC 7643 §3 broken",
            "a resource has attributes of an extension that its schemas do not list";
        CreatedMoves "created-moves" Response [rfc] "rfc/times-while-time-passes"
            "RFC 7643 §3.1 broken",
            "meta.created is the time of the last change";
        LastModifiedStands "last-modified-stands" Response [rfc] "rfc/times-while-time-passes"
            "RFC 7643 §3.1 broken",
            "meta.lastModified is always the time of the creation";
        LastModifiedIsNow "last-modified-is-now" Response [rfc] "rfc/times-while-time-passes"
            "RFC 7643 §3.1 broken",
            "meta.lastModified is the time of the answer";
        SeveralPrimaries "several-primaries" Response [rfc] "rfc/one-primary-address"
            "RFC 7643 §2.4 broken",
            "every address of several is the primary one";
        NoChallenge "no-challenge" Gate [rfc] "rfc/challenge"
            "RFC 9110 §11.6.1 broken",
            "a 401 does not say how to authenticate";
        SortIgnored "sort-ignored" Request [rfc] "rfc/sorting"
            "RFC 7644 §3.4.2.3 broken",
            "sorting is said to be supported, and sortBy is ignored";
        AttributesIgnored "attributes-ignored" Request [rfc] "rfc/attributes"
            "RFC 7644 §3.9 broken",
            "attributes is ignored, and everything is returned";
        PutMergesAddresses "put-merges-addresses" Request [rfc] "rfc/put-replaces-values"
            "RFC 7644 §3.5.1 broken",
            "a PUT of a user adds its addresses to those that are there";
        CursorSkips "cursor-skips" Response [rfc] "rfc/pages-by-cursor"
            "RFC 9865 §2 broken",
            "the second page by cursor lacks its last resource";
        CursorNotChecked "cursor-not-checked" Request [rfc] "rfc/pages-by-cursor"
            "RFC 9865 §2.1 broken",
            "an unknown cursor leads to the first page";
        OrIsFirst "or-is-first" Request [rfc] "rfc/filters-join"
            "RFC 7644 §3.4.2.2 broken",
            "of conditions that are joined by or, only the first counts";
        NotIsIgnored "not-is-ignored" Request [rfc] "rfc/filters-compare"
            "RFC 7644 §3.4.2.2 broken",
            "not in front of a filter is ignored";
        SearchFindsAll "search-finds-all" Request [rfc] "rfc/search-by-post"
            "RFC 7644 §3.4.3 broken",
            "the filter of a query that is sent by POST is ignored";
        NoTargetTaken "no-target-taken" Request [rfc] "rfc/patch-without-a-target"
            "RFC 7644 §3.5.2.2 broken",
            "a removal without a path returns 204 and does nothing";
        PutToNobodyTaken "put-to-nobody-taken" Request [rfc] "rfc/put-to-an-id-that-does-not-exist"
            "RFC 7644 §3.5.1 broken",
            "a PUT to an id that does not exist returns 200";
        IfMatchIgnored "if-match-ignored" Request [rfc] "rfc/versions"
            "RFC 9110 §13.1.1 broken",
            "versions are said to be supported, and If-Match is ignored";
        IfNoneMatchIgnored "if-none-match-ignored" Request [rfc] "rfc/versions"
            "RFC 9110 §13.1.2 broken",
            "versions are said to be supported, and If-None-Match is ignored";
        BulkNeverStops "bulk-never-stops" Request [rfc] "rfc/bulk-stops-at-errors"
            "RFC 7644 §3.7 broken",
            "failOnErrors of a bulk request is ignored";
        DiscoveryFiltered "discovery-filtered" Response [rfc] "rfc/discovery-is-not-filtered"
            "RFC 7644 §4 broken",
            "the lists of discovery are filtered";
    }
}
quirks: {
    "quirks" {
        MembersAsNull "members-as-null" Response [] ""
            "RFC 7643 §2.5; docs/providers/okta.md#members-of-a-group-in-an-answer",
            "a group without members has members: null";
        MembersReordered "members-reordered" Response [] ""
            "RFC 7643 §2.4",
            "members are returned in another order";
        NullForAbsent "null-for-absent" Response [] ""
            "RFC 7643 §2.5",
            "attributes without a value are null";
        ExtraAttributes "extra-attributes" Request Response [] ""
            "RFC 7643 §3.3",
            "resources have unknown attributes";
        EmptyListWithoutResources "empty-list-without-resources" Response [] ""
            "RFC 7644 §3.4.2",
            "an empty list has no Resources";
        NullsInSchemas "nulls-in-schemas" Response [] ""
            "RFC 7643 §2.5",
            "schemas contain null values";
        RateLimited "rate-limited" Gate [] ""
            "RFC 6585 §4; docs/providers/okta.md#answer-429",
            "every fifth write returns 429 and succeeds when repeated";
    }
}
}
