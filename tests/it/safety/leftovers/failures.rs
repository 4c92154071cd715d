//! Endpoints that fail altogether in the middle of a run.

use std::sync::Arc;

use crate::safety::answers::error;
use crate::safety::scene::{Conduct, Scene};
use crate::support::{Call, Reply};

/// After how many creations the endpoint fails.
const MIDDLE: usize = 3;

/// A page that somebody has put in front of the endpoint.
pub(super) fn page(status: u16) -> Reply {
    Reply::new(status, "<!doctype html><title>Back soon</title><h1>We will be back soon</h1>")
        .header("Content-Type", "text/html")
}

/// From the middle on, a page is answered to everything.
pub(super) fn maintenance(status: u16) -> Conduct {
    from_the_middle(move || Some(page(status)))
}

/// From the middle on, an error is answered to everything.
pub(super) fn scim(status: u16) -> Conduct {
    from_the_middle(move || Some(error(status)))
}

/// From the middle on, whoever calls is hung up on.
pub(super) fn silence() -> Conduct {
    from_the_middle(|| None)
}

fn from_the_middle(answer: impl Fn() -> Option<Reply> + Send + Sync + 'static) -> Conduct {
    Arc::new(move |scene: &Arc<Scene>, call: &Call| {
        if scene.memory.lock().unwrap().created.len() >= MIDDLE {
            scene.lie();
            return answer();
        }
        Some(scene.pass(call))
    })
}
