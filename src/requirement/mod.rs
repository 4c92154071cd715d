//! The rules that an endpoint is held to on every exchange and every read-back. A [`Checker`] sees the exchanges of one
//! (scenario, client) pair in order and turns breaches into findings.
//!
//! Rules say only what is certain: what could also have another reason is forgotten, not guessed.
//!
//! May use: `counted`, `diag`, `idp`, `scim`, `wire`.

pub mod behaviour;
mod catalogue;
pub mod cause;
mod checker;
mod culprit;
mod effect;
mod exchange;
mod findings;
mod mirror;
mod model;
mod root_cause;
mod rules;
mod schema;
mod settle;
mod sign;
#[cfg(test)]
pub(crate) mod tests;
mod trail;

pub use behaviour::{OBSERVED, Observed, contradict, is_about};
pub use catalogue::{ALTERNATIVE, EXPECTATION, OUTCOME, catalogue};
pub use cause::{
    Cause, Causes, Changed, Complaint, Consequence, OTHER_ENDPOINT, Refusal, SeenIn, TRANSCRIPT, Taken,
    Unwelcome, Wrong, causes, kin,
};
pub use checker::Checker;
pub use effect::Effects;
pub(crate) use exchange::blamed_attribute::blamed;
pub(crate) use exchange::shape::described;
pub(crate) use findings::key;
pub use mirror::discovery::Discovery;
pub use model::{Concern, Finding, Level, Part, Raised, Requirement};
pub use settle::{Settled, settle};
pub use sign::{Clue, Sign};
pub(crate) use trail::created;
pub use trail::{Steps, Trail, Unfit};
