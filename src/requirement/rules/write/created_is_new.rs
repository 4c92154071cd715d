//! A creation creates: its answer is about a new resource, and not about other people's.

use crate::requirement::exchange::attribute::Attribute;
use crate::requirement::exchange::view::Seen;
use crate::requirement::findings::Report;
use crate::requirement::mirror::Mirror;
use crate::requirement::model::{Concern, Level, Requirement};
use crate::requirement::sign::Clue;
use crate::wire::{Created, NotNew};

use crate::requirement::rules::Rule;

const CREATED_IS_NEW: Requirement = Requirement {
    id: "created-is-new",
    level: Level::Must,
    concerns: &[Concern::Rfc, Concern::Okta, Concern::Entra, Concern::Google],
    text: "a creation returns the resource that it created",
    source: "RFC 7644 §3.3 (a POST creates a new resource; one that is there already is answered 409)",
    reasoning: "the provider links the new person to somebody else's account: every later change, and the final deactivation, affects the wrong person",
};

/// On a foreign target, the names in the answers tell whose a resource is.
#[derive(Debug)]
pub(crate) struct CreatedIsNew;

impl Rule for CreatedIsNew {
    fn requirements(&self) -> &'static [&'static Requirement] {
        &[&CREATED_IS_NEW]
    }

    fn observe(&mut self, seen: &Seen<'_>, _mirror: &Mirror, report: &mut Report) {
        let not_new = seen.exchange.response().and_then(|response| response.not_new.as_ref());
        let path = seen.exchange.request.path();
        match not_new {
            None => {}
            Some(NotNew::ShownBefore { kind, id }) => {
                let what = a(*kind);
                report
                    .raise(&CREATED_IS_NEW, format!("POST {path} returned {what} that existed before"))
                    .shown(|| [Clue::there("body/id", id.as_str())]);
            }
            Some(NotNew::OtherName { kind, .. }) => {
                let what = kind.word();
                let message = format!("POST {path} returned a different {what} than the one in the request");
                report.raise(&CREATED_IS_NEW, message).shown_by(another(seen));
            }
        }
    }
}

/// Another name is answered than the one that was sent.
fn another(seen: &Seen<'_>) -> Option<Clue> {
    let attribute = Attribute::key(seen.kind?);
    let name = attribute.value(seen.sent?)?.clone();
    Some(Clue::Other { at: attribute.place(false), value: name, ignoring_case: true })
}

fn a(kind: Created) -> &'static str {
    match kind {
        Created::User => "a user",
        Created::Group => "a group",
        Created::Organization => "an organization",
        Created::Customer => "a customer",
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::idp::ClientName;
    use crate::requirement::tests::story::{Story, user};
    use crate::wire::{Answer, Method};

    fn judged(not_new: Option<NotNew>) -> Vec<String> {
        let mut story = Story::new(ClientName::OktaOin);
        let answer = user("1", "ada");
        let exchange = Story::exchange(Method::Post, "/Users", Some(&user("", "ada")), 201, Some(&answer));
        let mut exchange = Arc::unwrap_or_clone(exchange);
        if let Answer::Response(response) = &mut exchange.answer {
            response.not_new = not_new;
        }
        story.observe(&Arc::new(exchange));
        story.raised("created-is-new").into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn table() {
        let (kind, id) = (Created::User, "1".to_owned());
        assert_eq!(judged(None), [""; 0]);
        let before = judged(Some(NotNew::ShownBefore { kind, id: id.clone() }));
        assert_eq!(before, ["POST /Users returned a user that existed before"]);
        let other = judged(Some(NotNew::OtherName { kind, id }));
        assert_eq!(other, ["POST /Users returned a different user than the one in the request"]);
    }
}
