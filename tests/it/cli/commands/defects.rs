//! `scimsnap defects`.

use crate::support::{Folder, Scimsnap};

#[test]
fn lists_every_defect_with_its_story() {
    let folder = Folder::new();
    let done = Scimsnap::new(folder.path(), &["defects"]).end().exits(0);
    done.says(
        "  remove-one-removes-all\n      removing one member removes all of them\n      affects okta, entra · ",
    );
}

#[test]
fn a_slip_in_a_name_is_told() {
    let folder = Folder::new();
    let done = Scimsnap::new(folder.path(), &["defects", "--prove", "filter-ignord"]).end().exits(2);
    done.complains("did you mean `filter-ignored`?");
}

#[test]
fn the_proof_names_who_sees_what() {
    let folder = Folder::new();
    let words = ["defects", "--prove", "--quick", "start-index-ignored", "--json", "matrix.json"];
    let done = Scimsnap::new(folder.path(), &words).end().exits(0);
    let done = done.says("seen      start-index-ignored").says("connection/second-page-is-another");
    done.says("1 defect detected, 0 quirks ignored");
    let matrix: serde_json::Value = serde_json::from_str(&folder.read("matrix.json")).unwrap();
    assert_eq!(matrix["wrong"], serde_json::json!([]));
    assert_eq!(matrix["matrix"][0]["defect"], "start-index-ignored");
    assert_eq!(
        matrix["matrix"][0]["scenarios"]["connection/second-page-is-another"],
        serde_json::json!(["okta", "entra"])
    );
}
