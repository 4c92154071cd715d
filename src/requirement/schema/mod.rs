//! Whether resources are what their schemas say.

pub(crate) mod resource_schema;
pub(crate) mod schema_fit;
