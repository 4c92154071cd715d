//! Files that are read may be anything: too large, a device, a pipe, a link in circles, nested without end.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{Folder, ONE_USER, Outcome, Proxy, Scimsnap, Served};

fn check(folder: &Folder, words: &[&str]) -> Outcome {
    Scimsnap::new(folder.path(), &[&["check"], words].concat()).end()
}

/// Puts things in a file's place that must not be read as one, and says what is said of each.
fn hostile(path: &Path, act: impl Fn(&str)) {
    let places: [(&str, &dyn Fn()); 6] = [
        ("larger than", &|| File::create(path).unwrap().set_len(100_000_000).unwrap()),
        ("larger than", &|| {
            let mut file = File::create(path).unwrap();
            file.write_all(b"title: ").unwrap();
            file.write_all(&vec![b'x'; 17 * 1024 * 1024]).unwrap();
        }),
        ("not a regular file", &|| symlink("/dev/zero", path).unwrap()),
        ("not a regular file", &|| {
            assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
        }),
        ("like files below /proc", &|| symlink("/proc/self/status", path).unwrap()),
        ("like files below /proc", &|| symlink("/proc/self/maps", path).unwrap()),
    ];
    for (complaint, place) in places {
        let _ = fs::remove_file(path);
        place();
        act(complaint);
    }
    fs::remove_file(path).unwrap();
}

#[test]
fn a_scenario_that_is_no_ordinary_file_is_3() {
    let folder = Folder::with_scenario(ONE_USER);
    let path = folder.path().join("scenarios/own/two.yaml");
    hostile(&path, |complaint| {
        for words in [&["check", "scenarios"][..], &["list", "scenarios"], &["run", "scenarios"]] {
            let outcome = Scimsnap::new(folder.path(), words).end().exits(3);
            let outcome = outcome.complains("scenarios/own/two.yaml");
            if fs::symlink_metadata(&path).unwrap().is_symlink() {
                outcome.complains("leads out of the project");
            } else {
                outcome.complains(complaint);
            }
        }
        // Named by hand, a link may lead anywhere, and is read no further for that.
        check(&folder, &["scenarios/own/two.yaml"]).exits(3).complains(complaint);
    });
}

#[test]
fn a_snapshot_that_is_no_ordinary_file_is_3() {
    let folder = Folder::with_scenario(ONE_USER);
    Scimsnap::new(folder.path(), &["run", "scenarios", "--update", "always"]).end().exits(5);
    hostile(&folder.path().join("snapshots/own/one.snap"), |complaint| {
        let outcome = check(&folder, &["scenarios"]).exits(3);
        outcome.complains("snapshots/own/one.snap").complains(complaint);
    });
    let pending = folder.path().join("snapshots/own/one.snap.new");
    hostile(&pending, |complaint| {
        for command in ["diff", "accept"] {
            let outcome = Scimsnap::new(folder.path(), &["snapshots", command]).end();
            if fs::symlink_metadata(&pending).unwrap().is_symlink() {
                outcome.exits(0).says("there are no pending snapshots");
            } else {
                outcome.exits(3).complains("snapshots/own/one.snap.new").complains(complaint);
            }
        }
    });
    hostile(&folder.path().join("snapshots/own/one+okta-oin.transcript.snap"), |complaint| {
        let words = ["run", "scenarios", "--transcript", "--idp", "okta-oin", "--update", "no"];
        let outcome = Scimsnap::new(folder.path(), &words).end();
        assert!(outcome.stdout.contains(complaint), "{outcome:?}");
    });
}

#[test]
fn a_settings_file_that_is_no_ordinary_file_is_2() {
    let folder = Folder::new();
    hostile(&folder.path().join("scimsnap.toml"), |complaint| {
        let outcome =
            Scimsnap::new(folder.path(), &["run", "users/new-user-becomes-customer"]).end().exits(2);
        outcome.complains("`scimsnap.toml`").complains(complaint);
    });
    symlink("/dev/zero", folder.path().join("zero.toml")).unwrap();
    let words = ["run", "users/new-user-becomes-customer", "--settings", "zero.toml"];
    Scimsnap::new(folder.path(), &words).end().exits(2).complains("not a regular file");
}

#[test]
fn a_file_with_a_secret_or_certificates_is_read_to_its_limit() {
    let folder = Folder::new();
    folder.write("large", &"x".repeat(5 * 1024 * 1024));
    symlink("/dev/zero", folder.path().join("zero")).unwrap();
    symlink("/proc/self/environ", folder.path().join("environ")).unwrap();
    let proxy = Proxy::new(|_, _| None);
    for flag in ["--token-file", "--ca"] {
        for (path, complaint) in [
            ("large", "larger than"),
            ("zero", "larger than"),
            ("/dev/urandom", "larger than"),
            ("environ", "/proc"),
        ] {
            let words = ["run", "users", "--target", &proxy.origin, flag, path];
            let outcome = Scimsnap::new(folder.path(), &words).env("A", "b").end().exits(2);
            outcome.complains(&format!("`{path}`")).complains(complaint);
        }
    }
    assert_eq!(proxy.calls().len(), 0);
}

#[test]
fn a_token_may_come_through_a_pipe() {
    let (folder, served) = (Folder::new(), Served::new(&[]));
    let words = ["run", "users/new-user-becomes-customer", "--target", &served.scim, "--token-file"];
    for path in ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"] {
        let mut echo = Command::new("echo").arg(&served.token).stdout(Stdio::piped()).spawn().unwrap();
        let run = Scimsnap::new(folder.path(), &words).word(path).stdin(echo.stdout.take().unwrap());
        run.end().exits(0).says("5 passed");
        echo.wait().unwrap();
    }
    let fifo = folder.path().join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let token = served.token.clone();
    let writer = std::thread::spawn(move || fs::write(fifo, token).unwrap());
    Scimsnap::new(folder.path(), &words).word("fifo").end().exits(0).says("5 passed");
    writer.join().unwrap();
    // Nobody writes: it comes to an end.
    Scimsnap::new(folder.path(), &words).word("fifo").end().exits(2).complains("did not finish within");
}

#[test]
fn a_scenario_counts_once_however_many_links_lead_to_it() {
    let folder = Folder::with_scenario(ONE_USER);
    folder.write("common/two.yaml", ONE_USER);
    let scenarios = folder.path().join("scenarios");
    for number in 0..6 {
        symlink("..", scenarios.join(format!("own/up{number}"))).unwrap();
        symlink("../..", scenarios.join(format!("own/top{number}"))).unwrap();
        symlink("own", scenarios.join(format!("other{number}"))).unwrap();
        symlink("one.yaml", scenarios.join(format!("own/link{number}.yaml"))).unwrap();
        symlink("../common", scenarios.join(format!("common{number}"))).unwrap();
        symlink("round", scenarios.join("round")).unwrap_or_default();
    }
    for word in ["scenarios", "./scenarios/", "."] {
        let count = if word == "." { "2 scenarios are valid" } else { "2 scenarios are valid (8 runs)" };
        check(&folder, &[word]).exits(0).says(count);
    }
    let outcome = Scimsnap::new(folder.path(), &["list", "scenarios"]).end().exits(0);
    let ids: Vec<&str> = outcome.stdout.lines().filter(|line| !line.starts_with(' ')).collect();
    assert_eq!(ids.len(), 2, "{}", outcome.stdout);
    assert!(ids[0].starts_with("common0/two ") && ids[1].starts_with("own/one "), "{ids:?}");
}

#[test]
fn folders_are_walked_without_leaving_the_project() {
    let (folder, other) = (Folder::with_scenario(ONE_USER), Folder::new());
    other.write("theirs.yaml", ONE_USER);
    other.write("own/theirs.snap.new", "theirs");
    for (name, to) in [("root", Path::new("/")), ("proc", Path::new("/proc")), ("other", other.path())] {
        symlink(to, folder.path().join("scenarios").join(name)).unwrap();
    }
    for words in [&["check", "scenarios"][..], &["list", "scenarios"]] {
        let outcome = Scimsnap::new(folder.path(), words).end().exits(0);
        let outcome =
            outcome.complains("`scenarios/other` was skipped: it is a link that leads out of the project");
        assert!(!outcome.stdout.contains("theirs"), "{}", outcome.stdout);
    }
    check(&folder, &["scenarios"]).says("1 scenario is valid");
    // Whoever names the link means what is there.
    check(&folder, &["scenarios/other"]).exits(0).says("1 scenario is valid");
    let elsewhere = other.path().to_str().unwrap();
    check(&folder, &[elsewhere]).exits(0).says("1 scenario is valid");
    // What waits for a review is looked for here alone.
    Scimsnap::new(folder.path(), &["run", "scenarios/own"]).end().exits(5);
    for (name, to) in [("out", other.path()), ("round", Path::new(".")), ("root", Path::new("/"))] {
        symlink(to, folder.path().join("snapshots").join(name)).unwrap();
    }
    let outcome = Scimsnap::new(folder.path(), &["snapshots", "list"]).end().exits(0);
    assert_eq!(outcome.stdout, "snapshots/own/one.snap.new\n");
    Scimsnap::new(folder.path(), &["snapshots", "reject"]).end().exits(0);
    assert_eq!(other.read("own/theirs.snap.new"), "theirs");
    fs::remove_dir_all(folder.path().join("snapshots")).unwrap();
    symlink(other.path(), folder.path().join("snapshots")).unwrap();
    let outcome = Scimsnap::new(folder.path(), &["snapshots", "reject"]).end().exits(0);
    outcome.complains("leads out of the project").says("there are no pending snapshots");
    assert_eq!(other.read("own/theirs.snap.new"), "theirs");
}

#[test]
fn a_folder_of_a_hundred_thousand_entries_is_looked_through() {
    let folder = Folder::with_scenario(ONE_USER);
    let own = folder.path().join("scenarios/own");
    fs::write(own.join("0.txt"), "").unwrap();
    for number in 1..100_000 {
        fs::hard_link(own.join("0.txt"), own.join(format!("{number}.txt")))
            .or_else(|_| fs::write(own.join(format!("{number}.txt")), ""))
            .unwrap();
    }
    check(&folder, &["scenarios"]).exits(0).says("1 scenario is valid");
    check(&folder, &["scenarios", "scenarios/own", "./scenarios"]).exits(0).says("1 scenario is valid");
}

#[test]
fn settings_that_are_nested_without_end_are_2() {
    let folder = Folder::new();
    let deep = 100_000;
    for text in [
        format!("known = {}", "[".repeat(deep)),
        format!("known = {}", "{a = ".repeat(deep)),
        format!("{}a = 1", "a.".repeat(deep)),
        format!("[targets.{}a]", "a.".repeat(deep)),
        format!("[[{}a]]", "a.".repeat(deep)),
        format!("targets = {{{}a = 1}}", "a.".repeat(deep)),
        "[targets.a]\n".repeat(deep / 2),
    ] {
        folder.write("scimsnap.toml", &text);
        let outcome = Scimsnap::new(folder.path(), &["run", "users", "--plan"]).end().exits(2);
        assert!(outcome.stderr.len() < 20_000, "{} bytes of complaint", outcome.stderr.len());
        outcome.complains("scimsnap.toml");
    }
}

/// A scenario with a literal body.
fn with_body(body: &str) -> String {
    ONE_USER.replace(
        "  - checkpoint",
        &format!("  - request:\n      send: PATCH /Users/{{{{ people.ada.id }}}}\n      json: |\n        {body}\n      expect: {{status: [200]}}\n  - checkpoint"),
    )
}

#[test]
fn what_is_nested_without_end_or_repeated_by_aliases_is_3() {
    let folder = Folder::new();
    let deep = 100_000;
    let mut bomb = String::from("covers: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let list = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb = format!("{bomb}covers{level}: &a{level} [{list}]\n");
    }
    let many = vec!["*t"; 50_000].join(", ");
    let texts = [
        format!("covers: {}", "[".repeat(deep)),
        format!("covers: {}x{}", "[".repeat(300), "]".repeat(300)),
        format!("people: {}", "{a: ".repeat(deep)),
        "- ".repeat(deep),
        (0..2_000).fold(String::new(), |text, level| text + &" ".repeat(level) + "people:\n"),
        format!("settings: {}", "? ".repeat(deep)),
        format!("title: {}", "!!str ".repeat(deep)),
        bomb.clone(),
        format!("{bomb}{ONE_USER}"),
        format!("{}covers: [{many}]\n", ONE_USER.replace("One user", &format!("&t {}", "x".repeat(20_000)))),
        with_body(&"[".repeat(deep)),
        with_body(&format!("{}1{}", "{\"a\":".repeat(deep), "}".repeat(deep))),
        with_body(&format!("{{\"a\": \"{}\"}}", "{{".repeat(deep))),
        format!("title: {}", "\"".repeat(deep)),
    ];
    for text in texts {
        folder.write("scenarios/own/one.yaml", &text);
        let outcome = check(&folder, &["scenarios"]).exits(3);
        assert!(outcome.stderr.len() < 20_000, "{} bytes of complaint", outcome.stderr.len());
        outcome.complains("scenarios/own/one.yaml");
    }
}

#[test]
fn a_large_scenario_is_read_in_time_or_refused() {
    let folder = Folder::new();
    let (steps, _) = ONE_USER.split_once("  - assign").unwrap();
    for (text, code) in [
        (format!("{steps}{}  - checkpoint: end\n", "  - assign: ada\n".repeat(12_000)), 0),
        (format!("{steps}{}  - checkpoint: end\n", "  - assign: ada\n".repeat(50_000)), 3),
        ((0..12_000).fold(steps.to_owned(), |text, number| format!("{text}  - checkpoint: c{number}\n")), 0),
        (with_body(&format!("[{}1]", "\"{{ people.ada.id }}\",".repeat(40_000))), 0),
        (with_body(&format!("[{}1]", "1,".repeat(400_000))), 0),
        (format!("{steps}{}  - asign: ada\n", "\n".repeat(900_000)), 3),
    ] {
        folder.write("scenarios/own/one.yaml", &text);
        check(&folder, &["scenarios"]).exits(code);
    }
}

#[test]
fn a_snapshot_that_is_nested_without_end_or_names_another_file_is_3() {
    let folder = Folder::with_scenario(ONE_USER);
    Scimsnap::new(folder.path(), &["run", "scenarios"]).end().exits(5);
    let pending = folder.read("snapshots/own/one.snap.new");
    symlink("/dev/zero", folder.path().join("snapshots/own/one.snap.new.bin")).unwrap();
    symlink("/dev/zero", folder.path().join("snapshots/own/one.snap.bin")).unwrap();
    let deep = "[".repeat(100_000);
    for (text, code) in [
        (pending.replacen("---\n", &format!("---\ninfo: {deep}\n"), 1), 2),
        (pending.replacen("---\n", "---\nsnapshot_kind: binary\nextension: bin\n", 1), 2),
        (pending.replacen("---\n", "---\n? ? ? ? ? [\n", 1), 2),
        (pending.replace("\"customers\": [", &format!("\"customers\": [{deep}")), 3),
        ("---\n".to_owned(), 3),
        (String::new(), 3),
    ] {
        folder.write("snapshots/own/one.snap.new", &text);
        let outcome = Scimsnap::new(folder.path(), &["snapshots", "accept"]).end().exits(code);
        outcome.complains("snapshots/own/one.snap.new");
    }
    folder.write("snapshots/own/one.snap.new", &pending);
    Scimsnap::new(folder.path(), &["snapshots", "accept"]).end().exits(0);
    let transcript = format!("---\nsource: x\ninfo: {deep}\n---\nx\n");
    folder.write("snapshots/own/one+okta-oin.transcript.snap", &transcript);
    let words = ["run", "scenarios", "--transcript", "--idp", "okta-oin"];
    Scimsnap::new(folder.path(), &words).end().exits(4).says("its front matter is damaged");
    folder.write(
        "snapshots/own/one.snap",
        &pending.replace("\"customers\": [", &format!("\"customers\": [{deep}")),
    );
    check(&folder, &["scenarios"]).exits(3).complains("damaged");
}
