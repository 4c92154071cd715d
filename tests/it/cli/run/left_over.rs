//! What a run says of earlier ones that may have left something.

use crate::support::{Folder, Scimsnap, Served};

const USER: [&str; 6] = ["run", "users/new-user-becomes-customer", "--idp", "entra", "--update", "no"];

/// The command that a warning names, as words.
fn command(stderr: &str) -> Vec<String> {
    let (_, command) = stderr.split_once("`scimsnap ").unwrap();
    let (command, _) = command.split_once('`').unwrap();
    command.split(' ').map(str::to_owned).collect()
}

#[test]
fn the_next_run_at_the_same_target_names_the_ledgers_and_how_to_clean_up() {
    let (folder, served) = (Folder::new(), Served::new(&[]));
    let run = |more: &[&str]| {
        let words = [&USER[..], more].concat();
        Scimsnap::new(folder.path(), &words).against(&served).end().exits(0)
    };
    let first = run(&["--keep"]);
    assert!(!first.stderr.contains("earlier"), "{}", first.stderr);
    let second = run(&["--keep"]).complains(&format!("warning: run {} may have left", first.run()));
    assert!(command(&second.stderr)[..3].join(" ").ends_with(&first.run()), "{}", second.stderr);
    let third = run(&[]).complains("2 earlier runs may have left users and groups at this target");
    let words = command(&third.stderr);
    assert_eq!(words[..2], ["clean", "--all"]);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    Scimsnap::new(folder.path(), &words).env("SCIM_TOKEN", &served.token).end().exits(0);
    assert!(served.resources("/Users").is_empty() && folder.ledgers().is_empty());
    assert_eq!(run(&[]).stderr, "");
}

#[test]
fn what_was_left_at_another_target_is_not_mentioned() {
    let (folder, served, other) = (Folder::new(), Served::new(&[]), Served::new(&[]));
    let words = [&USER[..], &["--keep"]].concat();
    Scimsnap::new(folder.path(), &words).against(&served).end().exits(0);
    assert_eq!(Scimsnap::new(folder.path(), &USER).against(&other).end().exits(0).stderr, "");
}
