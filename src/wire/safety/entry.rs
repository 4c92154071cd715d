//! What is written in a ledger.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::wire::message::created::Created;
use crate::wire::redact::Redactor;

/// One line of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Entry {
    /// The first line: which run, against what. The lines below it belong to that target.
    Run {
        /// The run's id, which every name it creates carries.
        id: String,
        /// The SCIM base URL.
        target: String,
    },
    /// A resource of that name is about to be created.
    Intent {
        /// What sort of resource.
        kind: Created,
        /// Its name: userName, displayName, the e-mail address of a customer.
        name: String,
        /// Whether the name carries no token of the run, and a lookup found nobody under it.
        #[serde(default, skip_serializing_if = "is_false")]
        vacant: bool,
    },
    /// The endpoint answered with this id.
    Created {
        /// What sort of resource.
        kind: Created,
        /// Its id.
        id: String,
        /// The name under which it was created, where the answer to the creation gave the id.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    /// The id was looked for again and is gone.
    Deleted {
        /// What sort of resource.
        kind: Created,
        /// Its id.
        id: String,
    },
    /// The name was looked for again and nobody has it.
    Gone {
        /// What sort of resource.
        kind: Created,
        /// Its name.
        name: String,
    },
    /// The endpoint lets nobody remove it.
    Lasting {
        /// What sort of resource.
        kind: Created,
        /// Its id.
        id: String,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

impl Entry {
    /// What may stand in a ledger of an entry; nothing where its id says a secret back. What was created is found by its
    /// name then.
    pub(super) fn without_secrets(&self, redactor: &Redactor) -> Option<Cow<'_, Self>> {
        match self {
            Self::Created { id, .. } | Self::Deleted { id, .. } | Self::Lasting { id, .. }
                if !redactor.is_harmless(id) =>
            {
                None
            }
            Self::Created { name: None, .. } | Self::Deleted { .. } | Self::Lasting { .. } => {
                Some(Cow::Borrowed(self))
            }
            Self::Created { kind, id, name: Some(name) } => Some(match redactor.text(name) {
                Cow::Borrowed(_) => Cow::Borrowed(self),
                Cow::Owned(name) => {
                    Cow::Owned(Self::Created { kind: *kind, id: id.clone(), name: Some(name) })
                }
            }),
            Self::Intent { kind, name, vacant } => Some(match redactor.text(name) {
                Cow::Borrowed(_) => Cow::Borrowed(self),
                Cow::Owned(name) => Cow::Owned(Self::Intent { kind: *kind, name, vacant: *vacant }),
            }),
            Self::Gone { kind, name } => Some(match redactor.text(name) {
                Cow::Borrowed(_) => Cow::Borrowed(self),
                Cow::Owned(name) => Cow::Owned(Self::Gone { kind: *kind, name }),
            }),
            Self::Run { id, target } => Some(match redactor.text(target) {
                Cow::Borrowed(_) => Cow::Borrowed(self),
                Cow::Owned(target) => Cow::Owned(Self::Run { id: id.clone(), target }),
            }),
        }
    }
}
