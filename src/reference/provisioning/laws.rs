//! Laws that hold whatever the directory sends, in whatever order.

use std::collections::BTreeSet;

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::context::Clock;
use crate::reference::knobs::Knobs;
use crate::reference::site::{Directory, Site};
use crate::reference::{Reference, SiteOptions};
use crate::scim::Leniency;
use crate::scim::patch::PatchRequest;

/// What a directory or an administrator does; numbers pick from what is there.
#[derive(Debug, Clone)]
enum Step {
    CreateUser(usize),
    PutUser(usize, usize),
    SetActive(usize, bool),
    DeleteUser(usize),
    CreateGroup(usize, Vec<usize>),
    PutGroup(usize, usize, Vec<usize>),
    Rename(usize, usize),
    Members(usize, &'static str, Vec<usize>),
    RemoveOne(usize, usize),
    DeleteGroup(usize),
    ManualOrganization(usize),
    ManualCustomer(usize),
    Reconnect,
    AcceptHeld,
}

const NAMES: [&str; 5] = ["Acme", "acme ", "Beta", "Gamma", "ACME"];

fn step() -> impl Strategy<Value = Step> {
    let few = || prop::collection::vec(0_usize..6, 0..4);
    prop_oneof![
        4 => (0_usize..6).prop_map(Step::CreateUser),
        2 => (0_usize..6, 0_usize..6).prop_map(|(user, as_)| Step::PutUser(user, as_)),
        2 => (0_usize..6, any::<bool>()).prop_map(|(user, active)| Step::SetActive(user, active)),
        1 => (0_usize..6).prop_map(Step::DeleteUser),
        3 => (0_usize..5, few()).prop_map(|(name, members)| Step::CreateGroup(name, members)),
        2 => (0_usize..4, 0_usize..5, few()).prop_map(|(group, name, members)| Step::PutGroup(group, name, members)),
        2 => (0_usize..4, 0_usize..5).prop_map(|(group, name)| Step::Rename(group, name)),
        4 => (0_usize..4, prop::sample::select(vec!["add", "remove", "replace"]), few())
            .prop_map(|(group, op, members)| Step::Members(group, op, members)),
        2 => (0_usize..4, 0_usize..6).prop_map(|(group, user)| Step::RemoveOne(group, user)),
        1 => (0_usize..4).prop_map(Step::DeleteGroup),
        1 => (0_usize..5).prop_map(Step::ManualOrganization),
        1 => (0_usize..6).prop_map(Step::ManualCustomer),
        1 => Just(Step::Reconnect),
        1 => Just(Step::AcceptHeld),
    ]
}

fn user_body(number: usize) -> Value {
    let address = format!("u{number}@example.com");
    json!({
        "userName": address,
        "externalId": format!("ext-{number}"),
        "emails": [{"value": address, "type": "work", "primary": true}],
    })
}

fn pick(slots: &[u32], number: usize) -> Option<u32> {
    slots.get(number % slots.len().max(1)).copied()
}

fn user(site: &Site, number: usize) -> Option<u32> {
    let slots: Vec<u32> = site.directory.as_ref()?.users.iter().map(|(slot, _)| slot).collect();
    pick(&slots, number)
}

fn group(site: &Site, number: usize) -> Option<u32> {
    let slots: Vec<u32> = site.directory.as_ref()?.groups.iter().map(|(slot, _)| slot).collect();
    pick(&slots, number)
}

/// Members by number; one number in six is nobody's.
fn members(site: &Site, numbers: &[usize]) -> Value {
    let directory = site.directory.as_ref().unwrap();
    let ids = numbers.iter().map(|number| {
        let known = user(site, *number).filter(|_| *number != 5);
        let id = known.map_or("nobody".to_owned(), |slot| directory.users.get(slot).unwrap().id.to_string());
        json!({"value": id})
    });
    ids.collect()
}

fn patch(operations: &Value) -> PatchRequest {
    let body =
        json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations});
    PatchRequest::parse(&body, &Leniency::all()).unwrap()
}

/// Does the step; false if it was refused.
fn act(site: &mut Site, step: &Step) -> bool {
    let now = Timestamp::UNIX_EPOCH;
    match step {
        Step::CreateUser(number) => site.create_user(&user_body(*number).into(), now).map(|_| ()).is_ok(),
        Step::PutUser(slot, number) => match user(site, *slot) {
            Some(slot) => site.replace_user(slot, &user_body(*number).into(), now).is_ok(),
            None => true,
        },
        Step::SetActive(slot, active) => match user(site, *slot) {
            Some(slot) => {
                let operations = json!([{"op": "replace", "path": "active", "value": active}]);
                site.patch_user(slot, &patch(&operations), now).is_ok()
            }
            None => true,
        },
        Step::DeleteUser(slot) => {
            if let Some(slot) = user(site, *slot) {
                site.delete_user(slot, now);
            }
            true
        }
        Step::CreateGroup(name, numbers) => {
            let body = json!({"displayName": NAMES[*name], "members": members(site, numbers)});
            site.create_group(&body, now).is_ok()
        }
        Step::PutGroup(slot, name, numbers) => match group(site, *slot) {
            Some(slot) => {
                let body = json!({"displayName": NAMES[*name], "members": members(site, numbers)});
                site.replace_group(slot, &body, now).is_ok()
            }
            None => true,
        },
        Step::Rename(slot, name) => {
            group_patch(site, *slot, |_| json!([{"op": "replace", "value": {"displayName": NAMES[*name]}}]))
        }
        Step::Members(slot, op, numbers) => group_patch(
            site,
            *slot,
            |site| json!([{"op": op, "path": "members", "value": members(site, numbers)}, {"op": "add", "path": "externalId", "value": "x"}]),
        ),
        Step::RemoveOne(slot, number) => group_patch(site, *slot, |site| {
            let id = members(site, &[*number])[0]["value"].as_str().unwrap().to_owned();
            json!([{"op": "remove", "path": format!("members[value eq \"{id}\"]")}])
        }),
        Step::DeleteGroup(slot) => {
            if let Some(slot) = group(site, *slot) {
                site.delete_group(slot, now);
            }
            true
        }
        Step::ManualOrganization(name) => {
            if site.organization_named(NAMES[*name]).is_none() {
                let slot = site.add_organization(NAMES[*name], None, now);
                let everyone: Vec<u32> = site.customers.iter().map(|(slot, _)| slot).collect();
                for customer in everyone {
                    site.belonging.add(slot, customer);
                }
            }
            true
        }
        Step::ManualCustomer(number) => {
            let address = format!("u{number}@example.com");
            if site.customers.by_email(&address).next().is_none() {
                site.add_customer(&address, "by hand");
            }
            true
        }
        Step::AcceptHeld => {
            let held = site.held_groups();
            held.iter().all(|group| site.accept_group(&group.id, now).is_ok())
        }
        Step::Reconnect => {
            site.disconnect();
            let id = site.ids.uuid();
            let key = crate::reference::api_key::IssuedKey::new(&"key".into(), now);
            site.directory = Some(Directory::new(id, key));
            true
        }
    }
}

fn group_patch(site: &mut Site, slot: usize, operations: impl FnOnce(&Site) -> Value) -> bool {
    let Some(slot) = group(site, slot) else {
        return true;
    };
    let operations = operations(site);
    site.patch_group(slot, &patch(&operations), Timestamp::UNIX_EPOCH).is_ok()
}

/// All that can be seen of a site. Ids that a refused request used up cannot.
fn dump(site: &Site) -> String {
    let directory = site.directory.as_ref().unwrap();
    let text: Vec<String> = [
        directory.users.iter().map(|entry| format!("{entry:?}")).collect(),
        directory.groups.iter().map(|entry| format!("{entry:?}")).collect(),
        site.customers.iter().map(|entry| format!("{entry:?}")).collect(),
        site.organizations.iter().map(|entry| format!("{entry:?}")).collect(),
        vec![format!("{:?} {:?}", directory.memberships, site.belonging)],
    ]
    .into_iter()
    .flat_map(|lines: Vec<String>| lines)
    .collect();
    text.join("\n")
}

fn check(site: &Site, settings: &Knobs) -> Result<(), TestCaseError> {
    let directory = site.directory.as_ref().unwrap();
    let mut customers = BTreeSet::new();
    for (slot, user) in directory.users.iter() {
        let customer = site.customers.get(user.customer).unwrap();
        prop_assert_eq!(customer.user, Some(slot), "a customer knows its user");
        prop_assert_eq!(&customer.contact.email().to_lowercase(), user.attributes.keys().email);
        prop_assert!(customers.insert(user.customer), "no two users share a customer");
        prop_assert_eq!(
            directory.users.by_user_name(user.attributes.keys().user_name).collect::<Vec<_>>(),
            [slot]
        );
        prop_assert_eq!(directory.users.by_email(user.attributes.keys().email).collect::<Vec<_>>(), [slot]);
    }
    let mut names = BTreeSet::new();
    for (slot, organization) in site.organizations.iter() {
        let key = site.name_key(&organization.name);
        prop_assert!(names.insert(key.clone()), "no two organizations share a name");
        prop_assert_eq!(site.organizations.by_name(&key).collect::<Vec<_>>(), [slot]);
        prop_assert_eq!(organization.scim_managed, organization.group.is_some());
        let Some(group_slot) = organization.group else {
            continue;
        };
        let group = directory.groups.get(group_slot).unwrap();
        prop_assert_eq!(group.organization, Some(slot), "organization and group know each other");
        prop_assert_eq!(&group.display_name, &organization.name);
        let expected: BTreeSet<u32> = directory
            .memberships
            .members_of(group_slot)
            .map(|user| directory.users.get(user).unwrap().customer)
            .collect();
        let actual: BTreeSet<u32> = site.belonging.members_of(slot).collect();
        if settings.adopt_removes_extra_members {
            prop_assert_eq!(expected, actual, "the organization is the group");
        } else {
            prop_assert!(expected.is_subset(&actual), "the organization holds the group");
        }
    }
    for (slot, group) in directory.groups.iter() {
        let label = directory.groups.label(slot).map(|label| (label.id(), label.display_name().to_owned()));
        let display_name = json!(group.display_name).to_string();
        prop_assert_eq!(label, Some((&*group.id, display_name)), "members are told the group's name");
        if let Some(slot) = group.organization {
            prop_assert!(
                site.organizations.get(slot).is_some(),
                "no group leads to an organization that is gone"
            );
        }
    }
    Ok(())
}

/// A state without how many secrets were made: whoever is restored has another REST token.
fn without_secrets(state: &[u8]) -> Value {
    let mut state: Value = serde_json::from_slice(state).unwrap();
    for site in state["sites"].as_array_mut().unwrap() {
        site["secrets"].take();
    }
    state
}

proptest! {
    #[test]
    fn organizations_are_what_the_groups_say_and_refusals_leave_nothing(
        steps in prop::collection::vec(step(), 1..40),
        setting in prop::sample::select(vec!["sync", "skip", "hold"]),
        response in prop::sample::select(vec!["reject", "accept_unprojected"]),
        keeps in any::<bool>(),
        removes in any::<bool>(),
        unlinks in any::<bool>(),
    ) {
        let mut knobs = Knobs::default();
        knobs.set("conflict.setting", setting).unwrap();
        knobs.set("conflict.skip_response", response).unwrap();
        knobs.deactivate_keeps_memberships = keeps;
        knobs.adopt_removes_extra_members = removes;
        knobs.email_change_unlinks = unlinks;
        let reference = Reference::new(Clock::fixed(Timestamp::UNIX_EPOCH));
        let access = reference.create_site(SiteOptions { knobs: knobs.clone(), ..SiteOptions::default() });
        reference.on_site(&access.site, |site| {
            for step in &steps {
                let before = dump(site);
                if !act(site, step) {
                    prop_assert_eq!(before, dump(site), "{:?} was refused and left something", step);
                }
                check(site, &knobs)?;
            }
            Ok(())
        }).unwrap()?;
        let written = reference.state().unwrap();
        let restored = Reference::restore(Clock::fixed(Timestamp::UNIX_EPOCH), &written, 0).unwrap();
        let before = reference.on_site(&access.site, |site| dump(site));
        prop_assert_eq!(before, restored.on_site(&access.site, |site| dump(site)));
        restored.on_site(&access.site, |site| check(site, &knobs)).unwrap()?;
        prop_assert_eq!(without_secrets(&written), without_secrets(&restored.state().unwrap()));
    }
}
