//! `scimsnap explain`.

use crate::support::{Folder, Outcome, Scimsnap};

fn explain(id: &str) -> Outcome {
    Scimsnap::new(Folder::new().path(), &["explain", id]).end()
}

#[test]
fn a_requirement_is_explained_by_its_own_id_and_by_that_of_a_cause() {
    let by_requirement = explain("one-removed-member").exits(0).says("why ").says("source ");
    let by_cause = explain("one-removed-member/wiped").exits(0);
    assert_eq!(by_cause.stdout, by_requirement.stdout);
    explain("one-removed-membr/wiped").exits(2).complains("did you mean `one-removed-member`?");
}
