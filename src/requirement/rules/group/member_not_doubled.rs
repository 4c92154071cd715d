//! A member is a member once.

use crate::counted::counted;
use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;

use crate::requirement::rules::{Blame, Rule};

const MEMBER_NOT_DOUBLED: Requirement = Requirement {
    id: "member-not-doubled",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Okta, Concern::Jsm],
    text: "a group contains each member only once",
    source: "RFC 7644 §3.5.2.1 (adding what is there SHOULD change nothing); Okta adds the members once more after each creation, so it cannot do without (docs/providers/okta.md#push-a-group)",
    reasoning: "every organization that Okta pushes shows each person twice, and a removal may leave one of the entries",
};

#[derive(Debug)]
pub(crate) struct MemberNotDoubled;

impl Rule for MemberNotDoubled {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&MEMBER_NOT_DOUBLED]
    }

    fn blames(&self) -> Option<Blame> {
        Some(Blame::Taken)
    }

    fn observe(&mut self, seen: &Seen<'_>, _mirror: &Mirror, report: &mut Report) {
        let Some((_, members)) = seen.members() else { return };
        let (all, doubled) = (members.count(), members.doubled());
        if doubled > 0 {
            let once = all - doubled;
            report
                .raise_as(
                    &MEMBER_NOT_DOUBLED,
                    "",
                    format!("a group with {} has {all} entries in `members`", counted(once, "member")),
                )
                .shown(|| [Clue::Twice { at: "body/members/*/value".to_owned() }]);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, group};

    #[test]
    fn table() {
        let mut story = Story::new(ClientName::OktaOin);
        story.get("/Groups/g", 200, &group("g", "Acme", &["1", "2"]));
        story.get("/Groups/h", 200, &group("h", "Acme", &[]));
        assert_eq!(story.said(), [""; 0]);
        story.get("/Groups/g", 200, &group("g", "Acme", &["1", "2", "1"]));
        assert_eq!(story.said(), ["member-not-doubled: a group with 2 members has 3 entries in `members`"]);
    }
}
