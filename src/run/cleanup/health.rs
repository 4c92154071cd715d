//! Whether an endpoint is itself: a maintenance page answers "not found" to everything.

use crate::wire::{Answer, Created, Exchange, Wire, proof};

/// What an endpoint answers for an id that nobody has.
#[derive(Debug)]
pub(super) struct Health<'a> {
    wire: &'a Wire,
    /// Whether an endpoint that serves its list says "not found" of such an id, by kind, where that was asked already.
    known: Vec<(Created, bool)>,
}

impl<'a> Health<'a> {
    pub(super) fn new(wire: &'a Wire) -> Self {
        Self { wire, known: Vec::new() }
    }

    /// Whether "not found" can be believed: the endpoint says so of an id that nobody has, and right after that still serves
    /// a list.
    pub(super) async fn says_not_found_truly(&mut self, kind: Created) -> bool {
        if let Some((_, known)) = self.known.iter().find(|(other, _)| *other == kind) {
            return *known;
        }
        let seeker = self.wire.seeker();
        let unknown = self.wire.send(seeker.read(kind, proof::random_id())).await;
        let listed = self.wire.send(seeker.sample(kind)).await;
        let truly = matches!(unknown.status(), 404 | 410) && is_served(&listed);
        self.known.push((kind, truly));
        truly
    }
}

fn is_served(exchange: &Exchange) -> bool {
    matches!(exchange.answer, Answer::Response(_)) && proof::list(exchange).is_some()
}
