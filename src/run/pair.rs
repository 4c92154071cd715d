//! Plays one scenario as one client: stages, steps, reads, cleans up.

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Instant;

use crate::diag::{At, Diagnostic};
use crate::directory::Event;
use crate::idp::client::Client;
use crate::idp::settings::Settings;
use crate::idp::{ClientName, Links, Notice, Random, Session};
use crate::outcome::{Reader, project};
use crate::requirement::{Checker, EXPECTATION, Level, described};
use crate::scenario::{Action, Capability, Scenario, Step};
use crate::snapshot::{Candidate, Comparison, Outcomes};
use crate::wire::{Answer, Exchange, TransportError};

use super::admin;
use super::cancel::Cancel;
use super::cleanup::{Leftovers, cleanup};
use super::endpoint::Place;
use super::event::{ExchangeLine, FindingReport, Trouble};
use super::literal::{self, Sent};
use super::stage::stage;
use super::world::World;

/// Writes before a checkpoint that are shown when it changed.
const MOST_WRITES: usize = 8;

/// What a pair left behind for the judge.
#[derive(Debug, Default)]
pub struct Played {
    /// The outcomes, by checkpoint.
    pub outcomes: Outcomes,
    /// The places of the checkpoints, and the writes before each.
    pub checkpoints: Vec<(String, At, Vec<Rc<Exchange>>)>,
    /// The findings.
    pub findings: Vec<FindingReport>,
    /// Every exchange in short.
    pub exchanges: Vec<ExchangeLine>,
    /// What the administrator would see at the provider.
    pub notices: Vec<Notice>,
    /// Remarks.
    pub notes: Vec<String>,
    /// Why it could not be played to its end.
    pub trouble: Option<Trouble>,
    /// What was not removed again.
    pub leftovers: Leftovers,
    /// Whether it was interrupted.
    pub interrupted: bool,
}

/// A pair at play.
pub struct Player<'a> {
    scenario: &'a Scenario,
    client_name: ClientName,
    client: Client,
    place: Place,
    world: World,
    random: Random,
    checker: Checker,
    candidates: &'a [Candidate],
    open: Vec<bool>,
    groups: bool,
    played: Played,
    /// The writes since the last checkpoint, the latest at the end.
    writes: VecDeque<Rc<Exchange>>,
    gone: bool,
    started: Instant,
}

impl<'a> Player<'a> {
    /// A pair that is about to play.
    pub fn new(
        scenario: &'a Scenario,
        client: ClientName,
        place: Place,
        candidates: &'a [Candidate],
        groups: bool,
    ) -> Self {
        let mut settings = Settings::default();
        if let Some(rename) = scenario.rename_groups {
            settings.rename_groups = rename;
        }
        if let Some(import) = scenario.import_groups {
            settings.import_groups = import;
        }
        let random = match place.site {
            Some(_) => Random::seeded(&format!("{}+{client}", scenario.id)),
            None => Random::system(),
        };
        Self {
            scenario,
            client_name: client,
            client: Client::new(client, settings),
            world: World::new(scenario, &place.naming),
            place,
            random,
            checker: Checker::new(client),
            candidates,
            open: vec![true; candidates.len()],
            groups,
            played: Played::default(),
            writes: VecDeque::new(),
            gone: false,
            started: Instant::now(),
        }
    }

    /// Plays to the end, or to where it breaks off, and cleans up in any case.
    pub async fn play(mut self, cancel: &Cancel, keep: bool) -> (Played, Place, Instant) {
        let brake = self.place.wire.brake();
        match cancel.guard(self.steps(), &brake).await {
            None => self.played.interrupted = true,
            Some(Err(trouble)) => self.played.trouble = Some(trouble),
            Some(Ok(())) => {}
        }
        self.observe(At::default());
        self.explain_once();
        match &self.place.site {
            Some(site) => site.reference.remove_site(&site.id),
            None if keep => self.played.leftovers = Leftovers::kept(&self.place.wire),
            None => {
                self.played.leftovers = cleanup(&self.place.wire).await;
                self.observe(At::default());
            }
        }
        if self.gone {
            // An endpoint that went away is not judged by the answers that it never gave.
            self.played.findings.retain(|finding| !matches!(finding.exchange.answer, Answer::Failed(_)));
        }
        (self.played, self.place, self.started)
    }

    async fn steps(&mut self) -> Result<(), Trouble> {
        let scenario = self.scenario;
        let staged = stage(&scenario.given, &self.place.wire, &self.place.naming).await;
        self.observe(At::default());
        self.heed_patience(At::default())?;
        if let Err(error) = staged {
            return Err(Trouble {
                message: format!("what is given cannot be put in place: {}", error.what),
                at: None,
                exchange: error.exchange,
            });
        }
        let client = self.client_name;
        for step in scenario.steps.iter().filter(|step| step.is_for(client)) {
            if self.is_possible(step) {
                let result = self.step(step).await;
                self.observe(step.at);
                self.played.notices.extend(self.client.take_notices());
                self.heed_patience(step.at)?;
                result?;
            }
        }
        Ok(())
    }

    /// Breaks off where a rate limit was given up on: what would come after it says nothing about the endpoint.
    fn heed_patience(&self, at: At) -> Result<(), Trouble> {
        if !self.place.wire.gave_up_waiting() {
            return Ok(());
        }
        Err(Trouble {
            message: "rate-limited: the endpoint asked for more patience than --max-wait allows".to_owned(),
            at: Some(self.point(at)),
            exchange: self.writes.back().cloned(),
        })
    }

    /// Whether one of the step's alternatives can still be the endpoint's.
    fn is_possible(&self, step: &Step) -> bool {
        let Some(within) = &step.within else { return true };
        self.candidates.iter().zip(&self.open).any(|(candidate, open)| {
            *open && candidate.name.alternative.as_ref().is_some_and(|name| within.contains(name))
        })
    }

    async fn step(&mut self, step: &Step) -> Result<(), Trouble> {
        match &step.action {
            Action::Events(events) => self.events(events, step).await,
            Action::Admin(act) => {
                self.world.note_admin(act);
                let done = admin::act(act, &mut self.place).await.map_err(|error| Trouble {
                    message: error.what,
                    at: Some(self.point(step.at)),
                    exchange: error.exchange,
                });
                if act.needs() != Capability::ProductView {
                    // What was done past the wire may have changed what the rules remember.
                    self.observe(step.at);
                    self.checker.forget();
                }
                done
            }
            Action::Request(literal) => {
                let links = self.client.links().clone();
                let sent = match self.world.unlinked(&links) {
                    Some(missing) => Sent::NotReached(missing),
                    None => {
                        literal::send(literal, self.client_name, &mut self.world, &links, &self.place.wire)
                            .await
                    }
                };
                match sent {
                    Sent::NotReached(why) => {
                        let line = step.at.line;
                        self.played.notes.push(format!("line {line} was not reached: {why}"));
                    }
                    Sent::Sent(exchange, unmet) => {
                        for unmet in unmet {
                            self.played.findings.push(FindingReport {
                                requirement: &EXPECTATION,
                                message: unmet.message,
                                exchange: Rc::clone(&exchange),
                                at: self.point(unmet.at),
                            });
                        }
                        if let Answer::Failed(error) = &exchange.answer {
                            return Err(self.broken(error.to_string(), &exchange, step.at));
                        }
                    }
                }
                Ok(())
            }
            Action::Checkpoint(name) => self.checkpoint(name, step.at).await,
        }
    }

    async fn events(&mut self, events: &[Event], step: &Step) -> Result<(), Trouble> {
        let events: Vec<Event> = events.iter().map(|event| self.world.happen(event)).collect();
        let session =
            Session { directory: &self.world.directory, wire: &self.place.wire, random: &self.random };
        let performed = self.client.perform(&events, &session).await;
        self.world.note_links(self.client.links());
        match performed {
            Ok(()) => Ok(()),
            Err(broken) => {
                let exchange = broken.0;
                let what = match &exchange.answer {
                    Answer::Failed(error) => error.to_string(),
                    Answer::Withheld(reason) => format!("withheld: {reason}"),
                    Answer::Response(response) => format!("answered {}", response.status),
                };
                Err(self.broken(what, &exchange, step.at))
            }
        }
    }

    fn broken(&self, what: String, exchange: &Rc<Exchange>, at: At) -> Trouble {
        Trouble { message: what, at: Some(self.point(at)), exchange: Some(Rc::clone(exchange)) }
    }

    async fn checkpoint(&mut self, name: &str, at: At) -> Result<(), Trouble> {
        // What the steps did is judged before the reads, so that the last write is the step's.
        self.observe(at);
        let after = self.writes.drain(..).collect();
        let scope = self.world.scope(self.groups);
        let read = Reader::new(&self.place.wire).read(&scope).await;
        let raw = read.map_err(|error| Trouble {
            message: error.to_string(),
            at: Some(self.point(at)),
            exchange: Some(error.exchange),
        })?;
        let links = merged(self.client.links(), &self.world.literal);
        let outcome = project(&raw, &self.world.known(&links));
        for (candidate, open) in self.candidates.iter().zip(&mut self.open) {
            *open &= !matches!(candidate.compare(name, &outcome, self.place.view), Comparison::Changed(_));
        }
        self.played.outcomes.insert(name.to_owned(), outcome);
        self.played.checkpoints.push((name.to_owned(), at, after));
        Ok(())
    }

    /// Holds the exchanges since the last call against the requirements, and lets go of them.
    fn observe(&mut self, at: At) {
        for exchange in self.place.wire.take_fresh() {
            self.gone |= matches!(exchange.answer, Answer::Failed(TransportError::Connect(_)));
            for finding in self.checker.observe(&exchange) {
                self.played.findings.push(FindingReport {
                    requirement: finding.requirement,
                    message: self.place.naming.read_all(&finding.message),
                    exchange: finding.exchange,
                    at: self.point(at),
                });
            }
            self.played.exchanges.push(ExchangeLine {
                method: exchange.request.method.as_str(),
                path: exchange.request.target.clone(),
                status: exchange.status(),
                took: exchange.took,
            });
            if exchange.request.method.writes() {
                if self.writes.len() == MOST_WRITES {
                    self.writes.pop_front();
                }
                self.writes.push_back(exchange);
            }
        }
    }

    /// Takes out unmet expectations where a requirement says the same of that request, or of another just like it: one
    /// root cause is told once.
    fn explain_once(&mut self) {
        let client = self.client_name;
        let asked = |finding: &FindingReport| described(&finding.exchange, client).0;
        let is_expectation = |finding: &FindingReport| finding.requirement.id == EXPECTATION.id;
        let findings = &mut self.played.findings;
        let explained: Vec<String> = findings
            .iter()
            .filter(|finding| !is_expectation(finding) && finding.level() == Level::Must)
            .map(asked)
            .collect();
        findings.retain(|finding| !is_expectation(finding) || !explained.contains(&asked(finding)));
    }

    fn point(&self, at: At) -> Diagnostic {
        let at = if at.line == 0 { At { line: 1, column: 1, len: 1 } } else { at };
        Diagnostic::new(&self.scenario.source, at, String::new())
    }
}

/// What the client linked, and what literal requests created where it linked nothing.
fn merged(links: &Links, literal: &Links) -> Links {
    let mut all = literal.clone();
    for (key, id) in links.people() {
        all.link_person(key, id);
    }
    for (key, id) in links.groups() {
        all.link_group(key, id);
    }
    all
}

/// Whether a scenario is about groups at all, so that they are worth reading.
pub fn reads_groups(scenario: &Scenario) -> bool {
    !scenario.directory.groups.is_empty()
        || !scenario.given.organizations.is_empty()
        || scenario.needs().contains(&Capability::Groups)
}
