//! What a row of the table of providers says about a family and about each of its clients.

use crate::directory::Event;

use super::Settings;
use super::idp_client::AnyClient;
use super::kit::uncommon::uncommon;

/// What a family of clients stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::idp) enum StandsFor {
    /// A provider, whose readiness is judged.
    Provider,
    /// What the standards ask for, whoever the provider is.
    Standard,
}

/// A family of clients.
pub(in crate::idp) struct FamilyRow {
    /// The name in files and reports.
    pub(in crate::idp) name: &'static str,
    /// What its clients have in common.
    pub(in crate::idp) habits: Habits,
}

/// What others ask about a client.
pub(in crate::idp) struct Habits {
    /// The headers of a request, with or without a body.
    pub(in crate::idp) headers: fn(body: bool) -> Vec<(String, String)>,
    /// Further attributes of a person that the default mappings send.
    pub(in crate::idp) sends: &'static [&'static str],
    /// Why an event cannot be expressed, where it cannot.
    pub(in crate::idp) cannot: fn(&Event) -> Option<&'static str>,
    /// Whether an event leaves something else behind than with the other families.
    pub(in crate::idp) leaves_otherwise: fn(&Event) -> bool,
    /// Whether somebody whom another client made is brought into line at once: people are looked up before they are
    /// created, or at least after a conflict, and the profile is pushed then.
    pub(in crate::idp) takes_over: bool,
    /// Whether groups are looked up before they are created, or after a conflict.
    pub(in crate::idp) finds_groups: bool,
    /// Whether a 404 to a request for somebody is the end of it.
    pub(in crate::idp) accepts_loss: bool,
    /// Whether its readiness is judged.
    pub(in crate::idp) stands_for: StandsFor,
}

impl Habits {
    /// A client that does what most do.
    pub(in crate::idp) const fn new(headers: fn(bool) -> Vec<(String, String)>) -> Self {
        Self {
            headers,
            sends: &[],
            cannot: uncommon,
            leaves_otherwise: |_| false,
            takes_over: true,
            finds_groups: true,
            accepts_loss: true,
            stands_for: StandsFor::Provider,
        }
    }
}

/// One client.
pub(in crate::idp) struct ClientRow {
    /// The name in files, flags and reports.
    pub(in crate::idp) name: &'static str,
    /// Which scenarios it plays.
    pub(in crate::idp) plays: Plays,
    /// How far its behaviour is known.
    pub(in crate::idp) knowledge: Knowledge,
    /// Makes a client that knows nobody yet.
    pub(in crate::idp) new: fn(Settings) -> Box<dyn AnyClient>,
    /// What it has in common with no other of its family, where that is so.
    pub(in crate::idp) habits: Option<Habits>,
}

/// Which scenarios a client plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::idp) enum Plays {
    /// Every scenario of its family.
    ByDefault,
    /// Where a scenario or `--idp` names its family, or the client itself.
    WithItsFamily,
    /// Where a scenario or `--idp` names the client itself.
    ByName,
}

/// How far the behaviour of a client is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Knowledge {
    /// What is known, and how.
    pub known: &'static str,
    /// What is not, or is left out.
    pub unknown: &'static str,
}

/// Makes the enums [`Family`](super::Family) and [`ClientName`](super::ClientName) from one table, in its order.
macro_rules! table {
    ($(
        $(#[$family_doc:meta])*
        $family:ident: $family_name:literal, $family_habits:expr => {
            $( $(#[$client_doc:meta])* $client:ident: $client_row:expr, )+
        }
    )+) => {
        /// A provider's family of clients: the unit in which readiness is judged.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord,
            serde::Serialize, serde::Deserialize, schemars::JsonSchema,
        )]
        #[serde(rename_all = "lowercase")]
        pub enum Family {
            $( $(#[$family_doc])* $family, )+
        }

        impl Family {
            /// Every family.
            pub const ALL: [Self; [$( stringify!($family) ),+].len()] = [$( Self::$family ),+];

            pub(in crate::idp) fn row(self) -> &'static FamilyRow {
                match self {
                    $( Self::$family => const {
                        &FamilyRow { name: $family_name, habits: $family_habits }
                    }, )+
                }
            }
        }

        /// An IdP client.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum ClientName {
            $($( $(#[$client_doc])* $client, )+)+
        }

        impl ClientName {
            /// Every client.
            pub const ALL: [Self; [$($( stringify!($client) ),+),+].len()] = [$($( Self::$client ),+),+];

            /// Its family.
            pub fn family(self) -> Family {
                match self {
                    $($( Self::$client => Family::$family, )+)+
                }
            }

            pub(in crate::idp) fn row(self) -> &'static ClientRow {
                match self {
                    $($( Self::$client => const { &$client_row }, )+)+
                }
            }

            pub(in crate::idp) fn habits(self) -> &'static Habits {
                self.row().habits.as_ref().unwrap_or(&self.family().row().habits)
            }
        }
    };
}
pub(in crate::idp) use table;
