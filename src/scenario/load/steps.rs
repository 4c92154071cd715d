//! Reads steps one after the other, with the directory as it is at each: who is assigned decides what may be pushed.

use serde_saphyr::Spanned;

use crate::diag::{At, Diagnostic};
use crate::directory::{Directory, Event};
use crate::idp::ClientName;

use super::{Loader, at, is_file_word};
use crate::scenario::dto::{
    AdminDto, OF_GROUP, OnDemandGroupDto, StepDto, UnlinkDto, UpdateDto, VerbDto, Word,
};
use crate::scenario::model::{Action, Admin, Alternative, Step};
use crate::suggest::nearest;

/// Attributes that `update` may set.
const PROFILE: [&str; 10] = [
    "givenName",
    "familyName",
    "displayName",
    "email",
    "title",
    "department",
    "employeeNumber",
    "preferredLanguage",
    "nickName",
    "manager",
];

/// How many members of a group Entra provisions on demand in one run.
const MOST_ON_DEMAND: usize = 5;

pub(crate) struct Reader<'a> {
    pub(in crate::scenario) loader: &'a Loader<'a>,
    clients: &'a [ClientName],
    alternatives: &'a [Alternative],
    pub(in crate::scenario) directory: Directory,
    /// What earlier requests keep of their answers, by name.
    pub(in crate::scenario) kept: Vec<String>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(
        loader: &'a Loader<'a>,
        clients: &'a [ClientName],
        alternatives: &'a [Alternative],
        directory: Directory,
    ) -> Self {
        Self { loader, clients, alternatives, directory, kept: Vec::new() }
    }

    pub(crate) fn step(&mut self, step: Spanned<StepDto>) -> Result<Step, Diagnostic> {
        let place = self.line(at(&step));
        let StepDto { verb, mut only, mut within } = step.value;
        if let VerbDto::Request(request) = &verb {
            only = only.or_else(|| request.only.clone());
            within = within.or_else(|| request.within.clone());
        }
        let only = only.map(|names| self.only(&names)).transpose()?;
        let within = within.map(|names| self.within(&names)).transpose()?;
        let players = only.as_deref().unwrap_or(self.clients).to_vec();
        let action = match verb {
            VerbDto::Admin(admin) => Action::Admin(self.admin(admin)?),
            VerbDto::Request(request) => Action::Request(Box::new(self.literal(*request)?)),
            VerbDto::AtOnce(requests) => {
                let mut literals = Vec::new();
                for request in requests {
                    if request.value.only.is_some() || request.value.within.is_some() {
                        return Err(self.error(at(&request), "`only` and `in` belong to the whole `at-once`"));
                    }
                    literals.push(self.literal(request.value)?);
                }
                Action::AtOnce(literals)
            }
            VerbDto::Lose(lose) => Action::Lose(self.lose(lose)?),
            VerbDto::Intercept(it) => {
                let here = at(&it);
                Action::Intercept(Box::new(self.intercept(it.value, here)?))
            }
            VerbDto::Checkpoint(name) => Action::Checkpoint(self.checkpoint(&name)?),
            VerbDto::Together(steps) => {
                let mut events = Vec::new();
                for step in steps {
                    let place = at(&step);
                    if step.value.only.is_some() || step.value.within.is_some() {
                        return Err(self.error(place, "`only` and `in` belong to the whole `together`"));
                    }
                    events.push(self.event(step.value.verb, place, &players)?);
                }
                Action::Events(events)
            }
            verb => Action::Events(vec![self.event(verb, place, &players)?]),
        };
        Ok(Step { at: place, only, within, action })
    }

    /// A step's place up to the end of its line: readers give only the start of a map or list.
    pub(in crate::scenario) fn line(&self, place: At) -> At {
        let line = self.loader.row(place.line);
        let len = line.trim_end().chars().count().saturating_sub(place.column.saturating_sub(1));
        At { len, ..place }
    }

    /// A list's place up to its closing bracket.
    pub(in crate::scenario) fn list(&self, place: At) -> At {
        let rest: String = self.loader.row(place.line).chars().skip(place.column.saturating_sub(1)).collect();
        let len = rest.find(']').map_or(place.len, |end| rest[..=end].chars().count());
        At { len, ..place }
    }

    pub(in crate::scenario) fn error(&self, place: At, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.loader.source, place, message)
    }

    fn only(&self, names: &[Word]) -> Result<Vec<ClientName>, Diagnostic> {
        let clients = self.loader.clients(names)?;
        if clients.iter().any(|client| self.clients.contains(client)) {
            return Ok(clients);
        }
        let place = names.first().map(at).unwrap_or_default();
        Err(self.error(place, "none of the scenario's `idps` is among these"))
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
        Err(self.error(at(name), "a checkpoint's name has a to z, 0 to 9 and `-`"))
    }

    fn on_demand_group(&self, chosen: &OnDemandGroupDto) -> Result<Event, Diagnostic> {
        let key = self.loader.group(&self.directory, &chosen.group)?;
        let group = self.directory.group(&key);
        let mut members = Vec::new();
        for word in &chosen.members {
            let person = self.loader.person(&self.directory, word)?;
            if group.is_none_or(|group| !group.members.contains(&person)) {
                return Err(self.error(at(word), format!("`{person}` is no member of `{key}`")));
            }
            members.push(person);
        }
        if let Some(sixth) = chosen.members.get(MOST_ON_DEMAND) {
            return Err(self.error(at(sixth), "five members at most are provisioned on demand at a time"));
        }
        Ok(Event::OnDemandGroup { group: key, members })
    }

    fn event(&mut self, verb: VerbDto, place: At, players: &[ClientName]) -> Result<Event, Diagnostic> {
        let loader = self.loader;
        let event = match verb {
            VerbDto::Bare(verb) => match verb.as_str() {
                "connect" => Event::Connect,
                "import" => Event::Import,
                "force-sync" => Event::ForceSync,
                "restart" => Event::Restart,
                "initial-cycle" => Event::InitialCycle,
                "allow-deletions" => Event::AllowDeletions,
                _ => Event::Cycle,
            },
            VerbDto::Of(verb, word) if OF_GROUP.contains(&verb.as_str()) => {
                let group = loader.group(&self.directory, &word)?;
                if verb == "push" { Event::Push(group) } else { Event::PushNow(group) }
            }
            VerbDto::Of(verb, word) => {
                let person = loader.person(&self.directory, &word)?;
                match verb.as_str() {
                    "assign" => Event::Assign(person),
                    "suspend" => Event::Suspend(person),
                    "unsuspend" => Event::Unsuspend(person),
                    "archive" => Event::Archive(person),
                    "unassign" => Event::Unassign(person),
                    "reassign" => Event::Reassign(person),
                    "on-demand" => Event::OnDemand(person),
                    _ => Event::DeleteUser(person),
                }
            }
            VerbDto::Update(update) => self.update(update)?,
            VerbDto::RenameUser(rename) => Event::RenameUser {
                person: loader.person(&self.directory, &rename.person)?,
                user_name: rename.to.value,
            },
            VerbDto::AddMember(change) => Event::AddMember {
                group: loader.group(&self.directory, &change.group)?,
                person: loader.person(&self.directory, &change.person)?,
            },
            VerbDto::RemoveMember(change) => Event::RemoveMember {
                group: loader.group(&self.directory, &change.group)?,
                person: loader.person(&self.directory, &change.person)?,
            },
            VerbDto::RenameGroup(rename) => Event::RenameGroup {
                group: loader.group(&self.directory, &rename.group)?,
                display_name: rename.to.value,
            },
            VerbDto::Unlink(UnlinkDto::Leave(group)) => {
                Event::Unlink { group: loader.group(&self.directory, &group)?, delete: false }
            }
            VerbDto::Unlink(UnlinkDto::Delete(group)) => {
                Event::Unlink { group: loader.group(&self.directory, &group)?, delete: true }
            }
            VerbDto::OnDemandGroup(chosen) => self.on_demand_group(&chosen)?,
            VerbDto::Wait(time) => Event::Wait(self.seconds(&time)?),
            VerbDto::Together(_)
            | VerbDto::Admin(_)
            | VerbDto::Request(_)
            | VerbDto::AtOnce(_)
            | VerbDto::Lose(_)
            | VerbDto::Intercept(_)
            | VerbDto::Checkpoint(_) => {
                return Err(self.error(place, "`together` holds events of the directory only"));
            }
        };
        self.directory.apply(&event);
        self.check_members(&event, place, players)?;
        Ok(event)
    }

    fn update(&self, update: UpdateDto) -> Result<Event, Diagnostic> {
        let person = self.loader.person(&self.directory, &update.person)?;
        for (name, value) in &update.set {
            if !PROFILE.contains(&name.as_str()) {
                let near = nearest(name, PROFILE).map(|near| format!("did you mean `{near}`?"));
                return Err(self
                    .error(at(value), format!("a person has no attribute `{name}` here"))
                    .label(near.unwrap_or_default())
                    .help(format!("attributes are {}", PROFILE.join(", "))));
            }
            if name == "manager" && !value.value.is_empty() {
                self.loader.person(&self.directory, value)?;
            }
        }
        let set = update.set.into_iter().map(|(name, value)| (name, value.value)).collect();
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
                .error(place, format!("`{stranger}` is in `{key}`, which is pushed, but is not assigned"))
                .help(format!("assign `{stranger}` first, or name the one client whose behaviour this is"))),
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
            self.error(at(time), format!("`{}` is not a length of time", time.value))
                .help("write it as `30d`, `12h` or `15m`")
        };
        let span: jiff::Span = time.value.parse().map_err(bad)?;
        let duration = span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).map_err(bad)?;
        if duration.is_negative() {
            return Err(self
                .error(at(time), format!("`{}` is in the past, and time passes forwards only", time.value))
                .help("write it as `30d`, `12h` or `15m`"));
        }
        Ok(duration.as_secs())
    }
}
