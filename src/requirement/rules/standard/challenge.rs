//! A refusal for want of credentials says which to bring.

use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;

use crate::requirement::rules::Rule;

const CHALLENGE: Requirement = Requirement {
    id: "challenge",
    level: Level::Must,
    concerns: &[Concern::Rfc],
    text: "a 401 says in `WWW-Authenticate` how to authenticate",
    source: "RFC 9110 §11.6.1 (a 401 MUST have the header), RFC 6750 §3, RFC 7644 §2",
    reasoning: "a client that can authenticate in several ways does not know which one to try",
};

#[derive(Debug)]
pub(crate) struct Challenge;

impl Rule for Challenge {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&CHALLENGE]
    }

    fn is_about_form(&self) -> bool {
        true
    }

    fn observe(&mut self, seen: &Seen<'_>, _mirror: &Mirror, report: &mut Report) {
        let Some(response) = seen.exchange.response().filter(|response| response.status == 401) else {
            return;
        };
        if response.header("www-authenticate").is_none_or(|challenge| challenge.trim().is_empty()) {
            report
                .raise(&CHALLENGE, "a 401 has no `WWW-Authenticate`".to_owned())
                .shown(|| [Clue::status(["401"]), Clue::none("header/www-authenticate")]);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::idp::ClientName;
    use crate::requirement::tests::story::Story;
    use crate::wire::{Answer, Method, Response};

    fn judged(status: u16, challenge: Option<&str>) -> usize {
        let mut exchange = Arc::unwrap_or_clone(Story::exchange(Method::Get, "/Users", None, status, None));
        let headers = challenge.map(|challenge| ("WWW-Authenticate".to_owned(), challenge.to_owned()));
        exchange.answer =
            Answer::Response(Response::new(status, headers.into_iter().collect(), String::new()));
        let mut story = Story::new(ClientName::Rfc);
        story.observe(&Arc::new(exchange));
        story.raised("challenge").len()
    }

    #[test]
    fn table() {
        assert_eq!(judged(401, None), 1);
        assert_eq!(judged(401, Some(" ")), 1);
        for (status, challenge) in [(401, Some("Bearer")), (401, Some("Basic realm=\"x\"")), (403, None)] {
            assert_eq!(judged(status, challenge), 0, "{status} {challenge:?}");
        }
    }
}
