//! Two groups do not share a name.

use crate::idp::Family;
use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::ResourceKind;
use crate::wire::Purpose;

use crate::requirement::rules::Rule;
use crate::requirement::rules::write::user_name_unique::taken;

const FOR_ENTRA: Requirement = Requirement {
    id: "group-name-unique-entra",
    level: Level::Must,
    concerns: &[Concern::Entra, Concern::Jsm],
    text: "for Entra, a `displayName` that another group has is refused with 409",
    source: "Entra requires it, beyond the RFC (docs/providers/entra.md#required-unique-group-names, docs/providers/entra-tests.md#creation-and-duplicates)",
    reasoning: "the next lookup finds two groups, and Entra stops with `DuplicateTargetEntries`",
};

const FOR_OTHERS: Requirement = Requirement {
    id: "group-name-unique",
    level: Level::Should,
    concerns: &[Concern::Okta, Concern::Jsm],
    text: "a `displayName` that another group has is refused with 409",
    source: "Jira Service Management keeps names unique (docs/jira-service-management.md#two-groups-of-one-name, docs/jira-service-management.md#endpoints); the RFC allows several (RFC 7643 §4.2 has no uniqueness)",
    reasoning: "Okta links to whichever group comes first, and the people of two organizations get mixed up",
};

#[derive(Debug)]
pub(crate) struct GroupNameUnique;

impl Rule for GroupNameUnique {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&FOR_ENTRA, &FOR_OTHERS]
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        // What is staged may be two of a name on purpose.
        if seen.purpose() == Purpose::Stage {
            return;
        }
        let Some(taken) = taken(ResourceKind::Group, seen, mirror) else { return };
        let requirement = if seen.family() == Family::Entra { &FOR_ENTRA } else { &FOR_OTHERS };
        let case = if taken.exact { "" } else { " in another case" };
        let message = format!(
            "a {} with the displayName {:?}, which another group has{case}, returned {}",
            seen.method(),
            taken.name,
            seen.status()
        );
        report
            .raise_as(requirement, format!("{} {}", seen.method(), taken.exact), message)
            .shown(|| [Clue::taken()]);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, error, group};

    fn acme(client: ClientName) -> Story {
        let mut story = Story::new(client);
        story.post("/Groups", &group("", "Acme", &[]), 201, &group("1", "Acme", &[]));
        story
    }

    #[test]
    fn the_family_decides_the_level() {
        for (client, id) in
            [(ClientName::Entra, "group-name-unique-entra"), (ClientName::OktaOin, "group-name-unique")]
        {
            let mut story = acme(client);
            story.post("/Groups", &group("", "acme", &[]), 201, &group("2", "acme", &[]));
            assert_eq!(
                story.said(),
                [format!(
                    "{id}: a POST with the displayName \"acme\", which another group has in another case, returned 201"
                )]
            );
        }
    }

    #[test]
    fn a_rename_counts_too() {
        let mut story = acme(ClientName::EntraScim2);
        story.post("/Groups", &group("", "Globex", &[]), 201, &group("2", "Globex", &[]));
        story.patch("/Groups/2", &json!([{"op": "replace", "value": {"displayName": "Acme"}}]));
        assert_eq!(story.ids(), ["group-name-unique-entra"]);
    }

    #[test]
    fn stays_silent() {
        let mut story = acme(ClientName::Entra);
        story.post("/Groups", &group("", "Acme", &[]), 409, &error(409));
        story.patch("/Groups/1", &json!([{"op": "Replace", "path": "displayName", "value": "ACME"}]));
        story.post("/Groups", &group("", "Globex", &[]), 201, &group("2", "Globex", &[]));
        story.purpose = Purpose::Stage;
        story.post("/Groups", &group("", "Globex", &[]), 201, &group("3", "Globex", &[]));
        assert_eq!(story.said(), [""; 0]);
    }
}
