//! Several changes of one group's members that come together go out in one request.

use crate::directory::{Directory, Event};

/// What an app works through: an event, or all that happened to the members of a group in a row.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step<'a> {
    /// One event.
    One(&'a Event),
    /// People who joined and left a group.
    Members {
        /// The group.
        group: &'a str,
        /// Who joined and is still in it.
        added: Vec<&'a str>,
        /// Who left and is not in it any more.
        removed: Vec<&'a str>,
    },
}

/// The steps that events make. The directory, as it is afterwards, says who is in a group.
pub(crate) fn steps<'a>(events: &'a [Event], directory: &Directory) -> Vec<Step<'a>> {
    let mut steps: Vec<Step<'a>> = Vec::with_capacity(events.len());
    for event in events {
        let (Event::AddMember { group: name, person } | Event::RemoveMember { group: name, person }) = event
        else {
            steps.push(Step::One(event));
            continue;
        };
        if !matches!(steps.last(), Some(Step::Members { group, .. }) if group == name) {
            steps.push(Step::Members { group: name, added: Vec::new(), removed: Vec::new() });
        }
        let is_member = directory.group(name).is_some_and(|group| group.members.contains(person));
        if let Some(Step::Members { added, removed, .. }) = steps.last_mut() {
            let list = if is_member { added } else { removed };
            if !list.contains(&person.as_str()) {
                list.push(person);
            }
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::Group;

    #[test]
    fn changes_of_one_group_in_a_row_are_one_step() {
        let directory = Directory {
            people: Vec::new(),
            groups: vec![Group {
                key: "acme".to_owned(),
                display_name: "Acme".to_owned(),
                members: vec!["ada".to_owned()],
                pushed: true,
                tenant: String::new(),
            }],
        };
        let add = Event::AddMember { group: "acme".to_owned(), person: "ada".to_owned() };
        let remove = Event::RemoveMember { group: "acme".to_owned(), person: "bob".to_owned() };
        let events = [add.clone(), remove, add, Event::ForceSync];
        assert_eq!(
            steps(&events, &directory),
            [
                Step::Members { group: "acme", added: vec!["ada"], removed: vec!["bob"] },
                Step::One(&Event::ForceSync)
            ]
        );
    }
}
