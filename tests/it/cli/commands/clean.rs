//! `scimsnap clean`: what it has to be told.

use crate::support::{Folder, Scimsnap};

#[test]
fn who_names_no_run_is_told_of_all_and_list() {
    let folder = Folder::new();
    let outcome = Scimsnap::new(folder.path(), &["clean", "--target", "http://127.0.0.1:9/scim"]).end();
    outcome.exits(2).complains("--run ID").complains("--all").complains("--list");
    let help = Scimsnap::new(folder.path(), &["clean", "--help"]).end().exits(0);
    assert!(!help.stdout.contains("embedded reference endpoint"), "{}", help.stdout);
}

#[test]
fn probe_and_init_take_their_target_once() {
    let folder = Folder::new();
    for command in ["probe", "init"] {
        let words = [command, "http://127.0.0.1:9/scim", "--target", "http://127.0.0.1:9/scim"];
        Scimsnap::new(folder.path(), &words).end().exits(2).complains("--target");
        let help = Scimsnap::new(folder.path(), &[command, "--help"]).end().exits(0);
        assert!(!help.stdout.contains("--target") && !help.stdout.contains("embedded"), "{}", help.stdout);
    }
}
