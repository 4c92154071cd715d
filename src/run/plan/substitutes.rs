//! Clients that play a scenario only where they are named: which scenarios one can stand in for, because the same events
//! leave the same customers and organizations, whoever sends them.

use std::collections::BTreeSet;

use crate::idp::expressible::{accepts_loss, cannot, finds_groups, leaves_the_same, takes_over};
use crate::idp::{ClientName, Family, Settings};
use crate::scenario::{Action, Literal, Place, Scenario};
use crate::wire::Method;

/// Whether a client that the scenario does not list can play it by the snapshot that its clients share.
pub(in crate::run) fn stands_in(client: ClientName, scenario: &Scenario) -> bool {
    let families: BTreeSet<Family> = scenario.clients.iter().map(|client| client.family()).collect();
    // What one provider alone does is nobody else's law.
    let is_shared = (families.len() > 1 || families.contains(&client.family()))
        && scenario.differs.is_empty()
        && scenario.settings.values().all(|settings| *settings == Settings::default())
        && scenario.compare.iter().all(|field| client.sends(field));
    let places = scenario.given.organizations.iter().map(|organization| organization.place);
    let is_linked = takes_over(client)
        || !places
            .chain(scenario.given.customers.iter().map(|customer| customer.place))
            .any(|place| place == Place::Scim);
    // Two groups of one name share what the first one made, where the second one finds it.
    let names: Vec<String> =
        scenario.directory.groups.iter().map(|group| group.display_name.to_lowercase()).collect();
    let has_twins = (1..names.len()).any(|index| names[..index].contains(&names[index]));
    let is_found = finds_groups(client) || !has_twins;
    let is_taken = |request: &Literal| request.method != Method::Delete || accepts_loss(client);
    let is_sent = scenario.steps.iter().all(|step| {
        step.only.is_none()
            && match &step.action {
                Action::Events(events) => events.iter().all(|event| {
                    // Clients of one family may differ in this, too.
                    let mut relatives =
                        scenario.clients.iter().filter(|other| other.family() == client.family());
                    cannot(client, event).is_none()
                        && leaves_the_same(client, event)
                        && relatives.all(|other| leaves_the_same(*other, event))
                }),
                // Every provider reacts to faults in its own way.
                Action::Lose(_) | Action::Intercept(_) => false,
                Action::Request(request) => is_taken(request),
                Action::AtOnce(requests) => requests.iter().all(is_taken),
                Action::Admin(_) | Action::Checkpoint(_) => true,
            }
    });
    !client.is_played_by_default()
        && client.family().is_provider()
        && !scenario.clients.contains(&client)
        && is_shared
        && is_linked
        && is_found
        && is_sent
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Source;
    use crate::scenario::load::load;

    fn scenario(idps: &str, given: &str, steps: &str) -> Scenario {
        let text = format!(
            "title: A group is pushed
evidence: {{mark: documented, source: the test}}
idps: [{idps}]
{given}
people: {{ada: {{userName: ada@example.com, givenName: Ada, familyName: Byron}}}}
groups: {{acme: {{displayName: Acme, members: [ada]}}}}
steps: [{steps}, checkpoint: done]
"
        );
        load("groups/pushed", &Source { path: "pushed.yaml".into(), text: text.into() }).unwrap()
    }

    const GONE: &str = "assign: ada, request: {send: 'DELETE /Users/{{ people.ada.id }}'}";
    const GONE_AT_ONCE: &str =
        "assign: ada, at-once: [{send: 'DELETE /Users/{{ people.ada.id }}'}, {send: 'GET /Users'}]";

    #[test]
    fn a_client_stands_in_for_what_it_leaves_alike() {
        let made = "given: {customers: [{email: ada@example.com, in: scim}]}";
        for (client, idps, given, steps, expected) in [
            (ClientName::Authentik, "okta, entra", "", "assign: ada, push: acme", true),
            (ClientName::Authentik, "okta, entra", "", "assign: ada, unassign: ada", false),
            (ClientName::Jumpcloud, "okta, entra", "", "assign: ada, unassign: ada", true),
            (ClientName::Keycloak, "okta, entra", "", "assign: ada", true),
            (ClientName::Keycloak, "okta, entra", made, "assign: ada", false),
            (ClientName::Authentik, "okta, entra", made, "assign: ada", false),
            (ClientName::Onelogin1, "okta, entra", "", "assign: ada, push: acme", false),
            (ClientName::Onelogin, "onelogin-1", "", "assign: ada, push: acme", false),
            (ClientName::Onelogin, "onelogin-1", "", "assign: ada", true),
            (ClientName::Onelogin, "okta, entra", "", "assign: ada, push: acme", true),
            (ClientName::Authentik, "okta", "", "assign: ada", false),
            (ClientName::OktaOinUserpatch, "okta", "", "assign: ada", true),
            (ClientName::Google, "okta, entra", "", "assign: ada", false),
            (ClientName::Authentik, "okta, entra", "", GONE, false),
            (ClientName::Jumpcloud, "okta, entra", "", GONE, true),
            (ClientName::Authentik, "okta, entra", "", GONE_AT_ONCE, false),
            (ClientName::Jumpcloud, "okta, entra", "", GONE_AT_ONCE, true),
        ] {
            let scenario = scenario(idps, given, steps);
            assert_eq!(stands_in(client, &scenario), expected, "{client} {idps} {given} {steps}");
        }
    }
}
