//! What a tenant that misbehaves has to go by: calls as they lead to strangers or to what is ours, and a record of every
//! write that reaches what is not ours.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::address::{Address, Surface};
use super::answers::keep_listed;
use super::process::wait;
use super::strangers::{Strangers, text};
use crate::support::{Call, Reply, Served, send};

/// How a tenant answers; nothing hangs up.
pub(crate) type Conduct = Arc<dyn Fn(&Arc<Scene>, &Call) -> Option<Reply> + Send + Sync>;

/// A write that reached what is not ours.
#[derive(Debug, Clone)]
pub(crate) struct Foreign {
    /// Its method and raw target.
    pub(crate) what: String,
    /// Whether it is not a provider's, but our own.
    pub(crate) is_ours: bool,
}

/// What a tenant knows while it misbehaves.
#[derive(Debug)]
pub(crate) struct Scene {
    origin: String,
    base: String,
    pub(crate) strangers: Strangers,
    turns: AtomicUsize,
    lies: AtomicUsize,
    pending: AtomicUsize,
    pub(crate) memory: Mutex<Memory>,
}

/// What a tenant remembers.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    foreign: Vec<Foreign>,
    /// Ids that lead to somebody else by now, and to whom.
    moved: BTreeMap<String, String>,
    /// When what was created.
    pub(crate) created: BTreeMap<String, Instant>,
    /// Names or ids that a conduct remembers something of.
    pub(crate) noted: BTreeSet<String>,
}

impl Scene {
    /// At a served endpoint where these were before.
    pub(crate) fn new(served: &Served, strangers: Strangers) -> Self {
        Self {
            origin: served.origin.clone(),
            base: served.path().to_owned(),
            strangers,
            turns: AtomicUsize::new(0),
            lies: AtomicUsize::new(0),
            pending: AtomicUsize::new(0),
            memory: Mutex::default(),
        }
    }

    /// The path of the SCIM base URL.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// Where a call leads.
    pub(crate) fn address(&self, call: &Call) -> Address {
        Address::of(&call.target, &self.base)
    }

    /// The collection that a SCIM call creates something in.
    pub(crate) fn creates(&self, call: &Call) -> Option<&'static str> {
        let address = self.address(call);
        match (call.method.as_str(), address.surface, &address.segments()[..]) {
            ("POST", Surface::Scim, ["Users"]) => Some("Users"),
            ("POST", Surface::Scim, ["Groups"]) => Some("Groups"),
            _ => None,
        }
    }

    /// The collection and the id that a SCIM call names.
    pub(crate) fn names(&self, call: &Call) -> Option<(String, String)> {
        let address = self.address(call);
        match (address.surface, &address.segments()[..]) {
            (Surface::Scim, [kind @ ("Users" | "Groups"), id]) => {
                Some(((*kind).to_owned(), (*id).to_owned()))
            }
            _ => None,
        }
    }

    /// Whether a call is a list of a SCIM collection, filtered or not.
    pub(crate) fn lists(&self, call: &Call) -> Option<String> {
        let address = self.address(call);
        match (call.method.as_str(), address.surface, &address.segments()[..]) {
            ("GET", Surface::Scim, [kind @ ("Users" | "Groups")]) => Some((*kind).to_owned()),
            _ => None,
        }
    }

    /// Answers as the endpoint does; an id that was given to somebody else leads there.
    pub(crate) fn pass(&self, call: &Call) -> Reply {
        let moved = self.names(call).and_then(|(_, id)| {
            let whose = self.memory.lock().unwrap().moved.get(&id).cloned();
            whose.map(|whose| (id, whose))
        });
        let Some((id, whose)) = moved else { return self.without_moved(call, self.upstream(call)) };
        let call = Self::renamed(call, &whose);
        let reply = self.upstream(&call);
        Reply { body: reply.body.replace(&whose, &id), headers: Vec::new(), ..reply }
            .header("Content-Type", "application/scim+json")
    }

    /// A call that names a resource, with another id in its place.
    pub(crate) fn renamed(call: &Call, id: &str) -> Call {
        let (path, query) = call.target.split_once('?').map_or((&*call.target, None), |(p, q)| (p, Some(q)));
        let collection = path.rsplit_once('/').map_or(path, |(collection, _)| collection);
        let query = query.map(|query| format!("?{query}")).unwrap_or_default();
        Call { target: format!("{collection}/{id}{query}"), ..call.clone() }
    }

    fn upstream(&self, call: &Call) -> Reply {
        let reply = send(&self.origin, call);
        if reply.status == 201
            && self.creates(call).is_some()
            && let Some(id) = reply.json()["id"].as_str()
        {
            self.memory.lock().unwrap().created.insert(id.to_owned(), Instant::now());
        }
        reply
    }

    /// A list does not show under an id who no longer has it.
    fn without_moved(&self, call: &Call, reply: Reply) -> Reply {
        let moved: Vec<String> = self.memory.lock().unwrap().moved.keys().cloned().collect();
        if moved.is_empty() || self.lists(call).is_none() {
            return reply;
        }
        keep_listed(reply, |resource| !moved.contains(&text(&resource["id"])))
    }

    /// A GET below the SCIM base URL, with a call's credentials.
    pub(crate) fn read(&self, call: &Call, path: &str) -> Reply {
        let target = format!("{}{path}", self.base);
        self.upstream(&Call { method: "GET".to_owned(), target, body: String::new(), ..call.clone() })
    }

    /// A POST below the SCIM base URL, with a call's credentials.
    pub(crate) fn create(&self, call: &Call, body: &Value) -> Reply {
        self.upstream(&Call { body: body.to_string(), ..call.clone() })
    }

    /// Whether it is the turn of every `nth` call of those that ask; the first one's is.
    pub(crate) fn turn(&self, nth: usize) -> bool {
        self.turns.fetch_add(1, Ordering::SeqCst).is_multiple_of(nth)
    }

    /// Notes that the tenant misbehaved, and how often it did so before.
    pub(crate) fn lie(&self) -> usize {
        self.lies.fetch_add(1, Ordering::SeqCst)
    }

    /// Somebody of a kind; each time somebody else.
    pub(crate) fn somebody(&self, kind: &str) -> String {
        let ids = self.strangers.of(kind);
        ids[self.lie() % ids.len()].clone()
    }

    /// Gives an id to somebody else.
    pub(crate) fn give_away(&self, kind: &str, id: &str) {
        let whose = self.somebody(kind);
        self.lead(id, &whose);
    }

    /// Has an id lead to somebody.
    pub(crate) fn lead(&self, id: &str, whose: &str) {
        self.memory.lock().unwrap().moved.insert(id.to_owned(), whose.to_owned());
    }

    /// Whether an id is somebody else's: theirs from the beginning, or by now.
    pub(crate) fn is_foreign(&self, id: &str) -> bool {
        self.strangers.has_resource(id) || self.memory.lock().unwrap().moved.contains_key(id)
    }

    /// Whether we created what has an id, and still have it.
    pub(crate) fn is_ours(&self, id: &str) -> bool {
        let memory = self.memory.lock().unwrap();
        memory.created.contains_key(id) && !memory.moved.contains_key(id)
    }

    /// Does something later, on a thread of its own.
    pub(crate) fn later(self: &Arc<Self>, after: Duration, work: impl FnOnce(&Self) + Send + 'static) {
        self.pending.fetch_add(1, Ordering::SeqCst);
        let scene = Arc::clone(self);
        std::thread::spawn(move || {
            wait(after);
            work(&scene);
            scene.pending.fetch_sub(1, Ordering::SeqCst);
        });
    }

    /// Whether all that was to happen later has happened.
    pub(crate) fn is_settled(&self) -> bool {
        self.pending.load(Ordering::SeqCst) == 0
    }

    /// How often the tenant misbehaved.
    pub(crate) fn lies(&self) -> usize {
        self.lies.load(Ordering::SeqCst)
    }

    /// The writes that reached somebody else.
    pub(crate) fn foreign(&self) -> Vec<Foreign> {
        self.memory.lock().unwrap().foreign.clone()
    }

    /// Notes a call that reaches somebody else.
    pub(crate) fn record(&self, call: &Call) {
        if self.reaches_others(call) {
            let is_ours = call.header("user-agent").is_some_and(|agent| agent.starts_with("scimsnap/"))
                || self.address(call).surface == Surface::Rest;
            let what = format!("{} {}", call.method, call.target);
            self.memory.lock().unwrap().foreign.push(Foreign { what, is_ours });
        }
    }

    /// Whether a call changes what is not ours, or everything at once.
    fn reaches_others(&self, call: &Call) -> bool {
        let address = self.address(call);
        let is_creation = call.method == "POST";
        if !call.writes() {
            return false;
        }
        let theirs = |ids: &[String], id: &str| ids.iter().any(|other| other == id);
        match (address.surface, &address.segments()[..]) {
            (Surface::Scim, ["Bulk"]) => {
                let operations = call.json()["Operations"].as_array().cloned().unwrap_or_default();
                operations.iter().any(|operation| {
                    let path = text(&operation["path"]);
                    path.rsplit('/').next().is_some_and(|id| self.is_foreign(id))
                })
            }
            (Surface::Scim, [_, id, ..]) => self.is_foreign(id),
            (Surface::Rest, ["organization", id, ..]) => {
                let accounts = call.json()["accountIds"].as_array().cloned().unwrap_or_default();
                let is_named = |account: &Value| theirs(&self.strangers.accounts, &text(account));
                theirs(&self.strangers.organizations, id) || accounts.iter().any(is_named)
            }
            (Surface::Rest, ["customer", "user", id, ..]) => theirs(&self.strangers.accounts, id),
            (Surface::Rest, ["servicedesk", _, "organization"]) => {
                let id = &call.json()["organizationId"];
                theirs(&self.strangers.organizations, id.as_str().unwrap_or(&id.to_string()))
            }
            // The whole of a collection, or a path that was never meant.
            (Surface::Scim | Surface::Rest | Surface::Elsewhere, _) => !is_creation,
        }
    }
}
