//! Scenario files: their format, how they are loaded, and which of them a selection means. The bundled catalogue lives
//! here as well.
//!
//! May use: `diag`, `directory`, `files`, `idp`, `scim`, `suggest`, `wire`.
//!
//! # Example
//!
//! ```
//! use scimsnap::diag::Source;
//! use scimsnap::scenario::{Action, load::load};
//!
//! let text = "
//! title: Somebody joins
//! evidence: {mark: documented, source: \"our own agreement\"}
//! idps: [okta, entra]
//! people:
//!   ada: {userName: ada@example.com, givenName: Ada, familyName: Byron}
//! steps:
//!   - assign: ada
//!   - checkpoint: created
//! ";
//! let source = Source { path: "joins.yaml".into(), text: text.into() };
//! let scenario = load("joins", &source).map_err(|error| error.to_string())?;
//! assert_eq!(scenario.steps.len(), 2);
//! assert!(matches!(&scenario.steps[1].action, Action::Checkpoint(name) if name == "created"));
//!
//! // What is wrong is pointed at.
//! let text = text.replace("assign: ada", "assign: adda");
//! let error = load("joins", &Source { text: text.into(), ..source }).unwrap_err();
//! assert_eq!(error.place(), "joins.yaml:8:13");
//! assert_eq!(error.label, "did you mean `ada`?");
//! # Ok::<(), String>(())
//! ```

pub mod catalogue;
mod dto;
pub mod load;
pub mod model;

pub use model::interception::Interception;
pub use model::literal::Literal;
pub use model::pack::Pack;

pub use model::{
    Action, Admin, Alternative, Capability, Evidence, Given, GivenCustomer, GivenOrganization, Legality,
    Mark, Place, Scenario, Step,
};

/// The JSON Schema of scenario files, as text.
pub fn json_schema() -> String {
    let mut schema = schemars::schema_for!(dto::ScenarioDto);
    schema.insert("$id".to_owned(), "scenario.schema.json".into());
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
