//! Rules for every answer, whatever was asked. They are about its form: status, media type, error body, schema.
//!
//! May use, of `requirement`: `exchange`, `findings`, `mirror`, `model`, `rules/of_this_run`, `rules/rule`, `schema`, `sign`.

mod error_body;
mod error_status;
mod list_envelope;
mod location;
mod media_type;
mod password_returned;
mod resource_shape;
mod schema_kept;
mod status_codes;
mod whole_answer;

use super::Rule;

/// Every rule of this family, fresh.
pub(super) fn all() -> Vec<Box<dyn Rule>> {
    vec![
        Box::new(whole_answer::WholeAnswer),
        Box::new(media_type::MediaType),
        Box::new(error_status::ErrorStatus),
        Box::new(error_body::ErrorBody),
        Box::new(password_returned::PasswordReturned),
        Box::new(list_envelope::ListEnvelope),
        Box::new(resource_shape::ResourceShape),
        Box::new(schema_kept::SchemaKept),
        Box::new(status_codes::StatusCodes),
        Box::new(location::Location),
    ]
}
