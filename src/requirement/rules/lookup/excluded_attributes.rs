//! `excludedAttributes=members`.

use crate::requirement::exchange::view::{Seen, assigned};
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::ResourceKind;
use crate::wire::Method;

use crate::requirement::rules::Rule;

const EXCLUDED_ATTRIBUTES: Requirement = Requirement {
    id: "excluded-attributes",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Entra],
    text: "a response to `excludedAttributes=members` has no members",
    source: "RFC 7644 §3.9; Entra requires it (docs/providers/entra.md#required-excludedattributes; what it does otherwise is reported, docs/providers/entra.md#members-in-spite-of-excludedattributes)",
    reasoning: "Entra then replaces the whole list of members with a single one, and everybody else loses access",
};

#[derive(Debug)]
pub(crate) struct ExcludedAttributes;

impl Rule for ExcludedAttributes {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&EXCLUDED_ATTRIBUTES]
    }

    fn observe(&mut self, seen: &Seen<'_>, _mirror: &Mirror, report: &mut Report) {
        let excluded = seen.query.excluded_attributes.as_deref().unwrap_or_default();
        let without_members = excluded.split(',').any(|name| {
            let name = name.trim();
            name.rsplit(':').next().is_some_and(|name| name.eq_ignore_ascii_case("members"))
        });
        if !without_members || seen.method() != Method::Get {
            return;
        }
        let what = if seen.id.is_some() { "read of a group" } else { "query" };
        for (kind, resource) in seen.resources() {
            // An empty list is no list (RFC 7643 §2.5).
            if kind == ResourceKind::Group && assigned(resource, "members").is_some() {
                report
                    .raise(
                        &EXCLUDED_ATTRIBUTES,
                        format!("a {what} with `excludedAttributes=members` returned members"),
                    )
                    .shown(|| {
                        let is_list = seen.list_kind().is_some();
                        [Clue::any(if is_list { "body/Resources/*/members/**" } else { "body/members/**" })]
                    });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, group, list};

    #[test]
    fn fires() {
        let mut story = Story::new(ClientName::Entra);
        story.get("/Groups/g?excludedAttributes=members", 200, &group("g", "Acme", &["1"]));
        let lookup = "/Groups?excludedAttributes=members&filter=displayName+eq+%22Acme%22";
        story.get(lookup, 200, &list(&[group("g", "Acme", &["1"])]));
        assert_eq!(
            story.said(),
            [
                "excluded-attributes: a read of a group with `excludedAttributes=members` returned members",
                "excluded-attributes: a query with `excludedAttributes=members` returned members"
            ]
        );
    }

    #[test]
    fn stays_silent() {
        let mut story = Story::new(ClientName::Entra);
        story.get("/Groups/g?excludedAttributes=members", 200, &group("g", "Acme", &[]));
        story.get("/Groups/g?excludedAttributes=externalId", 200, &group("g", "Acme", &["1"]));
        story.get("/Groups/g", 200, &group("g", "Acme", &["1"]));
        assert_eq!(story.said(), [""; 0]);
    }
}
