//! A served endpoint with strangers, behind a proxy that misbehaves.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use super::process::until;
use super::scene::{Conduct, Foreign, Scene};
use super::strangers::{Strangers, customers, organizations, text};
use crate::support::{Proxy, Scimsnap, Served};

/// A tenant, and the way there.
pub(crate) struct Tenant {
    served: Served,
    pub(crate) proxy: Proxy,
    pub(crate) scene: Arc<Scene>,
    pub(crate) url: String,
    healthy: Arc<AtomicBool>,
}

impl fmt::Debug for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tenant").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Tenant {
    /// With as many strangers as make a difference to whoever lists them.
    pub(crate) fn new(conduct: &Conduct) -> Self {
        Self::with(Served::new(&[]), 50, 5, conduct)
    }

    /// With so many users and groups of somebody else's.
    pub(crate) fn with(served: Served, users: usize, groups: usize, conduct: &Conduct) -> Self {
        let strangers = Strangers::settle(&served, users, groups);
        let scene = Arc::new(Scene::new(&served, strangers));
        let healthy = Arc::new(AtomicBool::new(false));
        let (its, conduct, is_healthy) = (Arc::clone(&scene), Arc::clone(conduct), Arc::clone(&healthy));
        let proxy = Proxy::new(move |_, call| {
            its.record(call);
            if is_healthy.load(Ordering::SeqCst) { Some(its.pass(call)) } else { conduct(&its, call) }
        });
        let url = format!("{}{}", proxy.origin, served.path());
        Self { served, proxy, scene, url, healthy }
    }

    /// A call of the binary against this tenant, over SCIM alone.
    pub(crate) fn scimsnap(&self, folder: &Path, words: &[&str]) -> Scimsnap {
        Scimsnap::new(folder, words).target(&self.url, &self.served.token)
    }

    /// The same, with the product's REST API.
    pub(crate) fn with_product(&self, folder: &Path, words: &[&str]) -> Scimsnap {
        let rest = format!("{}/rest/servicedeskapi", self.proxy.origin);
        let access =
            ["--rest", &rest, "--rest-user", &self.served.rest_user, "--rest-token-env", "REST_TOKEN"];
        let words: Vec<&str> = words.iter().copied().chain(access).collect();
        self.scimsnap(folder, &words).env("REST_TOKEN", &self.served.rest_token)
    }

    /// Behaves from now on.
    pub(crate) fn heal(&self) {
        self.healthy.store(true, Ordering::SeqCst);
    }

    /// Waits for what is to happen later.
    pub(crate) fn settle(&self) {
        until("what happens later", || self.scene.is_settled());
    }

    /// How often it misbehaved.
    pub(crate) fn lies(&self) -> usize {
        self.scene.lies()
    }

    /// The writes that reached somebody else.
    pub(crate) fn foreign(&self) -> Vec<Foreign> {
        self.scene.foreign()
    }

    /// Checks that nobody who was there before has noticed anything.
    #[track_caller]
    pub(crate) fn assert_untouched(&self) {
        let foreign: Vec<String> = self.foreign().into_iter().map(|write| write.what).collect();
        assert!(foreign.is_empty(), "{} writes to somebody else: {:#?}", foreign.len(), head(&foreign));
        self.assert_unchanged();
    }

    /// Checks that everybody who was there before is as they were.
    #[track_caller]
    pub(crate) fn assert_unchanged(&self) {
        let changes = self.scene.strangers.changes(&self.served);
        assert!(changes.is_empty(), "{} changes: {:#?}", changes.len(), head(&changes));
    }

    /// What is there that was not there before, and that somebody could remove.
    pub(crate) fn left(&self) -> Vec<String> {
        let strangers = &self.scene.strangers;
        let mut left = Vec::new();
        for kind in ["/Users", "/Groups"] {
            let ids = self.served.resources(kind).into_iter().map(|resource| text(&resource["id"]));
            left.extend(ids.filter(|id| !strangers.has_resource(id)).map(|id| format!("{kind}/{id}")));
        }
        let organizations = organizations(&self.served).into_iter().map(|value| text(&value["id"]));
        let ours = organizations.filter(|id| !strangers.organizations.contains(id));
        left.extend(ours.map(|id| format!("/organization/{id}")));
        // The product deletes no customers; what can be done is done where they have no access.
        let customers = customers(&self.served).into_iter().filter(|value| value["active"] == json!(true));
        let ours = customers.map(|value| text(&value["accountId"]));
        left.extend(ours.filter(|id| !strangers.accounts.contains(id)).map(|id| format!("/customer/{id}")));
        left
    }

    /// A user at the endpoint itself.
    pub(crate) fn user(&self, id: &str) -> Value {
        self.served.scim("GET", &format!("/Users/{id}"), None).json()
    }
}

fn head(lines: &[String]) -> &[String] {
    &lines[..lines.len().min(8)]
}

/// A tenant that behaves.
pub(crate) fn honest() -> Conduct {
    Arc::new(|scene, call| Some(scene.pass(call)))
}
