//! `scimsnap schema`: the JSON Schema of scenario files.

use crate::exit::Exit;
use crate::foreign::Printable;
use crate::scenario::json_schema;

use crate::cli::output::say;

/// Prints it.
pub fn run() -> Exit {
    // It is generated from our own code.
    say(&Printable::verbatim(json_schema()));
    Exit::Success
}
