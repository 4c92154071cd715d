//! What must hold after a run, or a `clean`, whatever it left.

use super::endpoint::Tenant;
use super::process::ended;
use crate::support::{Folder, Outcome};

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
    /// Checks that what a run left is known, that the run has said how to go on, and that `clean` does.
    #[track_caller]
    pub(crate) fn nothing_is_forgotten(&self, run: &Outcome) {
        let said = format!("{}{}", run.stdout, run.stderr);
        if let Some(ledger) = self.is_known(&said) {
            let command = format!("scimsnap clean --run {}", run_of(&ledger));
            assert!(said.contains(&command), "`{command}` is not in\n{said}");
        }
        self.can_be_finished(&said);
    }

    /// Checks that what is left is known: nothing is left, or the ledger is still there. So it is after a `clean` while
    /// the endpoint still misbehaves; and once it behaves, `clean` leaves nothing.
    #[track_caller]
    pub(crate) fn can_be_finished(&self, said: &str) {
        let Some(ledger) = self.is_known(said) else { return };
        let run = run_of(&ledger);
        let early = self.clean(&run);
        let said = format!("{}{}\n--- before\n{said}", early.stdout, early.stderr);
        assert!([0, 4].contains(&early.code), "{}\n{said}", early.code);
        if self.is_known(&said).is_none() {
            return;
        }
        self.tenant.heal();
        let cleaned = self.clean(&run);
        let said = format!("{}{}\n--- while it misbehaved\n{said}", cleaned.stdout, cleaned.stderr);
        assert_eq!(cleaned.code, 0, "{said}");
        assert!(self.tenant.left().is_empty(), "after cleaning: {:?}\n{said}", self.tenant.left());
        assert!(self.folder.ledgers().is_empty(), "the ledger is still there\n{said}");
    }

    /// The ledger, where it is still there; else nothing must be left but what lasts, and that is listed.
    #[track_caller]
    fn is_known(&self, said: &str) -> Option<String> {
        self.tenant.settle();
        let left = self.tenant.left();
        let ledger = self.folder.ledgers().pop();
        if ledger.is_none() && self.lasts {
            let report = self.folder.read("out.json");
            let is_listed = |left: &String| report.contains(left.rsplit('/').next().unwrap_or_default());
            assert!(!left.is_empty() && left.iter().all(is_listed), "{left:?} is not listed\n{said}");
        } else if ledger.is_none() {
            assert!(left.is_empty(), "forgotten: {left:?}\n{said}");
        }
        ledger
    }

    fn clean(&self, run: &str) -> Outcome {
        let words = ["clean", "--run", run];
        ended(if self.product {
            self.tenant.with_product(self.folder.path(), &words)
        } else {
            self.tenant.scimsnap(self.folder.path(), &words)
        })
    }
}

/// The id of the run whose ledger this is.
pub(crate) fn run_of(ledger: &str) -> String {
    ledger.rsplit('/').next().unwrap().strip_suffix(".ndjson").unwrap().to_owned()
}
