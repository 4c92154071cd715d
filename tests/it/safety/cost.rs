//! What cleaning up costs an endpoint that behaves.

use super::aftermath::run_of;
use super::endpoint::{Tenant, honest};
use super::process::ended;
use crate::support::{Folder, Served};

const PLAYED: [&str; 4] = [
    "users/new-user-becomes-customer",
    "users/leaver-is-deactivated",
    "groups/new-group-becomes-organization",
    "groups/five-members-at-once",
];

/// The requests of a run, those of a `clean` after it, and how much it created.
fn sent(keep: bool) -> (usize, usize, usize) {
    let (tenant, folder) = (Tenant::with(Served::new(&[]), 20, 2, &honest()), Folder::new());
    let mut words = vec!["run"];
    words.extend(PLAYED);
    words.extend(["--idp", "okta-oin,entra", "--jobs", "1", "--read-lag", "0"]);
    words.extend(keep.then_some("--keep"));
    ended(tenant.scimsnap(folder.path(), &words)).exits(0);
    let run = tenant.proxy.calls().len();
    for ledger in folder.ledgers() {
        ended(tenant.scimsnap(folder.path(), &["clean", "--run", &run_of(&ledger)])).exits(0);
    }
    assert!(tenant.left().is_empty() && folder.ledgers().is_empty(), "{:?}", tenant.left());
    let created = tenant.scene.memory.lock().unwrap().created.len();
    (run, tenant.proxy.calls().len() - run, created)
}

#[test]
fn cleaning_up_sends_at_most_four_requests_for_each_resource() {
    let (whole, nothing, created) = sent(false);
    let (kept, cleaning, created_again) = sent(true);
    assert_eq!((nothing, created), (0, created_again));
    assert!(created >= 16, "{created}");
    let own = whole - kept;
    assert!((created..=4 * created).contains(&own), "the run sends {own} requests to remove {created}");
    assert!((created..=4 * created).contains(&cleaning), "`clean` sends {cleaning} to remove {created}");
}
