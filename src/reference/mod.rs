//! The reference endpoint: a SCIM service provider that models Jira Service Management customer provisioning.
//!
//! Users become customers and groups become organizations of a site. What the vendor documents stands in the code; what it
//! leaves open is a [knob](Knobs); what real providers get wrong is a [defect](Defects).
//!
//! May use `scim` and `files`.

mod admin;
mod api_key;
mod defects;
mod handle;
mod http;
mod ids;
pub mod knobs;
mod meeting;
mod provisioning;
mod rest;
mod server;
mod site;
mod sites;
mod state;
mod store;

pub use admin::{AdminError, Connection, is_directory_id};
pub use api_key::ApiKey;
pub use defects::{Defect, DefectError, DefectRow, Defects, Layer};
pub use handle::{Reference, SiteAccess, SiteOptions};
pub use http::hosts::AllowedHosts;
pub use http::limits::ServeLimits;
pub use ids::SiteId;
pub use knobs::{KnobError, KnobRow, Knobs, Profile, ProfileError};
pub use provisioning::HeldGroup;
pub use server::{ServeOptions, router, serve, serve_with};
pub use state::{StateError, StateFile};
