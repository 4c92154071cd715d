//! The id that a provider links by.

use crate::requirement::exchange::view::{Seen, id_of};
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::resource::attribute::get;

use crate::requirement::rules::Rule;

const CREATED_ID: Requirement = Requirement {
    id: "created-id",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Okta, Concern::Entra, Concern::Google],
    text: "the response to a creation contains the resource with its `id`",
    source: "RFC 7644 §3.3 (a representation SHALL be in the body), RFC 7643 §3.1; Okta: `Create new user returned empty user` (docs/providers/okta.md#creation-answered-without-a-body)",
    reasoning: "the provider cannot link the new resource: every later change fails, and the next attempt is a conflict",
};

#[derive(Debug)]
pub(crate) struct CreatedId;

impl Rule for CreatedId {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&CREATED_ID]
    }

    fn observe(&mut self, seen: &Seen<'_>, _mirror: &Mirror, report: &mut Report) {
        if !seen.is_create() || !seen.is_success() {
            return;
        }
        let Some(response) = seen.exchange.response() else { return };
        let missing = match response.json() {
            Some(body) if id_of(body).is_some() => return,
            Some(_) => "without an `id`",
            None if response.body.trim().is_empty() => "without a body",
            None => "without a JSON body",
        };
        let has_id = response.json().is_some_and(|body| get(body, "id").is_some());
        let clue = if has_id {
            Clue::NotA { at: "body/id".to_owned(), value: "string".to_owned() }
        } else {
            Clue::none("body/id")
        };
        report
            .raise(&CREATED_ID, format!("a creation returned {} {missing}", response.status))
            .shown(|| [Clue::taken(), clue]);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, error, user};
    use crate::wire::Method;

    fn judged(status: u16, answer: Option<&Value>) -> Vec<String> {
        let mut story = Story::new(ClientName::OktaOin);
        story.observe(&Story::exchange(Method::Post, "/Users", Some(&user("", "ada")), status, answer));
        story.raised("created-id").into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn table() {
        let none: [&str; 0] = [];
        assert_eq!(judged(201, Some(&user("1", "ada"))), none);
        assert_eq!(judged(200, Some(&user("1", "ada"))), none);
        assert_eq!(judged(409, Some(&error(409))), none);
        assert_eq!(judged(201, None), ["a creation returned 201 without a body"]);
        for id in [json!(""), json!(7), Value::Null] {
            let mut body = user("1", "ada");
            body["id"] = id;
            assert_eq!(judged(201, Some(&body)), ["a creation returned 201 without an `id`"]);
        }
    }
}
