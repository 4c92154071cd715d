//! A run from beginning to end: planned, played, judged and cleaned up. Everything that happens in it leaves as an event.
//!
//! May use: `context`, `counted`, `diag`, `directory`, `event`, `exit`, `files`, `foreign`, `idp`, `lock`, `outcome`,
//! `reference`, `requirement`, `scenario`, `scim`, `settings`, `snapshot`, `suggest`, `wire`.
//!
//! # Example
//!
//! A bundled scenario, played by both clients of Entra against the embedded endpoint. `examples/wrong_endpoint.rs` plays
//! against a URL.
//!
//! ```
//! use scimsnap::context::Clock;
//! use scimsnap::event::{Event, Status};
//! use scimsnap::idp::ClientName;
//! use scimsnap::run::{Cancel, Options, plan, run};
//! use scimsnap::scenario::catalogue::select;
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let options = Options::embedded(std::env::current_dir()?, Clock::system());
//! let scenarios = select(&["groups/member-removed".to_owned()], &options.cwd)?;
//! let clients = ClientName::select("entra");
//! let plan = plan(scenarios, clients.as_deref(), &options.cwd).map_err(|errors| format!("{errors:?}"))?;
//!
//! let mut played = Vec::new();
//! let summary = run(plan, &options, &Cancel::default(), |event| {
//!     if let Event::Finished(pair) = event {
//!         played.push(pair.client.as_str());
//!     }
//! })
//! .await?;
//! assert_eq!(played, ["entra", "entra-scim2"]);
//! assert_eq!(summary.count(Status::Passed), 2);
//! assert!(summary.causes.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod cancel;
pub mod engine;
pub mod farewell;
pub mod modes;
pub mod options;
pub mod plan;
pub mod play;
pub mod target;
pub mod verdict;

pub use cancel::Cancel;
pub use engine::{RunError, exit, run};
pub use options::Options;
pub use plan::{Pairs, Plan, PlanError, plan, plan_with};
pub use verdict::baseline::Other;
pub use verdict::known_failures::KnownFailures;
