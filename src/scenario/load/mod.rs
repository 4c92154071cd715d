//! Reads a file's text into a scenario: parses it, resolves its names, and checks each step. Every error says where in
//! the file it is.
//!
//! May use, of `scenario`: `dto`, `model`.

pub(crate) mod faults;
pub(crate) mod literal;
pub(crate) mod steps;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_saphyr::{Location, Spanned};

use crate::diag::{At, Diagnostic, Source};
use crate::directory::{Directory, Group, Person, PersonState};
use crate::files::input;
use crate::idp::{ClientName, Family};

use super::dto::{AlternativeDto, GivenDto, GroupDto, PersonDto, ScenarioDto, Word};
use super::model::{
    Action, Alternative, Evidence, Given, GivenCustomer, GivenOrganization, Place, Scenario, Step,
};
use crate::suggest::nearest;
use steps::Reader;

/// The most values of a scenario: some ten thousand steps.
const MOST_NODES: usize = 50_000;

/// Reads a scenario.
pub fn load(id: &str, source: &Source) -> Result<Scenario, Diagnostic> {
    let options = serde_saphyr::options! {
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        reject_unsupported_tags: true,
        with_snippet: false,
        budget: serde_saphyr::budget! {
            max_nodes: MOST_NODES,
            // Aliases may repeat a text, but not to many times what a whole file may hold.
            max_total_scalar_bytes: 2 * usize::try_from(input::SCENARIO).unwrap_or(usize::MAX),
        },
    };
    let dto: ScenarioDto = serde_saphyr::from_str_with_options(&source.text, options)
        .map_err(|error| yaml_error(source, &error))?;
    let rows = std::iter::once(0).chain(source.text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    Loader { source, rows }.scenario(id, dto)
}

fn yaml_error(source: &Source, error: &serde_saphyr::Error) -> Diagnostic {
    let location = error.location();
    let at = location.map_or_else(At::default, place);
    let formatter = serde_saphyr::UserMessageFormatter;
    let mut message = String::new();
    let _ = write!(message, "{}", error.without_snippet().render_with_formatter(&formatter));
    // The place is shown by the excerpt; the library's own mention of it would say it twice.
    let message = message.lines().next().unwrap_or_default();
    let message = message.split(" at line ").next().unwrap_or(message);
    Diagnostic::new(source, at, message.trim_end_matches('.'))
        .help("`scimsnap schema` prints what a scenario may contain")
}

/// The place of a value.
pub(crate) fn place(location: Location) -> At {
    let number = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
    At {
        line: number(location.line()),
        column: number(location.column()),
        len: number(location.span().len()),
    }
}

/// The place of a word.
pub(crate) fn at<T>(word: &Spanned<T>) -> At {
    place(word.referenced)
}

pub(crate) struct Loader<'a> {
    pub(crate) source: &'a Source,
    /// Where each line begins.
    rows: Vec<usize>,
}

impl Loader<'_> {
    /// A line by its number from 1, without its end.
    pub(crate) fn row(&self, line: usize) -> &str {
        let start = line.checked_sub(1).and_then(|row| self.rows.get(row));
        let rest = start.and_then(|start| self.source.text.get(*start..)).unwrap_or_default();
        rest.lines().next().unwrap_or_default()
    }

    fn scenario(&self, id: &str, dto: ScenarioDto) -> Result<Scenario, Diagnostic> {
        let clients = self.clients(&dto.idps)?;
        let directory = self.directory(&dto)?;
        let alternatives: Vec<Alternative> =
            dto.alternatives.into_iter().map(|(name, dto)| alternative(name, dto)).collect();
        for alternative in &alternatives {
            if !is_file_word(&alternative.name) {
                return Err(self.top(format!(
                    "the alternative `{}` names a file: use a to z, 0 to 9 and `-`",
                    alternative.name
                )));
            }
        }
        let mut differs = BTreeMap::new();
        for (name, reason) in dto.differs {
            let client = ClientName::ALL.into_iter().find(|client| client.as_str() == name);
            let client = client.filter(|client| clients.contains(client)).ok_or_else(|| {
                Diagnostic::new(
                    self.source,
                    at(&reason),
                    format!("`{name}` is not a client of this scenario, so nothing can differ for it"),
                )
            })?;
            differs.insert(client, reason.value);
        }
        for field in &dto.compare {
            if let Some(client) = clients.iter().find(|client| !client.sends(&field.value)) {
                return Err(Diagnostic::new(
                    self.source,
                    at(field),
                    format!("{client} does not send `{}`, so it cannot be compared for it", field.value),
                )
                .help("compare it in a scenario for the clients that do"));
            }
        }
        let mut reader = Reader::new(self, &clients, &alternatives, directory.clone());
        let mut steps: Vec<Step> = Vec::new();
        for step in dto.steps {
            steps.push(reader.step(step)?);
        }
        self.check_checkpoints(&clients, &steps)?;
        Ok(Scenario {
            id: id.to_owned(),
            source: self.source.clone(),
            title: dto.title,
            evidence: Evidence {
                mark: dto.evidence.mark,
                source: dto.evidence.source,
                note: dto.evidence.note,
            },
            covers: dto.covers,
            exercises: dto.exercises.iter().map(|word| (word.value.clone(), at(word))).collect(),
            clients,
            pack: dto.pack,
            requires: dto.requires,
            behaviour: dto.behaviour,
            compare: dto.compare.into_iter().map(|field| field.value).collect(),
            settings: dto.settings,
            given: given(dto.given),
            directory,
            steps,
            alternatives,
            differs,
        })
    }

    /// A message about the file as a whole.
    fn top(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.source, At { line: 1, column: 1, len: 1 }, message)
    }

    /// The clients that names stand for, each once, in the order of the clients.
    pub(crate) fn clients(&self, names: &[Word]) -> Result<Vec<ClientName>, Diagnostic> {
        let mut clients = Vec::new();
        for name in names {
            let selected = ClientName::select(&name.value).ok_or_else(|| {
                let names = ClientName::selectable();
                let message = format!("there is no IdP client `{}`", name.value);
                let diagnostic = Diagnostic::new(self.source, at(name), message);
                match nearest(&name.value, names.iter().copied()) {
                    Some(near) => diagnostic.label(format!("did you mean `{near}`?")),
                    None => diagnostic.help(format!("clients are {}", names.join(", "))),
                }
            })?;
            clients.extend(selected);
        }
        clients.sort_unstable();
        clients.dedup();
        if clients.is_empty() {
            return Err(self.top("no IdP client plays this scenario: `idps` is empty"));
        }
        Ok(clients)
    }

    fn directory(&self, dto: &ScenarioDto) -> Result<Directory, Diagnostic> {
        let people: Vec<Person> = dto.people.iter().map(|(key, dto)| person(key, dto)).collect();
        let directory =
            Directory { people, groups: dto.groups.iter().map(|(key, dto)| group(key, dto)).collect() };
        for dto in dto.people.values() {
            if let Some(manager) = &dto.manager {
                self.person(&directory, manager)?;
            }
        }
        for dto in dto.groups.values() {
            for member in &dto.members {
                self.person(&directory, member)?;
            }
        }
        Ok(directory)
    }

    /// The key of a person who is declared.
    pub(crate) fn person(&self, directory: &Directory, word: &Word) -> Result<String, Diagnostic> {
        if directory.person(&word.value).is_some() {
            return Ok(word.value.clone());
        }
        let known = directory.people.iter().map(|person| person.key.as_str());
        Err(self.unknown("person", "people", word, known))
    }

    /// The key of a group that is declared.
    pub(crate) fn group(&self, directory: &Directory, word: &Word) -> Result<String, Diagnostic> {
        if directory.group(&word.value).is_some() {
            return Ok(word.value.clone());
        }
        let known = directory.groups.iter().map(|group| group.key.as_str());
        Err(self.unknown("group", "groups", word, known))
    }

    fn unknown<'a>(
        &self,
        what: &str,
        section: &str,
        word: &Word,
        known: impl Iterator<Item = &'a str>,
    ) -> Diagnostic {
        let known: Vec<&str> = known.collect();
        let diagnostic =
            Diagnostic::new(self.source, at(word), format!("there is no {what} `{}`", word.value));
        match nearest(&word.value, known.iter().copied()) {
            Some(near) => diagnostic.label(format!("did you mean `{near}`?")),
            None => diagnostic.help(format!("declare it under `{section}`")),
        }
    }

    /// Every client must reach a checkpoint, and none twice the same.
    fn check_checkpoints(&self, clients: &[ClientName], steps: &[Step]) -> Result<(), Diagnostic> {
        for client in clients {
            let mut seen: BTreeSet<&str> = BTreeSet::new();
            for step in steps.iter().filter(|step| step.is_for(*client)) {
                let Action::Checkpoint(name) = &step.action else {
                    continue;
                };
                if !seen.insert(name) {
                    return Err(Diagnostic::new(
                        self.source,
                        step.at,
                        format!("there are two checkpoints `{name}`"),
                    ));
                }
            }
            if seen.is_empty() {
                return Err(self
                    .top(format!("no checkpoint is reached by {client}, so nothing would be compared"))
                    .help("add `- checkpoint: name` where the outcome is to be read"));
            }
        }
        Ok(())
    }
}

/// Whether a name can be part of a file's name and of a key.
pub(crate) fn is_file_word(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn person(key: &str, dto: &PersonDto) -> Person {
    let further = [
        ("title", &dto.title),
        ("department", &dto.department),
        ("employeeNumber", &dto.employee_number),
        ("preferredLanguage", &dto.preferred_language),
        ("nickName", &dto.nick_name),
    ];
    Person {
        key: key.to_owned(),
        user_name: dto.user_name.value.clone(),
        email: dto.email.clone().unwrap_or_else(|| dto.user_name.value.clone()),
        given_name: dto.given_name.clone(),
        family_name: dto.family_name.clone(),
        display_name: dto
            .display_name
            .clone()
            .unwrap_or_else(|| format!("{} {}", dto.given_name, dto.family_name)),
        profile: further
            .into_iter()
            .filter_map(|(name, value)| value.clone().map(|value| (name.to_owned(), value)))
            .collect(),
        manager: dto.manager.as_ref().map(|manager| manager.value.clone()),
        incarnation: 0,
        state: PersonState::Active,
        assigned: false,
        tenant: String::new(),
    }
}

fn group(key: &str, dto: &GroupDto) -> Group {
    Group {
        key: key.to_owned(),
        display_name: dto.display_name.value.clone(),
        members: dto.members.iter().map(|member| member.value.clone()).collect(),
        pushed: false,
        tenant: String::new(),
    }
}

fn alternative(name: String, dto: AlternativeDto) -> Alternative {
    let families = [
        (Family::Okta, dto.legal.okta),
        (Family::Entra, dto.legal.entra),
        (Family::Google, dto.legal.google),
    ];
    Alternative {
        name,
        says: dto.says,
        when: dto.when,
        elsewhere: dto.elsewhere,
        jsm: dto.legal.jsm,
        families: families
            .into_iter()
            .filter_map(|(family, legal)| legal.map(|legal| (family, legal)))
            .collect(),
    }
}

fn given(dto: GivenDto) -> Given {
    let mut customers: Vec<GivenCustomer> = dto
        .customers
        .into_iter()
        .map(|dto| GivenCustomer {
            display_name: dto.display_name.unwrap_or_else(|| local_part(&dto.email.value)),
            email: dto.email.value,
            place: dto.place,
            given_name: dto.given_name,
            family_name: dto.family_name,
            active: dto.active.unwrap_or(true),
        })
        .collect();
    let mut organizations = Vec::new();
    for dto in dto.organizations {
        for email in &dto.customers {
            if !customers.iter().any(|customer| customer.email == email.value) {
                customers.push(plain_customer(&email.value, dto.place));
            }
        }
        organizations.push(GivenOrganization {
            name: dto.name.value,
            place: dto.place,
            customers: dto.customers.into_iter().map(|email| email.value).collect(),
        });
    }
    Given {
        profile: dto.profile.map(|word| (word.value.clone(), at(&word))),
        knobs: dto.knobs.into_iter().map(|(name, value)| (name, value.value.clone(), at(&value))).collect(),
        organizations,
        customers,
    }
}

fn plain_customer(email: &str, place: Place) -> GivenCustomer {
    GivenCustomer {
        email: email.to_owned(),
        place,
        display_name: local_part(email),
        given_name: None,
        family_name: None,
        active: true,
    }
}

fn local_part(email: &str) -> String {
    email.split('@').next().unwrap_or(email).to_owned()
}
