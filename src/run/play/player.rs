//! Plays one scenario as one client: stages, steps, reads, cleans up.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use crate::context::Clock;
use crate::counted::counted;
use crate::diag::At;
use crate::directory::Event;
use crate::idp::client::Client;
use crate::idp::settings::Settings;
use crate::idp::{ClientName, Random, Session};
use crate::outcome::reader::scim_get;
use crate::outcome::{Outcome, Reader, project};
use crate::requirement::settle;
use crate::scenario::{Action, Capability, Literal, Scenario, Step};
use crate::snapshot::Candidate;
use crate::wire::policy::silence::LAST_CHANCE;
use crate::wire::{Answer, Exchange, Observer, Purpose, Redactor, TransportError};

use super::admin;
use super::cleanup::cleanup;
use super::contenders::Contenders;
use super::directory_state::World;
use super::intercept::intercept;
use super::literal::{self, Sent};
use super::played::{Played, Reached};
use super::recorder::{MOST_BODY, Record, Recorder};
use super::secrets::mask_secrets;
use super::setup::{refusal, stage, stage_people};
use super::transcript::Transcript;
use crate::event::{Exchanges, Trouble};
use crate::run::cancel::{Cancel, Why};
use crate::run::target::endpoint::Place;
use crate::run::target::product::ProductError;

/// A pair at play.
pub struct Player<'a> {
    scenario: &'a Scenario,
    client_name: ClientName,
    client: Client,
    place: Place,
    world: World,
    random: Random,
    recorder: Rc<Recorder>,
    contenders: Contenders<'a>,
    /// The fields that an endpoint may lack, and this one has shown.
    shown: BTreeSet<&'a str>,
    redactor: Redactor,
    groups: bool,
    played: Played,
    started: Instant,
}

impl<'a> Player<'a> {
    /// A pair that is about to play. `target` is what is set at the provider for this endpoint, where the scenario does
    /// not say otherwise.
    pub fn new(
        scenario: &'a Scenario,
        client: ClientName,
        place: Place,
        candidates: &'a [Candidate],
        groups: bool,
        target: &Settings,
        redactor: Redactor,
    ) -> Self {
        let settings = scenario.settings_of(client).over(target);
        let random = match place.site {
            Some(_) => Random::seeded(&format!("{}+{client}", scenario.id)),
            None => Random::system(),
        };
        let recorder =
            Rc::new(Recorder::new(client, &scenario.source, &place.naming, Arc::clone(&place.discovery)));
        place.wire.watch(Rc::clone(&recorder) as Rc<dyn Observer>);
        let mut world = World::new(scenario, &place.naming);
        world.equip(&place.wire.target().rules.person_defaults);
        let contenders = Contenders::new(candidates, place.view);
        Self {
            scenario,
            client_name: client,
            client: Client::new(client, settings),
            world,
            place,
            random,
            recorder,
            contenders,
            shown: BTreeSet::new(),
            redactor,
            groups,
            played: Played::default(),
            started: Instant::now(),
        }
    }

    /// Keeps the transcript, which is to be the same each time.
    pub fn keep_transcript(&self) {
        self.place.wire.send_in_turn();
        self.recorder.keep_transcript(Transcript::new(&self.place.naming, &self.place.wire.target()));
    }

    /// Keeps every exchange in full.
    pub fn keep_exchanges(&self, clock: Clock) {
        self.recorder.keep_all(clock);
    }

    /// Plays to the end, or to where it breaks off, and cleans up in any case.
    pub async fn play(mut self, cancel: &Cancel, keep: bool) -> (Played, Place, Instant) {
        let _at_play = cancel.begin_play();
        let brake = self.place.wire.brake();
        // Boxed, since it is large, and waiting for it would hold it twice.
        match cancel.guard(Box::pin(self.steps()), &brake).await {
            None => self.played.interrupted = true,
            Some(Err(trouble)) => self.played.trouble = Some(trouble),
            Some(Ok(())) => {}
        }
        self.recorder.stand_at(At::default());
        match &self.place.site {
            Some(site) => site.reference.remove_site(&site.id),
            None if keep => {}
            // What is not looked for in time stays open in the run's register.
            None => drop(cancel.bounded(Box::pin(cleanup(&self.place.wire)), &brake).await),
        }
        let mut silent = false;
        if self.place.site.is_none() && self.recorder.is_in_doubt() {
            // An answer that did not come is a breach, unless the endpoint went away.
            let question = scim_get("/ServiceProviderConfig").purpose(Purpose::Cleanup).patience(LAST_CHANCE);
            let asked = cancel.bounded(Box::pin(self.place.wire.send(question)), &brake).await;
            silent =
                asked.is_none_or(|asked| matches!(asked.answer, Answer::Failed(TransportError::Timeout(_))));
        }
        let Record { mut findings, more_findings, exchanges, gone, refused, .. } = self.recorder.take();
        if gone || silent || cancel.why() == Some(Why::Silent) {
            // An endpoint that went away is not judged by the answers that it never gave.
            let all = findings.len();
            findings.retain(|finding| !matches!(finding.exchange.answer, Answer::Failed(_)));
            if silent && findings.len() < all && self.played.trouble.is_none() && !self.played.interrupted {
                let message = Why::Silent.as_str().to_owned();
                self.played.trouble = Some(Trouble { message, at: None, exchange: None });
            }
        }
        self.played.observed = self.recorder.observed();
        self.played.effects = self.recorder.effects();
        self.played.trail = self.recorder.take_trail();
        self.played.transcript = self.recorder.take_transcript();
        self.played.settled = settle(findings, refused, self.client_name);
        if let Some(lagged) = self.place.wire.lagged() {
            let after = lagged.as_secs_f64();
            self.played.notes.push(format!("reads lagged writes by up to {after:.1} s"));
        }
        if self.place.wire.ownership().withheld() > 0 {
            let note = "writes that would have changed other people's data were withheld";
            self.played.notes.push(note.to_owned());
        }
        if more_findings > 0 {
            let more = counted(more_findings, "more finding");
            self.played.notes.push(format!("omitted {more} of the same kinds"));
        }
        if let Some(exchange) = self.played.trouble.as_mut().and_then(|trouble| trouble.exchange.as_mut()) {
            *exchange = exchange.light(MOST_BODY);
        }
        self.played.notes.extend(self.place.wire.repairs().note());
        self.played.exchanges = exchanges;
        self.played.in_full = self.recorder.take_all().map(|all| {
            let target = self.place.wire.target();
            Exchanges {
                of: self.scenario.id.clone(),
                client: Some(self.client_name),
                scim: target.scim.clone(),
                rest: target.rest.as_ref().map(|rest| rest.base.clone()),
                all,
            }
        });
        (self.played, self.place, self.started)
    }

    /// Ends a pair whose stage cannot be set. No provider asked for it, so the endpoint may refuse it.
    fn unstaged(&mut self, error: ProductError) -> Result<(), Trouble> {
        self.played.unstaged = Some(refusal(error)?);
        Ok(())
    }

    async fn steps(&mut self) -> Result<(), Trouble> {
        let scenario = self.scenario;
        let staged = stage(&scenario.given, &self.place.wire, &self.place.naming).await;
        self.heed_patience(At::default())?;
        match staged {
            Ok(notes) => self.played.notes.extend(notes),
            Err(error) => return self.unstaged(error),
        }
        let people = stage_people(&scenario.given, &self.world.directory, &self.place.wire).await;
        self.heed_patience(At::default())?;
        let people = match people {
            Ok(people) => people,
            Err(error) => return self.unstaged(error),
        };
        for (key, id) in people {
            self.client.adopt(&key, &id);
        }
        self.world.note_links(self.client.links());
        let client = self.client_name;
        for step in scenario.steps.iter().filter(|step| step.is_for(client)) {
            if !self.is_possible(step) {
                continue;
            }
            self.recorder.stand_at(step.at);
            let result = self.step(step).await;
            self.played.notices.extend(self.client.take_notices());
            self.heed_patience(step.at)?;
            result?;
        }
        let lacking: Vec<&str> = self
            .played
            .outcomes
            .values()
            .next()
            .map(|outcome| self.without_place(outcome))
            .unwrap_or_default();
        if !lacking.is_empty() {
            let lacking = lacking.join(", ");
            self.played.notes.push(format!("not compared, since no customer ever shows it: {lacking}"));
        }
        if self.place.wire.not_lost() > 0 {
            let note = "the client sent none of the requests that the scenario loses or intercepts";
            self.played.notes.push(note.to_owned());
        }
        Ok(())
    }

    /// Breaks off where a rate limit was given up on: what would come after it says nothing about the endpoint.
    fn heed_patience(&self, at: At) -> Result<(), Trouble> {
        if !self.place.wire.gave_up_waiting() {
            return Ok(());
        }
        Err(Trouble {
            message: "rate-limited: the endpoint asked for a longer wait than --max-wait allows".to_owned(),
            at: Some(self.recorder.point(at)),
            exchange: self.recorder.last_write(),
        })
    }

    /// Whether one of the step's alternatives can still be the endpoint's.
    fn is_possible(&self, step: &Step) -> bool {
        let Some(within) = &step.within else { return true };
        self.contenders.are_within(within)
    }

    async fn step(&mut self, step: &Step) -> Result<(), Trouble> {
        match &step.action {
            Action::Events(events) => self.events(events, step).await,
            Action::Admin(act) => {
                self.world.note_admin(act);
                let done = admin::act(act, &mut self.place).await.map_err(|error| Trouble {
                    message: error.what,
                    at: Some(self.recorder.point(step.at)),
                    exchange: error.exchange,
                });
                if act.needs() != Capability::ProductView {
                    // What was done past the wire may have changed what the rules remember.
                    self.recorder.forget();
                }
                done
            }
            Action::Request(literal) => self.literals(std::slice::from_ref(literal), step.at).await,
            Action::AtOnce(literals) => {
                self.recorder.at_once(true);
                let done = self.literals(literals, step.at).await;
                self.recorder.at_once(false);
                done
            }
            Action::Lose(loss) => {
                self.place.wire.lose(loss.clone());
                Ok(())
            }
            Action::Intercept(it) => {
                let set = intercept(it, &self.world, self.client.links(), &self.place.wire);
                if let Err(why) = set {
                    self.played.notes.push(format!("line {} was not reached: {why}", step.at.line));
                }
                Ok(())
            }
            Action::Checkpoint(name) => self.checkpoint(name, step.at).await,
        }
    }

    async fn literals(&mut self, literals: &[Literal], at: At) -> Result<(), Trouble> {
        let links = self.client.links().clone();
        let reference = self.is_as_given();
        let all = match self.world.unlinked(&links) {
            Some(missing) => vec![Sent::NotReached(missing)],
            None => {
                literal::send(
                    literals,
                    self.client_name,
                    reference,
                    &mut self.world,
                    &links,
                    &self.place.wire,
                )
                .await
            }
        };
        for (sent, literal) in all.into_iter().zip(literals) {
            match sent {
                Sent::NotReached(why) => {
                    self.played.notes.push(format!("line {} was not reached: {why}", at.line));
                }
                Sent::Sent(exchange, _) if self.place.wire.is_spent() && exchange.status() == 0 => {
                    return Err(self.broken("withheld: --max-requests".to_owned(), &exchange, at));
                }
                Sent::Sent(exchange, unmet) => {
                    for unmet in unmet {
                        self.recorder.unmet(unmet, &exchange);
                    }
                    self.note_departure(literal, &exchange, at);
                    if let Answer::Failed(error) = &exchange.answer {
                        return Err(self.broken(error.to_string(), &exchange, at));
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether the reference endpoint answers, in the profile that the scenario is about.
    fn is_as_given(&self) -> bool {
        self.place.site.as_ref().is_some_and(|site| site.as_given)
    }

    /// Notes where a request was answered as the reference endpoint would not answer it: what comes after it is another
    /// story.
    fn note_departure(&mut self, literal: &Literal, exchange: &Exchange, at: At) {
        let status = exchange.status();
        let writes = literal.method.writes();
        let departs = !self.is_as_given() && literal.expect.departs(status);
        if writes && (departs || (status >= 400 && literal.expect.takes_success())) {
            self.recorder.refuse(exchange);
        }
        if writes && departs && self.scenario.alternatives.is_empty() {
            self.played.notes.push(format!(
                "line {} returned {status}, which is legal; later outcomes are not compared",
                at.line
            ));
            self.played.departed = true;
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
                    Answer::Response(response) => format!("the endpoint returned {}", response.status),
                };
                Err(self.broken(what, &exchange, step.at))
            }
        }
    }

    /// Reads what stands at the endpoint.
    async fn read(&self, at: At) -> Result<Outcome, Trouble> {
        let scope = self.world.scope(self.groups);
        let read = Reader::new(&self.place.wire).read(&scope).await;
        let raw = read.map_err(|error| Trouble {
            message: error.to_string(),
            at: Some(self.recorder.point(at)),
            exchange: Some(error.exchange),
        })?;
        // What literal requests created counts where the client linked nothing.
        let links = self.client.links().over(&self.world.literal);
        let mut outcome = project(&raw, &self.world.known(&links));
        // Before anything is made of it: a snapshot and a difference put each line of a text somewhere else.
        mask_secrets(&mut outcome, &self.redactor);
        Ok(outcome)
    }

    fn broken(&self, what: String, exchange: &Arc<Exchange>, at: At) -> Trouble {
        Trouble { message: what, at: Some(self.recorder.point(at)), exchange: Some(Arc::clone(exchange)) }
    }

    /// The fields that somebody else's endpoint may lack, and has shown for nobody up to here.
    fn without_place(&self, outcome: &Outcome) -> Vec<&'a str> {
        if self.place.site.is_some() {
            return Vec::new();
        }
        let optional = self.scenario.optional.iter().map(String::as_str);
        optional.filter(|field| !self.shown.contains(field) && !outcome.shows(field)).collect()
    }

    async fn checkpoint(&mut self, name: &str, at: At) -> Result<(), Trouble> {
        let after = self.recorder.take_writes();
        let mut repetitions = 0;
        let written = self.recorder.transcript_len();
        let (outcome, compared) = loop {
            let begun = Instant::now();
            let outcome = self.read(at).await?;
            if self.played.departed {
                // It was read because the requirements hold for reads, wherever the endpoint went.
                return Ok(());
            }
            let no_place = self.without_place(&outcome);
            let compared = self.contenders.compare(name, &outcome, &no_place);
            let Some(doubt) = self.contenders.doubt(&compared) else {
                if repetitions > 0 {
                    self.place.wire.caught_up();
                }
                break (outcome, compared);
            };
            // A read may lag behind a write.
            let doubt = format!("{} outcome/{doubt}", self.client_name);
            if !self.place.wire.wait_for_reads(&doubt, repetitions, begun).await {
                break (outcome, compared);
            }
            self.recorder.rewind_transcript(written);
            repetitions += 1;
        };
        self.contenders.settle(&compared);
        for field in self.scenario.optional.iter().filter(|field| outcome.shows(field)) {
            self.shown.insert(field);
        }
        self.played.outcomes.insert(name.to_owned(), outcome);
        self.played.checkpoints.push(Reached { name: name.to_owned(), at, after, compared });
        Ok(())
    }
}

/// Whether a scenario is about groups at all, so that they are worth reading.
pub fn reads_groups(scenario: &Scenario) -> bool {
    !scenario.directory.groups.is_empty()
        || !scenario.given.organizations.is_empty()
        || scenario.needs().contains(&Capability::Groups)
}
