//! Scenarios after they were read and checked: people, groups, steps, checkpoints, alternatives. This is what a run
//! plays.
//!
//! May use, of `scenario`: `dto`.

pub mod expect;
pub mod interception;
pub mod literal;
pub mod pack;
pub mod template;

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{At, Source};
use crate::directory::{Directory, Event};
use crate::idp::{ClientName, Family, Settings};
use crate::wire::Loss;

use interception::Interception;
use literal::Literal;
use pack::Pack;

pub use super::dto::{Capability, Legality, Mark, Place};

/// A scenario.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Its path below `scenarios/`, without the ending.
    pub id: String,
    /// The file.
    pub source: Source,
    /// A summary in a sentence.
    pub title: String,
    /// Where the expectation comes from.
    pub evidence: Evidence,
    /// The names of the cases that it covers.
    pub covers: Vec<String>,
    /// The requirements that are broken here where the endpoint is wrong, and where each is said.
    pub exercises: Vec<(String, At)>,
    /// The clients that play it.
    pub clients: Vec<ClientName>,
    /// The smallest pack that it is part of.
    pub pack: Pack,
    /// The capabilities that the target must have.
    pub requires: Vec<Capability>,
    /// The behaviour that its alternatives tell apart.
    pub behaviour: Option<String>,
    /// Additional fields of customers to compare.
    pub compare: Vec<String>,
    /// Which of them are compared only where the endpoint keeps them.
    pub optional: BTreeSet<String>,
    /// What the administrator has set at the provider, for each client.
    pub settings: BTreeMap<ClientName, Settings>,
    /// The state of the endpoint before the IdP connects.
    pub given: Given,
    /// The directory at the start.
    pub directory: Directory,
    /// The names of the generators of people.
    pub crowds: BTreeSet<String>,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// Outcomes that are all possible.
    pub alternatives: Vec<Alternative>,
    /// Clients with a different outcome, and the reason.
    pub differs: BTreeMap<ClientName, String>,
}

/// The source of an expectation.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// How sure it is.
    pub mark: Mark,
    /// The document, capture or report.
    pub source: String,
    /// What of it is inferred.
    pub note: Option<String>,
}

impl Mark {
    /// The mark as a word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Captured => "captured",
            Self::Source => "source",
            Self::Reported => "reported",
            Self::Inferred => "inferred",
        }
    }
}

impl Capability {
    /// The capability as a word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Groups => "groups",
            Self::Filter => "filter",
            Self::Delete => "delete",
            Self::ProductView => "product-view",
            Self::Settings => "settings",
            Self::Clock => "clock",
            Self::Exclusive => "exclusive",
            Self::Sort => "sort",
            Self::Etag => "etag",
            Self::Bulk => "bulk",
            Self::Cursor => "cursor",
        }
    }
}

/// The state of the endpoint before the IdP connects.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// Whose service provider the embedded endpoint is, and where that is said.
    pub profile: Option<(String, At)>,
    /// Settings of the endpoint.
    pub knobs: Vec<(String, String, At)>,
    /// Organizations, in order.
    pub organizations: Vec<GivenOrganization>,
    /// Customers, in order: those listed, then those whom only an organization names.
    pub customers: Vec<GivenCustomer>,
    /// The keys of people whom the provider provisioned before.
    pub people: Vec<String>,
}

/// An initial organization.
#[derive(Debug, Clone)]
pub struct GivenOrganization {
    /// Its name.
    pub name: String,
    /// The place where it was created.
    pub place: Place,
    /// The e-mail addresses of its customers.
    pub customers: Vec<String>,
}

/// An initial customer.
#[derive(Debug, Clone)]
pub struct GivenCustomer {
    /// The mail address; `in: scim` also the userName.
    pub email: String,
    /// The place where the customer was created.
    pub place: Place,
    /// The name to show.
    pub display_name: String,
    /// The first name.
    pub given_name: Option<String>,
    /// The last name.
    pub family_name: Option<String>,
    /// Whether they may log in.
    pub active: bool,
}

/// A step.
#[derive(Debug, Clone)]
pub struct Step {
    /// Where it stands.
    pub at: At,
    /// For which clients it is; nothing means all.
    pub only: Option<Vec<ClientName>>,
    /// In which alternatives it is; nothing means all.
    pub within: Option<Vec<String>>,
    /// What it does.
    pub action: Action,
}

impl Step {
    /// Whether it is for that client.
    pub fn is_for(&self, client: ClientName) -> bool {
        self.only.as_ref().is_none_or(|clients| clients.contains(&client))
    }
}

/// What a step does.
#[derive(Debug, Clone)]
pub enum Action {
    /// Something happens in the directory; several events make one cycle.
    Events(Vec<Event>),
    /// An administrator does something at the endpoint.
    Admin(Admin),
    /// A literal request.
    Request(Box<Literal>),
    /// Requests that are sent at once.
    AtOnce(Vec<Literal>),
    /// Something of the provider's next such request is lost on its way.
    Lose(Loss),
    /// Somebody in between answers the provider's next such requests.
    Intercept(Box<Interception>),
    /// The outcome is read.
    Checkpoint(String),
}

/// An action of an administrator at the endpoint.
#[derive(Debug, Clone)]
pub enum Admin {
    /// Changes settings.
    Set(Vec<(String, String, At)>),
    /// Makes an organization.
    CreateOrganization {
        /// Its name.
        name: String,
        /// The e-mail addresses of its customers.
        customers: Vec<String>,
    },
    /// Renames an organization.
    RenameOrganization {
        /// Its name.
        name: String,
        /// Its new name.
        to: String,
    },
    /// Deletes an organization.
    DeleteOrganization(String),
    /// Puts a customer into an organization.
    AddCustomer {
        /// The name of the organization.
        organization: String,
        /// The e-mail address of the customer.
        email: String,
    },
    /// Takes a customer out of an organization.
    RemoveCustomer {
        /// The name of the organization.
        organization: String,
        /// The e-mail address of the customer.
        email: String,
    },
    /// Revokes a customer's access.
    Revoke(String),
    /// Makes the API key anew.
    RegenerateKey,
    /// Disconnects the IdP directory.
    Disconnect,
    /// Connects an IdP directory again.
    Reconnect,
    /// Lets time pass, in seconds.
    Advance(i64),
}

impl Admin {
    /// What the target must let us do for it.
    pub fn needs(&self) -> Capability {
        match self {
            Self::Set(_)
            | Self::RegenerateKey
            | Self::Disconnect
            | Self::Reconnect
            | Self::RenameOrganization { .. } => Capability::Settings,
            Self::CreateOrganization { .. }
            | Self::DeleteOrganization(_)
            | Self::AddCustomer { .. }
            | Self::RemoveCustomer { .. }
            | Self::Revoke(_) => Capability::ProductView,
            Self::Advance(_) => Capability::Clock,
        }
    }
}

/// A possible outcome.
#[derive(Debug, Clone)]
pub struct Alternative {
    /// Its name.
    pub name: String,
    /// A description in a sentence.
    pub says: String,
    /// The knobs of the reference endpoint that lead to this outcome.
    pub when: BTreeMap<String, String>,
    /// Whether only other endpoints show this outcome, and no setting of the reference endpoint leads to it.
    pub elsewhere: bool,
    /// What the product's documentation says of it.
    pub jsm: Option<Legality>,
    /// For which families it is legal.
    pub families: BTreeMap<Family, Legality>,
}

/// Whether an event makes a group at the endpoint; other events about groups come after one that does.
fn needs_groups(event: &Event) -> bool {
    match event {
        Event::Push(_) | Event::PushNow(_) | Event::OnDemandGroup { .. } => true,
        Event::Connect
        | Event::Assign(_)
        | Event::Update { .. }
        | Event::RenameUser { .. }
        | Event::Suspend(_)
        | Event::Unsuspend(_)
        | Event::Archive(_)
        | Event::Unassign(_)
        | Event::Reassign(_)
        | Event::DeleteUser(_)
        | Event::AddMember { .. }
        | Event::RemoveMember { .. }
        | Event::RenameGroup { .. }
        | Event::Unlink { .. }
        | Event::Import
        | Event::ForceSync
        | Event::Cycle
        | Event::Restart
        | Event::InitialCycle
        | Event::AllowDeletions
        | Event::RestoreUser(_)
        | Event::OnDemand(_)
        | Event::Wait(_) => false,
    }
}

impl Scenario {
    /// What the target must let us do or see: what the file says, and what its steps need.
    pub fn needs(&self) -> Vec<Capability> {
        let mut needs = self.requires.clone();
        for step in &self.steps {
            match &step.action {
                Action::Admin(act) => needs.push(act.needs()),
                Action::Request(literal) if literal.writes_literal_name => needs.push(Capability::Exclusive),
                Action::AtOnce(literals) if literals.iter().any(|literal| literal.writes_literal_name) => {
                    needs.push(Capability::Exclusive);
                }
                Action::Events(events) if events.iter().any(needs_groups) => needs.push(Capability::Groups),
                Action::Events(_)
                | Action::Request(_)
                | Action::AtOnce(_)
                | Action::Lose(_)
                | Action::Intercept(_)
                | Action::Checkpoint(_) => {}
            }
        }
        let given = self.given.organizations.iter().map(|organization| organization.place);
        if given
            .chain(self.given.customers.iter().map(|customer| customer.place))
            .any(|place| place == Place::Product)
        {
            needs.push(Capability::ProductView);
        }
        needs.sort_unstable();
        needs.dedup();
        needs
    }

    /// What the administrator has set at the provider of a client.
    pub fn settings_of(&self, client: ClientName) -> Settings {
        self.settings.get(&client).cloned().unwrap_or_default()
    }

    /// The names of its checkpoints, for that client.
    pub fn checkpoints(&self, client: ClientName) -> impl Iterator<Item = &str> {
        self.steps.iter().filter(move |step| step.is_for(client)).filter_map(|step| match &step.action {
            Action::Checkpoint(name) => Some(name.as_str()),
            Action::Events(_)
            | Action::Admin(_)
            | Action::Request(_)
            | Action::AtOnce(_)
            | Action::Lose(_)
            | Action::Intercept(_) => None,
        })
    }
}
