//! Okta's two sorts of app, from the App Integration Wizard and from the Integration Network. The apps are a file each;
//! what they share stands beside them: headers, lookups, bodies, and how changes are applied.
//!
//! May use, of `idp`: `kit`, `links`, `notices`, `session`, `settings`.

pub mod aiw;
mod changes;
mod group;
mod import;
mod lookup;
pub mod oin;
pub mod oin_userpatch;
mod patience;
mod request;
mod state;
mod user;

pub(crate) use changes::{Step, steps};
pub(crate) use group::{Member, change, group_name, put_body, rename, replace_members};
pub(crate) use lookup::Lookup;
pub(crate) use request::{headers, patch, put};
pub(crate) use state::{Okta, group_target, user_target};
pub(crate) use user::deactivated;
