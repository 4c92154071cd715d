//! How much has to be played before a provider is judged.

use std::path::Path;

use crate::idp::{ClientName, Family};
use crate::scenario::Pack;
use crate::scenario::catalogue::bundled;

use super::{Plan, plan};

/// How many bundled scenarios in [`Pack::Ready`] some client of a family plays.
pub(in crate::run) fn in_pack(family: Family) -> usize {
    match family {
        // Those who are played by default. To read the whole catalogue again would take longer than to play a scenario.
        Family::Okta => 39,
        Family::Entra => 43,
        Family::Google => 13,
        _ => counted(family),
    }
}

/// How many bundled scenarios name a family, where it is played in these alone unless somebody asks for it.
pub(in crate::run) fn naming(family: Family) -> Option<usize> {
    let is_asked_for = family.clients().all(|client| !client.is_played_by_default());
    let names = |client: &ClientName| client.family() == family;
    is_asked_for.then(|| {
        let plan = everything(None);
        plan.pairs.scenarios().iter().filter(|planned| planned.clients.iter().any(names)).count()
    })
}

fn counted(family: Family) -> usize {
    let clients: Vec<ClientName> = family.clients().collect();
    let plan = everything(Some(&clients));
    plan.pairs.scenarios().iter().filter(|planned| Pack::Ready.holds(planned.pack)).count()
}

/// What is bundled can be read.
fn everything(clients: Option<&[ClientName]>) -> Plan {
    plan(bundled(), clients, Path::new("")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_family_has_scenarios_that_decide() {
        for family in Family::ALL.into_iter().filter(|family| family.is_provider()) {
            assert_eq!(in_pack(family), counted(family), "{family}");
            assert!(in_pack(family) > 5, "{family}: {}", in_pack(family));
            assert!(naming(family).is_none_or(|named| named > 0), "{family}");
        }
        assert_eq!(naming(Family::Okta), None);
    }
}
