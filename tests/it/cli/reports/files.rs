//! Reports go where they are sent: what is no file stays what it is, and a file is whole or as it was.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::valid;
use crate::support::{Folder, ONE_USER, Outcome, Proxy, Scimsnap, Served, program, send};

const NEW_USER: &str = "users/new-user-becomes-customer";

/// Runs one scenario with these flags.
fn run(folder: &Folder, flags: &[&str]) -> Outcome {
    Scimsnap::new(folder.path(), &[&["run", NEW_USER], flags].concat()).end()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn mkfifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn a_device_stays_a_device() {
    let folder = Folder::new();
    symlink("/dev/null", folder.path().join("link")).unwrap();
    for path in ["/dev/null", "link"] {
        run(&folder, &["--json", path, "--junit", path]).exits(0).says("5 passed");
        assert!(fs::metadata(folder.path().join(path)).unwrap().file_type().is_char_device(), "{path}");
    }
    assert_eq!(fs::read_link(folder.path().join("link")).unwrap(), Path::new("/dev/null"));
    assert_eq!(folder.besides_work().len(), 0);
    // The link, and the work folder.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn a_fifo_stays_a_fifo_and_its_reader_gets_the_report() {
    let folder = Folder::new();
    let fifo = folder.path().join("fifo");
    mkfifo(&fifo);
    symlink("fifo", folder.path().join("link")).unwrap();
    for path in ["fifo", "link"] {
        for format in ["--json", "--junit"] {
            let reader = fifo.clone();
            let reader = std::thread::spawn(move || fs::read_to_string(reader).unwrap());
            run(&folder, &[format, path]).exits(0);
            let text = reader.join().unwrap();
            if format == "--json" {
                assert_eq!(json(&text)["summary"]["passed"], 5);
            } else {
                assert!(text.trim_end().ends_with("</testsuites>"), "{text}");
            }
            assert!(fs::metadata(&fifo).unwrap().file_type().is_fifo());
        }
    }
}

#[test]
fn a_fifo_that_nobody_reads_is_2_and_nothing_is_sent() {
    let (folder, served) = (Folder::new(), Served::new(&[]));
    mkfifo(&folder.path().join("fifo"));
    let origin = served.origin.clone();
    let proxy = Proxy::new(move |_, call| Some(send(&origin, call)));
    let words = ["run", NEW_USER, "--json", "fifo"];
    let run = Scimsnap::new(folder.path(), &words);
    let outcome = run.target(&format!("{}{}", proxy.origin, served.path()), &served.token).end().exits(2);
    outcome.complains("`fifo`").complains("no reader opened it");
    assert_eq!(proxy.calls().len(), 0);
}

#[test]
fn a_link_stays_and_what_it_leads_to_is_written() {
    let folder = Folder::new();
    folder.write("elsewhere/there.json", "old");
    fs::set_permissions(folder.path().join("elsewhere/there.json"), fs::Permissions::from_mode(0o640))
        .unwrap();
    fs::create_dir(folder.path().join("reports")).unwrap();
    for (to, from) in [
        ("../elsewhere/there.json", "reports/there.json"),
        ("../elsewhere/new.json", "reports/new.json"),
        ("reports/there.json", "twice.json"),
    ] {
        symlink(to, folder.path().join(from)).unwrap();
        run(&folder, &["--json", from]).exits(0);
        assert_eq!(fs::read_link(folder.path().join(from)).unwrap(), Path::new(to));
        assert_eq!(json(&folder.read(from))["summary"]["passed"], 5);
    }
    let mode = |path: &str| fs::metadata(folder.path().join(path)).unwrap().mode() & 0o777;
    assert_eq!(mode("elsewhere/there.json"), 0o640);
    // A new file is as readable as any other.
    fs::write(folder.path().join("any"), "").unwrap();
    assert_eq!(mode("elsewhere/new.json"), mode("any"));
    assert_eq!(folder.names("elsewhere").len(), 2);
}

#[test]
fn a_file_with_two_names_keeps_both() {
    let folder = Folder::new();
    folder.write("one.json", &"old ".repeat(100_000));
    fs::hard_link(folder.path().join("one.json"), folder.path().join("two.json")).unwrap();
    run(&folder, &["--json", "one.json"]).exits(0);
    assert_eq!(json(&folder.read("two.json"))["summary"]["passed"], 5);
    assert_eq!(folder.read("one.json"), folder.read("two.json"));
}

#[test]
fn links_that_stand_where_a_report_may_be_prepared_are_not_followed() {
    let (folder, other) = (Folder::new(), Folder::new());
    other.write("victim", "theirs");
    for name in ["out.json.part", "out.json.tmp", "out.json.new", ".out.json.part"] {
        symlink(other.path().join("victim"), folder.path().join(name)).unwrap();
    }
    run(&folder, &["--json", "out.json"]).exits(0);
    assert_eq!(other.read("victim"), "theirs");
    assert_eq!(other.besides_work().len(), 1);
    assert_eq!(json(&folder.read("out.json"))["summary"]["passed"], 5);
}

#[test]
fn standard_output_carries_the_report_alone() {
    let folder = Folder::new();
    for path in ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
        let outcome = run(&folder, &["--json", path]).exits(0).complains("5 passed");
        assert_eq!(json(&outcome.stdout)["summary"]["passed"], 5, "{path}");
        let outcome = run(&folder, &["--junit", path]).exits(0);
        assert!(outcome.stdout.starts_with("<?xml") && outcome.stdout.trim_end().ends_with("</testsuites>"));
    }
    for (flag, start) in [
        ("--sarif", "{"),
        ("--markdown", "## scimsnap\n"),
        ("--har", "{\"log\":"),
        ("--json", "{"),
        ("--junit", "<?xml"),
    ] {
        let outcome = run(&folder, &[flag, "-"]).exits(0).complains("5 passed");
        assert!(outcome.stdout.starts_with(start), "{flag}: {}", outcome.stdout);
        assert!(!outcome.stdout.contains("5 passed ·"), "{flag}: {}", outcome.stdout);
    }
    let outcome = run(&folder, &["--json", "/dev/stderr"]).exits(0).says("5 passed");
    assert_eq!(json(&outcome.stderr)["summary"]["passed"], 5);
    run(&folder, &["--json", "-", "--junit", "/dev/stdout"]).exits(2).complains("both write to `-`");
    assert!(folder.besides_work().is_empty());
}

#[test]
fn standard_output_that_is_a_file_is_not_replaced() {
    let folder = Folder::new();
    let path = folder.path().join("all");
    fs::write(&path, "before\n").unwrap();
    let stdout = OpenOptions::new().append(true).open(&path).unwrap();
    let words = ["run", NEW_USER, "--json", "/dev/stdout"];
    Scimsnap::new(folder.path(), &words).end_into(stdout, Stdio::piped()).exits(0);
    let text = folder.read("all");
    assert_eq!(json(text.strip_prefix("before\n").unwrap())["summary"]["passed"], 5);
}

#[test]
fn a_descriptor_that_was_passed_on_is_written_through() {
    let folder = Folder::new();
    for path in ["/dev/fd/3", "/proc/self/fd/3"] {
        let script = format!(
            "echo before > log; '{}' run {NEW_USER} --json {path} 3>>log && echo after >> log",
            program().display()
        );
        let mut sh = Command::new("sh");
        sh.args(["-c", &script]).current_dir(folder.path()).stdout(Stdio::null());
        assert!(sh.status().unwrap().success());
        let log = folder.read("log");
        let report = log.strip_prefix("before\n").unwrap().strip_suffix("after\n").unwrap();
        assert_eq!(json(report)["summary"]["passed"], 5);
    }
}

#[test]
fn two_runs_with_one_path_do_not_mix() {
    let folder = Folder::new();
    let words = ["run", "users", "--json", "out.json", "--junit", "out.xml"];
    let children: Vec<_> = (0..3).map(|_| Scimsnap::new(folder.path(), &words).start()).collect();
    for child in children {
        Outcome::from(child.wait_with_output().unwrap()).exits(0);
    }
    let report = valid(&folder);
    assert_eq!(report["summary"]["failed"], 0);
    assert!(folder.read("out.xml").trim_end().ends_with("</testsuites>"));
    let names: Vec<PathBuf> = folder.besides_work().into_keys().collect();
    assert_eq!(names, [Path::new("out.json"), Path::new("out.xml")]);
}

#[test]
fn both_reports_in_one_file_are_2() {
    let folder = Folder::new();
    symlink("out", folder.path().join("link")).unwrap();
    for other in ["out", "./out", "link"] {
        run(&folder, &["--json", "out", "--junit", other]).exits(2).complains("both write to `out`");
        run(&folder, &["--markdown", other, "--har", "out"]).exits(2).complains("both write to `");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_path_that_cannot_be_written_is_2_before_anything_is_sent() {
    let folder = Folder::new();
    folder.write("file", "");
    folder.write("scenarios/own/one.yaml", "title: nothing else");
    fs::create_dir(folder.path().join("folder")).unwrap();
    symlink("no/such/folder/out", folder.path().join("dangling")).unwrap();
    symlink("round", folder.path().join("round")).unwrap();
    let proxy = Proxy::new(|_, _| None);
    let long = "x".repeat(300);
    for path in [
        "no/such/out",
        "folder",
        "folder/",
        "new/",
        "file/out",
        "dangling",
        "round",
        "/",
        ".",
        "..",
        &long,
        "/proc/out",
    ] {
        for format in ["--json", "--junit"] {
            // It outranks a scenario that is invalid.
            let words = ["run", NEW_USER, "scenarios", format, path];
            let outcome = Scimsnap::new(folder.path(), &words).target(&proxy.origin, "token").end().exits(2);
            outcome.complains(&format!("cannot write `{path}`"));
        }
    }
    let words = ["run", NEW_USER, "--json", "no/a", "--junit", "no/b"];
    let outcome = Scimsnap::new(folder.path(), &words).target(&proxy.origin, "token").end().exits(2);
    outcome.complains("`no/a`").complains("`no/b`");
    assert_eq!(proxy.calls().len(), 0);
}

#[test]
fn a_full_disk_is_1_by_the_path_and_the_other_report_is_written() {
    let folder = Folder::with_scenario(ONE_USER);
    for (full, other) in [("--json", "--junit"), ("--junit", "--json")] {
        let outcome = run(&folder, &[full, "/dev/full", other, "other"]).exits(1).says("5 passed");
        outcome.complains("cannot write `/dev/full`").complains("No space left");
        assert!(folder.read("other").contains(NEW_USER));
    }
    // It outranks what would be 5.
    let words = ["run", "scenarios", "--json", "/dev/full"];
    Scimsnap::new(folder.path(), &words).end().exits(1).complains("/dev/full");
    Scimsnap::new(folder.path(), &["defects", "--prove", "--quick", "prefix-filter", "--json", "/dev/full"])
        .end()
        .exits(1)
        .complains("cannot write `/dev/full`");
}

/// Runs against an endpoint, and does something to the folder when the first thing is created.
fn meanwhile(folder: &Folder, words: &[&str], act: fn(&Path)) -> Outcome {
    let served = Served::new(&[]);
    let (origin, path) = (served.origin.clone(), folder.path().to_owned());
    let posts = AtomicUsize::new(0);
    let proxy = Proxy::new(move |_, call| {
        if call.method == "POST" && posts.fetch_add(1, Ordering::SeqCst) == 0 {
            act(&path);
        }
        Some(send(&origin, call))
    });
    let url = format!("{}{}", proxy.origin, served.path());
    let outcome = Scimsnap::new(folder.path(), words).target(&url, &served.token).end();
    assert!(served.resources("/Users").is_empty());
    outcome
}

#[test]
fn a_path_that_cannot_be_written_any_more_is_1_and_the_other_report_is_written() {
    let acts: [fn(&Path); 3] = [
        |folder| fs::create_dir(folder.join("reports/out.json")).unwrap(),
        |folder| fs::remove_dir_all(folder.join("reports")).unwrap(),
        |folder| fs::rename(folder.join("reports"), folder.join("moved")).unwrap(),
    ];
    for act in acts {
        let folder = Folder::new();
        fs::create_dir(folder.path().join("reports")).unwrap();
        let words = ["run", NEW_USER, "--json", "reports/out.json", "--junit", "out.xml"];
        let outcome = meanwhile(&folder, &words, act).exits(1).says("5 passed");
        outcome.complains("cannot write `reports/out.json`");
        assert!(folder.read("out.xml").contains(NEW_USER));
        assert!(folder.ledgers().is_empty());
    }
}

#[test]
fn an_outcome_that_cannot_be_written_for_review_is_1_and_the_run_goes_on() {
    let folder = Folder::with_scenario(ONE_USER);
    folder.write("scenarios/own/two.yaml", ONE_USER);
    for pending in ["one.snap.new", "two.snap.new"] {
        fs::create_dir_all(folder.path().join("snapshots/own").join(pending)).unwrap();
    }
    let words = ["run", "scenarios", NEW_USER, "--json", "out.json"];
    let outcome = Scimsnap::new(folder.path(), &words).end().exits(1);
    outcome.complains("snapshots/own/one.snap").complains("snapshots/own/two.snap");
    let report = valid(&folder);
    assert_eq!(report["summary"]["new"], 8, "{}", report["summary"]);
    assert_eq!(report["summary"]["passed"], 5, "{}", report["summary"]);
}

#[test]
fn a_link_in_place_of_a_pending_file_is_not_followed() {
    let (folder, other) = (Folder::with_scenario(ONE_USER), Folder::new());
    other.write("victim", "theirs");
    fs::create_dir_all(folder.path().join("snapshots/own")).unwrap();
    for name in ["one.snap.new", "one.snap.new.part"] {
        symlink(other.path().join("victim"), folder.path().join("snapshots/own").join(name)).unwrap();
    }
    Scimsnap::new(folder.path(), &["run", "scenarios"]).end().exits(5);
    assert_eq!(other.read("victim"), "theirs");
    Scimsnap::new(folder.path(), &["snapshots", "accept"]).end().exits(0);
    Scimsnap::new(folder.path(), &["run", "scenarios"]).end().exits(0);
    // A snapshot may be a link to a snapshot, and to nothing else.
    let snapshot = folder.path().join("snapshots/own/one.snap");
    let text = folder.read("snapshots/own/one.snap");
    fs::rename(&snapshot, folder.path().join("shared.snap")).unwrap();
    symlink("../../shared.snap", &snapshot).unwrap();
    Scimsnap::new(folder.path(), &["run", "scenarios"]).end().exits(0);
    folder.write("shared.snap", &text.replace("Byron", "Lovelace"));
    Scimsnap::new(folder.path(), &["run", "scenarios", "--update", "always"]).end().exits(1);
    assert_eq!(folder.read("shared.snap"), text);
    assert!(fs::symlink_metadata(&snapshot).unwrap().is_symlink());
    fs::remove_file(&snapshot).unwrap();
    symlink(other.path().join("victim"), &snapshot).unwrap();
    other.write("victim", "---\nsource: theirs\n---\n{}\n");
    let outcome = Scimsnap::new(folder.path(), &["run", "scenarios", "--update", "always"]).end().exits(1);
    outcome.complains("which is not a snapshot");
    assert_eq!(other.read("victim"), "---\nsource: theirs\n---\n{}\n");
}

#[test]
fn an_export_follows_no_link_and_reads_no_device() {
    let other = Folder::new();
    let inside = PathBuf::from("to/scenarios/users/new-user-becomes-customer.yaml");
    for to in [other.path().join("new"), PathBuf::from("/dev/zero")] {
        let folder = Folder::new();
        let link = folder.path().join(&inside);
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(&to, &link).unwrap();
        let started = Instant::now();
        Scimsnap::new(folder.path(), &["export", NEW_USER, "--to", "to"]).end().exits(2);
        assert!(started.elapsed() < Duration::from_mins(1));
    }
    assert!(other.besides_work().is_empty());
}
