//! What must hold after a run, or a `clean`, whatever it left.

use super::process::ended;
use super::scene::Tenant;
use super::support::{Folder, Outcome};

/// A tenant after a run from a folder.
#[derive(Debug)]
pub(crate) struct Aftermath<'a> {
    pub(crate) tenant: &'a Tenant,
    pub(crate) folder: &'a Folder,
    /// Whether the run had the product's REST API.
    pub(crate) product: bool,
    /// Whether the endpoint lets nobody remove what is left.
    pub(crate) lasts: bool,
}

impl Aftermath<'_> {
    /// Checks that what is left is known: nothing is left, or the ledger is still there and the run has said how to go
    /// on. Then lets the endpoint behave, cleans up, and checks that nothing is left.
    #[track_caller]
    pub(crate) fn nothing_is_forgotten(&self, outcome: &Outcome) {
        let said = format!("{}{}", outcome.stdout, outcome.stderr);
        self.tenant.settle();
        let left = self.tenant.left();
        let Some(ledger) = self.folder.ledgers().pop() else {
            if self.lasts {
                let report = self.folder.read("out.json");
                let is_listed = |left: &String| report.contains(left.rsplit('/').next().unwrap_or_default());
                assert!(!left.is_empty() && left.iter().all(is_listed), "{left:?} is not listed\n{said}");
            } else {
                assert!(left.is_empty(), "forgotten: {left:?}\n{said}");
            }
            return;
        };
        let run = run_of(&ledger);
        let command = format!("scimsnap clean --run {run}");
        assert!(said.contains(&command), "`{command}` is not in\n{said}");
        self.tenant.heal();
        let words = ["clean", "--run", &run];
        let cleaned = ended(if self.product {
            self.tenant.with_product(self.folder.path(), &words)
        } else {
            self.tenant.scimsnap(self.folder.path(), &words)
        });
        let shown = format!("{}{}\n--- before\n{said}", cleaned.stdout, cleaned.stderr);
        assert_eq!(cleaned.code, 0, "{shown}");
        assert!(self.tenant.left().is_empty(), "after cleaning: {:?}\n{shown}", self.tenant.left());
        assert!(self.folder.ledgers().is_empty(), "the ledger is still there\n{shown}");
    }
}

/// The id of the run whose ledger this is.
pub(crate) fn run_of(ledger: &str) -> String {
    ledger.rsplit('/').next().unwrap().strip_suffix(".ndjson").unwrap().to_owned()
}
