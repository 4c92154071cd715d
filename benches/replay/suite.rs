//! Scenarios of four requests each: a lookup and a creation by the provider, then the outcome by id and by name.

use std::fs;
use std::io;
use std::path::Path;

/// Writes `count` scenarios below `folder/scenarios`, played in turn by several clients, with `changes` to the person
/// before the outcome is read: two requests each, all by Entra, where there are any.
pub(crate) fn write(folder: &Path, count: usize, changes: usize) -> io::Result<()> {
    let scenarios = folder.join("scenarios");
    fs::create_dir_all(&scenarios)?;
    let steps: Vec<String> = (0..changes)
        .map(|change| format!("  - update: {{person: ada, set: {{title: T{change}}}}}\n"))
        .collect();
    let steps = steps.concat();
    for number in 0..count {
        let clients = ["okta-oin", "entra-scim2", "google", "okta-aiw"];
        let client = if changes > 0 { "entra-scim2" } else { clients[number % clients.len()] };
        let text = format!(
            "title: Person {number} is assigned
evidence: {{mark: documented, source: \"RFC 7644 section 3.3\"}}
idps: [{client}]
people:
  ada: {{userName: person{number:05}@example.com, givenName: Ada, familyName: Byron}}
steps:
  - assign: ada
{steps}  - checkpoint: assigned
"
        );
        fs::write(scenarios.join(format!("person{number:05}.yaml")), text)?;
    }
    Ok(())
}
