//! An answer that does not come, breaks off, or does not end.

use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::wire::{Answer, TransportError};

use crate::requirement::rules::Rule;

const WHOLE_ANSWER: Requirement = Requirement {
    id: "whole-answer",
    level: Level::Must,
    concerns: &[Concern::Okta, Concern::Entra],
    text: "every request gets a complete HTTP response of bounded size in time",
    source: "Okta, provisioning limits: the socket is closed after 60 s (docs/providers/okta.md#no-answer-within-60-seconds); Entra, provisioning logs: `Timeout`, `WebExceptionProtocolError` (docs/providers/entra.md#no-answer-in-time)",
    reasoning: "the provider cannot tell whether the change was made; it tries again later and may apply it twice",
};

#[derive(Debug)]
pub(crate) struct WholeAnswer;

impl Rule for WholeAnswer {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&WHOLE_ANSWER]
    }

    fn is_about_form(&self) -> bool {
        true
    }

    fn observe(&mut self, seen: &Seen<'_>, _mirror: &Mirror, report: &mut Report) {
        let Answer::Failed(error) = &seen.exchange.answer else { return };
        match error {
            TransportError::Timeout(_)
            | TransportError::TooLarge(_)
            | TransportError::Overfull
            | TransportError::Broken(_) => {
                report
                    .raise(&WHOLE_ANSWER, format!("{} got no response: {error}", seen.method()))
                    .shown(|| [Clue::status(["000"])]);
            }
            // Nobody is there: the target cannot be judged, and the run says so.
            TransportError::Connect(_)
            | TransportError::Tls(_)
            | TransportError::NoToken(_)
            // An endpoint may do that, and it was not asked again only because that might do twice what it did.
            | TransportError::ClosedSilently
            // The scenario's doing, not the endpoint's.
            | TransportError::Lost(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::idp::ClientName;
    use crate::requirement::tests::story::Story;
    use crate::wire::Method;

    #[test]
    fn fires_on_a_timeout_and_not_where_nobody_listens() {
        let mut story = Story::new(ClientName::OktaOin);
        let refused = TransportError::Connect("refused".to_owned());
        story.broken(Method::Get, "/Users", Answer::Failed(refused));
        assert_eq!(story.ids(), [""; 0]);
        story.timeout(Method::Get, "/Users");
        assert_eq!(story.raised("whole-answer"), ["GET got no response: no complete response within 60 s"]);
    }
}
