//! Reads the settings of a scenario: those of all its clients, and those of some.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::resolver::{Resolver, at};
use crate::diag::Diagnostic;
use crate::idp::{ClientName, Settings};
use crate::scenario::dto::{SettingsDto, Word};
use crate::suggest::nearest;

/// What is set for each client: for all first, then for its family, then for the client itself.
pub(super) fn settings(
    all: &SettingsDto,
    some: IndexMap<String, SettingsDto>,
    clients: &[ClientName],
    resolver: &Resolver<'_>,
) -> Result<BTreeMap<ClientName, Settings>, Diagnostic> {
    for name in &all.names {
        check(name, clients, resolver)?;
    }
    let mut own: BTreeMap<ClientName, Settings> =
        clients.iter().map(|client| (*client, all.settings.clone())).collect();
    let mut named: Vec<(Vec<ClientName>, SettingsDto)> = Vec::new();
    for (name, dto) in some {
        let Some(place) = dto.names.first() else { continue };
        let chosen: Vec<ClientName> = ClientName::select(&name).unwrap_or_default();
        let chosen: Vec<ClientName> = chosen.into_iter().filter(|client| clients.contains(client)).collect();
        if chosen.is_empty() {
            return Err(resolver.error(at(place), format!("`{name}` does not play this scenario")));
        }
        for name in &dto.names {
            check(name, &chosen, resolver)?;
        }
        named.push((chosen, dto));
    }
    // Of a family and one of its clients, the client is meant more.
    named.sort_by_key(|(chosen, _)| std::cmp::Reverse(chosen.len()));
    for (chosen, dto) in named {
        for client in chosen {
            let under = own.remove(&client).unwrap_or_default();
            own.insert(client, dto.settings.clone().over(&under));
        }
    }
    Ok(own)
}

/// Somebody must have the setting.
fn check(name: &Word, clients: &[ClientName], resolver: &Resolver<'_>) -> Result<(), Diagnostic> {
    let [first, ..] = clients else { return Ok(()) };
    if clients.iter().any(|client| client.has_setting(&name.value)) {
        return Ok(());
    }
    let who = if clients.len() == 1 { first.to_string() } else { "none of these clients".to_owned() };
    let verb = if clients.len() == 1 { "does not have" } else { "has" };
    let near = nearest(&name.value, first.settings()).map(|near| format!("did you mean `{near}`?"));
    let known: Vec<&str> = first.settings().collect();
    Err(resolver
        .error(at(name), format!("{who} {verb} the setting `{}`", name.value))
        .label(near.unwrap_or_default())
        .help(format!("the settings of {first} are {}", known.join(", "))))
}
