//! Whether resources fit their schemas, the RFC's and the endpoint's own. A quick check comes first; a JSON Schema is
//! compiled only where something does not fit.
//!
//! May use, of `requirement`: nothing else.

pub(crate) mod resource_schema;
pub(crate) mod schema_fit;
