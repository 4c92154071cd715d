//! Endpoints that lag in one thing and are prompt in all else: what they show late, they have not lost.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::support::{Folder, Proxy, Reply, Scimsnap, Served, send};

/// How long a group shows the members that it had.
const LATE: Duration = Duration::from_millis(600);

/// An endpoint whose groups show their members late. Users, and groups that are created, are there at once.
fn with_late_members(served: &Served) -> (Proxy, String) {
    let origin = served.origin.clone();
    let before: Mutex<BTreeMap<String, (Instant, Reply)>> = Mutex::default();
    let proxy = Proxy::new(move |_, call| {
        let path = call.target.split('?').next().unwrap_or_default().to_owned();
        let is_group = path.rsplit('/').nth(1) == Some("Groups");
        match call.method.as_str() {
            "PATCH" if is_group => {
                let mut read = call.clone();
                (read.method, read.target, read.body) = ("GET".to_owned(), path.clone(), String::new());
                let shown = send(&origin, &read);
                let reply = send(&origin, call);
                let mut before = before.lock().unwrap();
                // What is late is late from the first of several changes on.
                let since = Instant::now();
                match before.get_mut(&path) {
                    Some((until, _)) if *until > since => *until = since + LATE,
                    _ => drop(before.insert(path, (since + LATE, shown))),
                }
                Some(reply)
            }
            // What is asked for without members shows none, late or not.
            "GET" if is_group && !call.target.contains("excludedAttributes") => {
                let late =
                    before.lock().unwrap().get(&path).filter(|(until, _)| *until > Instant::now()).cloned();
                Some(late.map_or_else(|| send(&origin, call), |(_, shown)| shown))
            }
            _ => Some(send(&origin, call)),
        }
    });
    let url = format!("{}{}", proxy.origin, served.path());
    (proxy, url)
}

#[test]
fn members_that_come_late_are_never_called_lost_however_prompt_the_rest_is() {
    let (folder, served) = (Folder::new(), Served::new(&[]));
    let (_proxy, url) = with_late_members(&served);
    let words =
        ["run", "users", "groups", "--idp", "entra,okta-oin", "--pack", "ready", "--update", "no", "-v"];
    let call = Scimsnap::new(folder.path(), &words).target(&url, &served.token);
    let outcome = call.end().exits(0);
    assert!(outcome.stdout.contains("reads lagged writes by up to"), "{}", outcome.stdout);
}
