//! What a scenario's file alone cannot say: whether its clients can express its events, and whether its
//! knobs and requirements exist.

use crate::diag::{At, Diagnostic};
use crate::idp::cannot;
use crate::reference::{Knobs, Profile};
use crate::requirement::catalogue;
use crate::scenario::{Action, Admin, Scenario};
use crate::suggest::nearest;

/// Finds the first thing that is wrong.
pub fn check(scenario: &Scenario) -> Result<(), Diagnostic> {
    let mut knobs: Vec<(&str, &str, At)> =
        scenario.given.knobs.iter().map(|(name, value, at)| (name.as_str(), value.as_str(), *at)).collect();
    for step in &scenario.steps {
        match &step.action {
            Action::Events(events) => {
                for client in scenario.clients.iter().copied().filter(|client| step.is_for(*client)) {
                    if let Some(reason) = events.iter().find_map(|event| cannot(client, event)) {
                        return Err(Diagnostic::new(
                            &scenario.source,
                            step.at,
                            format!("{client} cannot do this: {reason}"),
                        )
                        .help("restrict the step to other clients, for example with `only: [okta]`"));
                    }
                }
            }
            Action::Admin(Admin::Set(set)) => {
                knobs.extend(set.iter().map(|(name, value, at)| (name.as_str(), value.as_str(), *at)));
            }
            Action::Admin(_)
            | Action::Request(_)
            | Action::AtOnce(_)
            | Action::Lose(_)
            | Action::Intercept(_)
            | Action::Checkpoint(_) => {}
        }
    }
    for (id, at) in &scenario.exercises {
        if !catalogue().iter().any(|requirement| requirement.id == id) {
            let near = nearest(id, catalogue().into_iter().map(|requirement| requirement.id));
            let near = near.map(|near| format!("did you mean `{near}`?"));
            return Err(Diagnostic::new(&scenario.source, *at, format!("there is no requirement `{id}`"))
                .label(near.unwrap_or_default())
                .help("`scimsnap explain` lists the requirements"));
        }
    }
    if let Some((name, at)) = &scenario.given.profile {
        name.parse::<Profile>().map_err(|error| Diagnostic::new(&scenario.source, *at, error.to_string()))?;
    }
    let top = At { line: 1, column: 1, len: 1 };
    for alternative in &scenario.alternatives {
        knobs.extend(alternative.when.iter().map(|(name, value)| (name.as_str(), value.as_str(), top)));
    }
    for (name, value, at) in knobs {
        Knobs::default().set(name, value).map_err(|error| {
            Diagnostic::new(&scenario.source, at, error.to_string())
                .help("`scimsnap serve --list-knobs` lists the knobs and their values")
        })?;
    }
    Ok(())
}
