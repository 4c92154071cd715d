//! Ways of leaving something behind. Whatever a run created is gone afterwards, or its ledger is still there and the run
//! says how to go on; and once the endpoint behaves again, `clean` removes all of it.

mod creations;
mod deletions;
mod failures;
mod killed;
mod lookups;

use std::time::Duration;

use super::aftermath::Aftermath;
use super::endpoint::{Tenant, honest};
use super::process::ended;
use super::scene::Conduct;
use crate::support::{Folder, Scimsnap, Served};
use creations::{After, refused};

/// What is played where no way needs anything else: two people and a group.
const PLAYED: [&str; 4] =
    ["users/new-user-becomes-customer", "groups/new-group-becomes-organization", "--idp", "okta-oin,entra"];

/// Somebody whose login name has capitals.
const CAPITALS: [&str; 3] = ["users/capitals-in-the-login-name", "--idp", "okta-oin,entra"];

/// An organization and customers that are made by hand in the product first.
const MADE_BY_HAND: [&str; 3] = ["conflicts/group-takes-over-organization", "--idp", "okta-oin"];

/// A group whose name ends in a space.
const SPACES: &str = "\
title: A group whose name ends in a space
evidence: {mark: inferred, source: nowhere}
idps: [okta-oin]
people:
  ada: {userName: ada@example.com, givenName: Ada, familyName: Byron}
groups:
  acme: {displayName: \"Acme \", members: [ada]}
steps:
  - assign: ada
  - push: acme
  - checkpoint: pushed
";

/// A way of leaving something behind.
struct Way {
    conduct: Conduct,
    flags: &'static [&'static str],
    played: &'static [&'static str],
    /// Seconds that reads may lag.
    lag: &'static str,
    product: bool,
    /// Whether the endpoint lets nobody remove what is left.
    lasts: bool,
}

impl Way {
    fn new(conduct: Conduct) -> Self {
        Self { conduct, flags: &[], played: &PLAYED, lag: "1", product: false, lasts: false }
    }

    /// With time for reads to catch up.
    fn patient(conduct: Conduct) -> Self {
        Self { lag: "5", ..Self::new(conduct) }
    }

    fn product(conduct: Conduct) -> Self {
        Self { product: true, played: &MADE_BY_HAND, ..Self::new(conduct) }
    }
}

/// Makes a test of each way.
macro_rules! ways {
    ($($name:ident: $way:expr,)*) => {
        $(
            #[test]
            fn $name() {
                forgets_nothing(&$way);
            }
        )*

        #[test]
        fn there_are_at_least_twenty_ways() {
            assert!([$(stringify!($name)),*].len() >= 20);
        }
    };
}

ways! {
    created_and_answered_400: Way::new(refused(400, After::Nothing)),
    created_and_answered_403: Way::new(refused(403, After::Nothing)),
    created_and_answered_408: Way::new(refused(408, After::Nothing)),
    created_and_answered_409: Way::new(refused(409, After::Nothing)),
    created_and_answered_429: Way::new(refused(429, After::Nothing)),
    created_and_answered_500: Way::new(refused(500, After::Nothing)),
    created_and_answered_502: Way::new(refused(502, After::Nothing)),
    created_and_answered_504: Way::new(refused(504, After::Nothing)),
    created_a_second_after_400: Way::patient(refused(400, After::ASecond)),
    created_a_second_after_500: Way::patient(refused(500, After::ASecond)),
    created_a_second_after_504: Way::patient(refused(504, After::ASecond)),
    created_and_cut: Way::new(creations::cut(After::Nothing)),
    created_a_second_after_the_cut: Way::patient(creations::cut(After::ASecond)),
    created_and_answered_with_a_page: Way::new(creations::answered_with_a_page(200)),
    created_and_redirected: Way::new(creations::answered_with_a_page(302)),
    created_with_an_id_that_is_not_the_real_one: Way::new(creations::wrong_id()),
    created_without_an_id: Way::new(creations::without_id()),
    two_created_under_one_name: Way::new(creations::twins(creations::alike)),
    two_created_under_like_names: Way::new(creations::twins(creations::with_a_number)),
    a_filter_that_lags: Way::patient(lookups::lagging(Duration::from_secs(2))),
    a_filter_that_is_refused: Way::new(lookups::filters_answered(400)),
    a_filter_that_is_not_implemented: Way::new(lookups::filters_answered(501)),
    a_filter_that_fails: Way::new(lookups::filters_answered(500)),
    a_filter_that_finds_nothing: Way::new(lookups::filters_find_nothing()),
    a_name_in_lower_case: Way {
        flags: &["--defect", "filter-case-sensitive"],
        played: &CAPITALS,
        ..Way::new(lookups::normalised(lookups::lower_case))
    },
    a_name_without_its_space: Way { played: &["scenarios"], ..Way::new(lookups::normalised(lookups::trimmed)) },
    a_name_in_another_domain: Way::new(lookups::normalised(lookups::in_another_domain)),
    a_deletion_answered_404_and_not_done: Way::new(deletions::answered(404)),
    a_deletion_answered_202_and_done_later: Way::patient(deletions::done_later(Duration::from_secs(2))),
    a_deletion_answered_202_and_never_done: Way::new(deletions::answered(202)),
    a_deletion_answered_204_and_never_done: Way::new(deletions::answered(204)),
    a_deletion_answered_500_and_never_done: Way::new(deletions::answered(500)),
    a_deletion_that_only_hides: Way::new(deletions::only_hides()),
    a_deletion_that_deactivates: Way { lasts: true, ..Way::new(deletions::deactivates()) },
    a_deletion_that_only_takes_the_name_away: Way { lasts: true, ..Way::new(deletions::renames()) },
    maintenance_with_404_from_the_middle_on: Way::new(failures::maintenance(404)),
    maintenance_with_503_from_the_middle_on: Way::new(failures::maintenance(503)),
    maintenance_with_200_from_the_middle_on: Way::new(failures::maintenance(200)),
    scim_404_to_everything_from_the_middle_on: Way::new(failures::scim(404)),
    credentials_refused_from_the_middle_on: Way::new(failures::scim(401)),
    nothing_answered_from_the_middle_on: Way::new(failures::silence()),
    an_organization_made_and_answered_500: Way::product(creations::product("organization", Some(500))),
    an_organization_made_and_cut: Way::product(creations::product("organization", None)),
    a_customer_made_and_cut: Way::product(creations::product("customer", None)),
    a_customer_made_and_answered_400: Way::product(creations::product("customer", Some(400))),
}

/// A tenant where few others are, to play a way.
fn tenant(way: &Way) -> Tenant {
    Tenant::with(Served::new(way.flags), 3, 1, &way.conduct)
}

fn forgets_nothing(way: &Way) {
    let (tenant, folder) = (tenant(way), Folder::with_scenario(SPACES));
    let limits = ["--read-lag", way.lag, "--max-wait", "2", "--update", "no", "--json", "out.json"];
    let words: Vec<&str> = ["run"].into_iter().chain(way.played.iter().copied()).chain(limits).collect();
    let outcome = ended(call(way, &tenant, &folder, &words));
    assert!(tenant.lies() > 0, "the endpoint behaved all the time");
    assert!(outcome.code != 70, "{}{}", outcome.stdout, outcome.stderr);
    let after = Aftermath { tenant: &tenant, folder: &folder, product: way.product, lasts: way.lasts };
    after.nothing_is_forgotten(&outcome);
    tenant.assert_untouched();
}

fn call(way: &Way, tenant: &Tenant, folder: &Folder, words: &[&str]) -> Scimsnap {
    if way.product {
        tenant.with_product(folder.path(), words)
    } else {
        tenant.scimsnap(folder.path(), words)
    }
}

#[test]
fn an_endpoint_that_behaves_is_left_empty_at_once() {
    for (played, product) in [(&PLAYED[..], false), (&CAPITALS, false), (&MADE_BY_HAND, true)] {
        let way = Way { played, product, ..Way::new(honest()) };
        let (tenant, folder) = (tenant(&way), Folder::new());
        let words: Vec<&str> = ["run"].into_iter().chain(played.iter().copied()).collect();
        let outcome = ended(call(&way, &tenant, &folder, &words)).exits(0);
        assert!(!outcome.stdout.contains("scimsnap clean"), "{}", outcome.stdout);
        assert!(tenant.left().is_empty() && folder.ledgers().is_empty(), "{:?}", tenant.left());
        assert!(!tenant.scene.memory.lock().unwrap().created.is_empty());
        tenant.assert_untouched();
    }
}
