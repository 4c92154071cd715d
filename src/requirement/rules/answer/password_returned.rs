//! Passwords in answers.

use serde_json::Value;

use crate::requirement::exchange::view::{Seen, assigned};
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;

use crate::requirement::rules::Rule;
use crate::wire::MASK;

const PASSWORD_RETURNED: Requirement = Requirement {
    id: "password-returned",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Okta],
    text: "no response contains a password, neither in clear text nor hashed",
    source: "RFC 7643 §4.1.1 (`password` SHALL NOT be returned) and §7 (returned: never)",
    reasoning: "the password ends up in the logs of every system on the way; Okta sends one with every creation",
};

#[derive(Debug)]
pub(crate) struct PasswordReturned;

impl Rule for PasswordReturned {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&PASSWORD_RETURNED]
    }

    fn is_about_form(&self) -> bool {
        true
    }

    fn observe(&mut self, seen: &Seen<'_>, _mirror: &Mirror, report: &mut Report) {
        let Some(response) = seen.exchange.response() else { return };
        let method = seen.method();
        let resources = seen.resources();
        let attribute = resources.iter().any(|(_, resource)| has_password(resource));
        if attribute {
            report
                .raise(&PASSWORD_RETURNED, format!("the response to a {method} has the attribute `password`"))
                .shown(|| {
                    let is_list = seen.list_kind().is_some();
                    [Clue::any(if is_list { "body/Resources/*/password" } else { "body/password" })]
                });
        } else if seen.holds_password(&response.body) {
            report
                .raise(
                    &PASSWORD_RETURNED,
                    format!("the response to a {method} repeats the password from the request"),
                )
                .shown(|| [Clue::Text { at: "body".to_owned(), value: MASK.to_owned() }]);
        }
    }
}

fn has_password(resource: &Value) -> bool {
    assigned(resource, "password").is_some()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, error, list, patch_op, user, user_with};

    #[test]
    fn fires_wherever_it_stands() {
        let secret = || user_with("password", json!("x7!kQ2pz"));
        let rows: [fn(&mut Story, Value); 4] = [
            |story, secret| story.post("/Users", &secret.clone(), 201, &secret),
            |story, secret| story.get("/Users/1", 200, &secret),
            |story, secret| story.get("/Users?startIndex=1&count=2", 200, &list(&[secret])),
            |story, secret| {
                let mut answer = error(400);
                answer["detail"] = json!("the password x7!kQ2pz is too short");
                story.post("/Users", &secret, 400, &answer);
            },
        ];
        for act in rows {
            let mut story = Story::new(ClientName::OktaOin);
            act(&mut story, secret());
            assert_eq!(story.raised("password-returned").len(), 1, "{:?}", story.said());
            assert!(!story.said().concat().contains("x7!kQ2pz"));
        }
    }

    #[test]
    fn a_password_that_a_patch_sent_is_known_too() {
        for operation in [
            json!([{"op": "replace", "value": {"password": "x7!kQ2pz"}}]),
            json!([{"op": "replace", "path": "password", "value": "x7!kQ2pz"}]),
        ] {
            let mut story = Story::new(ClientName::OktaOin);
            let exchange = Story::exchange(
                crate::wire::Method::Patch,
                "/Users/1",
                Some(&patch_op(&operation)),
                200,
                Some(&user_with("nickName", json!("x7!kQ2pz"))),
            );
            story.observe(&exchange);
            assert_eq!(story.raised("password-returned").len(), 1);
        }
    }

    #[test]
    fn silent_on_answers_without_one() {
        let mut story = Story::new(ClientName::OktaOin);
        story.post("/Users", &user_with("password", json!("x7!kQ2pz")), 201, &user("1", "ada"));
        story.get("/Users/1", 200, &user_with("password", Value::Null));
        story.get("/Schemas", 200, &list(&[json!({"id": "x", "attributes": [{"name": "password"}]})]));
        assert!(story.raised("password-returned").is_empty());
    }
}
