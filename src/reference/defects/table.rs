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
            "a filter is ignored and everyone is returned";
        GroupFilterIgnored "group-filter-ignored" Request [okta entra] "groups/names-that-begin-alike"
            "open-webui/open-webui #21543",
            "filters are heeded for users only, and a lookup of a group finds them all";
        GroupFilterRefused "group-filter-refused" Request [okta entra] "groups/new-group-becomes-organization"
            "ssoready/ssoready #232; okta/okta-developer-docs #3506",
            "a filter on groups is answered 400";
        PrefixFilter "prefix-filter" Inside [okta entra] "groups/names-that-begin-alike"
            "FusionAuth/fusionauth-issues #3111; docs/providers/entra.md#prefix-matches",
            "an equality filter also finds names that only begin that way";
        FilterCaseSensitive "filter-case-sensitive" Inside [okta entra] "users/user-of-another-client-in-other-case-is-linked"
            "zulip/zulip #21758; docs/providers/entra.md#required-case-insensitive-filters",
            "a lookup finds names in their own case only, while uniqueness has none";
        PlusIsNoSpace "plus-is-no-space" Request [entra] "users/new-user-becomes-customer"
            "docs/providers/entra.md#query-encoding",
            "a plus in the query is taken for itself, so that Entra's filters cannot be read";
        SpaceEndsValue "space-ends-filter-value" Request [okta entra] "groups/unusual-signs-in-the-name"
            "audriga/scim-server-php #1; kanidm/kanidm #3673",
            "a filter is split at spaces, and a value with one is answered 400";
        FilterDecodedTwice "filter-decoded-twice" Request [okta entra google] "users/unusual-signs-in-the-login-name"
            "docs/providers/entra.md#special-characters-in-filters",
            "a plus in an address that is looked up becomes a space";
        ApostropheBreaksFilter "apostrophe-breaks-filter" Request [okta entra google] "users/unusual-signs-in-the-login-name"
            "wso2/product-is #6631; docs/providers/entra.md#special-characters-in-filters",
            "an apostrophe in a filter is answered 500";
        EscapesKept "escaped-quote-not-found" Request [okta entra] "groups/unusual-signs-in-the-name"
            "Captain-P-Goldfish/SCIM-SDK #913; kanidm/kanidm #3673",
            "a quoted quotation mark in a filter keeps its backslash, and the name is not found";
        NonAsciiFilterRefused "non-ascii-filter-refused" Request [okta entra] "groups/unusual-signs-in-the-name"
            "apache/directory-scimple #564, #981",
            "a filter with a letter beyond ASCII is answered 400";
        MissIs404 "miss-is-404" Response [entra] "connection/test-connection-finds-nobody"
            "docs/providers/entra.md#random-probe",
            "a lookup that finds nobody is answered 404";
        InactiveHidden "inactive-hidden" Inside [okta entra google] "users/returner-gets-the-same-customer"
            "growthbook/growthbook #1680; docs/providers/entra.md#hidden-inactive-users",
            "lookups do not find inactive users";
    }
    "paging" {
        StartIndexIgnored "start-index-ignored" Inside [okta entra] "connection/second-page-is-another"
            "scimmyjs/scimmy #21; RFC 7644 §3.4.2.4 broken",
            "every page is the first one";
        ZeroBasedStartIndex "zero-based-start-index" Inside [okta entra] "connection/second-page-is-another"
            "simpleidserver/SimpleIdServer #185; osiam/server #7",
            "startIndex counts from 0, and whoever is first is on no page";
        CountIgnored "count-ignored" Request [okta entra] "connection/second-page-is-another"
            "wso2/product-is #5362",
            "a page holds everybody, whatever count says";
        TotalIsPageSize "total-is-page-size" Response [okta entra] "connection/second-page-is-another"
            "wso2/product-is #7320, #13823",
            "totalResults is the size of the page";
        LastPageRepeated "last-page-repeated" Inside [okta entra] "connection/page-behind-the-end"
            "wso2/product-is #13752",
            "a page behind the end holds the last resources again";
        PageBehindEndRefused "page-behind-end-refused" Response [okta entra] "connection/page-behind-the-end"
            "RFC 7644 §3.4.2, no match is 200",
            "a page behind the end is answered 404";
        UnstableOrder "unstable-order" Inside [okta entra] "connection/second-page-is-another"
            "RFC 7644 §3.4.2.4, pages of one result",
            "every other list is in reverse order, so that pages overlap";
    }
    "patch" {
        StringFalseIgnored "string-false-ignored" Request [entra] "entra/active-as-a-string"
            "docs/providers/entra.md#string-booleans",
            "the string \"False\" for active is answered 200 and does nothing";
        StringFalseIsTrue "string-false-is-true" Request [entra] "entra/active-as-a-string"
            "scimmyjs/scimmy #51, #86; docs/providers/entra.md#string-booleans",
            "the string \"False\" for active is taken for true, as any text is";
        StringBooleanRefused "string-boolean-refused" Inside [entra] "entra/active-as-a-string"
            "Captain-P-Goldfish/scim-for-keycloak #119; docs/providers/entra.md#string-booleans",
            "a boolean as a string is answered 400";
        CapitalOpRefused "capital-op-refused" Inside [entra] "users/leaver-is-deactivated"
            "docs/providers/entra.md#capitalised-operations",
            "an operation that is called Add, Replace or Remove is answered 400";
        PathlessActiveIgnored "pathless-active-ignored" Request [okta] "okta/active-without-a-path"
            "docs/providers/okta.md#pathless-replace",
            "active in the value of an operation without a path does nothing";
        PathKeysRefused "path-keys-refused" Inside [entra] "users/profile-change-arrives"
            "pond/scimitar #123; docs/providers/entra.md#path-keys",
            "a value whose keys are paths is answered 400";
        PathKeysIgnored "path-keys-ignored" Request [entra] "users/profile-change-arrives"
            "grokability/snipe-it #19115; docs/providers/entra.md#path-keys",
            "in a value whose keys are paths, these are answered 200 and do nothing";
        ValuePathIgnored "value-path-ignored" Request [entra] "users/renamed-user-keeps-her-organization"
            "thomaspoignant/scim-patch #176; docs/providers/entra.md#value-paths-that-create",
            "a path with a filter in it is answered 200 and does nothing";
        ManagerStringRefused "manager-string-refused" Inside [entra] "entra/manager-changes"
            "Captain-P-Goldfish/SCIM-SDK #686; docs/providers/entra.md#manager-in-many-forms",
            "a manager as a plain string is answered 400";
        IdInPatchRefused "id-in-patch-refused" Inside [okta] "groups/group-renamed"
            "docs/providers/okta.md#id-in-the-value-of-a-patch",
            "the id that Okta repeats in a PATCH is answered 400";
        EmptyValueRefused "empty-value-refused" Request [okta] "okta/empty-values-are-accepted"
            "docs/providers/okta-tests.md#plan-update, case C9337",
            "an empty text, which clears an attribute, is answered 400";
        UnknownSchemaRefused "unknown-schema-refused" Request [google] "users/new-user-becomes-customer"
            "docs/providers/google.md#create-a-user; docs/providers/entra.md#foreign-schema-uris",
            "a body that names a schema of another version or vendor is answered 400";
        FirstOperationOnly "first-operation-only" Request [entra] "users/renamed-user-keeps-her-organization"
            "RFC 7644 §3.5.2 broken",
            "of several operations in a PATCH only the first is carried out";
        HalfAppliedPatch "half-applied-patch" Inside [okta entra] "groups/refused-operation-undoes-the-others"
            "Captain-P-Goldfish/SCIM-SDK #200; python-scim/scim2-models #155",
            "a PATCH that fails halfway leaves its first half behind";
        NoOpPatchRefused "no-op-patch-refused" Request Response [okta entra] "groups/member-added-again"
            "better-auth/better-auth #8549",
            "a PATCH that changes nothing is answered 400";
        PatchClearsRest "patch-clears-the-rest" Inside [okta entra] "users/leaver-is-deactivated"
            "RFC 7644 §3.5.2 broken",
            "a PATCH is taken for a PUT: what it does not mention is cleared";
        PatchUnsupported "patch-unsupported" Request [okta entra] "users/leaver-is-deactivated"
            "unitycatalog/unitycatalog #423",
            "PATCH is answered 501, so that nobody can be deactivated";
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
            "members are removed by their place in a list that has shifted, and the next one goes";
        RemoveIgnored "remove-ignored" Request [okta entra] "groups/member-removed"
            "better-auth/better-auth #10422",
            "removals of members are answered 200 and do nothing";
        RemoveByValueListIgnored "remove-by-value-list-ignored" Request [entra] "entra/several-members-removed-by-value"
            "thomaspoignant/scim-patch #959; docs/providers/entra.md#removal-by-value-list",
            "a removal that lists the members in its value is answered 200 and does nothing";
        RemoveByValueListRefused "remove-by-value-list-refused" Request [entra] "entra/several-members-removed-by-value"
            "Captain-P-Goldfish/SCIM-SDK #149, #167; pond/scimitar #43",
            "a removal that lists the members in its value is answered 400";
        RemoveAbsentIs404 "remove-absent-is-404" Inside [okta entra] "groups/absent-member-is-removed"
            "Infisical/infisical #6471; docs/providers/entra.md#repeated-member-changes",
            "the removal of somebody who is no member is answered 404";
        AddReplacesMembers "add-replaces-members" Request [okta entra] "groups/member-joins"
            "docs/providers/okta.md#add-must-append",
            "adding members replaces the ones that are there";
        ReplaceMembersAdds "replace-members-adds" Request [okta entra] "okta/push-now-takes-strangers-out"
            "keycloak/keycloak #52752; PostHog/posthog #47336",
            "replacing the members adds to them, and nobody ever leaves";
        ReAddDoublesMember "re-add-doubles-member" Inside [okta entra] "groups/member-added-again"
            "AzureAD/SCIMReferenceCode #10; docs/providers/entra.md#repeated-member-changes",
            "adding a member that is there stores it a second time";
        ReAddIs409 "re-add-is-409" Inside [okta entra] "groups/member-added-again"
            "simpleidserver/SimpleIdServer #245, #256; docs/providers/entra.md#repeated-member-changes",
            "adding a member that is there is answered 409";
        FirstMemberOnly "first-member-only" Request [okta] "okta/push-now-restores-members"
            "docs/providers/entra.md#required-several-members",
            "of several members in one operation only the first is added";
        UntypedMemberIgnored "untyped-member-ignored" Request [okta entra] "groups/new-group-becomes-organization"
            "docs/providers/okta.md#member-without-a-type",
            "a member without a type is dropped without a word";
        UnknownMemberIgnored "unknown-member-ignored" Request [okta entra] "groups/unknown-member-changes-nothing"
            "docs/providers/okta.md#no-check-after-a-patch",
            "a member that does not exist is dropped without a word";
        MembersOnCreateIgnored "members-on-create-ignored" Request [okta] "okta/creation-with-members-takes-over"
            "docs/providers/okta.md#push-a-group",
            "the members with which a group is created are dropped";
        PutMembersIgnored "put-members-ignored" Inside [okta] "groups/member-removed"
            "RFC 7644 §3.5.1 broken",
            "a PUT of a group leaves its members as they are";
        PutDropsMemberships "put-drops-memberships" Inside [okta] "groups/profile-change-keeps-organization"
            "docs/providers/okta.md#groups-echoed-in-a-put",
            "a PUT of a user takes it out of all its groups";
        RenameWipesMembers "rename-wipes-members" Inside [okta entra] "groups/group-renamed"
            "langwatch/langwatch #7131; docs/providers/okta.md#rename-must-keep-members",
            "renaming a group empties it";
        RejoiningIgnored "rejoining-ignored" Inside [okta entra] "groups/member-leaves-and-comes-back"
            "docs/providers/entra.md#memberships-after-a-restore",
            "who has left a group cannot come back to it";
        OneOrganizationEach "one-organization-each" Inside [okta entra] "groups/person-in-two-organizations"
            "against docs/jira-service-management.md#objects",
            "who joins a group leaves the others";
        NestedGroupFlattened "nested-group-flattened" Request [entra] "entra/nested-group-is-not-flattened"
            "docs/providers/entra.md#nested-groups",
            "the members of a group that is a member become members themselves";
        JoiningStaysInScim "joining-stays-in-scim" Inside [okta entra] "groups/member-joins"
            "against docs/jira-service-management.md#objects",
            "who joins a group is a member over SCIM, and not in the organization";
        LeavingStaysInScim "leaving-stays-in-scim" Inside [okta entra] "groups/member-removed"
            "against docs/jira-service-management.md#objects",
            "who leaves a group is no member over SCIM, and still in the organization";
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
            "a rename onto the name of another organization is accepted";
        DuplicateOrganization "duplicate-organization" Inside [okta entra] "conflicts/second-group-of-a-name-is-refused"
            "docs/providers/entra.md#two-groups-of-one-name; docs/jira-service-management.md#two-groups-of-one-name",
            "a second organization of the same name is accepted";
        GroupCaseTwins "group-case-twins-accepted" Inside [okta entra] "conflicts/second-group-in-other-case-is-refused"
            "docs/providers/entra.md#required-case-insensitive-filters; RFC 7643 §8.7.1",
            "names of groups that differ only in case are two organizations";
        CaseTwinsAccepted "case-twins-accepted" Inside [okta entra google] "users/same-name-in-other-case-is-refused"
            "langfuse/langfuse #13528; docs/providers/entra.md#filter-values-in-another-case",
            "names and addresses that differ only in case are two users";
        DuplicateIs400 "duplicate-is-400" Response [okta entra google] "users/duplicate-is-refused"
            "FusionAuth/fusionauth-issues #1776; imulab/go-scim #65",
            "a name that is taken is answered 400";
        DuplicateIs500 "duplicate-is-500" Response [okta entra google] "users/duplicate-is-refused"
            "RFC 7644 §3.3 broken",
            "a name that is taken is answered 500";
        DuplicateTakenOver "duplicate-taken-over" Inside [okta entra google] "users/duplicate-is-refused"
            "onyx-dot-app/onyx #8959; RFC 7644 §3.3 broken",
            "the creation of a user that exists is answered 201 and overwrites it";
        ConflictWithoutKeyword "conflict-without-keyword" Response [okta entra] "users/duplicate-is-refused"
            "getsentry/sentry #117860",
            "a 409 does not say that it is about uniqueness";
        OldNameStaysTaken "old-name-stays-taken" Inside [okta entra] "groups/freed-name-goes-to-another-group"
            "eneo-ai/eneo #461; docs/providers/entra.md#names-of-deleted-groups",
            "a name that a group gave up cannot be had by another";
        RefusedRenameSticks "refused-rename-sticks" Inside [okta entra] "conflicts/rename-onto-synced-organization"
            "RFC 7644 §3.5.2 broken",
            "a rename that is answered 409 is read back all the same";
        RefusedUserChangeSticks "refused-user-change-sticks" Inside [okta entra] "users/rename-onto-a-taken-name-is-refused"
            "RFC 7644 §3.5.2 broken",
            "a login name that is answered 409 is read back all the same";
        SkipIsSync "skip-is-sync" Inside [okta entra] "conflicts/skipped-group-stays-skipped"
            "against docs/jira-service-management.md#the-setting",
            "a group takes an organization over although the setting is to skip it";
        SyncIsSkip "sync-is-skip" Inside [okta entra] "conflicts/adopted-organization-stays-synced"
            "against docs/jira-service-management.md#the-setting",
            "a group is kept from the organization of its name although the setting is to sync it";
        CustomerNotLinked "customer-not-linked" Inside [okta entra google] "users/existing-customer-is-linked"
            "against docs/jira-service-management.md#operations",
            "a customer who was made by hand gets a twin";
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
            "who is deactivated over SCIM keeps the access to the portal";
        ReactivationIgnored "reactivation-ignored" Inside [okta entra google] "users/returner-gets-the-same-customer"
            "docs/providers/entra.md#required-soft-deletion broken",
            "who was deactivated stays so";
        CreatedAlwaysActive "created-always-active" Request [okta entra google] "users/created-inactive"
            "RFC 7644 §3.3 broken",
            "a user who is created inactive is active";
        UserRenameRefused "user-rename-refused" Inside [okta entra] "users/renamed-user-keeps-her-organization"
            "RFC 7643 §4.1.1, userName is readWrite",
            "a new login name is answered 400";
        RenameChangesId "rename-changes-id" Inside [okta entra] "users/renamed-user-keeps-her-organization"
            "RFC 7643 §3.1 broken",
            "the id is made from the login name, and changes with it";
        DeletedUserStays "deleted-user-stays" Request [entra] "users/deleted-user-is-not-found"
            "wireapp/wire-server #548; RFC 7644 §3.6 broken",
            "a deletion is answered 204 and only deactivates";
        MissingIs400 "missing-is-400" Response [okta entra] "groups/deleted-group-is-not-found"
            "RFC 7644 §3.6 broken",
            "an id that nobody has is answered 400";
        DeletedTwice "deleted-twice" Response [okta entra] "groups/deleted-group-is-not-found"
            "wireapp/wire-server #660",
            "a second deletion is answered 204";
        AnyKeyAccepted "any-key-accepted" Gate [okta entra google] "connection/wrong-or-missing-key-changes-nothing"
            "RFC 7644 §2 broken",
            "whatever stands in the header opens the directory";
        ExpiredKeyAccepted "expired-key-accepted" Gate [okta entra] "lifecycle/key-expired"
            "against docs/jira-service-management.md#the-api-key",
            "API keys never expire";
    }
    "errors" {
        ErrorStatusAsNumber "error-status-as-number" Response [okta entra] "users/duplicate-is-refused"
            "Captain-P-Goldfish/SCIM-SDK #834; pingidentity/scim2 #87",
            "the status in an error is a number";
        ErrorSchemasAsString "error-schemas-as-string" Response [okta entra] "users/duplicate-is-refused"
            "wso2/product-is #3572",
            "the schemas of an error are a string";
        ErrorNested "error-nested" Response [okta entra] "users/duplicate-is-refused"
            "simpleidserver/SimpleIdServer #227",
            "an error stands inside another object";
        ErrorAsPage "error-as-page" Response [okta entra] "users/duplicate-is-refused"
            "docs/providers/okta.md#error-page-that-is-not-json",
            "an error is a page for people";
        RefusalAnswered200 "refusal-answered-200" Response [okta entra google] "users/duplicate-is-refused"
            "RFC 7644 §3.12 broken",
            "errors return 200 with the error in the body";
    }
    "transport" {
        UserAgentRequired "user-agent-required" Gate [entra] "users/new-user-becomes-customer"
            "kortix-ai/suna #7297; docs/providers/entra.md#no-user-agent-and-no-accept",
            "a request without a User-Agent is answered 403";
        AcceptRequired "accept-required" Gate [entra] "users/new-user-becomes-customer"
            "MicrosoftDocs/azure-docs #94189; pond/scimitar 2.0.2; docs/providers/entra.md#no-user-agent-and-no-accept",
            "a request without an Accept is answered 406";
        ScimJsonRefused "scim-json-refused" Gate [okta entra] "users/new-user-becomes-customer"
            "better-auth/better-auth #6365; medplum/medplum #4143",
            "a body that is application/scim+json is answered 415";
        PlainJsonRefused "plain-json-refused" Gate [google] "users/new-user-becomes-customer"
            "indigo-iam/iam #1285; scimmyjs/scimmy-routers #22",
            "a body that is application/json is answered 415";
        UnknownParameterRefused "unknown-parameter-refused" Gate [entra] "entra/flag-in-the-query-is-ignored"
            "docs/providers/entra.md#flag-in-the-tenant-url",
            "a parameter that the RFC does not know is answered 400";
        JsonAsText "json-as-text" Response [okta entra google] "users/new-user-becomes-customer"
            "RFC 7644 §8.1 broken",
            "JSON comes as text/plain";
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
            "a schema does not name the schema that it follows";
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
            "of two members who are added at once one is lost";
        ConcurrentIsBusy "concurrent-is-busy" Race [entra] "groups/members-added-at-once"
            "docs/providers/okta.md#answer-5xx; Infisical/infisical #6471",
            "of two changes of a group at once one is answered 500";
        ConcurrentChangeLost "concurrent-change-lost" Race [okta entra] "users/changed-at-once"
            "Captain-P-Goldfish/SCIM-SDK #646; Captain-P-Goldfish/scim-for-keycloak #90",
            "of two changes of a user at once one is lost";
        ConcurrentTwins "concurrent-twins" Race [okta entra] "users/created-at-once"
            "BerriAI/litellm #34162",
            "two creations of one user at once make two users";
        ConcurrentTwinGroups "concurrent-twin-groups" Race [okta entra] "groups/created-at-once"
            "BerriAI/litellm #34162",
            "creating a group twice at the same time makes two organizations";
    }
    "consistency" {
        StaleMembers "stale-members" Request [okta entra] "groups/member-joins"
            "fleetdm/fleet #50724",
            "a PATCH of a group starts from the members of before the last one";
        LookupLags "lookup-lags" Response [okta entra google] "entra/restart-changes-nothing"
            "jelhub/scimgateway #168; auth0/node-auth0 #472",
            "the first lookup of a new user or group does not find it";
        CreatedUnreadable "created-unreadable" Request Response [okta entra] "users/profile-change-arrives"
            "jelhub/scimgateway #168",
            "the first read of a new user or group is answered 404";
        ReadLags "read-lags" Request Response [okta entra] "users/suspended-and-back"
            "fleetdm/fleet #50724",
            "the first read after a change shows what was there before";
        DeletionLags "deletion-lags" Request Response [entra] "groups/deleted-group-takes-its-organization"
            "RFC 7644 §3.6 broken",
            "the first list after a deletion still contains the deleted resource";
    }
    "shapes" {
        ExcludedAttributesIgnored "excluded-attributes-ignored" Request [entra] "groups/group-renamed"
            "grokability/snipe-it #19096; docs/providers/entra.md#members-in-spite-of-excludedattributes",
            "members are returned although they were excluded";
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
        ResourceWithoutSchemas "resource-without-schemas" Response [okta entra google] "users/new-user-becomes-customer"
            "RFC 7643 §3 broken",
            "resources do not name their schema";
        CreateWithoutId "create-201-without-id" Response [okta entra google] "users/new-user-becomes-customer"
            "docs/providers/okta.md#creation-answered-without-an-id; docs/providers/entra.md#required-ids",
            "a creation is answered 201 without the id";
        CreateWithoutBody "create-201-without-body" Response [okta entra google] "users/new-user-becomes-customer"
            "docs/providers/okta.md#answers-that-okta-cannot-use",
            "a creation is answered 201 without the resource";
        ListAsBareArray "list-as-bare-array" Response [okta entra google] "users/new-user-becomes-customer"
            "docs/providers/entra.md#answer-that-cannot-be-parsed",
            "a list is a plain array";
        HitWithoutList "hit-without-list" Response [okta entra google] "users/user-of-another-client-is-linked"
            "docs/providers/entra.md#answer-that-cannot-be-parsed",
            "a lookup that finds one is answered with the resource alone";
        StringTotalResults "string-total-results" Response [okta entra] "users/new-user-becomes-customer"
            "docs/providers/okta.md#answers-that-okta-cannot-use",
            "the numbers of a list are strings";
        GroupWithoutMembers "group-without-members" Response [okta] "groups/member-removed"
            "docs/providers/okta.md#members-of-a-group-in-an-answer",
            "a group is shown without its members";
        MemberWithoutValue "member-without-value" Response [okta] "groups/member-joins"
            "RFC 7643 §4.2",
            "members are shown by name and address, and not by id";
        UserNameLowercased "user-name-lowercased" Response [entra] "users/capitals-in-the-login-name"
            "docs/providers/entra.md#required-values-as-sent",
            "login names come back in lower case";
        DisplayNameRewritten "display-name-rewritten" Response [okta entra google] "users/new-user-becomes-customer"
            "docs/providers/entra.md#required-values-as-sent",
            "the name to show comes back as the login name";
        NamesEscaped "names-escaped" Response [okta entra] "groups/unusual-signs-in-the-name"
            "docs/providers/entra.md#required-values-as-sent",
            "an ampersand in a name comes back as HTML";
        NonAsciiMangled "non-ascii-mangled" Response [okta entra] "groups/unusual-signs-in-the-name"
            "docs/providers/entra.md#required-values-as-sent",
            "letters beyond ASCII come back as others";
        PasswordEchoed "password-echoed" Response [okta] "users/new-user-becomes-customer"
            "RFC 7643 §4.1.1, returned: never",
            "the response to a creation contains the password";
    }
}
quirks: {
    "quirks" {
        MembersAsNull "members-as-null" Response [] ""
            "RFC 7643 §2.5; docs/providers/okta.md#members-of-a-group-in-an-answer",
            "a group without members says members: null";
        MembersReordered "members-reordered" Response [] ""
            "RFC 7643 §2.4",
            "members come in another order";
        NullForAbsent "null-for-absent" Response [] ""
            "RFC 7643 §2.5",
            "attributes that have no value are null";
        ExtraAttributes "extra-attributes" Request Response [] ""
            "RFC 7643 §3.3",
            "resources have attributes that nobody knows";
        EmptyListWithoutResources "empty-list-without-resources" Response [] ""
            "RFC 7644 §3.4.2",
            "an empty list has no Resources";
        NullsInSchemas "nulls-in-schemas" Response [] ""
            "RFC 7643 §2.5",
            "a schema has members that are null";
        RateLimited "rate-limited" Gate [] ""
            "RFC 6585 §4; docs/providers/okta.md#answer-429",
            "every fifth write returns 429 and succeeds when repeated";
    }
}
}
