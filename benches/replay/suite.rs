//! Scenarios of four requests each: a lookup and a creation by the provider, then the outcome by id and by name.

use std::fs;
use std::io;
use std::path::Path;

/// Writes `count` scenarios below `folder/scenarios`, played in turn by clients as several clients.
pub(crate) fn write(folder: &Path, count: usize) -> io::Result<()> {
    let scenarios = folder.join("scenarios");
    fs::create_dir_all(&scenarios)?;
    for number in 0..count {
        let client = ["okta-oin", "entra-scim2", "google", "okta-aiw"][number % 4];
        let text = format!(
            "title: Person {number} is assigned
evidence: {{mark: documented, source: \"RFC 7644 section 3.3\"}}
idps: [{client}]
people:
  ada: {{userName: person{number:05}@example.com, givenName: Ada, familyName: Byron}}
steps:
  - assign: ada
  - checkpoint: assigned
"
        );
        fs::write(scenarios.join(format!("person{number:05}.yaml")), text)?;
    }
    Ok(())
}
