//! `scimsnap schema`: the JSON Schema of scenario files.

use crate::exit::Exit;
use crate::scenario::json_schema;

use super::say;

/// Prints it.
pub fn run() -> Exit {
    say(&json_schema());
    Exit::Success
}
