//! Holds every exchange of one (scenario, client) pair against every rule.

use std::sync::Arc;

use crate::idp::ClientName;
use crate::wire::{Answer, Exchange, Lost, Purpose, Repair, Surface, TransportError};

use super::behaviour::{Card, Observed};
use super::culprit::Writes;
use super::effect::{Effects, Ledger};
use super::exchange::view::Seen;
use super::findings::Report;
use super::mirror::Mirror;
use super::mirror::discovery::Discovery;
use super::model::Raised;
use super::rules::{self, Rule};

/// The rules with the little that they remember: a mirror of what was sent, keyed by resource.
#[derive(Debug)]
pub struct Checker {
    client: ClientName,
    rules: Vec<Box<dyn Rule>>,
    mirror: Mirror,
    report: Report,
    card: Card,
    writes: Writes,
    effects: Ledger,
}

impl Checker {
    /// A checker that has seen nothing, for one (scenario, client) pair.
    pub fn new(client: ClientName) -> Self {
        Self {
            client,
            rules: rules::all(),
            mirror: Mirror::default(),
            report: Report::default(),
            card: Card::default(),
            writes: Writes::default(),
            effects: Ledger::default(),
        }
    }

    /// A checker that also knows what the endpoint said of itself.
    pub fn knowing(client: ClientName, discovery: Arc<Discovery>) -> Self {
        Self { mirror: Mirror::knowing(discovery), ..Self::new(client) }
    }

    /// Takes the next exchange, of any purpose, and gives back what it shows to be wrong. The same requirement with the
    /// same cause is raised once.
    pub fn observe(&mut self, exchange: &Arc<Exchange>) -> Vec<Raised> {
        self.judge(exchange, None).0
    }

    /// Takes a read that may lag behind a write. Where lag could explain what is wrong with it, and `may_lag` says that it
    /// may still do so, that is not raised. The second part of the answer says what is in doubt then: the repetition has to
    /// be shown in its place.
    pub fn observe_unless_in_doubt(
        &mut self,
        exchange: &Arc<Exchange>,
        may_lag: &dyn Fn(&str) -> bool,
    ) -> (Vec<Raised>, Option<String>) {
        self.judge(exchange, Some(may_lag))
    }

    fn judge(
        &mut self,
        exchange: &Arc<Exchange>,
        may_lag: Option<&dyn Fn(&str) -> bool>,
    ) -> (Vec<Raised>, Option<String>) {
        if exchange.request.surface == Surface::Rest {
            // What the product changes, SCIM shows afterwards.
            if exchange.request.method.writes() {
                self.mirror.hear(&exchange.request);
                self.forget();
            }
            return (Vec::new(), None);
        }
        // What somebody in between answers is not the endpoint's word: of its own, nothing came.
        // Nor is what a request is answered because it was sent twice.
        let in_vain = exchange.is_doubtful().then_some(Lost::Answer);
        let kept_back = exchange.intercepted().or(in_vain).map(|lost| Exchange {
            answer: Answer::Failed(TransportError::Lost(lost)),
            request: exchange.request.clone(),
            ..**exchange
        });
        let mut seen = Seen::new(kept_back.as_ref().unwrap_or(exchange), self.client);
        seen.may_lag = may_lag.is_some();
        if exchange.repair() == Some(Repair::Recovered) {
            // It was created; how that was answered nobody knows.
            self.mirror.apply(&seen);
            return (Vec::new(), None);
        }
        let purpose = exchange.request.purpose;
        let mut in_doubt = None;
        for rule in &mut self.rules {
            let is_judged = match purpose {
                Purpose::Provider | Purpose::Literal | Purpose::Admin => true,
                Purpose::Read | Purpose::Stage => !rule.is_about_form(),
                Purpose::Cleanup => false,
            };
            if is_judged {
                let before = self.report.len();
                rule.observe(&seen, &self.mirror, &mut self.report);
                if purpose == Purpose::Stage {
                    // What is prepared is prepared for the provider, whose own requests will tell.
                    self.report.take_back(before);
                }
                if let Some(may_lag) = may_lag.filter(|_| rule.may_lag()) {
                    let client = self.client;
                    let mut doubts =
                        self.report.since(before).map(|(id, key)| format!("{client} {id}/{key}"));
                    if let Some(doubt) = doubts.find(|doubt| may_lag(doubt)) {
                        drop(doubts);
                        self.report.take_back(before);
                        in_doubt = Some(doubt);
                    }
                }
                if self.report.len() > before {
                    self.report.blame(before, self.writes.culprit(&seen, rule.as_ref()));
                }
            }
        }
        if in_doubt.is_none() {
            self.card.observe(&seen, &self.mirror);
            self.effects.observe(&seen, &self.mirror);
            self.mirror.apply(&seen);
        }
        let found = self.report.take();
        self.writes.note(&seen);
        (found, in_doubt)
    }

    /// Which ways the endpoint has shown where several are right, each with the first exchange that showed it.
    pub fn observed(&self) -> &[Observed] {
        self.card.shown()
    }

    /// What became of the changes that the writes asked for.
    pub fn effects(&self) -> &Effects {
        self.effects.effects()
    }

    /// Tells the checker that the endpoint was changed past the wire (an administrator's act, time): what was sent
    /// before says nothing about what is read from now on. Raised findings stay raised, deleted resources deleted.
    pub fn forget(&mut self) {
        self.mirror.forget();
        self.effects.forget();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::requirement::tests::story::{Story, user};
    use crate::wire::Method;

    #[test]
    fn the_product_interface_is_not_judged() {
        let mut story = Story::new(ClientName::Entra);
        let exchange = Story::exchange(Method::Get, "/organization", None, 200, Some(&json!([1])));
        let mut exchange = Arc::unwrap_or_clone(exchange);
        exchange.request = exchange.request.rest();
        story.observe(&Arc::new(exchange));
        assert_eq!(story.ids(), [""; 0]);
    }

    #[test]
    fn after_an_administrators_act_nothing_is_taken_for_granted() {
        let mut story = Story::new(ClientName::OktaOin);
        story.post("/Users", &user("1", "ada"), 201, &user("1", "ada"));
        story.checker.forget();
        story.get("/Users/1", 200, &user("1", "ADA"));
        assert_eq!(story.ids(), [""; 0]);
    }

    #[test]
    fn a_read_that_may_lag_is_doubted_and_its_repetition_counts() {
        let mut checker = Checker::new(ClientName::OktaOin);
        let read = |name: &str| Story::exchange(Method::Get, "/Users/1", None, 200, Some(&user("1", name)));
        let created =
            Story::exchange(Method::Post, "/Users", Some(&user("", "ada")), 201, Some(&user("1", "ada")));
        assert!(checker.observe(&created).is_empty());
        let (found, in_doubt) = checker.observe_unless_in_doubt(&read("eve"), &|_| true);
        let doubt = in_doubt.expect("lag could explain it");
        assert!(found.is_empty() && doubt.starts_with("okta-oin read-back/"), "{doubt}");
        let (found, in_doubt) = checker.observe_unless_in_doubt(&read("ada"), &|_| true);
        assert!(found.is_empty() && in_doubt.is_none());
        assert_eq!(checker.observe_unless_in_doubt(&read("eve"), &|_| true).1, Some(doubt));
        let found: Vec<&str> =
            checker.observe(&read("eve")).iter().map(|found| found.requirement.id).collect();
        assert!(found.contains(&"read-back"), "{found:?}");
    }

    #[test]
    fn what_is_answered_in_between_is_not_held_against_the_endpoint() {
        let intercepted = |method, target: &str, sent: Option<&serde_json::Value>, lost| {
            let exchange = Story::exchange(method, target, sent, 200, Some(&json!("<html>")));
            let mut exchange = Arc::unwrap_or_clone(exchange);
            if let Answer::Response(response) = exchange.answer {
                exchange.answer = Answer::Response(response.intercepting(lost));
            }
            Arc::new(exchange)
        };
        let mut story = Story::new(ClientName::OktaOin);
        story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
        let renamed = user("1", "eve");
        for lost in [Lost::Request, Lost::Answer] {
            story.observe(&intercepted(Method::Put, "/Users/1", Some(&renamed), lost));
            story.observe(&intercepted(Method::Get, "/Users?filter=userName%20eq%20%22eve%22", None, lost));
            story.get("/Users/1", 200, &user("1", "ada"));
            story.get("/Users/1", 200, &user("1", "ada"));
        }
        assert_eq!(story.ids(), [""; 0]);
    }

    #[test]
    fn what_a_second_attempt_is_answered_because_of_the_first_is_nobodys_fault() {
        let repaired = |method, target: &str, sent: Option<&serde_json::Value>, status, answer, repair| {
            let exchange = Story::exchange(method, target, sent, status, answer);
            let mut exchange = Arc::unwrap_or_clone(exchange);
            if let Answer::Response(response) = &mut exchange.answer {
                response.repair = Some(repair);
            }
            Arc::new(exchange)
        };
        let (gone, error) = (Repair::Repeated, json!({"not": "a SCIM error"}));
        let mut story = Story::new(ClientName::OktaOin);
        story.post("/Users", &user("", "ada"), 201, &user("1", "ada"));
        story.observe(&repaired(Method::Delete, "/Users/1", None, 404, Some(&error), gone));
        assert_eq!(story.ids(), [""; 0]);
        story.observe(&repaired(Method::Put, "/Users/1", Some(&user("1", "eve")), 500, Some(&error), gone));
        assert_ne!(story.ids(), [""; 0], "a failure is one, whatever was sent again");
        let mut story = Story::new(ClientName::OktaOin);
        let created = user("1", "ada");
        let sent = user("", "ada");
        story.observe(&repaired(Method::Post, "/Users", Some(&sent), 201, Some(&created), Repair::Recovered));
        assert_eq!(story.ids(), [""; 0]);
        story.get("/Users/1", 200, &user("1", "eve"));
        assert_ne!(story.raised("read-back"), [""; 0], "what was created is known");
    }

    #[test]
    fn the_same_thing_is_said_once() {
        let mut story = Story::new(ClientName::Entra);
        for _ in 0..3 {
            story.get("/Users?startIndex=1&count=2", 200, &json!({"Resources": []}));
        }
        let list = story.raised("list-envelope");
        let mut once = list.clone();
        once.dedup();
        assert_eq!(list, once);
    }
}
