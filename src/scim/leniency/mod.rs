//! What an endpoint takes although the RFC does not say so, because identity providers send it.

use crate::scim::ScimType;

/// One named leniency: a switch of its own.
#[derive(Debug, Clone, Copy)]
pub struct Lenience {
    /// The name, which is that of the field in [`Leniency`].
    pub name: &'static str,
    /// What is taken, and who sends it.
    pub says: &'static str,
    /// The keyword with which it is refused (status 400) where it is off; none where the value is then taken as it stands.
    pub refusal: Option<ScimType>,
    of: fn(&Leniency) -> bool,
    set: fn(&mut Leniency, bool),
}

macro_rules! leniencies {
    ($($(#[doc = $says:literal])+ $name:ident: $refusal:expr;)+) => {
        /// Named leniencies: each is one thing that a provider really sends and that strict RFC 7644 does not know.
        ///
        /// Names of attributes and filter operators have no case in the RFC itself, so that is never a leniency.
        /// Sources: docs/providers/entra.md#the-two-dialects, docs/providers/entra.md#quirks and docs/providers/okta.md#quirks-and-what-they-broke, docs/providers/jumpcloud.md.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct Leniency {
            $($(#[doc = $says])+ pub $name: bool,)+
        }

        impl Leniency {
            /// Every leniency with its name, in the order in which they are documented.
            pub const NAMED: &'static [Lenience] = &[$(Lenience {
                name: stringify!($name),
                says: concat!($($says),+),
                refusal: $refusal,
                of: |leniency| leniency.$name,
                set: |leniency, on| leniency.$name = on,
            }),+];

            fn new(lenient: bool) -> Self {
                Self { $($name: lenient,)+ }
            }
        }
    };
}

leniencies! {
    /// A filter's value path with a sub-attribute behind it: `emails[type eq "work"].value eq "…"` (Entra).
    value_path_in_filter: Some(ScimType::InvalidFilter);
    /// A boolean as a string, in a value (`"active": "False"`) and in a filter (`roles[primary eq "True"]`) (Entra, Keycloak).
    string_booleans: Some(ScimType::InvalidValue);
    /// PATCH operations in any case: `Add`, `Replace`, `Remove` (Entra).
    op_case: Some(ScimType::InvalidSyntax);
    /// The `Operations` key in any case (clients generated from Atlassian's API description send `operations`).
    operations_key_case: Some(ScimType::InvalidSyntax);
    /// A PATCH without `schemas`, or with others than `PatchOp`.
    patch_schemas: Some(ScimType::InvalidSyntax);
    /// A search or bulk request without `schemas`, or with others than its own.
    message_schemas: Some(ScimType::InvalidSyntax);
    /// A PATCH without operations: nothing to do, and no error (Microsoft's validator).
    empty_operations: Some(ScimType::InvalidSyntax);
    /// A pathless value whose keys are paths: `{"name.givenName": …, "urn:…:User:department": …}` (Entra with its flag).
    path_keys: Some(ScimType::InvalidSyntax);
    /// A `remove` that lists what to remove: `{"op": "Remove", "path": "members", "value": [{"value": "…"}]}` (Entra, `JumpCloud`, authentik).
    remove_by_value: Some(ScimType::InvalidSyntax);
    /// A plain string for a complex value that has a `value`: `"manager": "ID"`, `"members": "ID"` (Entra).
    complex_as_string: Some(ScimType::InvalidValue);
    /// An array of one for a single value: `"manager": [{"value": "ID"}]` (older Entra).
    array_for_single: Some(ScimType::InvalidValue);
    /// A complex single value whose `value` is empty is unassigned: `"manager": {"value": ""}` (Entra's validator).
    empty_value_unassigns: None;
    /// A dot between the URN and the attribute: `urn:…:User.department` (Entra before 2018).
    dot_after_urn: Some(ScimType::InvalidPath);
    /// An attribute of an extension without its URN: `manager` (older Entra).
    unqualified_extension: Some(ScimType::InvalidPath);
    /// A `replace` by value path that matches nothing creates the element: `emails[type eq "work"].value` (Entra).
    value_path_creates: Some(ScimType::NoTarget);
    /// Read-only attributes in a PATCH (`id`, `meta`, `groups`) are ignored instead of refused (Okta, authentik).
    read_only_ignored: Some(ScimType::Mutability);
    /// Attributes that no schema knows are kept as they came instead of refused (all).
    unknown_attributes: Some(ScimType::InvalidSyntax);
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

    /// The same with the named leniency switched on or off; none where there is no such name.
    pub fn with(mut self, name: &str, on: bool) -> Option<Self> {
        let named = Self::NAMED.iter().find(|each| each.name == name)?;
        (named.set)(&mut self, on);
        Some(self)
    }

    /// The names of what is switched on, in the order of [`Self::NAMED`].
    pub fn names(&self) -> Vec<&'static str> {
        Self::NAMED.iter().filter(|each| (each.of)(self)).map(|each| each.name).collect()
    }
}

impl Default for Leniency {
    /// Everything: an endpoint that is not told otherwise takes what providers send.
    fn default() -> Self {
        Self::all()
    }
}

#[cfg(test)]
mod tests;
