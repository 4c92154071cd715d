//! What a user says of its groups is what the groups say of their members.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::requirement::exchange::view::{Seen, folded, id_of};
use crate::requirement::findings::Report;
use crate::requirement::mirror::{Life, Mirror};
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::ResourceKind;
use crate::scim::resource::attribute::get;

use crate::requirement::rules::Rule;

const USER_GROUPS: Requirement = Requirement {
    id: "user-groups",
    level: Level::Should,
    concerns: &[Concern::Rfc],
    text: "`groups` of a user are the groups that have the user as a member, under their present names",
    source: "RFC 7643 §4.1.2 (`groups`: direct membership, nested groups or dynamically calculated; read-only)",
    reasoning: "whoever decides by `groups` what a person may do decides wrongly",
};

/// The most users and groups that are remembered, and the most members of a group.
const MOST: usize = 1_000;

/// What reads have shown since the last write: two of them have to agree.
#[derive(Debug, Default)]
pub(crate) struct UserGroups {
    /// The groups of each user, with their names.
    users: BTreeMap<String, BTreeMap<String, Option<String>>>,
    /// The members of each group, and its name.
    groups: BTreeMap<String, (BTreeSet<String>, Option<String>)>,
    /// What the mirror had forgotten by then.
    forgotten: usize,
}

impl Rule for UserGroups {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&USER_GROUPS]
    }

    fn may_lag(&self) -> bool {
        true
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        if seen.method().writes() || self.forgotten != mirror.forgotten() {
            *self = Self { forgotten: mirror.forgotten(), ..Self::default() };
        }
        // Of two reads that disagree, either may lag: only what has had its time counts.
        if seen.is_projected() || seen.exchange.overlaps || seen.may_lag {
            return;
        }
        match seen.read() {
            Some((ResourceKind::User, id, body)) => self.user(id, body, mirror, report),
            Some((ResourceKind::Group, id, body)) => {
                let left_out = seen.members().is_none_or(|(_, shown)| shown.left_out.is_some());
                if !left_out {
                    self.group(id, body, mirror, report);
                }
            }
            None => {}
        }
    }
}

impl UserGroups {
    /// Whoever does not show groups says nothing of them, and whoever is inactive may have left them.
    fn user(&mut self, id: &str, body: &Value, mirror: &Mirror, report: &mut Report) {
        let Some(groups) = get(body, "groups").and_then(Value::as_array) else { return };
        let user = mirror.get(ResourceKind::User, id);
        if user.is_none_or(|user| user.is_inactive() || user.life != Life::Live) || self.users.len() == MOST {
            return;
        }
        let text = |value: &Value, name: &str| get(value, name).and_then(Value::as_str).map(str::to_owned);
        let is_direct = |group: &&Value| text(group, "type").is_none_or(|kind| kind != "indirect");
        let shown: BTreeMap<String, Option<String>> = groups
            .iter()
            .filter(is_direct)
            .filter_map(|group| {
                let id = text(group, "value").or_else(|| id_of(group).map(str::to_owned))?;
                Some((id, text(group, "display")))
            })
            .collect();
        let is_deleted = |group: &&String| {
            mirror.get(ResourceKind::Group, group).is_some_and(|known| known.life == Life::Deleted)
        };
        if let Some(group) = shown.keys().find(is_deleted) {
            left(group, report);
        }
        for (group, (members, name)) in &self.groups {
            compare((id, &shown), (group, members, name.as_deref()), mirror, report);
        }
        self.users.insert(id.to_owned(), shown);
    }

    fn group(&mut self, id: &str, body: &Value, mirror: &Mirror, report: &mut Report) {
        if mirror.get(ResourceKind::Group, id).is_none_or(|known| !known.created) || self.groups.len() == MOST
        {
            return;
        }
        let listed = get(body, "members").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        if listed.len() > MOST {
            return;
        }
        let value = |member: &Value| get(member, "value").and_then(Value::as_str).map(str::to_owned);
        let members: BTreeSet<String> = listed.iter().filter_map(value).collect();
        let name = get(body, "displayName").and_then(Value::as_str).map(str::to_owned);
        for (user, shown) in &self.users {
            compare((user, shown), (id, &members, name.as_deref()), mirror, report);
        }
        self.groups.insert(id.to_owned(), (members, name));
    }
}

/// Holds the groups of a user against a group's members.
fn compare(
    (user, groups): (&str, &BTreeMap<String, Option<String>>),
    (group, members, name): (&str, &BTreeSet<String>, Option<&str>),
    mirror: &Mirror,
    report: &mut Report,
) {
    match groups.get(group) {
        None if members.contains(user) => report
            .raise_as(
                &USER_GROUPS,
                "missing",
                "`groups` of a user lacks a group of which the user is a member".to_owned(),
            )
            .shown(|| [Clue::missing(AT, group)]),
        None => {}
        // Some endpoints omit members.
        Some(_) if !members.contains(user) => {
            let known = mirror.get(ResourceKind::Group, group).and_then(|known| known.members.as_ref());
            if known.is_some_and(|known| known.has_left(user)) {
                left(group, report);
            }
        }
        Some(display) => {
            if let (Some(display), Some(name)) = (display, name)
                && folded(display) != folded(name)
            {
                let message =
                    format!("`groups` of a user names a group \"{display}\", which is called \"{name}\"");
                report
                    .raise_as(&USER_GROUPS, "name", message)
                    .shown(|| [Clue::there("body/groups/*/display", display.as_str())]);
            }
        }
    }
}

fn left(group: &str, report: &mut Report) {
    report
        .raise_as(&USER_GROUPS, "left", "`groups` of a user names a group that the user has left".to_owned())
        .shown(|| [Clue::there(AT, group)]);
}

/// Where a group of a user stands.
const AT: &str = "body/groups/*/value";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, group, user, user_with};

    /// What is said where Ada's groups and the members of Acme are read, of which she is one unless `act` changes that.
    #[expect(clippy::needless_pass_by_value, reason = "literals read better without a reference before each")]
    fn said(act: impl Fn(&mut Story), groups: Value, acme: Option<Value>) -> Vec<String> {
        let reads = |is_user_first: bool| {
            let mut story = Story::new(ClientName::OktaOin);
            story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
            story.post("/Groups", &group("", "Acme", &["1"]), 201, &group("g", "Acme", &["1"]));
            act(&mut story);
            for is_user in [is_user_first, !is_user_first] {
                if is_user {
                    story.get("/Users/1", 200, &user_with("groups", groups.clone()));
                } else if let Some(acme) = &acme {
                    story.get("/Groups/g", 200, acme);
                }
            }
            story.raised("user-groups").into_iter().map(str::to_owned).collect::<Vec<String>>()
        };
        let said = reads(true);
        assert_eq!(said, reads(false), "whichever is read first");
        said
    }

    fn acme(name: &str) -> Value {
        json!([{"value": "g", "display": name}])
    }

    fn of(members: &[&str]) -> Value {
        group("g", "Acme", members)
    }

    fn nothing(_: &mut Story) {}

    fn leaves(story: &mut Story) {
        story.patch("/Groups/g", &json!([{"op": "remove", "path": "members[value eq \"1\"]"}]));
    }

    #[test]
    fn fires() {
        assert_eq!(
            said(nothing, json!([]), Some(of(&["1"]))),
            ["`groups` of a user lacks a group of which the user is a member"]
        );
        assert_eq!(
            said(leaves, acme("Acme"), Some(of(&[]))),
            ["`groups` of a user names a group that the user has left"]
        );
        assert_eq!(said(|story| story.delete("/Groups/g", 204), acme("Acme"), None).len(), 1);
        let renamed = |story: &mut Story| {
            story.patch("/Groups/g", &json!([{"op": "replace", "path": "displayName", "value": "Globex"}]));
        };
        assert_eq!(
            said(renamed, acme("Acme"), Some(group("g", "Globex", &["1"]))),
            ["`groups` of a user names a group \"Acme\", which is called \"Globex\""]
        );
    }

    #[test]
    fn stays_silent() {
        assert_eq!(said(nothing, acme("Acme"), Some(of(&["1"]))), [""; 0]);
        assert_eq!(said(nothing, Value::Null, Some(of(&["1"]))), [""; 0], "it is not shown");
        assert_eq!(said(leaves, json!([]), Some(of(&[]))), [""; 0]);
        assert_eq!(said(nothing, json!([{"value": "g"}, {"value": "strange"}]), Some(of(&["1"]))), [""; 0]);
        assert_eq!(said(nothing, json!([]), Some(of(&[]))), [""; 0], "the member was never stored");
        assert_eq!(said(nothing, acme("Acme"), Some(of(&[]))), [""; 0], "the members are left out");
        let disabled = |story: &mut Story| {
            story.patch("/Users/1", &json!([{"op": "replace", "path": "active", "value": false}]));
        };
        assert_eq!(said(disabled, json!([]), Some(of(&["1"]))), [""; 0], "an inactive user may have left");
        // What happens between two reads, they need not agree on.
        for act in [leaves, |story: &mut Story| story.checker.forget()] {
            let mut story = Story::new(ClientName::OktaOin);
            story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
            story.post("/Groups", &group("", "Acme", &["1"]), 201, &group("g", "Acme", &["1"]));
            story.get("/Groups/g", 200, &group("g", "Acme", &["1"]));
            act(&mut story);
            story.get("/Users/1", 200, &user_with("groups", json!([])));
            assert_eq!(story.raised("user-groups"), [""; 0]);
        }
    }
}
