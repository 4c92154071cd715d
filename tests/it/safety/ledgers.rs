//! The ledger of a run: signals leave it or finish it, `clean` reads what can be read of it, and touches nothing else.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;

use super::aftermath::run_of;
use super::endpoint::{Tenant, honest};
use super::process::{ended, outcome, signal, until, wait};
use super::scene::Conduct;
use crate::support::{Folder, Served};

const GROUP: &str = "groups/new-group-becomes-organization";

fn small(conduct: &Conduct) -> Tenant {
    Tenant::with(Served::new(&[]), 2, 1, conduct)
}

/// Calls with this method are carried out and answered late.
fn slow(method: &'static str, time: Duration) -> Conduct {
    Arc::new(move |scene, call| {
        let reply = scene.pass(call);
        if call.method == method {
            scene.lie();
            wait(time);
        }
        Some(reply)
    })
}

/// Runs until the first creation is under way, and sends a signal.
fn interrupted(name: &str) {
    let (tenant, folder) = (small(&slow("POST", Duration::from_millis(300))), Folder::new());
    let call = tenant.scimsnap(folder.path(), &["run", "users", "groups", "--jobs", "4"]);
    let child = call.heeding_hang_ups().start();
    until("a creation under way", || tenant.lies() > 0);
    signal(child.id(), name);
    let outcome = outcome(child).exits(130);
    assert!(!outcome.stdout.contains("scimsnap clean"), "{}", outcome.stdout);
    assert!(tenant.left().is_empty(), "{:?}", tenant.left());
    assert!(folder.ledgers().is_empty());
}

#[test]
fn a_terminal_that_goes_away_is_like_ctrl_c() {
    interrupted("-HUP");
}

#[test]
fn ctrl_c_and_sigterm_clean_up() {
    interrupted("-INT");
    interrupted("-TERM");
}

/// Sends signals one after the other while cleaning up takes long. The ledger stays, and what is printed says how to go
/// on; it works.
fn given_up(names: &[&str], method: &'static str) {
    let (tenant, folder) = (small(&slow(method, Duration::from_secs(15))), Folder::new());
    let words = ["run", "users/new-user-becomes-customer", "--idp", "entra", "--jobs", "1"];
    let child = tenant.scimsnap(folder.path(), &words).heeding_hang_ups().start();
    until("a request under way", || tenant.lies() > 0);
    let started = Instant::now();
    for name in names {
        signal(child.id(), name);
        wait(Duration::from_millis(300));
    }
    let outcome = outcome(child);
    // The endpoint would have held it for longer.
    assert!(started.elapsed() < Duration::from_secs(14), "{:?}", started.elapsed());
    assert_ne!(outcome.code, 0, "{}{}", outcome.stdout, outcome.stderr);
    let run = run_of(&folder.ledgers()[0]);
    let command = format!("scimsnap clean --run {run}");
    let said = format!("{}{}", outcome.stdout, outcome.stderr);
    assert!(said.contains(&command), "{names:?}: `{command}` is not in\n{said}");
    tenant.heal();
    ended(tenant.scimsnap(folder.path(), &["clean", "--run", &run])).exits(0);
    assert!(tenant.left().is_empty() && folder.ledgers().is_empty(), "{:?}", tenant.left());
}

#[test]
fn a_second_ctrl_c_leaves_the_ledger_and_says_how_to_go_on() {
    given_up(&["-INT", "-INT"], "DELETE");
}

#[test]
fn a_second_signal_of_another_kind_does_so_too() {
    given_up(&["-TERM", "-HUP"], "DELETE");
}

#[test]
fn sigquit_leaves_the_ledger_and_says_how_to_go_on() {
    given_up(&["-QUIT"], "POST");
    given_up(&["-QUIT"], "DELETE");
}

/// Runs that kept what they created.
fn kept(tenant: &Tenant, folder: &Folder, runs: usize) -> Vec<String> {
    for _ in 0..runs {
        let words = ["run", GROUP, "--idp", "okta-oin", "--keep", "--read-lag", "0"];
        ended(tenant.scimsnap(folder.path(), &words)).exits(0);
    }
    assert_eq!(tenant.scene.memory.lock().unwrap().created.len(), 3 * runs);
    folder.ledgers()
}

/// Keeps what a run creates, changes its ledger, and cleans up: all that was created is gone.
fn read_all_the_same(change: impl Fn(&Tenant, &str) -> Vec<u8>) {
    let (tenant, folder) = (small(&honest()), Folder::new());
    let ledger = kept(&tenant, &folder, 1).remove(0);
    let changed = change(&tenant, &folder.read(&ledger));
    std::fs::write(folder.path().join(&ledger), changed).unwrap();
    let cleaned = ended(tenant.scimsnap(folder.path(), &["clean", "--run", &run_of(&ledger)]));
    let said = format!("{}{}", cleaned.stdout, cleaned.stderr);
    assert!([0, 4].contains(&cleaned.code), "{}\n{said}", cleaned.code);
    assert!(tenant.left().is_empty(), "{:?}\n{said}", tenant.left());
    tenant.assert_untouched();
}

#[test]
fn a_ledger_that_is_cut_in_a_line_is_read_up_to_there() {
    read_all_the_same(|_, text| text.trim_end()[..text.trim_end().len() - 12].into());
}

#[test]
fn a_ledger_without_its_first_line_is_read() {
    read_all_the_same(|_, text| text.split_once('\n').unwrap().1.into());
    read_all_the_same(|_, text| format!("{{\"ru{text}").into());
}

#[test]
fn lines_that_are_no_entries_are_passed_over() {
    let garbage =
        ["garbage", "", "\0\0\0", "{}", "[]", "null", "{\"created\":{\"kind\":\"planet\",\"id\":\"x\"}}"];
    let more = [
        "{\"later\":{\"kind\":\"user\"}}",
        "{\"created\":7}",
        "{\"created\":{\"kind\":\"user\",\"id\":\"\"}}",
    ];
    read_all_the_same(|_, text| {
        let lines = text.lines().zip(garbage.iter().chain(&more).cycle());
        lines.flat_map(|(line, garbage)| [*garbage, "\n", line, "\n"]).collect::<String>().into()
    });
}

#[test]
fn bytes_that_are_no_text_are_passed_over() {
    read_all_the_same(|_, text| {
        let lines = text.lines().map(|line| [b"\xff\xfe\xc3\n", line.as_bytes(), b"\n"].concat());
        lines.collect::<Vec<_>>().concat()
    });
}

#[test]
fn a_line_without_end_is_passed_over() {
    read_all_the_same(|_, text| {
        let (first, rest) = text.split_once('\n').unwrap();
        format!("{first}\n{}\n{rest}", "x".repeat(3_000_000)).into()
    });
}

#[test]
fn what_an_editor_makes_of_a_ledger_is_read() {
    read_all_the_same(|_, text| format!("\u{feff}{}", text.replace('\n', "\r\n")).into());
    read_all_the_same(|_, text| text.replace("\":", "\" : ").replace(",\"", " , \"").into());
    read_all_the_same(|_, text| text.repeat(2).into());
}

#[test]
fn what_is_of_another_target_is_left_to_it() {
    let other = |tenant: &Tenant| {
        let theirs = &tenant.scene.strangers.users[0];
        let run = json!({"run": {"id": "kother", "target": "https://elsewhere.example/scim"}});
        let created = json!({"created": {"kind": "user", "id": theirs}});
        format!("{run}\n{created}\n")
    };
    read_all_the_same(|tenant, text| format!("{text}{}", other(tenant)).into());
    read_all_the_same(|tenant, text| format!("{}{text}", other(tenant)).into());
}

#[test]
fn an_empty_ledger_is_no_trouble() {
    let (tenant, folder) = (small(&honest()), Folder::new());
    folder.write(".scimsnap/ledger/kempty.ndjson", "");
    let cleaned = ended(tenant.scimsnap(folder.path(), &["clean", "--run", "kempty"]));
    assert!([0, 2, 4].contains(&cleaned.code), "{}{}", cleaned.stdout, cleaned.stderr);
    tenant.assert_untouched();
}

#[test]
fn a_path_is_no_id_of_a_run() {
    let (tenant, folder) = (small(&honest()), Folder::new());
    let victim = json!({"run": {"id": "x", "target": tenant.url}}).to_string() + "\n";
    let outside = Folder::new();
    for path in ["x.ndjson", ".scimsnap/x.ndjson", ".scimsnap/ledger/a/b.ndjson", ".scimsnap/ledger/.ndjson"]
    {
        folder.write(path, &victim);
    }
    outside.write("x.ndjson", &victim);
    let (before, before_outside) = (folder.besides_work(), outside.besides_work());
    let absolute = outside.path().join("x").display().to_string();
    for run in ["../../x", "../x", "a/b", "./a/b", "", "..", ".", &absolute, "x\\y", "*", "k1 "] {
        let cleaned = ended(tenant.scimsnap(folder.path(), &["clean", "--run", run])).exits(2);
        assert!(cleaned.stdout.is_empty(), "{run}: {}", cleaned.stdout);
        assert!(!cleaned.stderr.contains("No such file"), "{run}: {}", cleaned.stderr);
    }
    assert_eq!(folder.besides_work(), before);
    assert_eq!(outside.besides_work(), before_outside);
    assert!(tenant.proxy.calls().is_empty());
}

#[test]
fn clean_is_refused_while_the_run_is_under_way() {
    let (tenant, folder) = (small(&slow("POST", Duration::from_secs(20))), Folder::new());
    let words = ["run", "users/new-user-becomes-customer", "--idp", "entra", "--jobs", "1"];
    let child = tenant.scimsnap(folder.path(), &words).start();
    until("a creation under way", || tenant.lies() > 0);
    let run = run_of(&folder.ledgers()[0]);
    let before = tenant.proxy.calls().len();
    let refused = ended(tenant.scimsnap(folder.path(), &["clean", "--run", &run])).exits(2);
    let said = refused.stderr.to_lowercase();
    assert!(
        said.contains(&run)
            && ["still", "running", "under way", "alive"].iter().any(|word| said.contains(word)),
        "{said}"
    );
    let all = ended(tenant.scimsnap(folder.path(), &["clean", "--all"]));
    assert!(all.stderr.contains(&run) || all.stdout.contains(&run), "{}{}", all.stdout, all.stderr);
    assert!(tenant.proxy.calls()[before..].iter().all(|call| !call.writes()), "something was written");
    assert_eq!(folder.ledgers().len(), 1);
    // A run that is dead holds nothing.
    signal(child.id(), "-KILL");
    outcome(child);
    tenant.heal();
    ended(tenant.scimsnap(folder.path(), &["clean", "--run", &run])).exits(0);
    assert!(tenant.left().is_empty() && folder.ledgers().is_empty(), "{:?}", tenant.left());
}

#[test]
fn clean_lists_what_runs_have_left() {
    let (tenant, other, folder) = (small(&honest()), small(&honest()), Folder::new());
    let ours = run_of(&kept(&tenant, &folder, 1)[0]);
    let both = kept(&other, &folder, 1);
    let theirs = both.iter().map(|ledger| run_of(ledger)).find(|run| *run != ours).unwrap();
    let (before, calls) = (folder.besides_work(), tenant.proxy.calls().len() + other.proxy.calls().len());
    let listed = list(folder.path());
    for (run, target) in [(&ours, &tenant.url), (&theirs, &other.url)] {
        let line = listed.lines().find(|line| line.contains(run.as_str()));
        let line = line.unwrap_or_else(|| panic!("{run} is not in\n{listed}"));
        assert!(line.contains(target.as_str()), "{line}");
        // Two users and a group, seconds ago.
        let rest = line.replace(run.as_str(), "").replace(target.as_str(), "");
        let words: Vec<&str> = rest.split(|c: char| !c.is_alphanumeric()).collect();
        assert!(words.contains(&"3"), "{line}");
        let ages = ["ago", "now", "s", "second", "seconds", "minute"];
        assert!(
            words.iter().any(|word| ages.contains(&word.trim_start_matches(|c: char| c.is_ascii_digit()))),
            "{line}"
        );
    }
    // Looking changes nothing.
    assert_eq!(folder.besides_work(), before);
    assert_eq!(tenant.proxy.calls().len() + other.proxy.calls().len(), calls);
    let empty = Folder::new();
    assert!(!list(empty.path()).contains("http"));
}

fn list(folder: &Path) -> String {
    ended(crate::support::Scimsnap::new(folder, &["clean", "--list"])).exits(0).stdout
}

#[test]
fn clean_finishes_all_runs_against_a_target() {
    let (tenant, other, folder) = (small(&honest()), small(&honest()), Folder::new());
    kept(&tenant, &folder, 3);
    kept(&other, &folder, 1);
    let kept_there = other.left();
    assert!(!kept_there.is_empty() && folder.ledgers().len() == 4);
    folder.write(".scimsnap/ledger/kbroken.ndjson", "garbage\n");
    folder.write(".scimsnap/ledger/notes.txt", "not a ledger\n");
    let cleaned = ended(tenant.scimsnap(folder.path(), &["clean", "--all"]));
    assert!([0, 4].contains(&cleaned.code), "{}{}", cleaned.stdout, cleaned.stderr);
    assert!(tenant.left().is_empty(), "{:?}", tenant.left());
    assert_eq!(other.left(), kept_there, "what is of another target is no business of this one");
    let left: Vec<String> =
        folder.ledgers().into_iter().filter(|name| folder.read(name).contains(&other.url)).collect();
    assert_eq!(left.len(), 1);
    assert!(folder.ledgers().iter().all(|name| !folder.read(name).contains(&tenant.url)));
    tenant.assert_untouched();
    other.assert_untouched();
    ended(other.scimsnap(folder.path(), &["clean", "--all"]));
    assert!(other.left().is_empty());
}
