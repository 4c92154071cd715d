//! The reference endpoint: a SCIM service provider that models Jira Service Management customer provisioning. Users
//! become customers and groups become organizations of a site.
//!
//! What the vendor documents stands in the code; what it leaves open is a [knob](Knobs); what real providers get wrong is
//! a [defect](Defects).
//!
//! May use: `context`, `files`, `lock`, `scim`, `suggest`.
//!
//! # Example
//!
//! An endpoint with one deliberate bug and one knob turned, served until the program drops it:
//!
//! ```
//! use scimsnap::context::Clock;
//! use scimsnap::reference::{Defects, Knobs, Reference, SiteOptions, serve};
//! use tokio::net::TcpListener;
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let reference = Reference::new(Clock::system());
//! let mut knobs = Knobs::default();
//! knobs.set("conflict.setting", "skip")?;
//! let access = reference.create_site(SiteOptions {
//!     name: "demo".to_owned(),
//!     knobs,
//!     defects: Defects::parse("remove-one-removes-all")?,
//!     ..SiteOptions::default()
//! });
//! assert!(access.scim_path.starts_with("/scim/directory/"));
//! assert!(!access.token.is_empty(), "the bearer token of the directory");
//!
//! let listener = TcpListener::bind("127.0.0.1:0").await?;
//! println!("http://{}{}", listener.local_addr()?, access.scim_path);
//! let stop = async { /* a signal, a channel, … */ };
//! serve(listener, reference, stop).await?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
pub use http::log::Logged;
pub use ids::SiteId;
pub use knobs::{KnobError, KnobRow, Knobs, Profile, ProfileError};
pub use provisioning::HeldGroup;
pub use server::{ServeOptions, router, serve, serve_with};
pub use state::{StateError, StateFile};
