//! At most one value of an attribute is the primary one.

use serde_json::Value;

use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::resource::attribute::get;

use crate::requirement::rules::{Blame, Rule, is_of_this_run};

const SINGLE_PRIMARY: Requirement = Requirement {
    id: "single-primary",
    level: Level::Must,
    concerns: &[Concern::Rfc],
    text: "at most one value of an attribute is `primary`",
    source: "RFC 7643 §2.4 (the primary value MUST appear no more than once), RFC 7644 §3.5.2 (a new primary value takes the place of the old one)",
    reasoning: "nobody can say at which address a person is to be reached",
};

#[derive(Debug)]
pub(crate) struct SinglePrimary;

impl Rule for SinglePrimary {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&SINGLE_PRIMARY]
    }

    fn blames(&self) -> Option<Blame> {
        Some(Blame::Taken)
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        for (kind, resource) in seen.resources() {
            let several =
                resource.as_object().into_iter().flatten().find(|(_, value)| primaries(value).count() > 1);
            if let Some((name, value)) = several
                && is_of_this_run(kind, resource, seen, mirror)
            {
                let of = kind.name().to_ascii_lowercase();
                let count = primaries(value).count();
                let place = seen.place();
                let mut at = primaries(value).map(|index| format!("{place}/{name}/{index}/primary"));
                let clues = [at.next(), at.next()].map(|at| Clue::there(at.unwrap_or_default(), true));
                report
                    .raise_as(
                        &SINGLE_PRIMARY,
                        format!("`{name}` of a {of}"),
                        format!("{count} values of `{name}` of a {of} are primary"),
                    )
                    .shown(|| clues);
            }
        }
    }
}

/// Where the primary ones stand among the values of an attribute.
fn primaries(value: &Value) -> impl Iterator<Item = usize> {
    let elements = value.as_array().map_or(&[][..], Vec::as_slice).iter().enumerate();
    elements
        .filter(|(_, element)| get(element, "primary") == Some(&Value::Bool(true)))
        .map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, list, user_with};

    fn mailed(primaries: &[Value]) -> Value {
        let email = |primary: &Value| json!({"value": "a@example.com", "primary": primary});
        user_with("emails", primaries.iter().map(email).collect())
    }

    #[test]
    fn table() {
        let judged = |target: &str, body: &Value| {
            let mut story = Story::new(ClientName::Rfc);
            story.get(target, 200, body);
            story.raised("single-primary").into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        let (yes, no) = (json!(true), json!(false));
        assert_eq!(
            judged("/Users/1", &mailed(&[yes.clone(), yes.clone()])),
            ["2 values of `emails` of a user are primary"]
        );
        for shown in [vec![yes.clone(), no.clone()], vec![no], vec![], vec![yes.clone(), Value::Null]] {
            assert_eq!(judged("/Users/1", &mailed(&shown)), [""; 0]);
        }
        assert_eq!(judged("/Users", &list(&[mailed(&[yes.clone(), yes])])), [""; 0], "a stranger");
    }
}
