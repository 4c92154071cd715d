//! Tenants with strangers: fifty users, groups and organizations that were there before, and as many ways as we know to
//! lead a client to them. Nothing that is written may reach one of them.

mod lookup;
mod moved;
mod odd_ids;
mod own;
mod product;
mod upsert;

use serde_json::Value;

use super::aftermath::run_of;
use super::endpoint::{Tenant, honest};
use super::process::ended;
use super::scene::Conduct;
use crate::support::{Folder, Served};
use upsert::{bare_id, capitals, conflict, echo, location_only, of, of_both, whole, whole_with_200};

/// A good part of the catalogue, as several providers.
const PLAYED: [&str; 6] = ["users", "groups", "conflicts", "lifecycle", "--idp", "okta-oin,entra,google"];

/// Another part, in which nothing sends requests at once, of which the later ones cannot know how the first was answered.
const ONE_BY_ONE: [&str; 13] = [
    "users/deleted-behind-the-providers-back",
    "users/deleted-user-is-not-found",
    "users/leaver-is-deactivated",
    "users/profile-change-arrives",
    "users/returner-gets-the-same-customer",
    "groups/deleted-group-is-not-found",
    "groups/deletion-whose-answer-was-lost",
    "groups/member-removed",
    "lifecycle",
    "google",
    "okta",
    "--idp",
    "okta-oin,entra,google",
];

/// What of it is played where the product is what misleads.
const IN_PRODUCT: [&str; 4] = ["conflicts", "lifecycle", "--idp", "okta-oin,entra"];

/// How many parts that is cut into. Each way is tried with one of them, and all ways together with all.
const PARTS: usize = 4;

/// What a run says of a tenant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// Whoever plays fair need not notice anything, so that it may pass.
    Any,
    /// It does not pass.
    Bad,
    /// A creation was answered with somebody who was there before, and the report has that.
    ThereBefore,
}

/// Whose writes may reach nobody else.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counted {
    Everybodys,
    /// Only those that are no provider's: where only a read could tell whose an id is by now, a provider goes on in good
    /// faith.
    Ours,
}

/// A way in which a tenant leads clients to strangers.
struct Way {
    conduct: Conduct,
    /// Whether the product's REST API is played with.
    product: bool,
    /// What is played, where it is not a part of the usual.
    played: Option<&'static [&'static str]>,
    verdict: Verdict,
    counted: Counted,
}

impl Way {
    fn new(conduct: Conduct) -> Self {
        Self { conduct, product: false, played: None, verdict: Verdict::Bad, counted: Counted::Everybodys }
    }

    fn told(conduct: Conduct) -> Self {
        Self { verdict: Verdict::ThereBefore, ..Self::new(conduct) }
    }

    fn one_by_one(conduct: Conduct) -> Self {
        Self { played: Some(&ONE_BY_ONE), ..Self::new(conduct) }
    }

    fn product(conduct: Conduct) -> Self {
        Self { product: true, played: Some(&IN_PRODUCT), ..Self::new(conduct) }
    }
}

/// Makes a test of each way.
macro_rules! ways {
    ($($name:ident: $way:expr,)*) => {
        $(
            #[test]
            fn $name() {
                play_part(stringify!($name), &$way);
            }
        )*

        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

ways! {
    users_answered_with_a_whole_stranger: Way::told(of("Users", whole)),
    users_answered_200_with_a_stranger: Way::told(of("Users", whole_with_200)),
    users_answered_with_a_strangers_bare_id: Way::told(of("Users", bare_id)),
    users_answered_with_what_was_sent_and_a_strangers_id: Way::new(of("Users", echo)),
    users_answered_with_a_stranger_in_capitals: Way::told(of("Users", capitals)),
    users_answered_with_a_conflict_that_names_a_stranger: Way::new(of_both(conflict)),
    users_answered_with_the_location_of_a_stranger: Way::new(of_both(location_only)),
    groups_answered_with_a_whole_stranger: Way::told(of("Groups", whole)),
    groups_answered_with_a_strangers_bare_id: Way::told(of("Groups", bare_id)),
    groups_answered_with_what_was_sent_and_a_strangers_id: Way::new(of("Groups", echo)),
    every_creation_answered_with_one_stranger: Way::told(upsert::always_the_same()),
    ids_swapped_between_users_and_groups: Way::told(upsert::kinds_swapped()),
    ids_that_are_numbers: Way::told(upsert::numbers()),
    groups_merged_and_users_refused: Way::told(upsert::merged()),
    filters_ignored: Way::new(lookup::filter_ignored(false)),
    filters_ignored_and_creations_cut: Way::new(lookup::filter_ignored(true)),
    a_filter_that_misses_finds_a_stranger: Way::new(lookup::one_stranger()),
    a_filter_finds_all_that_begin_alike: Way::new(lookup::prefixes()),
    creations_cut_and_a_stranger_found: Way::new(lookup::cut_and_another_found()),
    creations_cut_and_a_stranger_under_the_name: Way::new(lookup::cut_and_named_alike()),
    an_id_is_given_away_after_its_deletion: Way { verdict: Verdict::Any, ..Way::one_by_one(moved::reused()) },
    an_id_has_moved_when_it_is_read: Way::one_by_one(moved::moved_when_read()),
    changes_answered_with_strangers: Way::new(moved::changes_answered_with_others()),
    a_change_merges_into_a_stranger: Way::one_by_one(moved::merged_and_shown()),
    a_change_merges_silently: Way { counted: Counted::Ours, ..Way::one_by_one(moved::merged_silently()) },
    a_change_redirects_to_a_stranger: Way::one_by_one(moved::redirected()),
    ids_that_lead_elsewhere: Way::new(odd_ids::odd_ids()),
    organizations_that_were_there_before: Way::product(product::organization_there_before()),
    organizations_with_our_name_and_their_id: Way::product(product::organization_echoed()),
    customers_who_were_there_before: Way::product(product::customer_there_before()),
    the_product_lists_strangers_under_our_names: Way::product(product::cut_and_named_alike()),
    the_product_mixes_up_ids: Way::product(product::ids_mixed_up()),
    the_product_lists_strangers_only: Way::product(product::strangers_only()),
}

#[test]
fn an_honest_tenant_is_left_as_it_was() {
    let (tenant, folder) = (Tenant::new(&honest()), Folder::new());
    let words: Vec<&str> = ["run"].into_iter().chain(PLAYED).chain(["--read-lag", "0"]).collect();
    let outcome = ended(tenant.with_product(folder.path(), &words)).exits(0);
    tenant.assert_untouched();
    assert!(tenant.left().is_empty(), "{:?}\n{}", tenant.left(), outcome.stdout);
    assert!(folder.ledgers().is_empty(), "{}", outcome.stdout);
}

#[test]
fn the_whole_catalogue_reaches_no_stranger() {
    let way = Way { product: true, ..Way::told(upsert::in_turn()) };
    play(&way, &["--pack", "full"]);
}

#[test]
fn there_are_at_least_fifteen_ways() {
    assert!(NAMES.len() >= 15);
}

fn play_part(name: &str, way: &Way) {
    if let Some(words) = way.played {
        return play(way, words);
    }
    let place = NAMES.iter().position(|other| *other == name).unwrap();
    let part = format!("{}/{PARTS}", place % PARTS + 1);
    let words: Vec<&str> = PLAYED.into_iter().chain(["--shard", &part]).collect();
    play(way, &words);
}

/// Plays against a tenant and checks what must hold; and again after `clean` for whatever the run has left.
fn play(way: &Way, words: &[&str]) {
    let (tenant, folder) = (Tenant::with(Served::new(&[]), 50, 5, &way.conduct), Folder::new());
    let call = |words: &[&str]| {
        if way.product {
            tenant.with_product(folder.path(), words)
        } else {
            tenant.scimsnap(folder.path(), words)
        }
    };
    let limits = ["--read-lag", "0", "--max-wait", "1", "--json", "out.json"];
    let run: Vec<&str> = ["run"].into_iter().chain(words.iter().copied()).chain(limits).collect();
    let outcome = ended(call(&run));
    assert!(tenant.lies() > 0, "the tenant behaved all the time");
    untouched(way, &tenant);
    let is_right = outcome.code != 70 && (way.verdict == Verdict::Any || outcome.code != 0);
    assert!(is_right, "{}\n{}{}", outcome.code, outcome.stdout, outcome.stderr);
    if way.verdict == Verdict::ThereBefore {
        let report: Value = serde_json::from_str(&folder.read("out.json")).unwrap();
        let pairs = report["scenarios"].as_array().unwrap().iter();
        let mut findings = pairs.flat_map(|pair| pair["findings"].as_array().cloned().unwrap_or_default());
        assert!(findings.any(|finding| finding["requirement"] == "created-is-new"), "{}", outcome.stdout);
    }
    for ledger in folder.ledgers() {
        let cleaned = ended(call(&["clean", "--run", &run_of(&ledger)]));
        assert!([0, 4].contains(&cleaned.code), "{}\n{}{}", cleaned.code, cleaned.stdout, cleaned.stderr);
        untouched(way, &tenant);
    }
}

#[track_caller]
fn untouched(way: &Way, tenant: &Tenant) {
    if way.counted == Counted::Everybodys {
        tenant.assert_untouched();
    } else {
        let ours: Vec<_> = tenant.foreign().into_iter().filter(|write| write.is_ours).collect();
        assert!(ours.is_empty(), "{} writes of ours to somebody else: {:#?}", ours.len(), ours.first());
    }
}
