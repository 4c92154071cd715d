//! Report files and output streams.

mod archive;
mod behaviour;
mod bugs;
mod causes;
mod closed_streams;
mod commands;
mod files;
mod formats;
mod markdown;
mod size;
mod standard;
mod strict;

use serde_json::Value;

use crate::support::Folder;

fn schema() -> jsonschema::Validator {
    let text = include_str!("../../../../schemas/report.schema.json");
    jsonschema::validator_for(&serde_json::from_str(text).unwrap()).unwrap()
}

/// The JSON report, which fits the schema.
pub(super) fn valid(folder: &Folder) -> Value {
    let report: Value = serde_json::from_str(&folder.read("out.json")).unwrap();
    let errors: Vec<String> =
        schema().iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    report
}
