//! The table of defects, and of quirks.

use super::model::DefectRow;

macro_rules! rows {
    ($name:ident: $($topic:literal {
        $($variant:ident $word:literal [$($hurts:ident)*] $shown:literal $source:literal, $story:literal;)*
    })*) => {
        pub(super) static $name: &[DefectRow] = &[$($(DefectRow {
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
        FilterIgnored "filter-ignored" [okta entra google] "users/second-person-is-somebody-else"
            "docs/providers/entra.md#required-filters broken",
            "filters are ignored, and every resource is returned";
        GroupFilterIgnored "group-filter-ignored" [okta entra] "groups/names-that-begin-alike"
            "open-webui/open-webui #21543",
            "filters on groups are ignored, and a lookup of a group returns all groups";
        GroupFilterRefused "group-filter-refused" [okta entra] "groups/new-group-becomes-organization"
            "ssoready/ssoready #232; okta/okta-developer-docs #3506",
            "a filter on groups returns 400";
        PrefixFilter "prefix-filter" [okta entra] "groups/names-that-begin-alike"
            "FusionAuth/fusionauth-issues #3111; docs/providers/entra.md#prefix-matches",
            "an equality filter also finds names that only begin with the value";
        FilterCaseSensitive "filter-case-sensitive" [okta entra] "users/user-of-another-client-in-other-case-is-linked"
            "zulip/zulip #21758; docs/providers/entra.md#required-case-insensitive-filters",
            "lookups are case-sensitive, but uniqueness is not";
        PlusIsNoSpace "plus-is-no-space" [entra] "users/new-user-becomes-customer"
            "docs/providers/entra.md#query-encoding",
            "a plus in the query is not decoded, so that Entra's filters cannot be read";
        SpaceEndsValue "space-ends-filter-value" [okta entra] "groups/unusual-signs-in-the-name"
            "audriga/scim-server-php #1; kanidm/kanidm #3673",
            "filters are split at spaces, and a value with a space returns 400";
        FilterDecodedTwice "filter-decoded-twice" [okta entra google] "users/unusual-signs-in-the-login-name"
            "docs/providers/entra.md#special-characters-in-filters",
            "a plus in the address of a lookup becomes a space";
        ApostropheBreaksFilter "apostrophe-breaks-filter" [okta entra google] "users/unusual-signs-in-the-login-name"
            "wso2/product-is #6631; docs/providers/entra.md#special-characters-in-filters",
            "an apostrophe in a filter returns 500";
        EscapesKept "escaped-quote-not-found" [okta entra] "groups/unusual-signs-in-the-name"
            "Captain-P-Goldfish/SCIM-SDK #913; kanidm/kanidm #3673",
            "an escaped quotation mark in a filter keeps its backslash, and the name is not found";
        NonAsciiFilterRefused "non-ascii-filter-refused" [okta entra] "groups/unusual-signs-in-the-name"
            "apache/directory-scimple #564, #981",
            "a filter with a non-ASCII letter returns 400";
        MissIs404 "miss-is-404" [entra] "connection/test-connection-finds-nobody"
            "docs/providers/entra.md#random-probe",
            "a lookup without a match returns 404";
        InactiveHidden "inactive-hidden" [okta entra google] "users/returner-gets-the-same-customer"
            "growthbook/growthbook #1680; docs/providers/entra.md#hidden-inactive-users",
            "lookups do not find inactive users";
    }
    "paging" {
        StartIndexIgnored "start-index-ignored" [okta entra] "connection/second-page-is-another"
            "scimmyjs/scimmy #21; RFC 7644 §3.4.2.4 broken",
            "every page is the first page";
        ZeroBasedStartIndex "zero-based-start-index" [okta entra] "connection/second-page-is-another"
            "simpleidserver/SimpleIdServer #185; osiam/server #7",
            "startIndex counts from 0, and the first resource is on no page";
        CountIgnored "count-ignored" [okta entra] "connection/second-page-is-another"
            "wso2/product-is #5362",
            "a page contains all resources, whatever count says";
        TotalIsPageSize "total-is-page-size" [okta entra] "connection/second-page-is-another"
            "wso2/product-is #7320, #13823",
            "totalResults is the size of the page";
        LastPageRepeated "last-page-repeated" [okta entra] "connection/page-behind-the-end"
            "wso2/product-is #13752",
            "a page beyond the end repeats the last resources";
        PageBehindEndRefused "page-behind-end-refused" [okta entra] "connection/page-behind-the-end"
            "RFC 7644 §3.4.2, no match is 200",
            "a page beyond the end returns 404";
        UnstableOrder "unstable-order" [okta entra] "connection/second-page-is-another"
            "RFC 7644 §3.4.2.4, pages of one result",
            "every other list is in reverse order, so that pages overlap";
    }
    "patch" {
        StringFalseIgnored "string-false-ignored" [entra] "entra/active-as-a-string"
            "docs/providers/entra.md#string-booleans",
            "the string \"False\" for active returns 200 and does nothing";
        StringFalseIsTrue "string-false-is-true" [entra] "entra/active-as-a-string"
            "scimmyjs/scimmy #51, #86; docs/providers/entra.md#string-booleans",
            "the string \"False\" for active counts as true, like any text";
        StringBooleanRefused "string-boolean-refused" [entra] "entra/active-as-a-string"
            "Captain-P-Goldfish/scim-for-keycloak #119; docs/providers/entra.md#string-booleans",
            "a boolean as a string returns 400";
        CapitalOpRefused "capital-op-refused" [entra] "users/leaver-is-deactivated"
            "docs/providers/entra.md#capitalised-operations",
            "an operation named Add, Replace or Remove returns 400";
        PathlessActiveIgnored "pathless-active-ignored" [okta] "okta/active-without-a-path"
            "docs/providers/okta.md#pathless-replace",
            "active in the value of an operation without a path is ignored";
        PathKeysRefused "path-keys-refused" [entra] "users/profile-change-arrives"
            "pond/scimitar #123; docs/providers/entra.md#path-keys",
            "a value with paths as keys returns 400";
        PathKeysIgnored "path-keys-ignored" [entra] "users/profile-change-arrives"
            "grokability/snipe-it #19115; docs/providers/entra.md#path-keys",
            "a value with paths as keys returns 200, and these keys do nothing";
        ValuePathIgnored "value-path-ignored" [entra] "users/renamed-user-keeps-her-organization"
            "thomaspoignant/scim-patch #176; docs/providers/entra.md#value-paths-that-create",
            "a path with a filter returns 200 and does nothing";
        ManagerStringRefused "manager-string-refused" [entra] "entra/manager-changes"
            "Captain-P-Goldfish/SCIM-SDK #686; docs/providers/entra.md#manager-in-many-forms",
            "a manager as a plain string returns 400";
        IdInPatchRefused "id-in-patch-refused" [okta] "groups/group-renamed"
            "docs/providers/okta.md#id-in-the-value-of-a-patch",
            "a PATCH that repeats the id, as Okta sends it, returns 400";
        EmptyValueRefused "empty-value-refused" [okta] "okta/empty-values-are-accepted"
            "docs/providers/okta-tests.md#plan-update, case C9337",
            "an empty string, which clears an attribute, returns 400";
        UnknownSchemaRefused "unknown-schema-refused" [google] "users/new-user-becomes-customer"
            "docs/providers/google.md#create-a-user; docs/providers/entra.md#foreign-schema-uris",
            "a body with a schema of another version or vendor returns 400";
        FirstOperationOnly "first-operation-only" [entra] "users/renamed-user-keeps-her-organization"
            "RFC 7644 §3.5.2 broken",
            "only the first of several operations in a PATCH is applied";
        HalfAppliedPatch "half-applied-patch" [okta entra] "groups/refused-operation-undoes-the-others"
            "Captain-P-Goldfish/SCIM-SDK #200; python-scim/scim2-models #155",
            "a PATCH that fails halfway keeps its first half";
        NoOpPatchRefused "no-op-patch-refused" [okta entra] "groups/member-added-again"
            "better-auth/better-auth #8549",
            "a PATCH that changes nothing returns 400";
        PatchClearsRest "patch-clears-the-rest" [okta entra] "users/leaver-is-deactivated"
            "RFC 7644 §3.5.2 broken",
            "a PATCH works like a PUT: attributes that it does not mention are cleared";
        PatchUnsupported "patch-unsupported" [okta entra] "users/leaver-is-deactivated"
            "unitycatalog/unitycatalog #423",
            "PATCH returns 501, so that nobody can be deactivated";
        PatchWithoutBody "patch-200-without-body" [okta entra] "groups/member-joins"
            "RFC 7644 §3.5.2 broken",
            "a PATCH returns 200 without the resource";
    }
    "memberships" {
        RemoveOneRemovesAll "remove-one-removes-all" [okta entra] "groups/member-removed"
            "AzureAD/SCIMReferenceCode #10; docs/providers/entra.md#removal-by-value-list",
            "removing one member removes all of them";
        WrongMemberRemoved "wrong-member-removed" [okta entra] "groups/member-removed"
            "FusionAuth/fusionauth-issues #2834",
            "members are removed by an outdated position in the list, so that the wrong one goes";
        RemoveIgnored "remove-ignored" [okta entra] "groups/member-removed"
            "better-auth/better-auth #10422",
            "removals of members return 200 and do nothing";
        RemoveByValueListIgnored "remove-by-value-list-ignored" [entra] "entra/several-members-removed-by-value"
            "thomaspoignant/scim-patch #959; docs/providers/entra.md#removal-by-value-list",
            "a removal that lists the members in its value returns 200 and does nothing";
        RemoveByValueListRefused "remove-by-value-list-refused" [entra] "entra/several-members-removed-by-value"
            "Captain-P-Goldfish/SCIM-SDK #149, #167; pond/scimitar #43",
            "a removal that lists the members in its value returns 400";
        RemoveAbsentIs404 "remove-absent-is-404" [okta entra] "groups/absent-member-is-removed"
            "Infisical/infisical #6471; docs/providers/entra.md#repeated-member-changes",
            "removing somebody who is not a member returns 404";
        AddReplacesMembers "add-replaces-members" [okta entra] "groups/member-joins"
            "docs/providers/okta.md#add-must-append",
            "adding members replaces the existing ones";
        ReplaceMembersAdds "replace-members-adds" [okta entra] "okta/push-now-takes-strangers-out"
            "keycloak/keycloak #52752; PostHog/posthog #47336",
            "replacing the members only adds members, and nobody ever leaves";
        ReAddDoublesMember "re-add-doubles-member" [okta entra] "groups/member-added-again"
            "AzureAD/SCIMReferenceCode #10; docs/providers/entra.md#repeated-member-changes",
            "adding an existing member stores it a second time";
        ReAddIs409 "re-add-is-409" [okta entra] "groups/member-added-again"
            "simpleidserver/SimpleIdServer #245, #256; docs/providers/entra.md#repeated-member-changes",
            "adding an existing member returns 409";
        FirstMemberOnly "first-member-only" [okta] "okta/push-now-restores-members"
            "docs/providers/entra.md#required-several-members",
            "only the first of several members in one operation is added";
        UntypedMemberIgnored "untyped-member-ignored" [okta entra] "groups/new-group-becomes-organization"
            "docs/providers/okta.md#member-without-a-type",
            "a member without a type is silently dropped";
        UnknownMemberIgnored "unknown-member-ignored" [okta entra] "groups/unknown-member-changes-nothing"
            "docs/providers/okta.md#no-check-after-a-patch",
            "an unknown member is silently dropped";
        MembersOnCreateIgnored "members-on-create-ignored" [okta] "okta/creation-with-members-takes-over"
            "docs/providers/okta.md#push-a-group",
            "the initial members of a new group are dropped";
        PutMembersIgnored "put-members-ignored" [okta] "groups/member-removed"
            "RFC 7644 §3.5.1 broken",
            "a PUT of a group does not change its members";
        PutDropsMemberships "put-drops-memberships" [okta] "groups/profile-change-keeps-organization"
            "docs/providers/okta.md#groups-echoed-in-a-put",
            "a PUT of a user removes it from all its groups";
        RenameWipesMembers "rename-wipes-members" [okta entra] "groups/group-renamed"
            "langwatch/langwatch #7131; docs/providers/okta.md#rename-must-keep-members",
            "renaming a group empties it";
        RejoiningIgnored "rejoining-ignored" [okta entra] "groups/member-leaves-and-comes-back"
            "docs/providers/entra.md#memberships-after-a-restore",
            "a removed member cannot be added to the group again";
        OneOrganizationEach "one-organization-each" [okta entra] "groups/person-in-two-organizations"
            "against docs/jira-service-management.md#objects",
            "a user who joins a group leaves all others";
        NestedGroupFlattened "nested-group-flattened" [entra] "entra/nested-group-is-not-flattened"
            "docs/providers/entra.md#nested-groups",
            "the members of a nested group become direct members";
        JoiningStaysInScim "joining-stays-in-scim" [okta entra] "groups/member-joins"
            "against docs/jira-service-management.md#objects",
            "a user who joins a group is a member over SCIM but not in the organization";
        LeavingStaysInScim "leaving-stays-in-scim" [okta entra] "groups/member-removed"
            "against docs/jira-service-management.md#objects",
            "a user who leaves a group is not a member over SCIM but still in the organization";
        DeleteUserLeavesMember "delete-user-leaves-member" [entra] "entra/deleted-user-leaves-no-member-behind"
            "getsentry/sentry #122540",
            "a deleted user is still listed in its groups";
        GroupDeletesMembers "group-deletes-members" [okta entra] "groups/deleted-group-takes-its-organization"
            "RFC 7644 §3.6, the resource that is named",
            "deleting a group deletes its members";
    }
    "conflicts" {
        RenameMakesTwin "rename-makes-twin" [okta entra] "conflicts/rename-onto-synced-organization"
            "against docs/jira-service-management.md#rename-onto-an-existing-name",
            "a group can be renamed to the name of another organization";
        DuplicateOrganization "duplicate-organization" [okta entra] "conflicts/second-group-of-a-name-is-refused"
            "docs/providers/entra.md#two-groups-of-one-name; docs/jira-service-management.md#two-groups-of-one-name",
            "a second organization of the same name is accepted";
        GroupCaseTwins "group-case-twins-accepted" [okta entra] "conflicts/second-group-in-other-case-is-refused"
            "docs/providers/entra.md#required-case-insensitive-filters; RFC 7643 §8.7.1",
            "group names that differ only in case make two organizations";
        CaseTwinsAccepted "case-twins-accepted" [okta entra google] "users/same-name-in-other-case-is-refused"
            "langfuse/langfuse #13528; docs/providers/entra.md#filter-values-in-another-case",
            "names and addresses that differ only in case make two users";
        DuplicateIs400 "duplicate-is-400" [okta entra google] "users/duplicate-is-refused"
            "FusionAuth/fusionauth-issues #1776; imulab/go-scim #65",
            "a taken name returns 400";
        DuplicateIs500 "duplicate-is-500" [okta entra google] "users/duplicate-is-refused"
            "RFC 7644 §3.3 broken",
            "a taken name returns 500";
        DuplicateTakenOver "duplicate-taken-over" [okta entra google] "users/duplicate-is-refused"
            "onyx-dot-app/onyx #8959; RFC 7644 §3.3 broken",
            "creating an existing user returns 201 and overwrites it";
        ConflictWithoutKeyword "conflict-without-keyword" [okta entra] "users/duplicate-is-refused"
            "getsentry/sentry #117860",
            "a 409 does not mention uniqueness";
        OldNameStaysTaken "old-name-stays-taken" [okta entra] "groups/freed-name-goes-to-another-group"
            "eneo-ai/eneo #461; docs/providers/entra.md#names-of-deleted-groups",
            "a former name of a group cannot be used by another group";
        RefusedRenameSticks "refused-rename-sticks" [okta entra] "conflicts/rename-onto-synced-organization"
            "RFC 7644 §3.5.2 broken",
            "a rename that returns 409 takes effect anyway";
        RefusedUserChangeSticks "refused-user-change-sticks" [okta entra] "users/rename-onto-a-taken-name-is-refused"
            "RFC 7644 §3.5.2 broken",
            "a new login name that returns 409 takes effect anyway";
        SkipIsSync "skip-is-sync" [okta entra] "conflicts/skipped-group-stays-skipped"
            "against docs/jira-service-management.md#the-setting",
            "a group takes over an organization although the setting is to skip it";
        SyncIsSkip "sync-is-skip" [okta entra] "conflicts/adopted-organization-stays-synced"
            "against docs/jira-service-management.md#the-setting",
            "a group does not take over the organization of the same name although the setting is to sync it";
        CustomerNotLinked "customer-not-linked" [okta entra google] "users/existing-customer-is-linked"
            "against docs/jira-service-management.md#operations",
            "a customer created by hand gets a duplicate";
        LinkingEmptiesCustomer "linking-empties-customer" [okta entra google] "users/existing-customer-is-linked"
            "against docs/jira-service-management.md#operations",
            "a linked customer loses the organizations created by hand";
    }
    "lifecycle" {
        DeactivateDeletes "deactivate-deletes" [okta entra google] "users/leaver-is-deactivated"
            "sourcegraph/sourcegraph #49017; docs/providers/entra.md#required-soft-deletion broken",
            "deactivating a user deletes it";
        DeactivationStaysInScim "deactivation-stays-in-scim" [okta entra google] "users/leaver-is-deactivated"
            "against docs/jira-service-management.md#operations",
            "a user deactivated over SCIM keeps access to the portal";
        ReactivationIgnored "reactivation-ignored" [okta entra google] "users/returner-gets-the-same-customer"
            "docs/providers/entra.md#required-soft-deletion broken",
            "a deactivated user cannot be reactivated";
        CreatedAlwaysActive "created-always-active" [okta entra google] "users/created-inactive"
            "RFC 7644 §3.3 broken",
            "a user created inactive is active";
        UserRenameRefused "user-rename-refused" [okta entra] "users/renamed-user-keeps-her-organization"
            "RFC 7643 §4.1.1, userName is readWrite",
            "a new login name returns 400";
        RenameChangesId "rename-changes-id" [okta entra] "users/renamed-user-keeps-her-organization"
            "RFC 7643 §3.1 broken",
            "the id is derived from the login name and changes with it";
        DeletedUserStays "deleted-user-stays" [entra] "users/deleted-user-is-not-found"
            "wireapp/wire-server #548; RFC 7644 §3.6 broken",
            "a deletion returns 204 but only deactivates";
        MissingIs400 "missing-is-400" [okta entra] "groups/deleted-group-is-not-found"
            "RFC 7644 §3.6 broken",
            "an unknown id returns 400";
        DeletedTwice "deleted-twice" [okta entra] "groups/deleted-group-is-not-found"
            "wireapp/wire-server #660",
            "a second deletion returns 204";
        AnyKeyAccepted "any-key-accepted" [okta entra google] "connection/wrong-or-missing-key-changes-nothing"
            "RFC 7644 §2 broken",
            "any Authorization header grants access";
        ExpiredKeyAccepted "expired-key-accepted" [okta entra] "lifecycle/key-expired"
            "against docs/jira-service-management.md#the-api-key",
            "API keys never expire";
    }
    "errors" {
        ErrorStatusAsNumber "error-status-as-number" [okta entra] "users/duplicate-is-refused"
            "Captain-P-Goldfish/SCIM-SDK #834; pingidentity/scim2 #87",
            "the status of an error is a number";
        ErrorSchemasAsString "error-schemas-as-string" [okta entra] "users/duplicate-is-refused"
            "wso2/product-is #3572",
            "`schemas` of an error is a string";
        ErrorNested "error-nested" [okta entra] "users/duplicate-is-refused"
            "simpleidserver/SimpleIdServer #227",
            "errors are wrapped in another object";
        ErrorAsPage "error-as-page" [okta entra] "users/duplicate-is-refused"
            "docs/providers/okta.md#error-page-that-is-not-json",
            "errors are HTML pages";
        RefusalAnswered200 "refusal-answered-200" [okta entra google] "users/duplicate-is-refused"
            "RFC 7644 §3.12 broken",
            "errors return 200 with the error in the body";
    }
    "transport" {
        UserAgentRequired "user-agent-required" [entra] "users/new-user-becomes-customer"
            "kortix-ai/suna #7297; docs/providers/entra.md#no-user-agent-and-no-accept",
            "a request without a User-Agent returns 403";
        AcceptRequired "accept-required" [entra] "users/new-user-becomes-customer"
            "MicrosoftDocs/azure-docs #94189; pond/scimitar 2.0.2; docs/providers/entra.md#no-user-agent-and-no-accept",
            "a request without an Accept returns 406";
        ScimJsonRefused "scim-json-refused" [okta entra] "users/new-user-becomes-customer"
            "better-auth/better-auth #6365; medplum/medplum #4143",
            "a body of type application/scim+json returns 415";
        PlainJsonRefused "plain-json-refused" [google] "users/new-user-becomes-customer"
            "indigo-iam/iam #1285; scimmyjs/scimmy-routers #22",
            "a body of type application/json returns 415";
        UnknownParameterRefused "unknown-parameter-refused" [entra] "entra/flag-in-the-query-is-ignored"
            "docs/providers/entra.md#flag-in-the-tenant-url",
            "a query parameter that the RFC does not define returns 400";
        JsonAsText "json-as-text" [okta entra google] "users/new-user-becomes-customer"
            "RFC 7644 §8.1 broken",
            "JSON is returned as text/plain";
        BomBeforeJson "bom-before-json" [okta entra google] "users/new-user-becomes-customer"
            "RFC 8259 §8.1 broken",
            "JSON starts with a byte order mark";
    }
    "discovery" {
        SchemasAsBareArray "schemas-as-bare-array" [entra] "connection/discovery"
            "pond/scimitar #117; PowerDMS/Owin.Scim #44",
            "the list of schemas is a plain array";
        SchemaWithoutSchemas "schema-without-schemas" [entra] "connection/what-the-endpoint-says-of-itself"
            "apache/directory-scimple #1012",
            "schema resources do not name their own schema";
        GroupSchemaMissing "group-schema-missing" [entra] "connection/what-the-endpoint-says-of-itself"
            "docs/providers/entra-tests.md#schema-discoverability",
            "the schema of groups is not listed";
        ConfigWithoutSchemes "config-without-schemes" [entra] "connection/what-the-endpoint-says-of-itself"
            "RFC 7643 §5 broken",
            "the configuration does not say how to authenticate";
        ResourceTypesMissing "resource-types-missing" [okta entra] "connection/what-the-endpoint-says-of-itself"
            "RFC 7644 §4 broken",
            "the list of resource types returns 404";
    }
    "concurrency" {
        ConcurrentMembersLost "concurrent-members-lost" [entra] "groups/members-added-at-once"
            "scimmyjs/scimmy #79; FusionAuth/fusionauth-issues #2869; Captain-P-Goldfish/SCIM-SDK #646",
            "if two members are added at the same time, one is lost";
        ConcurrentIsBusy "concurrent-is-busy" [entra] "groups/members-added-at-once"
            "docs/providers/okta.md#answer-5xx; Infisical/infisical #6471",
            "if a group is changed twice at the same time, one change returns 500";
        ConcurrentChangeLost "concurrent-change-lost" [okta entra] "users/changed-at-once"
            "Captain-P-Goldfish/SCIM-SDK #646; Captain-P-Goldfish/scim-for-keycloak #90",
            "if a user is changed twice at the same time, one change is lost";
        ConcurrentTwins "concurrent-twins" [okta entra] "users/created-at-once"
            "BerriAI/litellm #34162",
            "creating a user twice at the same time makes two users";
        ConcurrentTwinGroups "concurrent-twin-groups" [okta entra] "groups/created-at-once"
            "BerriAI/litellm #34162",
            "creating a group twice at the same time makes two organizations";
    }
    "consistency" {
        StaleMembers "stale-members" [okta entra] "groups/member-joins"
            "fleetdm/fleet #50724",
            "a PATCH of a group starts from outdated members";
        LookupLags "lookup-lags" [okta entra google] "entra/restart-changes-nothing"
            "jelhub/scimgateway #168; auth0/node-auth0 #472",
            "the first lookup of a new user or group does not find it";
        CreatedUnreadable "created-unreadable" [okta entra] "users/profile-change-arrives"
            "jelhub/scimgateway #168",
            "the first read of a new user or group returns 404";
        ReadLags "read-lags" [okta entra] "users/suspended-and-back"
            "fleetdm/fleet #50724",
            "the first read after a change returns the old state";
        DeletionLags "deletion-lags" [entra] "groups/deleted-group-takes-its-organization"
            "RFC 7644 §3.6 broken",
            "the first list after a deletion still contains the deleted resource";
    }
    "shapes" {
        ExcludedAttributesIgnored "excluded-attributes-ignored" [entra] "groups/group-renamed"
            "grokability/snipe-it #19096; docs/providers/entra.md#members-in-spite-of-excludedattributes",
            "members are returned although excludedAttributes excludes them";
        ActiveAsString "active-as-string" [entra] "users/new-user-becomes-customer"
            "grokability/snipe-it #11094; docs/providers/entra.md#wrong-json-types",
            "active is returned as a string";
        ActiveAsNumber "active-as-number" [entra] "users/new-user-becomes-customer"
            "grokability/snipe-it #11094; docs/providers/entra.md#wrong-json-types",
            "active is returned as 1 or 0";
        IdAsNumber "id-as-number" [okta entra google] "users/new-user-becomes-customer"
            "limosa-io/laravel-scim-server #40",
            "ids are numbers";
        IdMissingInList "id-missing-in-list" [okta entra google] "users/returner-gets-the-same-customer"
            "docs/providers/entra.md#required-ids",
            "resources in a list have no id";
        ResourceWithoutSchemas "resource-without-schemas" [okta entra google] "users/new-user-becomes-customer"
            "RFC 7643 §3 broken",
            "resources do not name their schemas";
        CreateWithoutId "create-201-without-id" [okta entra google] "users/new-user-becomes-customer"
            "docs/providers/okta.md#creation-answered-without-an-id; docs/providers/entra.md#required-ids",
            "a creation returns 201 without the id";
        CreateWithoutBody "create-201-without-body" [okta entra google] "users/new-user-becomes-customer"
            "docs/providers/okta.md#answers-that-okta-cannot-use",
            "a creation returns 201 without the resource";
        ListAsBareArray "list-as-bare-array" [okta entra google] "users/new-user-becomes-customer"
            "docs/providers/entra.md#answer-that-cannot-be-parsed",
            "a list is a plain array";
        HitWithoutList "hit-without-list" [okta entra google] "users/user-of-another-client-is-linked"
            "docs/providers/entra.md#answer-that-cannot-be-parsed",
            "a lookup with one match returns the resource without a list";
        StringTotalResults "string-total-results" [okta entra] "users/new-user-becomes-customer"
            "docs/providers/okta.md#answers-that-okta-cannot-use",
            "the counts of a list are strings";
        GroupWithoutMembers "group-without-members" [okta] "groups/member-removed"
            "docs/providers/okta.md#members-of-a-group-in-an-answer",
            "groups are returned without their members";
        MemberWithoutValue "member-without-value" [okta] "groups/member-joins"
            "RFC 7643 §4.2",
            "members have a name and an address but no id";
        UserNameLowercased "user-name-lowercased" [entra] "users/capitals-in-the-login-name"
            "docs/providers/entra.md#required-values-as-sent",
            "login names are returned in lower case";
        DisplayNameRewritten "display-name-rewritten" [okta entra google] "users/new-user-becomes-customer"
            "docs/providers/entra.md#required-values-as-sent",
            "the display name is returned as the login name";
        NamesEscaped "names-escaped" [okta entra] "groups/unusual-signs-in-the-name"
            "docs/providers/entra.md#required-values-as-sent",
            "an ampersand in a name is returned HTML-escaped";
        NonAsciiMangled "non-ascii-mangled" [okta entra] "groups/unusual-signs-in-the-name"
            "docs/providers/entra.md#required-values-as-sent",
            "non-ASCII letters are garbled";
        PasswordEchoed "password-echoed" [okta] "users/new-user-becomes-customer"
            "RFC 7643 §4.1.1, returned: never",
            "the response to a creation contains the password";
    }
}
quirks: {
    "quirks" {
        MembersAsNull "members-as-null" [] ""
            "RFC 7643 §2.5; docs/providers/okta.md#members-of-a-group-in-an-answer",
            "a group without members has members: null";
        MembersReordered "members-reordered" [] ""
            "RFC 7643 §2.4",
            "members are returned in another order";
        NullForAbsent "null-for-absent" [] ""
            "RFC 7643 §2.5",
            "attributes without a value are null";
        ExtraAttributes "extra-attributes" [] ""
            "RFC 7643 §3.3",
            "resources have unknown attributes";
        EmptyListWithoutResources "empty-list-without-resources" [] ""
            "RFC 7644 §3.4.2",
            "an empty list has no Resources";
        NullsInSchemas "nulls-in-schemas" [] ""
            "RFC 7643 §2.5",
            "schemas contain null values";
        RateLimited "rate-limited" [] ""
            "RFC 6585 §4; docs/providers/okta.md#answer-429",
            "every fifth write returns 429 and succeeds when repeated";
    }
}
}
