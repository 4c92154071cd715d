//! Where requests wait for one another, if a defect has them do so.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Notify;

use crate::lock::lock;

/// How long a request waits for another one.
const MOMENT: Duration = Duration::from_millis(25);

/// The requests that have read and not written yet, by what they are about.
#[derive(Debug, Default)]
pub(crate) struct Meeting(Mutex<BTreeMap<String, Arc<Notify>>>);

impl Meeting {
    /// Waits for another one; whether another one was waiting.
    pub(crate) async fn meet(&self, what: &str) -> bool {
        let waiting = {
            let mut all = lock(&self.0);
            match all.remove(what) {
                Some(other) => {
                    other.notify_one();
                    None
                }
                None => Some(Arc::clone(all.entry(what.to_owned()).or_default())),
            }
        };
        let Some(waiting) = waiting else { return true };
        // Nobody else: what was noted goes again.
        if tokio::time::timeout(MOMENT, waiting.notified()).await.is_err() {
            let mut all = lock(&self.0);
            if all.get(what).is_some_and(|noted| Arc::ptr_eq(noted, &waiting)) {
                all.remove(what);
            }
        }
        false
    }
}
