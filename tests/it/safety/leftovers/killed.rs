//! A run that is killed while creations are on their way, and `clean` at once.

use std::sync::Arc;
use std::time::Duration;

use super::{Way, tenant};
use crate::safety::aftermath::{Aftermath, run_of};
use crate::safety::process::{ended, outcome, signal, until, wait};
use crate::safety::scene::Conduct;
use crate::support::Folder;

/// Creations are carried out a second after they came, whether or not somebody still waits for the answer.
fn slow() -> Conduct {
    Arc::new(|scene, call| {
        if scene.creates(call).is_none() {
            return Some(scene.pass(call));
        }
        scene.lie();
        let its = call.clone();
        scene.later(Duration::from_secs(1), move |scene| drop(scene.pass(&its)));
        wait(Duration::from_secs(2));
        None
    })
}

#[test]
fn killed_with_creations_under_way_and_cleaned_at_once() {
    let way = Way::patient(slow());
    let (tenant, folder) = (tenant(&way), Folder::new());
    let words = ["run", "users", "--idp", "okta-oin,entra", "--jobs", "8"];
    let child = tenant.scimsnap(folder.path(), &words).start();
    until("eight creations under way", || tenant.lies() >= 8);
    signal(child.id(), "-KILL");
    outcome(child);
    let run = run_of(&folder.ledgers()[0]);
    // Nothing of it is there yet.
    let cleaned = ended(tenant.scimsnap(folder.path(), &["clean", "--run", &run]));
    assert!([0, 4].contains(&cleaned.code), "{}{}", cleaned.stdout, cleaned.stderr);
    let after = Aftermath { tenant: &tenant, folder: &folder, product: false, lasts: false };
    after.can_be_finished(&format!("{}{}", cleaned.stdout, cleaned.stderr));
    tenant.assert_untouched();
    assert!(tenant.scene.memory.lock().unwrap().created.len() >= 8, "nothing was created after all");
}
