//! What an endpoint takes although the RFC does not say so, because identity providers send it.

/// Named leniencies: each is one thing that a provider really sends and that strict RFC 7644 does not know.
///
/// Names of attributes and filter operators have no case in the RFC itself, so that is never a leniency.
/// Sources: fact sheets `entra` §4, §5, §11 and `okta-google-others` §2.1, §4, §7.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own, and any combination means something"
)]
pub struct Leniency {
    /// A filter's value path with a sub-attribute behind it: `emails[type eq "work"].value eq "…"` (Entra).
    pub value_path_in_filter: bool,
    /// A boolean as a string, in a value (`"active": "False"`) and in a filter (`roles[primary eq "True"]`) (Entra, Keycloak).
    pub string_booleans: bool,
    /// PATCH operations in any case: `Add`, `Replace`, `Remove` (Entra).
    pub op_case: bool,
    /// The `Operations` key in any case (clients generated from Atlassian's API description send `operations`).
    pub operations_key_case: bool,
    /// A PATCH without `schemas`, or with others than `PatchOp`.
    pub patch_schemas: bool,
    /// A PATCH without operations: nothing to do, and no error (Microsoft's validator).
    pub empty_operations: bool,
    /// A pathless value whose keys are paths: `{"name.givenName": …, "urn:…:User:department": …}` (Entra with its flag).
    pub path_keys: bool,
    /// A `remove` that lists what to remove: `{"op": "Remove", "path": "members", "value": [{"value": "…"}]}` (Entra, `JumpCloud`, authentik).
    pub remove_by_value: bool,
    /// A plain string for a complex value that has a `value`: `"manager": "ID"`, `"members": "ID"` (Entra).
    pub complex_as_string: bool,
    /// An array of one for a single value: `"manager": [{"value": "ID"}]` (older Entra).
    pub array_for_single: bool,
    /// A complex single value whose `value` is empty is unassigned: `"manager": {"value": ""}` (Entra's validator).
    pub empty_value_unassigns: bool,
    /// A dot between the URN and the attribute: `urn:…:User.department` (Entra before 2018).
    pub dot_after_urn: bool,
    /// An attribute of an extension without its URN: `manager` (older Entra).
    pub unqualified_extension: bool,
    /// A `replace` by value path that matches nothing creates the element: `emails[type eq "work"].value` (Entra).
    pub value_path_creates: bool,
    /// Read-only attributes in a PATCH (`id`, `meta`, `groups`) are ignored instead of refused (Okta, authentik).
    pub read_only_ignored: bool,
    /// Attributes that no schema knows are kept as they came instead of refused (all).
    pub unknown_attributes: bool,
}

impl Leniency {
    /// Everything that providers really send.
    pub fn all() -> Self {
        Self::new(true)
    }

    /// Strict RFC 7644.
    pub fn none() -> Self {
        Self::new(false)
    }

    fn new(lenient: bool) -> Self {
        Self {
            value_path_in_filter: lenient,
            string_booleans: lenient,
            op_case: lenient,
            operations_key_case: lenient,
            patch_schemas: lenient,
            empty_operations: lenient,
            path_keys: lenient,
            remove_by_value: lenient,
            complex_as_string: lenient,
            array_for_single: lenient,
            empty_value_unassigns: lenient,
            dot_after_urn: lenient,
            unqualified_extension: lenient,
            value_path_creates: lenient,
            read_only_ignored: lenient,
            unknown_attributes: lenient,
        }
    }
}

impl Default for Leniency {
    /// Everything: an endpoint that is not told otherwise takes what providers send.
    fn default() -> Self {
        Self::all()
    }
}
