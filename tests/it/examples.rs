//! The programs below `examples/` print what they say they do. They are read as modules: a binary would have to be built
//! beside this one.

#[expect(dead_code, reason = "`main` is for `cargo run --example`")]
#[path = "../../examples/judge_transcript.rs"]
mod judge_transcript;
#[expect(dead_code, reason = "`main` is for `cargo run --example`")]
#[path = "../../examples/wrong_endpoint.rs"]
mod wrong_endpoint;

fn said(out: Vec<u8>) -> Vec<String> {
    String::from_utf8(out).unwrap().lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn a_scenario_names_the_cause_in_a_wrong_endpoint() {
    let mut out = Vec::new();
    wrong_endpoint::play("remove-one-removes-all", &mut out).await.unwrap();
    let lines = said(out);
    assert_eq!(lines[0], "failed groups/member-removed [entra]");
    assert!(lines[1].starts_with("  must one-removed-member/wiped: "), "{lines:?}");
    assert_eq!(lines[2..], ["    done by PATCH"]);
}

#[tokio::test]
async fn a_quirk_is_no_cause() {
    let mut out = Vec::new();
    wrong_endpoint::play("members-reordered", &mut out).await.unwrap();
    assert_eq!(said(out), ["passed groups/member-removed [entra]"]);
}

#[test]
fn a_transcript_blames_the_write_that_a_read_contradicts() {
    let mut out = Vec::new();
    judge_transcript::judge(&judge_transcript::transcript(), &mut out).unwrap();
    let lines = said(out);
    let requests: Vec<&String> = lines.iter().filter(|line| !line.starts_with(' ')).collect();
    assert_eq!(requests, ["1 GET /Users/4f1", "2 PATCH /Users/4f1", "3 GET /Users/4f1"]);
    let last = lines.last().unwrap();
    assert!(last.starts_with("  must pathless-active, by exchange 2: "), "{lines:?}");
}
