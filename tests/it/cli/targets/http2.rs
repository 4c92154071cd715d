//! Versions of HTTP over TLS: the providers' own where the endpoint takes it, HTTP/2 where it takes nothing else.

use std::sync::{Arc, Mutex};

use h2::Reason;

use crate::support::{Act, Authority, Call, Folder, Http2, Outcome, Scimsnap, Served, Tls, send};

fn play(folder: &Folder, url: &str, served: &Served, words: &[&str]) -> Outcome {
    let words = [&["--ca", "ca.pem", "--jobs", "1"], words].concat();
    let words = [&["run", "users/new-user-becomes-customer"][..], &words].concat();
    Scimsnap::new(folder.path(), &words).target(url, &served.token).end()
}

/// An endpoint that asks the served one, and does otherwise where it is told to.
fn endpoint(
    served: &Served,
    otherwise: impl Fn(usize, &Call) -> Option<Act> + Send + Sync + 'static,
) -> (Http2, Folder, String) {
    let (authority, folder, origin) = (Authority::new(), Folder::new(), served.origin.clone());
    let http2 = Http2::new(&authority, move |number, call| {
        otherwise(number, call).unwrap_or_else(|| Act::Answer(send(&origin, call)))
    });
    folder.write("ca.pem", &authority.pem());
    let url = format!("{}{}", http2.origin, served.path());
    (http2, folder, url)
}

/// Once, for the first creation of a user.
fn at_first_creation(act: impl Fn() -> Act + Send + Sync + 'static) -> impl Fn(usize, &Call) -> Option<Act> {
    let done = Mutex::new(false);
    move |_, call| {
        let mut done = done.lock().unwrap();
        let now = !*done && call.method == "POST" && call.target.ends_with("/Users");
        *done |= now;
        now.then(&act)
    }
}

#[test]
fn an_endpoint_that_speaks_http2_only_is_spoken_to() {
    let served = Served::new(&[]);
    let (http2, folder, url) = endpoint(&served, |_, _| None);
    play(&folder, &url, &served, &["--idp", "okta,entra"]).exits(0).says("passed");
    let connections = http2.connections();
    assert!(connections.iter().sum::<usize>() > 20, "{connections:?}");
    // One for each thread that plays and each way of compressing, and not one for each request.
    assert!(connections.len() <= 6, "{connections:?}");
    assert!(served.resources("/Users").is_empty());
    let words = ["probe", &url, "--ca", "ca.pem", "--token-env", "T"];
    let probe = Scimsnap::new(folder.path(), &words).env("T", &served.token).end().exits(0);
    probe.says("HTTP                   HTTP/2 only").says("Entra speaks HTTP/1.1");
}

#[test]
fn an_endpoint_that_speaks_both_is_sent_what_the_providers_send() {
    let (served, folder, authority) = (Served::new(&[]), Folder::new(), Authority::new());
    let (origin, calls) = (served.origin.clone(), Arc::new(Mutex::new(Vec::new())));
    let seen = Arc::clone(&calls);
    // It would rather speak HTTP/2, and cannot but answer in HTTP/1.1.
    let tls = Tls::offering(&authority, &["h2", "http/1.1"], move |call| {
        seen.lock().unwrap().push(call.clone());
        send(&origin, call)
    });
    folder.write("ca.pem", &authority.pem());
    let url = format!("{}{}", tls.origin, served.path());
    play(&folder, &url, &served, &["--idp", "okta"]).exits(0).says("passed");
    let calls = calls.lock().unwrap().clone();
    let agents = calls.iter().flat_map(|call| &call.headers).filter(|(name, _)| name == "User-Agent");
    assert!(agents.count() > 3, "headers are spelt as Okta spells them");
    let words = ["probe", &url, "--ca", "ca.pem", "--token-env", "T"];
    let probe = Scimsnap::new(folder.path(), &words).env("T", &served.token).end().exits(0);
    assert!(!probe.stdout.contains("HTTP/2"), "{}", probe.stdout);
}

#[test]
fn an_endpoint_that_speaks_neither_cannot_be_judged() {
    let (served, folder, authority) = (Served::new(&[]), Folder::new(), Authority::new());
    let origin = served.origin.clone();
    let tls = Tls::offering(&authority, &["spdy/3"], move |call| send(&origin, call));
    folder.write("ca.pem", &authority.pem());
    play(&folder, &format!("{}{}", tls.origin, served.path()), &served, &[]).exits(4).complains("TLS failed");
}

#[test]
fn a_stream_that_is_reset_is_told_as_a_connection_that_broke() {
    for act in [|| Act::Reset(Reason::INTERNAL_ERROR), || Act::Abandon] {
        let served = Served::new(&[]);
        let (_http2, folder, url) = endpoint(&served, at_first_creation(act));
        let outcome = play(&folder, &url, &served, &["--idp", "okta-oin"]).exits(1);
        outcome.says("whole-answer").says("POST got no response: the connection broke");
        assert!(served.resources("/Users").is_empty(), "nothing is left");
    }
}

#[test]
fn what_was_not_begun_is_sent_again_and_nobody_hears_of_it() {
    let served = Served::new(&[]);
    let (_http2, folder, url) = endpoint(&served, at_first_creation(|| Act::Reset(Reason::REFUSED_STREAM)));
    play(&folder, &url, &served, &["--idp", "okta-oin"]).exits(0).says("passed");
}

#[test]
fn a_farewell_leads_to_another_connection() {
    let served = Served::new(&[]);
    let origin = served.origin.clone();
    let (http2, folder, url) =
        endpoint(&served, move |number, call| (number % 4 == 0).then(|| Act::GoAway(send(&origin, call))));
    play(&folder, &url, &served, &["--idp", "okta-oin"]).exits(0).says("passed");
    assert!(http2.connections().len() > 2, "{:?}", http2.connections());
}

#[test]
fn a_body_without_end_ends_in_a_finding() {
    let served = Served::new(&[]);
    let (_http2, folder, url) = endpoint(&served, at_first_creation(|| Act::Endless));
    let outcome = play(&folder, &url, &served, &["--idp", "okta-oin"]).exits(1);
    outcome.says("whole-answer").says("the response is larger than 64 MiB");
    assert!(served.resources("/Users").is_empty(), "nothing is left");
}
