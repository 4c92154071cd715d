//! `name.formatted` follows the parts of the name.

use serde_json::Value;

use crate::requirement::exchange::attribute::Attribute;
use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::{Life, Mirror};
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::ResourceKind;
use crate::scim::resource::attribute::get;

use crate::requirement::rules::Rule;

const FORMATTED_NAME: Requirement = Requirement {
    id: "formatted-name",
    level: Level::Should,
    concerns: &[Concern::Rfc],
    text: "`name.formatted` that the endpoint makes itself is made of the present names",
    source: "RFC 7643 §4.1.1 (the full name, including all middle names, titles and suffixes as appropriate)",
    reasoning: "a person who was renamed is shown under the old name",
};

#[derive(Debug, Default)]
pub(crate) struct FormattedName {
    /// Whether the provider sends the whole name itself.
    is_sent: bool,
}

impl Rule for FormattedName {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&FORMATTED_NAME]
    }

    fn may_lag(&self) -> bool {
        true
    }

    fn observe(&mut self, seen: &Seen<'_>, mirror: &Mirror, report: &mut Report) {
        let body = seen.exchange.request.body.as_ref();
        self.is_sent |= body.is_some_and(|body| body.to_ascii_lowercase().contains("formatted"));
        let Some((ResourceKind::User, id, body)) = seen.read().filter(|_| !self.is_sent) else { return };
        let known = mirror.get(ResourceKind::User, id).filter(|known| known.life == Life::Live);
        let formatted = get(body, "name").and_then(|name| get(name, "formatted")).and_then(Value::as_str);
        let (Some(known), Some(formatted)) = (known, formatted.filter(|text| !text.is_empty())) else {
            return;
        };
        let lower = formatted.to_lowercase();
        for attribute in [Attribute::FamilyName, Attribute::GivenName] {
            let read = attribute.value(body).and_then(Value::as_str);
            let Some(name) = known.text(attribute).filter(|name| read == Some(*name)) else { continue };
            // A given name may be left out or shortened, the family's is not.
            let is_there = lower.contains(&name.to_lowercase());
            let may_be_short = attribute == Attribute::GivenName
                && name.chars().next().is_some_and(|first| lower.contains(&first.to_lowercase().to_string()));
            if !is_there && !may_be_short {
                let message = format!(
                    "`name.formatted` is \"{formatted}\", although `{}` is \"{name}\"",
                    attribute.as_str()
                );
                report
                    .raise_as(&FORMATTED_NAME, String::new(), message)
                    .shown(|| [Clue::there("body/name/formatted", formatted)]);
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, user};

    /// What is said of Ada, who is read with this formatted name after a PATCH of her names.
    fn said(operations: &Value, family: &str, formatted: Option<&str>) -> usize {
        let mut story = Story::new(ClientName::OktaOin);
        story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
        story.patch("/Users/1", operations);
        let mut read = user("1", "ada");
        read["name"] = json!({"givenName": "Ada", "familyName": family, "formatted": formatted});
        story.get("/Users/1", 200, &read);
        story.raised("formatted-name").len()
    }

    #[test]
    fn table() {
        let married = json!([{"op": "replace", "path": "name.familyName", "value": "King"}]);
        assert_eq!(said(&married, "King", Some("Ada Byron")), 1);
        for formatted in [Some("Ada King"), Some("KING, A."), Some("Lady King"), None, Some("")] {
            assert_eq!(said(&married, "King", formatted), 0, "{formatted:?}");
        }
        // Who sends it gets what was sent.
        let both = json!([
            {"op": "replace", "path": "name.familyName", "value": "King"},
            {"op": "replace", "path": "name.formatted", "value": "Countess"}
        ]);
        assert_eq!(said(&both, "King", Some("Countess")), 0);
        // What is not read either is told by another rule.
        assert_eq!(said(&married, "Byron", Some("Ada Byron")), 0);
    }
}
