//! Reads steps one after the other, with the directory as it is at each: who is assigned decides what may be pushed.

use std::collections::BTreeMap;

use serde_saphyr::Spanned;

use crate::diag::{At, Diagnostic};
use crate::directory::{Directory, Event};
use crate::idp::ClientName;

use super::attributes;
use super::resolver::{Resolver, at, is_file_word};
use crate::scenario::dto::{
    ActDto, AdminDto, EventDto, OnDemandGroupDto, StepDto, UnlinkDto, UpdateDto, Word,
};
use crate::scenario::model::{Action, Admin, Alternative, Step};
use crate::suggest::nearest;

/// How many members of a group Entra provisions on demand in one run.
const MOST_ON_DEMAND: usize = 5;

pub(crate) struct Reader<'a> {
    pub(in crate::scenario) resolver: &'a Resolver<'a>,
    clients: &'a [ClientName],
    alternatives: &'a [Alternative],
    pub(in crate::scenario) directory: Directory,
    /// What earlier requests keep of their answers, by name.
    pub(in crate::scenario) kept: Vec<String>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(
        resolver: &'a Resolver<'a>,
        clients: &'a [ClientName],
        alternatives: &'a [Alternative],
        directory: Directory,
    ) -> Self {
        Self { resolver, clients, alternatives, directory, kept: Vec::new() }
    }

    pub(crate) fn step(&mut self, step: Spanned<StepDto>) -> Result<Step, Diagnostic> {
        let place = self.resolver.line(at(&step));
        let StepDto { act, mut only, mut within } = step.value;
        if let ActDto::Request(request) = &act {
            only = only.or_else(|| request.only.clone());
            within = within.or_else(|| request.within.clone());
        }
        let only = only.map(|names| self.only(&names)).transpose()?;
        let within = within.map(|names| self.within(&names)).transpose()?;
        let players = only.as_deref().unwrap_or(self.clients).to_vec();
        let action = match act {
            ActDto::Event(event) => Action::Events(self.events(event, place, &players)?),
            ActDto::Admin(admin) => Action::Admin(self.admin(admin)?),
            ActDto::Request(request) => Action::Request(Box::new(self.literal(*request)?)),
            ActDto::AtOnce(requests) => {
                let mut literals = Vec::new();
                for request in requests {
                    if request.value.only.is_some() || request.value.within.is_some() {
                        return Err(self.error(at(&request), "`only` and `in` apply to `at-once` as a whole"));
                    }
                    literals.push(self.literal(request.value)?);
                }
                Action::AtOnce(literals)
            }
            ActDto::Lose(lose) => Action::Lose(self.lose(lose)?),
            ActDto::Intercept(it) => {
                let here = at(&it);
                Action::Intercept(Box::new(self.intercept(it.value, here)?))
            }
            ActDto::Checkpoint(name) => Action::Checkpoint(self.checkpoint(&name)?),
            ActDto::Together(steps) => {
                let mut events = Vec::new();
                for step in steps {
                    let place = at(&step);
                    if step.value.only.is_some() || step.value.within.is_some() {
                        return Err(self.error(place, "`only` and `in` apply to `together` as a whole"));
                    }
                    let ActDto::Event(event) = step.value.act else {
                        return Err(self.error(place, "`together` takes only directory events"));
                    };
                    events.extend(self.events(event, place, &players)?);
                }
                Action::Events(events)
            }
        };
        Ok(Step { at: place, only, within, action })
    }

    pub(in crate::scenario) fn error(&self, place: At, message: impl Into<String>) -> Diagnostic {
        self.resolver.error(place, message)
    }

    fn person(&self, word: &Word) -> Result<String, Diagnostic> {
        self.resolver.person(&self.directory, word)
    }

    fn people(&self, word: &Word) -> Result<Vec<String>, Diagnostic> {
        self.resolver.people(&self.directory, word)
    }

    fn group(&self, word: &Word) -> Result<String, Diagnostic> {
        self.resolver.group(&self.directory, word)
    }

    fn only(&self, names: &[Word]) -> Result<Vec<ClientName>, Diagnostic> {
        let clients = self.resolver.clients(names)?;
        if clients.iter().any(|client| self.clients.contains(client)) {
            return Ok(clients);
        }
        let place = names.first().map(at).unwrap_or_default();
        Err(self.error(place, "none of these clients plays the scenario"))
    }

    fn within(&self, names: &[Word]) -> Result<Vec<String>, Diagnostic> {
        for name in names {
            if !self.alternatives.iter().any(|alternative| alternative.name == name.value) {
                let known = self.alternatives.iter().map(|alternative| alternative.name.as_str());
                let near = nearest(&name.value, known).map(|near| format!("did you mean `{near}`?"));
                return Err(self
                    .error(at(name), format!("there is no alternative `{}`", name.value))
                    .label(near.unwrap_or_default()));
            }
        }
        Ok(names.iter().map(|name| name.value.clone()).collect())
    }

    fn checkpoint(&self, name: &Word) -> Result<String, Diagnostic> {
        if is_file_word(&name.value) {
            return Ok(name.value.clone());
        }
        Err(self.error(at(name), "use a to z, 0 to 9 and `-` in the name of a checkpoint"))
    }

    fn on_demand_group(&self, chosen: &OnDemandGroupDto) -> Result<Event, Diagnostic> {
        let key = self.group(&chosen.group)?;
        let group = self.directory.group(&key);
        let mut members = Vec::new();
        for word in &chosen.members {
            let person = self.person(word)?;
            if group.is_none_or(|group| !group.members.contains(&person)) {
                return Err(self.error(at(word), format!("`{person}` is not a member of `{key}`")));
            }
            members.push(person);
        }
        if let Some(sixth) = chosen.members.get(MOST_ON_DEMAND) {
            return Err(self.error(at(sixth), "Entra provisions at most five members on demand at a time"));
        }
        Ok(Event::OnDemandGroup { group: key, members })
    }

    /// What a step makes happen: one event, or one for each of the people that its object stands for.
    fn events(&mut self, dto: EventDto, place: At, players: &[ClientName]) -> Result<Vec<Event>, Diagnostic> {
        let events: Vec<Event> = match dto {
            EventDto::OfPerson(verb, word) => self.people(&word)?.into_iter().map(verb.event()).collect(),
            EventDto::AddMember(change) => {
                let group = self.group(&change.group)?;
                let people = self.people(&change.person)?.into_iter();
                people.map(|person| Event::AddMember { group: group.clone(), person }).collect()
            }
            EventDto::RemoveMember(change) => {
                let group = self.group(&change.group)?;
                let people = self.people(&change.person)?.into_iter();
                people.map(|person| Event::RemoveMember { group: group.clone(), person }).collect()
            }
            EventDto::Bare(verb) => vec![verb.event()],
            EventDto::OfGroup(verb, word) => vec![verb.event()(self.group(&word)?)],
            EventDto::Update(update) => vec![self.update(update)?],
            EventDto::RenameUser(rename) => {
                vec![Event::RenameUser { person: self.person(&rename.person)?, user_name: rename.to.value }]
            }
            EventDto::RenameGroup(rename) => {
                vec![Event::RenameGroup { group: self.group(&rename.group)?, display_name: rename.to.value }]
            }
            EventDto::Unlink(UnlinkDto::Leave(word)) => {
                vec![Event::Unlink { group: self.group(&word)?, delete: false }]
            }
            EventDto::Unlink(UnlinkDto::Delete(word)) => {
                vec![Event::Unlink { group: self.group(&word)?, delete: true }]
            }
            EventDto::OnDemandGroup(chosen) => vec![self.on_demand_group(&chosen)?],
            EventDto::Wait(time) => vec![Event::Wait(self.seconds(&time)?)],
        };
        for event in &events {
            self.directory.apply(event);
        }
        for event in &events {
            self.check_members(event, place, players)?;
        }
        Ok(events)
    }

    fn update(&self, update: UpdateDto) -> Result<Event, Diagnostic> {
        let person = self.person(&update.person)?;
        let mut set = BTreeMap::new();
        for (name, value) in update.set {
            let Some(path) = attributes::settable(&name) else {
                let near = nearest(&name, attributes::names()).map(|near| format!("did you mean `{near}`?"));
                let names: Vec<&str> = attributes::names().collect();
                return Err(self
                    .error(at(&value), format!("people have no attribute `{name}`"))
                    .label(near.unwrap_or_default())
                    .help(format!("the attributes are {}", names.join(", "))));
            };
            if name == "manager" && !value.value.is_empty() {
                self.person(&value)?;
            }
            set.insert(path, value.value);
        }
        Ok(Event::Update { person, set })
    }

    /// A provider pushes only members who are assigned, so a pushed group with others would be an accident of the
    /// file, unless it is about that.
    fn check_members(&self, event: &Event, place: At, players: &[ClientName]) -> Result<(), Diagnostic> {
        let (Event::Push(key) | Event::PushNow(key) | Event::AddMember { group: key, .. }) = event else {
            return Ok(());
        };
        let Some(group) = self.directory.group(key).filter(|group| group.pushed) else {
            return Ok(());
        };
        if players.len() == 1 {
            return Ok(());
        }
        let stranger = group
            .members
            .iter()
            .find(|key| self.directory.person(key).is_some_and(|person| !person.assigned));
        match stranger {
            None => Ok(()),
            Some(stranger) => Err(self
                .error(place, format!("`{key}` is pushed, but its member `{stranger}` is not assigned"))
                .help(format!("assign `{stranger}` first, or restrict the scenario to the one client that behaves like this"))),
        }
    }

    fn admin(&self, admin: AdminDto) -> Result<Admin, Diagnostic> {
        let values = |words: Vec<Word>| words.into_iter().map(|word| word.value).collect();
        Ok(match admin {
            AdminDto::Set(knobs) => Admin::Set(
                knobs.into_iter().map(|(name, value)| (name, value.value.clone(), at(&value))).collect(),
            ),
            AdminDto::CreateOrganization(dto) => {
                Admin::CreateOrganization { name: dto.name.value, customers: values(dto.customers) }
            }
            AdminDto::RenameOrganization(dto) => {
                Admin::RenameOrganization { name: dto.name.value, to: dto.to.value }
            }
            AdminDto::DeleteOrganization(name) => Admin::DeleteOrganization(name.value),
            AdminDto::AddCustomer(dto) => {
                Admin::AddCustomer { organization: dto.organization.value, email: dto.email.value }
            }
            AdminDto::RemoveCustomer(dto) => {
                Admin::RemoveCustomer { organization: dto.organization.value, email: dto.email.value }
            }
            AdminDto::Revoke(email) => Admin::Revoke(email.value),
            AdminDto::RegenerateKey => Admin::RegenerateKey,
            AdminDto::Disconnect => Admin::Disconnect,
            AdminDto::Reconnect => Admin::Reconnect,
            AdminDto::Advance(time) => Admin::Advance(self.seconds(&time)?),
        })
    }

    fn seconds(&self, time: &Word) -> Result<i64, Diagnostic> {
        let bad = |_| {
            self.error(at(time), format!("`{}` is not a duration", time.value))
                .help("write a duration such as `30d`, `12h` or `15m`")
        };
        let span: jiff::Span = time.value.parse().map_err(bad)?;
        let duration = span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).map_err(bad)?;
        if duration.is_negative() {
            return Err(self
                .error(at(time), format!("`{}` is in the past, but time only moves forward", time.value))
                .help("write a duration such as `30d`, `12h` or `15m`"));
        }
        Ok(duration.as_secs())
    }
}
