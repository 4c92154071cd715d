//! Reads a file's text into a scenario: parses it, resolves its names, and checks each step. Every error says where in
//! the file it is.
//!
//! May use, of `scenario`: `dto`, `model`.

mod attributes;
mod crowd;
mod directory;
pub(crate) mod faults;
mod given;
pub(crate) mod literal;
mod numbered;
pub(crate) mod resolver;
mod settings;
pub(crate) mod steps;
mod yaml_error;

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Diagnostic, Source};
use crate::files::input;
use crate::idp::{ClientName, Family};

use super::dto::{AlternativeDto, ScenarioDto};
use super::model::{Action, Alternative, Evidence, Scenario, Step};
use crowd::crowds;
use directory::directory;
use given::given;
use resolver::{Resolver, at, is_file_word};
use settings::settings;
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
        .map_err(|error| yaml_error::diagnostic(source, &error))?;
    let resolver = Resolver::new(source);
    let crowds = crowds(&dto, &resolver)?;
    scenario(id, dto, &resolver.with(crowds))
}

fn scenario(id: &str, dto: ScenarioDto, resolver: &Resolver<'_>) -> Result<Scenario, Diagnostic> {
    let clients = resolver.clients(&dto.idps)?;
    let mut directory = directory(&dto, resolver)?;
    let alternatives: Vec<Alternative> =
        dto.alternatives.into_iter().map(|(name, dto)| alternative(name, dto)).collect();
    for alternative in &alternatives {
        if !is_file_word(&alternative.name) {
            return Err(resolver.top(format!(
                "the name of the alternative `{}` is part of a file name: use a to z, 0 to 9 and `-`",
                alternative.name
            )));
        }
    }
    let mut differs = BTreeMap::new();
    for (name, reason) in dto.differs {
        let client = ClientName::ALL.into_iter().find(|client| client.as_str() == name);
        let client = client.filter(|client| clients.contains(client)).ok_or_else(|| {
            Diagnostic::new(resolver.source, at(&reason), format!("`{name}` does not play this scenario"))
        })?;
        differs.insert(client, reason.value);
    }
    for field in dto.compare.iter().chain(&dto.compare_kept) {
        if let Some(client) = clients.iter().find(|client| !client.sends(&field.value)) {
            return Err(Diagnostic::new(
                resolver.source,
                at(field),
                format!("{client} does not send `{}`, so it cannot be compared", field.value),
            )
            .help("compare it in a scenario for clients that send it"));
        }
    }
    let given = given(dto.given, &mut directory, resolver)?;
    let settings = settings(&dto.settings, dto.client_settings, &clients, resolver)?;
    let mut reader = Reader::new(resolver, &clients, &alternatives, directory.clone());
    let mut steps: Vec<Step> = Vec::new();
    for step in dto.steps {
        steps.push(reader.step(step)?);
    }
    check_checkpoints(resolver, &clients, &steps)?;
    Ok(Scenario {
        id: id.to_owned(),
        source: resolver.source.clone(),
        title: dto.title,
        evidence: Evidence { mark: dto.evidence.mark, source: dto.evidence.source, note: dto.evidence.note },
        covers: dto.covers,
        exercises: dto.exercises.iter().map(|word| (word.value.clone(), at(word))).collect(),
        clients,
        pack: dto.pack,
        requires: dto.requires,
        behaviour: dto.behaviour,
        optional: dto.compare_kept.iter().map(|field| field.value.clone()).collect(),
        compare: dto.compare.into_iter().chain(dto.compare_kept).map(|field| field.value).collect(),
        settings,
        given,
        crowds: resolver.crowds(),
        directory,
        steps,
        alternatives,
        differs,
    })
}

/// Every client must reach a checkpoint, and none twice the same.
fn check_checkpoints(
    resolver: &Resolver<'_>,
    clients: &[ClientName],
    steps: &[Step],
) -> Result<(), Diagnostic> {
    for client in clients {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for step in steps.iter().filter(|step| step.is_for(*client)) {
            let Action::Checkpoint(name) = &step.action else {
                continue;
            };
            if !seen.insert(name) {
                return Err(Diagnostic::new(
                    resolver.source,
                    step.at,
                    format!("the checkpoint `{name}` appears twice"),
                ));
            }
        }
        if seen.is_empty() {
            return Err(resolver
                .top(format!("{client} reaches no checkpoint, so there is nothing to compare"))
                .help("add `- checkpoint: name` where the outcome should be read"));
        }
    }
    Ok(())
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
