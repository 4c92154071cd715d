//! An endpoint that takes requests and answers none.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use scimsnap::context::Clock;
use scimsnap::event::{Event, Status, Summary};
use scimsnap::exit::Exit;
use scimsnap::reference::{Reference, SiteOptions, serve};
use scimsnap::run::{Cancel, Options, exit, plan, run};
use scimsnap::scenario::catalogue::select;
use scimsnap::wire::{Auth, Limits, Secret, Target};

use super::server::{Act, Call, Server, block_on};

/// The reference endpoint on a thread of its own, its address, the path of its SCIM interface, and a token.
fn reference() -> (String, String, String) {
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        block_on(async {
            let reference = Reference::new(Clock::system());
            let access =
                reference.create_site(SiteOptions { name: "site".to_owned(), ..SiteOptions::default() });
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap().to_string();
            sender.send((address, access.scim_path.clone(), access.token.clone())).unwrap();
            serve(listener, reference, std::future::pending()).await.unwrap();
        });
    });
    receiver.recv().unwrap()
}

/// What the endpoint behind answers.
fn ask(address: &str, call: &Call) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).unwrap();
    let head = call.head.trim_end_matches("\r\n");
    let lines = head.lines().filter(|line| !line.to_ascii_lowercase().starts_with("connection:"));
    let head: Vec<&str> = lines.collect();
    write!(stream, "{}\r\nConnection: close\r\n\r\n{}", head.join("\r\n"), call.body).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    answer
}

/// What came of a run, with why its pairs were not begun, and the names of the ledgers that are left.
fn play(
    scenarios: &[&str],
    jobs: usize,
    hangs: impl Fn(usize, &Call) -> bool + Send + Sync + 'static,
) -> (Summary, Vec<String>, usize) {
    let folder = tempfile::tempdir().unwrap();
    let (address, path, token) = reference();
    let count = AtomicUsize::new(0);
    let server = Server::new(move |call| {
        let number = count.fetch_add(1, Ordering::SeqCst) + 1;
        if hangs(number, call) { Act::Hang } else { Act::Last(ask(&address, call)) }
    });
    let limits = Limits { timeout: Duration::from_millis(1_500), ..Limits::default() };
    let target = Target::new(format!("{}{path}", server.origin), Auth::Bearer(Secret::new(&token)));
    let options = Options {
        target: Some(target),
        jobs,
        limits,
        ..Options::embedded(folder.path().to_owned(), Clock::system())
    };
    let words: Vec<String> = scenarios.iter().map(|word| (*word).to_owned()).collect();
    let plan = plan(select(&words, folder.path()).unwrap(), None, folder.path()).unwrap();
    let mut reasons = Vec::new();
    let tell = |event: &Event<'_>| {
        if let Event::Finished(report) = event {
            reasons.extend(report.skipped_reason.clone());
            reasons.extend(report.error.as_ref().map(|error| error.message.clone()));
            reasons.extend(report.findings.iter().map(|finding| finding.message.clone()));
        }
    };
    let summary = block_on(run(plan, &options, &Cancel::default(), tell)).unwrap();
    let ledgers = std::fs::read_dir(folder.path().join(".scimsnap/ledger")).unwrap().count();
    (summary, reasons, ledgers)
}

#[test]
fn the_run_ends_as_one_that_cannot_be_judged() {
    for jobs in [1, 4] {
        let started = Instant::now();
        // A creation is the first to hang: were it a deletion of the clean-up, no scenario would have been cut off.
        let over = AtomicBool::new(false);
        let (summary, reasons, ledgers) = play(&["users"], jobs, move |number, call| {
            let hangs = number > 60 && call.method() == "POST";
            over.fetch_or(hangs, Ordering::SeqCst) || hangs
        });
        assert!(summary.silent && !summary.interrupted);
        assert_eq!(exit(&summary, false, false), Exit::Unjudged, "{reasons:?}");
        assert!(summary.count(Status::Passed) > 0, "what was seen before is told");
        assert!(summary.count(Status::Errored) > 0, "{reasons:?}");
        assert!(summary.count(Status::Skipped) > 20, "{reasons:?}");
        assert!(reasons.contains(&"not started: the endpoint no longer answers".to_owned()), "{reasons:?}");
        assert_eq!(summary.count(Status::Failed), 0, "{reasons:?}");
        assert_eq!(ledgers, usize::from(!summary.leftovers.removable.is_empty()));
        // Hundreds of requests that each take a second and a half would take minutes.
        assert!(started.elapsed() < Duration::from_mins(2), "{:?}", started.elapsed());
    }
}

#[test]
fn an_endpoint_that_is_still_there_is_judged_on() {
    let asked = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&asked);
    let one = ["users/new-user-becomes-customer"];
    // Whatever a provider or a scenario asks after the first requests; not the question whether anybody is there.
    let (summary, reasons, _) = play(&one, 1, move |number, call| {
        let question = call.target().ends_with("/ServiceProviderConfig");
        seen.fetch_add(usize::from(question && number > 10), Ordering::SeqCst);
        number > 10 && !question
    });
    assert!(!summary.silent, "{reasons:?}");
    assert!(asked.load(Ordering::SeqCst) > 0, "somebody made sure");
    assert_ne!(exit(&summary, false, false), Exit::Success);
}
