//! What a run says of an endpoint with a fault in it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use super::{Act, Awkward, Fault, Front, Seen, Upstream};
use crate::support::{Folder, Scimsnap};

/// One cause of a report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cause {
    pub(crate) id: String,
    pub(crate) requirement: String,
    pub(crate) is_must: bool,
    /// The method and the kind of path of its culprit, such as `PATCH /Users/{id}`.
    pub(crate) culprit: String,
}

/// What a run said.
#[derive(Debug)]
pub(crate) struct Played {
    pub(crate) code: i32,
    /// The causes that weigh.
    pub(crate) causes: BTreeSet<Cause>,
    /// How often each of the faults showed.
    pub(crate) fired: Vec<usize>,
    output: String,
}

impl Played {
    /// Plays a pack as Okta, Entra, Google and, beyond `ready`, as the standard has it, with further words.
    pub(crate) fn new(upstream: &Upstream, acts: &[Act], pack: &str, flags: &[&str]) -> Self {
        let (front, folder) = (Front::new(upstream, acts), Folder::new());
        let idps = ["okta", "entra", "google", "rfc"];
        // The client of the standard plays nothing of `ready`.
        let idps = if pack == "ready" { &idps[..3] } else { &idps[..] };
        let words = ["run", "--pack", pack].into_iter().chain(idps.iter().flat_map(|idp| ["--idp", *idp]));
        let words: Vec<&str> = words.collect();
        let reports = ["--update", "no", "--json", "out.json"];
        let words = [&words[..], &reports, flags].concat();
        let run = Scimsnap::new(folder.path(), &words).target(&front.url, &upstream.token).end();
        let report: Value = if folder.names("out.json").is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&folder.read("out.json")).unwrap()
        };
        let causes = report["causes"].as_array().into_iter().flatten();
        let causes = causes.filter(|cause| cause["level"] != "info").map(Cause::new).collect();
        let output = format!("{}{}", run.stdout, run.complaints());
        Self { code: run.code, causes, fired: front.fired(), output }
    }

    /// Whether the endpoint did something wrong.
    fn shows(&self) -> bool {
        self.fired.iter().any(|times| *times > 0)
    }

    /// Whether nothing was said.
    fn is_silent(&self) -> bool {
        self.code == 0 && self.causes.is_empty()
    }

    /// What was said, a line for each cause.
    fn said(&self) -> String {
        let mut text = format!("exit {}, met {:?} times", self.code, self.fired);
        for cause in &self.causes {
            let level = if cause.is_must { "must" } else { "should" };
            let _ = write!(text, "\n    {level} {} · {}", cause.id, cause.culprit);
        }
        if ![0, 1].contains(&self.code) {
            let _ = write!(text, "\n{}", self.output);
        }
        text
    }
}

impl Cause {
    fn new(cause: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let culprit = &cause["culprit"]["exchange"];
        let target = text(&culprit["target"]);
        let path = target.split('?').next().unwrap_or_default();
        let mut parts = path.trim_start_matches('/').split('/');
        let endpoint = parts.next().unwrap_or_default();
        let id = if parts.next().is_some() { "/{id}" } else { "" };
        Self {
            id: text(&cause["id"]),
            requirement: text(&cause["requirement"]),
            is_must: cause["level"] == "must",
            culprit: format!("{} /{endpoint}{id}", text(&culprit["method"])),
        }
    }
}

/// What is not as these rows say, which nothing is said to meet. They stand in front of an endpoint together.
pub(crate) fn unmet_differ(faults: &[Fault], upstream: &Upstream) -> Vec<String> {
    let acts: Vec<Act> = faults.iter().map(|fault| fault.act).collect();
    let played = Played::new(upstream, &acts, "full", &["--read-lag", "0"]);
    if played.is_silent() && !played.shows() {
        return Vec::new();
    }
    faults.iter().filter_map(|fault| differs(fault, upstream)).collect()
}

/// What is not as the row says, in both packs.
pub(crate) fn differs(fault: &Fault, upstream: &Upstream) -> Option<String> {
    let full = Played::new(upstream, &[fault.act], "full", &["--read-lag", "0"]);
    if let Some(difference) = differs_in(fault, &full) {
        return Some(format!("{} ({}): {difference}\n  {}", fault.name, fault.says, full.said()));
    }
    differs_in_ready(fault, upstream)
}

/// What is not as the row says, in the pack `ready`.
pub(crate) fn differs_in_ready(fault: &Fault, upstream: &Upstream) -> Option<String> {
    if !matches!(fault.seen, Seen::By(_)) {
        return None;
    }
    let ready = Played::new(upstream, &[fault.act], "ready", &["--read-lag", "0"]);
    let is_seen = named(fault, &ready);
    (is_seen != fault.in_ready)
        .then(|| format!("{} ({}): seen in `ready`: {is_seen}\n  {}", fault.name, fault.says, ready.said()))
}

fn differs_in(fault: &Fault, played: &Played) -> Option<String> {
    let unless = |holds: bool, says: &str| (!holds).then(|| says.to_owned());
    match fault.seen {
        Seen::By(requirement) => {
            unless(played.causes.iter().any(|one| one.requirement == requirement), "it is not seen")
                .or_else(|| unless(named(fault, played), "another request is blamed"))
                .or_else(|| {
                    let is_must =
                        played.causes.iter().any(|one| one.requirement == requirement && one.is_must);
                    unless(is_must != fault.is_should, "the level is another one")
                })
                .or_else(|| {
                    let fails = played.causes.iter().any(|cause| cause.is_must);
                    unless(played.code == i32::from(fails), "the exit code is another one")
                })
                .or_else(|| {
                    let others = played.causes.iter().map(|cause| cause.requirement.as_str());
                    let mut others = others.filter(|one| *one != requirement && !fault.beside.contains(one));
                    others.next().map(|other| format!("{other} stands beside it"))
                })
        }
        Seen::BlamedAs(requirements) => {
            let told: BTreeSet<&str> = played.causes.iter().map(|cause| cause.requirement.as_str()).collect();
            let listed: BTreeSet<&str> = requirements.iter().copied().collect();
            unless(told == listed, "it is blamed otherwise")
        }
        Seen::Unseen => {
            unless(played.shows(), "nothing meets it").or_else(|| unless(played.is_silent(), "it is seen"))
        }
        Seen::Unmet => {
            unless(!played.shows(), "it is met").or_else(|| unless(played.is_silent(), "it is seen"))
        }
    }
}

/// Whether the requirement of the row names a request that may have done it.
fn named(fault: &Fault, played: &Played) -> bool {
    let Seen::By(requirement) = fault.seen else { return false };
    let is_guilty = |cause: &&Cause| fault.culprit.split(", ").any(|culprit| culprit == cause.culprit);
    played.causes.iter().filter(is_guilty).any(|cause| cause.requirement == requirement)
}

/// What is said of an endpoint that is right.
pub(crate) fn alarms(awkward: &Awkward, upstream: &Upstream) -> Option<String> {
    let played = Played::new(upstream, &[awkward.act], awkward.pack, awkward.flags);
    let told: BTreeSet<&str> = played.causes.iter().map(|cause| cause.requirement.as_str()).collect();
    let listed: BTreeSet<&str> = awkward.false_alarms.iter().copied().collect();
    let fails = played.causes.iter().any(|cause| cause.is_must);
    let holds = told == listed && played.code == i32::from(fails);
    (!holds).then(|| format!("{} ({}): {}\n{}", awkward.name, awkward.says, played.said(), played.output))
}

/// Does so with every row, some at a time, and gives what went wrong in the order of the rows.
pub(crate) fn each<T: Sync>(rows: &[T], look: impl Fn(&T) -> Vec<String> + Sync) -> Vec<String> {
    const AT_A_TIME: usize = 3;
    let (next, found) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                while let Some((at, row)) = {
                    let at = next.fetch_add(1, Ordering::SeqCst);
                    rows.get(at).map(|row| (at, row))
                } {
                    let differences = look(row).into_iter().map(|difference| (at, difference));
                    found.lock().unwrap().extend(differences);
                }
            });
        }
    });
    let mut found = found.into_inner().unwrap();
    found.sort();
    found.into_iter().map(|(_, difference)| difference).collect()
}
