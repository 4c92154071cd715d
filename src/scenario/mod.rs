//! Scenario files: their format, how they are loaded, and which of them a selection means. The bundled catalogue lives
//! here as well.
//!
//! May use: `diag`, `directory`, `files`, `idp`, `scim`, `suggest`, `wire`.

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
