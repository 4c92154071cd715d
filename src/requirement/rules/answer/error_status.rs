//! An error comes with the status of an error.

use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::scim::urn;

use crate::requirement::rules::Rule;

const ERROR_STATUS: Requirement = Requirement {
    id: "error-status",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Okta, Concern::Entra, Concern::Google],
    text: "a SCIM error is returned with its own status, not with 2xx",
    source: "RFC 7644 §3.12: HTTP status and error response handling",
    reasoning: "the provider takes the refusal for a success and never sends the change again",
};

#[derive(Debug)]
pub(crate) struct ErrorStatus;

impl Rule for ErrorStatus {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&ERROR_STATUS]
    }

    fn is_about_form(&self) -> bool {
        true
    }

    fn observe(&mut self, seen: &Seen<'_>, _mirror: &Mirror, report: &mut Report) {
        if let Some(status) = seen.error_in_success {
            let (method, answered) = (seen.method(), seen.exchange.status());
            let message = format!(
                "a {method} was refused with a SCIM error {status}, but the response says {answered}"
            );
            report
                .raise_as(&ERROR_STATUS, "", message)
                .shown(|| [Clue::taken(), Clue::there("body/schemas/*", urn::ERROR)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, error, user};

    #[test]
    fn fires_on_an_error_in_a_success_and_lets_no_other_rule_take_it_for_one() {
        for (status, body, said) in [
            (
                200,
                error(409),
                vec!["error-status: a POST was refused with a SCIM error 409, but the response says 200"],
            ),
            (409, error(409), vec![]),
            (201, user("1", "ada"), vec![]),
        ] {
            let mut story = Story::new(ClientName::OktaOin);
            story.post("/Users", &user("", "ada"), status, &body);
            let found: Vec<String> = story
                .said()
                .into_iter()
                .filter(|said| said.starts_with("error-status") || said.starts_with("create"))
                .collect();
            assert_eq!(found, said, "{status}");
        }
        let mut story = Story::new(ClientName::OktaOin);
        story.post(
            "/Users",
            &user("", "ada"),
            200,
            &json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"]}),
        );
        assert!(story.raised("error-status").is_empty(), "without a status nobody knows");
    }
}
